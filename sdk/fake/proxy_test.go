package fake_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// mirror answers what it was asked for, and some pages that a proxy has to see to. It closes listens when it can be asked.
func mirror(ctx context.Context, p *fake.Process, listens chan<- struct{}) error {
	l, err := p.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	close(listens)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s uri=%s authorization=%q", r.Method, r.URL, body, r.Header.Get("X-Forwarded-Uri"), r.Header.Get("Authorization"))
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<a href="/b?c">x</a><img src="pic"><a href="https://example.com/">y</a>`)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/there", http.StatusFound) })
	mux.HandleFunc("/teapot", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("/echo", echo)
	server := &http.Server{Handler: mux}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	_ = server.Serve(l)
	return nil
}

// echo takes the connection over, and repeats what comes.
func echo(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") != "echo" {
		http.Error(w, "upgrade to echo", http.StatusUpgradeRequired)
		return
	}
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	_ = rw.Flush()
	_, _ = io.Copy(conn, rw)
}

// mirrored is a pod that runs mirror, and a service before it.
func mirrored(t *testing.T, c *fake.Cluster) kubernetes.Interface {
	t.Helper()
	ctx := testContext(t)
	client := typedClient(t, c.RESTConfig())
	listens := make(chan struct{})
	c.HandleFunc("mirror", func(ctx context.Context, p *fake.Process) error { return mirror(ctx, p, listens) })
	pod := podOf("web", corev1.RestartPolicyAlways, "mirror")
	pod.Labels = map[string]string{"app": "web"}
	pod.Spec.Containers[0].Ports = []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}
	if _, err := client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": "web"},
		Ports: []corev1.ServicePort{
			{Name: "main", Port: 80, TargetPort: intstr.FromString("http")},
			{Name: "closed", Port: 81, TargetPort: intstr.FromInt32(1)},
		},
	}}
	if _, err := client.CoreV1().Services("default").Create(ctx, service, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, c, "web", sdk.Ready())
	<-listens
	return client
}

func TestProxyPassesRequestsOn(t *testing.T) {
	t.Parallel()
	c := fake.RunT(t)
	client := mirrored(t, c)
	ctx := testContext(t)
	const pods, services = "/api/v1/namespaces/default/pods/", "/api/v1/namespaces/default/services/"
	for _, tc := range []struct{ method, path, want string }{
		{"GET", pods + "web/proxy/", `GET /  uri=` + pods + `web/proxy/ authorization=""`},
		{"GET", pods + "web:8080/proxy/a/b?c=d&e=f", `GET /a/b?c=d&e=f  uri=` + pods + `web:8080/proxy/a/b authorization=""`},
		{"POST", pods + "http:web:8080/proxy/a/", `POST /a/ body uri=` + pods + `http:web:8080/proxy/a/ authorization=""`},
		{"PUT", pods + "web/proxy/a", `PUT /a body uri=` + pods + `web/proxy/a authorization=""`},
		{"PATCH", pods + "web/proxy/a", `PATCH /a body uri=` + pods + `web/proxy/a authorization=""`},
		{"DELETE", pods + "web/proxy/a", `DELETE /a  uri=` + pods + `web/proxy/a authorization=""`},
		{"OPTIONS", pods + "web/proxy/a", `OPTIONS /a  uri=` + pods + `web/proxy/a authorization=""`},
		{"GET", services + "web:main/proxy/a", `GET /a  uri=` + services + `web:main/proxy/a authorization=""`},
		{"GET", services + "web:80/proxy/a", `GET /a  uri=` + services + `web:80/proxy/a authorization=""`},
		{"GET", pods + "web/proxy/page", `<a href="` + pods + `web/proxy/b?c">x</a><img src="pic"><a href="https://example.com/">y</a>`},
	} {
		t.Run(tc.method+" "+tc.path, func(t *testing.T) {
			req := client.CoreV1().RESTClient().Verb(tc.method).RequestURI(tc.path)
			if strings.HasPrefix(tc.method, "P") {
				req = req.Body([]byte("body"))
			}
			got, err := req.DoRaw(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
	got, err := client.CoreV1().Services("default").ProxyGet("http", "web", "main", "/x", map[string]string{"y": "z"}).DoRaw(ctx)
	if err != nil || !strings.HasPrefix(string(got), "GET /x?y=z ") {
		t.Errorf("ProxyGet: %s %v", got, err)
	}
}

func TestProxyRedirects(t *testing.T) {
	t.Parallel()
	c := fake.RunT(t)
	mirrored(t, c)
	config := c.RESTConfig()
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	const pod = "/api/v1/namespaces/default/pods/web/proxy"
	for _, tc := range []struct {
		rule, path, to string
		status         int
	}{
		{"the root has a slash", pod, pod + "/", http.StatusMovedPermanently},
		{"and keeps the query", pod + "?a=b", pod + "/?a=b", http.StatusMovedPermanently},
		{"a path of the backend's", pod + "/moved", pod + "/there", http.StatusFound},
		{"no redirection", pod + "/teapot", "", http.StatusTeapot},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			req, err := http.NewRequestWithContext(testContext(t), http.MethodGet, config.Host+tc.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != tc.status || resp.Header.Get("Location") != tc.to {
				t.Errorf("%d to %q, want %d to %q", resp.StatusCode, resp.Header.Get("Location"), tc.status, tc.to)
			}
		})
	}
}

func TestProxyRefusals(t *testing.T) {
	t.Parallel()
	c := fake.RunT(t)
	client := mirrored(t, c)
	ctx := testContext(t)
	const pods, services = "/api/v1/namespaces/default/pods/", "/api/v1/namespaces/default/services/"
	pod, err := client.CoreV1().Pods("default").Get(ctx, "web", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		rule, path, want string
		status           int32
	}{
		{"no such pod", pods + "other/proxy/", `pods "other" not found`, http.StatusNotFound},
		{"no such scheme", pods + "ftp:web:1/proxy/", `invalid pod request "ftp:web:1"`, http.StatusBadRequest},
		{"a port that nobody listens on", pods + "web:1/proxy/",
			"error trying to reach service: dial tcp " + pod.Status.PodIP + ":1: connect: connection refused", http.StatusServiceUnavailable},
		{"no such service", services + "other:80/proxy/", `services "other" not found`, http.StatusNotFound},
		{"no such port", services + "web:82/proxy/", `no service port 82 found for service "web"`, http.StatusServiceUnavailable},
		{"no such name", services + "web:x/proxy/", `no endpoints available for service "web"`, http.StatusServiceUnavailable},
		{"a name is needed", services + "web/proxy/", `no endpoints available for service "web"`, http.StatusServiceUnavailable},
		{"a port that is closed", services + "web:closed/proxy/",
			"error trying to reach service: dial tcp " + pod.Status.PodIP + ":1: connect: connection refused", http.StatusServiceUnavailable},
		{"no such node", "/api/v1/nodes/other/proxy/", `nodes "other" not found`, http.StatusNotFound},
		{"what kubelets do not serve here", "/api/v1/nodes/minikube/proxy/metrics",
			"the fake's kubelets serve /healthz, /logs and /pods, but no /metrics; ask the API server, if it is about a pod", http.StatusNotImplemented},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			err := client.CoreV1().RESTClient().Get().AbsPath(tc.path).Do(ctx).Error()
			status, ok := err.(apierrors.APIStatus)
			if !ok || status.Status().Code != tc.status {
				t.Fatalf("error %v, want status %d", err, tc.status)
			}
			if diff := cmp.Diff(tc.want, status.Status().Message); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
	healthy, err := client.CoreV1().RESTClient().Get().AbsPath("/api/v1/nodes/minikube/proxy/healthz").DoRaw(ctx)
	if err != nil || string(healthy) != "ok" {
		t.Errorf("the kubelet's health: %s %v", healthy, err)
	}
	logs := client.CoreV1().RESTClient().Get().AbsPath("/api/v1/nodes/minikube/proxy/logs/")
	if page, err := logs.DoRaw(ctx); err != nil || !strings.Contains(string(page), `<a href="pods/">pods/</a>`) {
		t.Errorf("the logs of the node: %s %v", page, err)
	}
}

// What proxies keep, and what is under way, ends with the cluster.
func TestProxiesEndWithTheCluster(t *testing.T) {
	c, err := fake.Start()
	if err != nil {
		t.Fatal(err)
	}
	mirrored(t, c)
	conn := upgraded(t, c.RESTConfig(), "echo").Body.(io.ReadWriteCloser)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection goes on")
	}
	_ = conn.Close()
	if left := clusterGoroutines(t); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

// upgraded asks the mirror to take the connection over.
func upgraded(t *testing.T, config *rest.Config, path string) *http.Response {
	t.Helper()
	transport, err := rest.TransportFor(config)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, config.Host+"/api/v1/namespaces/default/pods/web/proxy/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", "echo")
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestProxyUpgrades(t *testing.T) {
	t.Parallel()
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		mirrored(t, c)
		config := c.RESTConfig()
		resp := upgraded(t, config, "echo")
		if resp.StatusCode != http.StatusSwitchingProtocols {
			t.Fatalf("status %s", resp.Status)
		}
		conn := resp.Body.(io.ReadWriteCloser)
		if _, err := io.WriteString(conn, "hello\n"); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || line != "hello\n" {
			t.Errorf("echo %q %v", line, err)
		}
		_ = conn.Close()
		for path, want := range map[string]int{"teapot": http.StatusTeapot, "": http.StatusInternalServerError} {
			resp := upgraded(t, config, path)
			_ = resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("a backend that does not upgrade at %q: %s, want %d", path, resp.Status, want)
			}
		}
	})
}
