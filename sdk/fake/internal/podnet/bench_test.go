package podnet

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
)

// BenchmarkHTTP is one GET after another over a kept connection: between two pods, and over loopback TCP.
func BenchmarkHTTP(b *testing.B) {
	n := newNetwork(b, Options{})
	pod, caller := newPod(b, n, "pod"), newPod(b, n, "caller")
	benchmarkHTTP(b, "memory", listen(b, pod, ":80"), caller.DialContext, "http://"+pod.IP().String()+"/")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Skip(err)
	}
	var dialer net.Dialer
	benchmarkHTTP(b, "tcp", l, dialer.DialContext, "http://"+l.Addr().String()+"/")
}

func benchmarkHTTP(b *testing.B, name string, l net.Listener, dial func(context.Context, string, string) (net.Conn, error), url string) {
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DialContext: dial}}
	defer client.CloseIdleConnections()
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			response, err := client.Get(url)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
		}
	})
}

func BenchmarkDial(b *testing.B) {
	n := newNetwork(b, Options{})
	pod, caller := newPod(b, n, "pod"), newPod(b, n, "caller")
	l := listen(b, pod, ":80")
	address := pod.IP().String() + ":80"
	b.ReportAllocs()
	for b.Loop() {
		c := dial(b, caller, address)
		s, err := l.Accept()
		if err != nil {
			b.Fatal(err)
		}
		_, _ = c.Close(), s.Close()
	}
}
