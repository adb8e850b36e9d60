package stream

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/memconn"
)

// What clients of the old WebSockets see, in virtual time; the bubble holds that no goroutine outlives its handler.
func TestPortForwardChannels(t *testing.T) {
	const binary, text = "v4.channel.k8s.io", "v4.base64.channel.k8s.io"
	greeting := func(channel byte, port string) message { return message{Data: string(channel) + port} }
	tests := []struct {
		name, query, protocol string
		run                   func(t *testing.T, s *server, c *socketClient)
	}{
		{"both channels of a port begin with its number", "ports=7", binary, func(t *testing.T, _ *server, c *socketClient) {
			equal(t, []message{greeting(0, "\x07\x00"), greeting(1, "\x07\x00")}, []message{c.next(), c.next()})
			c.say("\x00hello")
			equal(t, message{Data: "\x00hello"}, c.next())
			c.leave()
		}},
		{"no sub-protocol is binary", "ports=7", "", func(t *testing.T, _ *server, c *socketClient) {
			equal(t, []message{greeting(0, "\x07\x00"), greeting(1, "\x07\x00")}, []message{c.next(), c.next()})
			c.say("\x00hello")
			equal(t, message{Data: "\x00hello"}, c.next())
			c.leave()
		}},
		{"base64 has digits for channels", "ports=7", text, func(t *testing.T, _ *server, c *socketClient) {
			equal(t, []message{{true, "0BwA="}, {true, "1BwA="}}, []message{c.next(), c.next()})
			c.say("0" + base64.StdEncoding.EncodeToString([]byte("hello")))
			equal(t, message{true, "0aGVsbG8="}, c.next())
			c.leave()
		}},
		{"what is not base64 ends the client", "ports=7", text, func(t *testing.T, s *server, c *socketClient) {
			c.say("0?")
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"several ports, repeated or with commas", "ports=7,20&ports=7", binary, func(t *testing.T, _ *server, c *socketClient) {
			equal(t, []message{
				greeting(0, "\x07\x00"), greeting(1, "\x07\x00"), greeting(2, "\x14\x00"), greeting(3, "\x14\x00"),
				greeting(4, "\x07\x00"), greeting(5, "\x07\x00"),
			}, []message{c.next(), c.next(), c.next(), c.next(), c.next(), c.next()})
			c.say("\x04third")
			equal(t, message{Data: "\x04third"}, c.next())
			c.say("\x00first")
			equal(t, message{Data: "\x00first"}, c.next())
			c.say("\x02")
			c.say("\x01to an error channel")
			c.say("\x09to none")
			c.say("\x02x")
			equal(t, message{Data: "\x02got x"}, c.next())
			c.leave()
		}},
		{"the WebSocket ends with the last connection, not with the others", "ports=19,20", binary, func(t *testing.T, s *server, c *socketClient) {
			for range 4 {
				c.next()
			}
			equal(t, message{Data: "\x00all"}, c.next())
			<-time.After(time.Minute)
			c.say("\x02x")
			equal(t, []message{{Data: "\x02got x"}}, c.all())
		}},
		{"a refused port", "ports=81", binary, func(t *testing.T, _ *server, c *socketClient) {
			equal(t, []message{greeting(0, "\x51\x00"), greeting(1, "\x51\x00"),
				{Data: "\x01error forwarding port 81 to pod 5f3b, uid : dial tcp 127.0.0.1:81: connection refused"}}, c.all())
		}},
		{"a connection that the pod resets", "ports=11", binary, func(t *testing.T, _ *server, c *socketClient) {
			all := c.all()
			last := all[len(all)-1].Data
			if !strings.HasPrefix(last, "\x01error forwarding port 11 to pod 5f3b, uid : ") || !strings.HasSuffix(last, "connection reset by peer") {
				t.Errorf("the last message is %q", last)
			}
		}},
		{"all that a client sent before it left arrives", "ports=9", binary, func(t *testing.T, s *server, c *socketClient) {
			for range 10 {
				c.say("\x00" + strings.Repeat("x", 1000))
			}
			c.leave()
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"a client that leaves ends who talks without end", "ports=12", binary, func(t *testing.T, s *server, c *socketClient) {
			c.next()
			ok(t, c.Close())
			s.handled.Wait()
			s.pod.running.Wait()
		}},
		{"a program that has ended its half gets half a second more", "ports=21", binary, func(t *testing.T, s *server, c *socketClient) {
			start := time.Now()
			equal(t, []message{greeting(0, "\x15\x00"), greeting(1, "\x15\x00"), {Data: "\x00first"}}, c.all())
			equal(t, 500*time.Millisecond, time.Since(start))
		}},
		{"a program that reads nothing does not hold up the server's end", "ports=13", binary, func(t *testing.T, s *server, c *socketClient) {
			var saying sync.WaitGroup
			saying.Go(func() {
				for c.WriteMessage(2, make([]byte, 1<<20)) == nil {
				}
			})
			synctest.Wait()
			s.stop()
			s.handled.Wait()
			saying.Wait()
		}},
		{"a connection that is idle for four hours ends", "ports=7", binary, func(t *testing.T, s *server, c *socketClient) {
			start := time.Now()
			<-time.After(time.Hour)
			c.say("\x00x")
			s.handled.Wait()
			equal(t, time.Hour+IdleTimeout, time.Since(start))
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				stuck := make(chan struct{})
				s, end := inMemory(t, map[uint16]func(net.Conn){
					7: echo,
					9: func(c net.Conn) {
						if b, err := io.ReadAll(c); err != nil || len(b) != 10_000 {
							t.Errorf("the program read %d bytes, %v", len(b), err)
						}
					},
					11: func(c net.Conn) { c.(*memconn.Conn).Reset() },
					12: func(c net.Conn) {
						for _, err := c.Write(make([]byte, 1000)); err == nil; _, err = c.Write(make([]byte, 1000)) {
						}
					},
					13: func(net.Conn) { <-stuck },
					19: func(c net.Conn) { _, _ = io.WriteString(c, "all") },
					20: func(c net.Conn) {
						b := make([]byte, 10)
						n, _ := c.Read(b)
						fmt.Fprintf(c, "got %s", b[:n])
					},
					21: func(c net.Conn) {
						_, _ = io.WriteString(c, "first")
						_ = c.(*memconn.Conn).CloseWrite()
						_, _ = io.Copy(io.Discard, c)
					},
				})
				c := s.dialSocket(t, test.query, test.protocol)
				test.run(t, s, c)
				c.Close()
				close(stuck)
				end()
			})
		})
	}
}

// A kubelet answers what is wrong with the ports itself, in plain text.
func TestPortForwardChannelsRefuse(t *testing.T) {
	tests := []struct {
		name  string
		ports []int32
		want  string
	}{
		{"no port", nil, `query parameter "port" is required`},
		{"port 0", []int32{80, 0}, `port "0" must be > 0`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/portforward", nil)
			r.Header = handshake("v4.channel.k8s.io")
			w := httptest.NewRecorder()
			ok(t, ServePortForward(w, r, "5f3b", &testPod{}, test.ports))
			equal(t, http.StatusBadRequest, w.Code)
			equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
			equal(t, test.want, w.Body.String())
		})
	}
}
