package conformance

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var forwards = regexp.MustCompile(`^Forwarding from 127\.0\.0\.1:(\d+) -> (\d+)$`)

// ports reads which local port each remote one got, until there are n.
func (p *process) ports(n int) map[string]string {
	p.t.Helper()
	local := map[string]string{}
	for len(local) < n {
		if m := forwards.FindStringSubmatch(p.until("Forwarding from 127.0.0.1:")); m != nil {
			local[m[2]] = m[1]
		}
	}
	return local
}

// get makes a request of its own connection.
func get(port, path string) (string, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://127.0.0.1:" + port + path)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// kubectl forwards through a WebSocket since 1.31; before, and when it is told to, over SPDY.
func TestPortForwardProtocols(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	for _, tc := range []struct{ name, env, request string }{
		{"WebSocket", "KUBECTL_PORT_FORWARD_WEBSOCKETS=true", "GET /api/v1/namespaces/default/pods/crane-<rand>/portforward"},
		{"SPDY", "KUBECTL_PORT_FORWARD_WEBSOCKETS=false", "POST /api/v1/namespaces/default/pods/crane-<rand>/portforward"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := c.spawn([]string{tc.env}, "port-forward", pod, ":8080", "-v=7")
			line := f.until("/portforward")
			if got := requestsIn(line + "\n"); len(got) != 1 || got[0] != tc.request {
				t.Errorf("request %q, want %q", got, tc.request)
			}
			port := f.ports(1)["8080"]
			for i := range 3 {
				got, err := get(port, fmt.Sprintf("/%s/%d", tc.name, i))
				if want := "this is " + pod + "\n"; err != nil || got != want {
					t.Errorf("request %d: %q, %v; want %q", i, got, err, want)
				}
			}
		})
	}
	has(t, c.kubectl("logs", pod), "GET /WebSocket/2\n", "GET /SPDY/2\n")
}

// Several ports are forwarded at once, to a pod that is found by its controller.
func TestPortForwardToController(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	f := c.spawn(nil, "port-forward", "rc/crane", ":8080", ":7070")
	for remote, local := range f.ports(2) {
		if got, err := get(local, "/"); err != nil || got != "this is "+pod+"\n" {
			t.Errorf("%s: %q, %v", remote, got, err)
		}
	}
}

// A port where nobody listens is found out by the first connection, which ends; kubectl says why.
func TestPortForwardRefused(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	f := c.spawn(nil, "port-forward", pod, ":9999")
	port := f.ports(1)["9999"]
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got, err := io.ReadAll(conn); len(got) > 0 {
		t.Errorf("the connection brought %q, %v", got, err)
	}
	has(t, f.until("An error occurred forwarding"), "error forwarding port 9999 to pod "+pod, "connect: connection refused", "localPort="+port+" remotePort=9999")
	f.until("error: lost connection to pod") // since 1.31 that ends the whole forward
}

// When the pod goes, so does the forward.
func TestPortForwardEndsWithPod(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	f := c.spawn(nil, "port-forward", pod, ":8080")
	port := f.ports(1)["8080"]
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.Copy(conn, strings.NewReader("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err != nil {
		t.Fatalf("no answer: %v", err)
	}
	c.kubectl("delete", "pod", pod)
	f.until("lost connection to pod")
}
