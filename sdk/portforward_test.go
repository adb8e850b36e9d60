package sdk_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
)

func TestForwardDial(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[8080] = echo
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		equal(t, "pod", "app", f.Pod())
		equal(t, "address", "", f.Addr())
		var clients sync.WaitGroup
		for i := range 8 { // at once, over one connection
			clients.Go(func() {
				conn, err := f.DialContext(t.Context(), "tcp", "any:http")
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				want := bytes.Repeat([]byte{byte(i)}, 300_000)
				go func() {
					conn.Write(want)
					conn.(interface{ CloseWrite() error }).CloseWrite()
				}()
				got, err := io.ReadAll(conn)
				if err != nil || !bytes.Equal(want, got) {
					t.Errorf("echo of %d bytes: %d bytes, %v", len(want), len(got), err)
				}
			})
		}
		clients.Wait()
		equal(t, "connections to the cluster", 1, len(s.used))
	})
}

func TestForwardHTTPClient(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[8080] = func(c io.ReadWriteCloser) {
			in := bufio.NewReader(c)
			for {
				r, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(r.URL.Path), r.URL.Path)
			}
		}
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"), "8888:8080")
		ok(t, err)
		defer f.Close()
		for _, host := range []string{"localhost:8080", "app.any:8080"} {
			resp, err := f.HTTPClient().Get("http://" + host + "/path")
			ok(t, err)
			body, err := io.ReadAll(resp.Body)
			ok(t, err)
			resp.Body.Close()
			equal(t, "body", "/path", string(body))
		}
	})
}

// A refused port ends its connection with the node's words, and no other.
func TestForwardRefused(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[8080] = echo
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		good, err := f.DialContext(t.Context(), "tcp", ":8080")
		ok(t, err)
		defer good.Close()

		bad, err := f.DialContext(t.Context(), "tcp", ":9")
		ok(t, err)
		defer bad.Close()
		_, err = bad.Read(make([]byte, 1))
		var refused *sdk.ForwardError
		if !errors.As(err, &refused) {
			t.Fatalf("error %v is no ForwardError", err)
		}
		equal(t, "error", &sdk.ForwardError{Pod: "default/app", Port: 9, Message: "dial tcp 127.0.0.1:9: connect: connection refused"}, refused)
		_, err = bad.Write([]byte("x"))
		says(t, err, "write tcp", "connection refused")

		_, err = good.Write([]byte("x"))
		ok(t, err)
		_, err = io.ReadFull(good, make([]byte, 1))
		ok(t, err)
		ok(t, f.Err())
	})
}

func TestForwardConnDeadlines(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		release := make(chan struct{})
		s.programs[8080] = func(io.ReadWriteCloser) { <-release }
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		defer close(release)
		conn, err := f.DialContext(t.Context(), "tcp", ":8080")
		ok(t, err)
		begun := time.Now()
		ok(t, conn.SetReadDeadline(begun.Add(time.Hour)))
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begun) != time.Hour {
			t.Errorf("read ended with %v after %v", err, time.Since(begun))
		}
		ok(t, conn.SetDeadline(begun))
		if _, err := conn.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write after the deadline: %v", err)
		}
		ok(t, conn.SetDeadline(time.Time{}))
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Errorf("write without deadline: %v", err)
		}
		time.AfterFunc(time.Minute, func() { conn.Close() })
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
			t.Errorf("read of a closed connection: %v", err)
		}
		ok(t, conn.Close())
		if _, err := conn.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Errorf("write to a closed connection: %v", err)
		}
	})
}

// What was written before Close still arrives.
func TestForwardConnCloseFlushes(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		got := make(chan string, 1)
		s.programs[8080] = func(c io.ReadWriteCloser) {
			data, _ := io.ReadAll(c)
			got <- string(data)
		}
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		conn, err := f.DialContext(t.Context(), "tcp", ":8080")
		ok(t, err)
		_, err = conn.Write([]byte("last words"))
		ok(t, err)
		ok(t, conn.Close())
		equal(t, "arrived", "last words", <-got)
	})
}

// As with TCP, a peer's end is an end for writers, but not before they had a chance to read.
func TestForwardConnWriteAfterThePodHasEnded(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[8080] = func(c io.ReadWriteCloser) { c.Write([]byte("bye")) }
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		conn, err := f.DialContext(t.Context(), "tcp", ":8080")
		ok(t, err)
		defer conn.Close()
		synctest.Wait() // the pod has ended
		_, err = conn.Write([]byte("in vain"))
		ok(t, err)
		if _, err := conn.Write(make([]byte, 100<<10)); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("large write: %v, want EPIPE", err)
		}
		data, err := io.ReadAll(conn)
		ok(t, err)
		equal(t, "read", "bye", string(data))
		if _, err := conn.Write([]byte("x")); !errors.Is(err, syscall.EPIPE) {
			t.Errorf("write after the end was read: %v, want EPIPE", err)
		}
	})
}

// Half an answer is never taken for a whole one, also when the server hangs up in good order.
func TestForwardReset(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[8080] = func(c io.ReadWriteCloser) {
			c.Write([]byte("half"))
			io.Copy(io.Discard, c)
		}
		f, err := c.Forward(t.Context(), sdk.PodNamed("app"), sdk.ForwardOptions{Once: true})
		ok(t, err)
		defer f.Close()
		conn, err := f.DialContext(t.Context(), "tcp", ":8080")
		ok(t, err)
		defer conn.Close()
		_, err = io.ReadFull(conn, make([]byte, 4))
		ok(t, err)
		s.hangUp()
		if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, sdk.ErrLostConnection) {
			t.Errorf("read after a reset: %v", err)
		}
		<-f.Done()
		if err := f.Err(); !errors.Is(err, sdk.ErrLostConnection) {
			t.Errorf("ended with %v, want %v", err, sdk.ErrLostConnection)
		}
	})
}

// A connection that nobody reads does not hold up the others.
func TestForwardUnreadConn(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.programs[1] = func(c io.ReadWriteCloser) { c.Write(make([]byte, 512<<10)) }
		s.programs[2] = echo
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		for range 10 {
			unread, err := f.DialContext(t.Context(), "tcp", ":1")
			ok(t, err)
			defer unread.Close()
		}
		conn, err := f.DialContext(t.Context(), "tcp", ":2")
		ok(t, err)
		defer conn.Close()
		conn.Write([]byte("x"))
		_, err = io.ReadFull(conn, make([]byte, 1))
		ok(t, err)
	})
}

func TestForwardEnds(t *testing.T) {
	tests := []struct {
		name string
		end  func(s *podServer, f *sdk.Forward, cancel func())
		want error // of Err
		conn error // of a read that waits
	}{
		{"by Close", func(_ *podServer, f *sdk.Forward, _ func()) { f.Close() }, nil, net.ErrClosed},
		{"with its context", func(_ *podServer, _ *sdk.Forward, cancel func()) { cancel() }, context.Canceled, context.Canceled},
		{"with the connection", func(s *podServer, _ *sdk.Forward, _ func()) { s.crash() }, sdk.ErrLostConnection, sdk.ErrLostConnection},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
				release := make(chan struct{})
				s.programs[8080] = func(c io.ReadWriteCloser) { // and does not care that the client is gone
					io.CopyN(c, c, 1)
					<-release
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				f, err := c.Forward(ctx, sdk.PodNamed("app"), sdk.ForwardOptions{Ports: []string{"8080"}, Once: true})
				ok(t, err)
				conn, err := f.DialContext(ctx, "tcp", ":8080")
				ok(t, err)
				conn.Write([]byte("x"))
				_, err = io.ReadFull(conn, make([]byte, 1))
				ok(t, err)

				ok(t, f.Err())
				waiting := make(chan error)
				go func() {
					_, err := conn.Read(make([]byte, 1))
					waiting <- err
				}()
				synctest.Wait()
				begun := time.Now()
				tt.end(s, f, cancel)
				if err := <-waiting; !errors.Is(err, tt.conn) {
					t.Errorf("a read that waited: %v, want %v", err, tt.conn)
				}
				<-f.Done()
				if took := time.Since(begun); took > 0 {
					t.Errorf("the end took %v", took)
				}
				close(release)
				s.running.Wait() // the server, too, has seen the end
				if err := f.Err(); !errors.Is(err, tt.want) {
					t.Errorf("ended with %v, want %v", err, tt.want)
				}
				if _, err := conn.Write([]byte("x")); !errors.Is(err, tt.conn) {
					t.Errorf("a write after the end: %v, want %v", err, tt.conn)
				}
				_, err = f.DialContext(t.Context(), "tcp", ":8080")
				says(t, err, "dial :8080 in pod default/app")
				ok(t, f.Close())
				ok(t, f.Close())
			})
		})
	}
}

func TestForwardRefuses(t *testing.T) {
	forwarding(t, func(t *testing.T, s *podServer, c *sdk.Client) {
		s.on("GET /api/v1/namespaces/default/pods/new", object(pod("new", "1", phase(corev1.PodPending))))
		for _, tt := range []struct {
			target sdk.Target
			port   string
			want   string
		}{
			{sdk.PodNamed("nobody"), "80", "port-forward Pod default/nobody: "},
			{sdk.PodNamed("new"), "80", "is not running (phase Pending)"},
			{sdk.PodNamed("app"), "x:80", `local port "x"`},
			{sdk.PodNamed("app"), "80:0", `pod port "0"`},
			{sdk.PodNamed("app"), "80:smtp", `pod port "smtp"`},
			{sdk.PodNamed("app"), "1:2:3", `pod port "2:3"`},
			{sdk.PodNamed("app"), "", `pod port ""`},
			{sdk.PodNamed("app"), "70000", `pod port "70000"`},
		} {
			_, err := c.PortForward(t.Context(), tt.target, tt.port)
			says(t, err, tt.want)
		}
		f, err := c.PortForward(t.Context(), sdk.PodNamed("app"))
		ok(t, err)
		defer f.Close()
		_, err = f.DialContext(t.Context(), "udp", ":80")
		says(t, err, "only tcp")
		_, err = f.DialContext(t.Context(), "tcp", "nowhere")
		says(t, err, "missing port")
	})
}
