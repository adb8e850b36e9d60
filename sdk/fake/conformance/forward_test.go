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

// A service forwards to one of its pods, to the port that its own leads to; a controller too, and a pod by its type and name.
func TestPortForwardForms(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	c.kubectl("create", "-f", c.write("services.yaml", `
apiVersion: v1
kind: Service
metadata: {name: crane}
spec:
  selector: {app: crane}
  ports: [{name: web, port: 80, targetPort: 8080}, {name: more, port: 81, targetPort: 7070}]
---
apiVersion: v1
kind: Service
metadata: {name: headless}
spec:
  selector: {app: crane}
  clusterIP: None
  ports: [{port: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {selector: {app: nobody}, ports: [{port: 80}]}
`))
	for _, tc := range []struct {
		name, target string
		ports        []string
		remote       string // what it says that it forwards to
	}{
		{"a service", "svc/crane", []string{":80"}, "8080"},
		{"a service, by the name of its port", "service/crane", []string{":web"}, "8080"},
		{"another port of it", "svc/crane", []string{":81"}, "7070"},
		{"a headless service", "svc/headless", []string{":8080"}, "8080"},
		{"a controller", "rc/crane", []string{":8080"}, "8080"},
		{"a pod", "pod/" + pod, []string{":8080"}, "8080"},
		{"a pod, by name alone", pod, []string{":8080"}, "8080"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := c.spawn(nil, append([]string{"port-forward", tc.target}, tc.ports...)...)
			port := f.ports(1)[tc.remote]
			if got, err := get(port, "/"); err != nil || got != "this is "+pod+"\n" {
				t.Errorf("%q, %v", got, err)
			}
			f.until("Handling connection for " + port)
		})
	}
	for args, want := range map[string]string{
		"port-forward svc/crane :99":                                "error: Service crane does not have a service port 99",
		"port-forward svc/crane :nope":                              "error: Service 'crane' does not have a named port 'nope'",
		"port-forward svc/nobody :80 --pod-running-timeout=200ms":   "error: timed out waiting for the condition",
		"port-forward svc/none :80":                                 `Error from server (NotFound): services "none" not found`,
		"port-forward pod/none :80":                                 `Error from server (NotFound): pods "none" not found`,
		"port-forward pod/" + pod + " :http":                        "error: Pod '" + pod + "' does not have a named port 'http'",
		"port-forward pod/" + pod:                                   "error: TYPE/NAME and list of ports are required for port-forward",
		"port-forward --address=1.2.3.4.5 pod/" + pod + " :8080":    "error: 1.2.3.4.5 is not a valid IP",
		"port-forward --address=192.0.2.1 pod/" + pod + " 18080:80": "unable to listen on any of the requested ports: [{18080 80}]",
	} {
		t.Run(args, func(t *testing.T) { has(t, c.refused(fields(args)...), want) })
	}
}

// What does not run cannot be reached.
func TestPortForwardToPodThatDoesNotRun(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.kubectl("run", "waits", "--image=test/unknown")
	has(t, c.refused("port-forward", "waits", ":80"), "error: unable to forward port because pod is not running. Current status=Pending")
}
