package stream

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/transport"
)

// The transport of a cluster in memory, unmodified client-go and both handlers in one bubble. The server is closed in
// the middle of a forward and of a follow, and everything ends.
func TestOverTheInMemoryTransport(t *testing.T) {
	for _, way := range []string{"spdy", "tunnel", "fallback"} {
		t.Run(way, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := podlog.New(podlog.Options{})
				s := &server{pod: &testPod{programs: map[uint16]func(net.Conn){7: echo}}}
				mux := http.NewServeMux()
				mux.HandleFunc("/api/v1/namespaces/default/pods/crane/log", func(w http.ResponseWriter, r *http.Request) {
					writeError(w, ServeLog(w, r, log, &corev1.PodLogOptions{Follow: true}))
				})
				mux.HandleFunc("/api/v1/namespaces/default/pods/crane/portforward", func(w http.ResponseWriter, r *http.Request) {
					writeError(w, ServePortForward(w, r, "5f3b", s.pod, nil))
				})
				h := transport.Serve(mux, transport.Options{})
				s.config = h.Config()

				core, err := kubernetes.NewForConfig(s.config)
				ok(t, err)
				follow, err := core.CoreV1().Pods("default").GetLogs("crane", &corev1.PodLogOptions{Follow: true}).Stream(t.Context())
				ok(t, err)
				defer follow.Close()
				lines := bufio.NewReader(follow)

				conn, _, err := s.dialers(t)[way].Dial("portforward.k8s.io")
				ok(t, err)
				data, _ := (&client{t, conn}).forward("7", "0")
				for hour := range 3 {
					fmt.Fprintln(log.Stdout(), "hour", hour)
					line, err := lines.ReadString('\n')
					ok(t, err)
					_, err = io.WriteString(data, line)
					ok(t, err)
					echoed := make([]byte, len(line))
					_, err = io.ReadFull(data, echoed)
					ok(t, err)
					equal(t, fmt.Sprintln("hour", hour), string(echoed))
					<-time.After(time.Hour)
				}

				ok(t, h.Close()) // it waits for the handlers
				s.pod.running.Wait()
				<-conn.CloseChan()
				if line, err := lines.ReadString('\n'); err == nil {
					t.Errorf("after Close the log gave %q", line)
				}
				conn.Close()
				<-time.After(2 * time.Second) // spdystream, at the client, holds back a failed Close for one
			})
		})
	}
}
