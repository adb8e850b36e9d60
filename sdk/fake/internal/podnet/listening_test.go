package podnet

import (
	"net"
	"testing"
)

func TestListening(t *testing.T) {
	ns := newPod(t, newNetwork(t, Options{}), "")
	var closed net.Listener
	for _, address := range []string{":8080", "127.0.0.1:80", ":9000"} {
		var err error
		if closed, err = ns.Listen("tcp", address); err != nil {
			t.Fatal(err)
		}
	}
	_ = closed.Close()
	var got []string
	for _, a := range ns.Listening() {
		got = append(got, a.String())
	}
	if len(got) != 2 || got[0] != "127.0.0.1:80" || got[1] != "[::]:8080" && got[1] != "0.0.0.0:8080" {
		t.Errorf("listening on %q", got)
	}
}
