package stream

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/util/httpstream"
	"k8s.io/client-go/tools/portforward"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// forward runs client-go's PortForwarder for the given remote ports, and returns their local addresses, what stops it,
// and what ForwardPorts will return.
func forward(t *testing.T, dialer httpstream.Dialer, ports ...int) (addresses []string, stop func(), ended <-chan error) {
	t.Helper()
	var specs []string
	for _, p := range ports {
		specs = append(specs, fmt.Sprintf("0:%d", p))
	}
	stopping, ready := make(chan struct{}), make(chan struct{})
	forwarder, err := portforward.NewOnAddresses(dialer, []string{"127.0.0.1"}, specs, stopping, ready, io.Discard, io.Discard)
	ok(t, err)
	done := make(chan error, 1)
	go func() { done <- forwarder.ForwardPorts() }()
	select {
	case <-ready:
	case err := <-done:
		t.Fatalf("ForwardPorts: %v", err)
	}
	forwarded, err := forwarder.GetPorts()
	ok(t, err)
	for _, p := range forwarded {
		addresses = append(addresses, fmt.Sprintf("127.0.0.1:%d", p.Local))
	}
	stop = sync.OnceFunc(func() { close(stopping) })
	t.Cleanup(stop)
	return addresses, stop, done
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	ok(t, err)
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

// hello answers one HTTP request.
func hello(c net.Conn) {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	body := "hello " + r.URL.Path
	fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

func random(size int) []byte {
	b := make([]byte, size)
	source := rand.NewChaCha8([32]byte{})
	_, _ = source.Read(b)
	return b
}

func TestPortForwardWithClientGo(t *testing.T) {
	blob := random(8 << 20)
	tests := []struct {
		name string
		run  func(t *testing.T, s *server, dialer httpstream.Dialer)
	}{
		{"HTTP", func(t *testing.T, _ *server, dialer httpstream.Dialer) {
			addresses, stop, ended := forward(t, dialer, 80)
			for _, path := range []string{"/a", "/b"} {
				response, err := http.Get("http://" + addresses[0] + path)
				ok(t, err)
				equal(t, "hello "+path, readAll(t, response.Body))
				response.Body.Close()
			}
			stop()
			ok(t, <-ended)
		}},
		{"several ports at once", func(t *testing.T, _ *server, dialer httpstream.Dialer) {
			addresses, _, _ := forward(t, dialer, 7, 19, 7)
			first, second, third := dial(t, addresses[0]), dial(t, addresses[1]), dial(t, addresses[2])
			for _, c := range []*net.TCPConn{third, first} {
				fmt.Fprintf(c, "to %v", c.RemoteAddr())
				ok(t, c.CloseWrite())
			}
			if got := readAll(t, second); got != string(blob) { // first of all: client-go lets one unread stream stop all others
				t.Errorf("port 19 gave %d bytes, or others than it sent", len(got))
			}
			for _, c := range []*net.TCPConn{first, third} {
				equal(t, fmt.Sprintf("to %v", c.RemoteAddr()), readAll(t, c))
			}
		}},
		{"8 MiB both ways", func(t *testing.T, _ *server, dialer httpstream.Dialer) {
			addresses, _, _ := forward(t, dialer, 7)
			c := dial(t, addresses[0])
			var sending sync.WaitGroup
			defer sending.Wait()
			sending.Go(func() {
				_, _ = c.Write(blob)
				_ = c.CloseWrite()
			})
			equal(t, sha256.Sum256(blob), sha256.Sum256([]byte(readAll(t, c))))
		}},
		{"many connections", func(t *testing.T, _ *server, dialer httpstream.Dialer) {
			addresses, _, _ := forward(t, dialer, 7)
			var clients sync.WaitGroup
			defer clients.Wait()
			for i := range 20 {
				c := dial(t, addresses[0])
				clients.Go(func() {
					part := blob[i<<10:][:50<<10]
					_, _ = c.Write(part)
					_ = c.CloseWrite()
					if got, err := io.ReadAll(c); err != nil || !bytes.Equal(got, part) {
						t.Errorf("connection %d: %d bytes, %v", i, len(got), err)
					}
				})
			}
		}},
		{"a refused port ends the forward", func(t *testing.T, _ *server, dialer httpstream.Dialer) {
			addresses, _, ended := forward(t, dialer, 81)
			equal(t, "", readAll(t, dial(t, addresses[0])))
			if err := <-ended; err != portforward.ErrLostConnectionToPod {
				t.Errorf("ForwardPorts = %v", err)
			}
		}},
		{"a client that leaves ends the programs' connections", func(t *testing.T, s *server, dialer httpstream.Dialer) {
			addresses, stop, ended := forward(t, dialer, 7)
			c := dial(t, addresses[0])
			fmt.Fprint(c, "x")
			_, err := io.ReadFull(c, make([]byte, 1))
			ok(t, err)
			stop()
			ok(t, <-ended)
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"a server that ends in the middle of a transfer", func(t *testing.T, s *server, dialer httpstream.Dialer) {
			addresses, _, ended := forward(t, dialer, 9999, 9998)
			var clients, flowing sync.WaitGroup
			for _, address := range addresses {
				c := dial(t, address)
				flowing.Add(1)
				clients.Go(func() {
					_, err := io.CopyN(io.Discard, c, 1<<20)
					flowing.Done()
					if err != nil {
						t.Error(err)
					}
					_, _ = io.Copy(io.Discard, c) // to the end, or client-go would not see the server go
				})
			}
			flowing.Wait()
			s.stop()
			s.handled.Wait()
			s.pod.running.Wait()
			clients.Wait()
			if err := <-ended; err != portforward.ErrLostConnectionToPod {
				t.Errorf("ForwardPorts = %v", err)
			}
		}},
	}
	endless := func(c net.Conn) {
		for {
			if _, err := c.Write(blob); err != nil {
				return
			}
		}
	}
	for _, test := range tests {
		for _, way := range []string{"spdy", "tunnel", "fallback"} {
			t.Run(test.name+"/"+way, func(t *testing.T) {
				s := overLoopback(t, map[uint16]func(net.Conn){
					7: echo, 80: hello, 9999: endless, 9998: endless,
					19: func(c net.Conn) { _, _ = c.Write(blob) },
				})
				test.run(t, s, s.dialers(t)[way])
			})
		}
	}
}

// What clients that open streams by hand see, in virtual time; the bubble holds that no goroutine outlives its handler.
func TestPortForwardStreams(t *testing.T) {
	blob := random(1 << 20)
	unbounded := memconn.Unbounded(0)
	tests := []struct {
		name   string
		memory memconn.Buffering
		run    func(t *testing.T, s *server, c *client)
	}{
		{"echo", unbounded, func(t *testing.T, _ *server, c *client) {
			data, report := c.forward("7", "0")
			_, err := data.Write(blob)
			ok(t, err)
			ok(t, data.Close())
			equal(t, sha256.Sum256(blob), sha256.Sum256([]byte(readAll(t, data))))
			equal(t, "", readAll(t, report))
		}},
		{"all that a program wrote before it closed arrives", unbounded, func(t *testing.T, _ *server, c *client) {
			data, report := c.forward("19", "0")
			equal(t, sha256.Sum256(blob), sha256.Sum256([]byte(readAll(t, data))))
			equal(t, "", readAll(t, report))
		}},
		{"all that a client wrote before it left arrives", unbounded, func(t *testing.T, s *server, c *client) {
			data, _ := c.forward("9", "0")
			_, err := data.Write(blob)
			ok(t, err)
			ok(t, c.Close())
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"the program ends its half first", unbounded, func(t *testing.T, s *server, c *client) {
			data, report := c.forward("10", "0")
			equal(t, "first", readAll(t, data))
			equal(t, "", readAll(t, report))
			_, err := data.Write([]byte("then"))
			ok(t, err)
			ok(t, data.Close())
			s.pod.running.Wait()
		}},
		{"a refused port", unbounded, func(t *testing.T, _ *server, c *client) {
			data, report := c.forward("81", "0")
			equal(t, "", readAll(t, data))
			equal(t, "error forwarding port 81 to pod 5f3b, uid : dial tcp 127.0.0.1:81: connection refused", readAll(t, report))
			data, _ = c.forward("7", "1") // the others go on
			_, err := data.Write([]byte("x"))
			ok(t, err)
			_, err = io.ReadFull(data, make([]byte, 1))
			ok(t, err)
		}},
		{"a connection that the pod resets", unbounded, func(t *testing.T, _ *server, c *client) {
			data, report := c.forward("11", "0")
			equal(t, "", readAll(t, data))
			const want = "error forwarding port 11 to pod 5f3b, uid : "
			if got := readAll(t, report); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "connection reset by peer") {
				t.Errorf("want %s... reset by peer, got %q", want, got)
			}
		}},
		{"a stream that the client resets ends the program's connection", unbounded, func(t *testing.T, s *server, c *client) {
			data, _ := c.forward("12", "0")
			_, err := io.ReadFull(data, make([]byte, 1))
			ok(t, err)
			ok(t, data.Reset())
			s.pod.running.Wait()
		}},
		{"a program that reads nothing does not hold up the server's end", unbounded, func(t *testing.T, s *server, c *client) {
			data, _ := c.forward("13", "0")
			for range 8 {
				_, err := data.Write(blob)
				ok(t, err)
			}
			synctest.Wait()
			s.stop()
			s.handled.Wait()
		}},
		{"a client that reads nothing does not hold up the server's end", memconn.Bounded(0), func(t *testing.T, s *server, c *client) {
			_, _ = c.forward("12", "0")
			synctest.Wait() // a write of the server's hangs
			s.stop()
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"clients that do not number their requests", unbounded, func(t *testing.T, _ *server, c *client) {
			for range 3 {
				data, report := c.forward("7", "")
				ok(t, data.Close())
				equal(t, "", readAll(t, data))
				equal(t, "", readAll(t, report))
			}
		}},
		{"streams without a partner", unbounded, func(t *testing.T, _ *server, c *client) {
			start := time.Now()
			report, err := c.stream("error", "7", "0")
			ok(t, err)
			equal(t, "(request=0) timed out waiting for streams", readAll(t, report))
			equal(t, 30*time.Second, time.Since(start))
			data, err := c.stream("data", "7", "1")
			ok(t, err)
			equal(t, "", readAll(t, data))
			equal(t, time.Minute, time.Since(start))
			data, _ = c.forward("7", "0") // the number is free again
			ok(t, data.Close())
			equal(t, "", readAll(t, data))
		}},
		{"one stream too many", unbounded, func(t *testing.T, _ *server, c *client) {
			first, err := c.stream("error", "7", "0")
			ok(t, err)
			second, err := c.stream("error", "7", "0")
			ok(t, err)
			equal(t, "", readAll(t, second))
			data, err := c.stream("data", "7", "0")
			ok(t, err)
			ok(t, data.Close())
			equal(t, "error processing stream for request 0: error stream already assigned", readAll(t, first))
		}},
		{"headers that are not in order", unbounded, func(t *testing.T, _ *server, c *client) {
			for _, header := range [][2]string{{"data", ""}, {"data", "0"}, {"data", "65536"}, {"data", "http"}, {"", "80"}, {"resize", "80"}} {
				if _, err := c.stream(header[0], header[1], "0"); err == nil {
					t.Errorf("a stream of type %q for port %q was accepted", header[0], header[1])
				}
			}
		}},
		{"a connection that is idle for four hours ends", unbounded, func(t *testing.T, s *server, c *client) {
			c.forward("7", "0")
			start := time.Now()
			<-c.CloseChan()
			s.handled.Wait()
			equal(t, IdleTimeout, time.Since(start))
		}},
	}
	programs := func(t *testing.T, stuck <-chan struct{}) map[uint16]func(net.Conn) {
		reads := func(c net.Conn, want string) {
			if b, err := io.ReadAll(c); err != nil || string(b) != want {
				t.Errorf("the program read %d bytes, %v; want %d", len(b), err, len(want))
			}
		}
		return map[uint16]func(net.Conn){
			7: echo,
			9: func(c net.Conn) { reads(c, string(blob)) },
			10: func(c net.Conn) {
				_, _ = io.WriteString(c, "first")
				_ = c.(*memconn.Conn).CloseWrite()
				reads(c, "then")
			},
			11: func(c net.Conn) { c.(*memconn.Conn).Reset() },
			12: func(c net.Conn) {
				for {
					if _, err := c.Write(blob); err != nil {
						return
					}
				}
			},
			13: func(net.Conn) { <-stuck },
			19: func(c net.Conn) { _, _ = c.Write(blob) },
		}
	}
	for _, test := range tests {
		for _, way := range []string{"spdy", "tunnel"} {
			t.Run(test.name+"/"+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					stuck := make(chan struct{})
					s, end := inMemory(t, programs(t, stuck))
					s.memory = test.memory
					c := s.connect(t, way)
					test.run(t, s, c)
					c.Close()
					close(stuck)
					end()
					<-time.After(2 * time.Second) // spdystream, at the client, holds back a failed Close for one
				})
			})
		}
	}
}

// BenchmarkPortForward echoes 1 MiB in a new connection.
func BenchmarkPortForward(b *testing.B) {
	blob := random(1 << 20)
	for _, way := range []string{"spdy", "tunnel"} {
		b.Run(way, func(b *testing.B) {
			s := overLoopback(b, map[uint16]func(net.Conn){7: echo})
			c := s.connect(b, way)
			defer c.Close()
			b.SetBytes(2 << 20)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				data, report := c.forward("7", fmt.Sprint(i))
				var sending sync.WaitGroup
				sending.Go(func() {
					for part := range slices.Chunk(blob, 32<<10) {
						_, _ = data.Write(part)
					}
					_ = data.Close()
				})
				if n, err := io.Copy(io.Discard, data); err != nil || n != 1<<20 {
					b.Fatal(n, err)
				}
				sending.Wait()
				c.RemoveStreams(data, report)
			}
		})
	}
}
