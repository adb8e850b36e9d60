package stream

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

// logServer serves log to WebSockets in memory.
func logServer(t *testing.T, log LogSource, options *corev1.PodLogOptions) (s *server, end func()) {
	s = &server{}
	return s, s.inMemory(t, func(w http.ResponseWriter, r *http.Request) error { return ServeLog(w, r, log, options) })
}

func TestServeLogOverWebSockets(t *testing.T) {
	long := strings.Repeat("x", 3000) + "\n"
	encode := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	tests := []struct {
		name, protocol string
		want           []message
	}{
		{"binary, after an empty message", "binary.k8s.io", []message{{}, {Data: long[:2048]}, {Data: long[2048:]}}},
		{"no sub-protocol is binary", "", []message{{}, {Data: long[:2048]}, {Data: long[2048:]}}},
		{"base64 is text", "base64.binary.k8s.io", []message{{Text: true}, {true, encode(long[:2048])}, {true, encode(long[2048:])}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := podlog.New(podlog.Options{})
				fmt.Fprint(log.Stdout(), long)
				s, end := logServer(t, log, nil)
				c := s.dialSocket(t, "", test.protocol)
				equal(t, test.want, c.all())
				ok(t, c.Close())
				end()
			})
		})
	}
}

func TestServeLogFollowsOverWebSockets(t *testing.T) {
	tests := []struct {
		name string
		end  func(c *socketClient, s *server, log *podlog.Log)
	}{
		{"until the log ends", func(c *socketClient, _ *server, log *podlog.Log) {
			ok(t, log.Close())
			if diff := cmp.Diff([]message(nil), c.all()); diff != "" {
				c.t.Error(diff)
			}
		}},
		{"until the client leaves, whatever it has said", func(c *socketClient, _ *server, _ *podlog.Log) {
			c.say("more")
			c.leave()
		}},
		{"until the client's connection breaks", func(c *socketClient, _ *server, _ *podlog.Log) { ok(t, c.Close()) }},
		{"until the server ends", func(_ *socketClient, s *server, _ *podlog.Log) { s.stop() }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				log := podlog.New(podlog.Options{})
				s, end := logServer(t, log, &corev1.PodLogOptions{Follow: true})
				c := s.dialSocket(t, "", "binary.k8s.io")
				equal(t, message{}, c.next())
				for i := range 3 {
					fmt.Fprintln(log.Stdout(), "line", i)
					equal(t, message{Data: fmt.Sprintln("line", i)}, c.next())
				}
				test.end(c, s, log)
				s.handled.Wait()
				c.Close()
				end()
			})
		})
	}
}

func TestServeLogRefusesWebSockets(t *testing.T) {
	log := podlog.New(podlog.Options{})
	r := httptest.NewRequest("GET", "/log", nil)
	r.Header = handshake("v4.channel.k8s.io")
	w := httptest.NewRecorder()
	err := ServeLog(w, r, log, nil)
	if !apierrors.IsForbidden(err) || w.Body.Len() > 0 {
		t.Errorf("ServeLog = %v, and wrote %q", err, w.Body)
	}
	r.Header = handshake("binary.k8s.io")
	if err := ServeLog(w, r, gone{}, nil); !apierrors.IsBadRequest(err) || w.Body.Len() > 0 {
		t.Errorf("ServeLog of a log that cannot be opened = %v, and wrote %q", err, w.Body)
	}
}
