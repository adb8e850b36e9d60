package sdktest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
)

var forwardRules = []rule{
	{"forward to a pod", "a forward reaches every port of a pod, through local ports and without", forwardToPod},
	{"forward to all targets", "a controller, a Service by its own ports, and a selection lead to one of their pods", forwardToTargets},
	{"forward heals", "when the pod of a controller is deleted, the forward leads to the next, by the same client and local port", forwardHeals},
	{"forward of a pod that goes", "a forward to one pod ends with it, with ErrPodGone", forwardOfPodThatGoes},
	{"a refused port", "that nothing listens on a port is a ForwardError of that connection, and others live on", refusedPort},
	{"many through one forward", "many connections at a time get each their own answers", manyThroughOne},
	{"a closed forward", "Close may be called twice, and leaves no connection usable", closedForward},
}

// get asks through a forward, and returns the answer of status 200.
func (t *trial) get(client *http.Client, url string) string {
	t.Helper()
	body, err := ask(t.ctx, client, url)
	t.ok(err)
	return body
}

func ask(ctx context.Context, client *http.Client, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return string(body), err
}

func (t *trial) webPod() *corev1.Pod {
	t.Helper()
	pod := t.pod("web", t.web())
	t.run(pod)
	return pod
}

func (t *trial) forward(target sdk.Target, ports ...string) *sdk.Forward {
	t.Helper()
	f, err := t.PortForward(t.ctx, target, ports...)
	t.ok(err)
	t.Cleanup(func() { f.Close() })
	return f
}

func forwardToPod(t *trial) {
	pod := t.webPod()
	f := t.forward(pod, ":8080", ":http")
	t.ok(f.Ready(t.ctx, "8080", "http"))
	t.equal("pod", pod.Name, f.Pod())
	t.equal("by name, without a local port", pod.Name, t.get(f.HTTPClient(), "http://pod:8080/hostname"))
	for _, addr := range f.Addrs() {
		t.equal("through "+addr, pod.Name, t.get(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, "http://"+addr+"/hostname"))
	}
}

func forwardToTargets(t *trial) {
	rc := t.controller("rc", 1, t.pod("", t.web()))
	t.run(rc)
	service := &corev1.Service{ObjectMeta: t.meta("service"), Spec: corev1.ServiceSpec{
		Selector: rc.Spec.Selector, Ports: []corev1.ServicePort{{Name: "site", Port: 80, TargetPort: intstr.FromString("http")}}}}
	t.ok(t.Create(t.ctx, service))
	for _, row := range []struct {
		what   string
		target sdk.Target
		port   string
	}{
		{"the controller", sdk.ControllerNamed(rc.Name), "8080"},
		{"the Service", sdk.ServiceNamed(service.Name), "80"},
		{"a selection", sdk.SelectedText(t.selector() + ",app=rc"), "8080"},
	} {
		f := t.forward(row.target)
		t.ok(f.Ready(t.ctx, row.port))
		t.equal(row.what, f.Pod(), t.get(f.HTTPClient(), "http://x:"+row.port+"/hostname"))
	}
}

func forwardHeals(t *trial) {
	rc := t.controller("rc", 1, t.pod("", t.web()))
	t.run(rc)
	f := t.forward(rc, ":8080")
	addr, seen := f.Addr(), map[string]bool{}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for range 3 {
		t.ok(f.Ready(t.ctx, "8080"))
		first := t.get(f.HTTPClient(), "http://x:8080/hostname")
		t.equal("pod", f.Pod(), first)
		t.equal("through the local port", first, t.get(client, "http://"+addr+"/hostname"))
		seen[first] = true
		pod := &corev1.Pod{}
		t.ok(t.Get(t.ctx, first, pod))
		t.ok(t.Delete(t.ctx, pod, sdk.AndWait()))
		t.ok(t.Wait(t.ctx, rc, sdk.Ready()))
	}
	t.equal("different pods", 3, len(seen))
	t.equal("error", error(nil), f.Err())
}

func forwardOfPodThatGoes(t *trial) {
	pod := t.webPod()
	f := t.forward(pod)
	t.ok(f.Ready(t.ctx))
	t.ok(t.Delete(t.ctx, pod, sdk.AndWait()))
	select {
	case <-f.Done():
	case <-t.ctx.Done():
		t.Fatal("it has not ended")
	}
	t.is("ErrPodGone", wraps(sdk.ErrPodGone), f.Err())
	_, err := f.DialContext(t.ctx, "tcp", "x:8080")
	t.is("ErrPodGone", wraps(sdk.ErrPodGone), err)
}

func refusedPort(t *trial) {
	f := t.forward(t.webPod())
	t.ok(f.Ready(t.ctx, "8080"))
	_, err := ask(t.ctx, f.HTTPClient(), "http://x:9/")
	if refused := new(sdk.ForwardError); !errors.As(err, &refused) || refused.Port != 9 {
		t.Errorf("error %v is no ForwardError of port 9", err)
	}
	t.equal("afterwards", "on", t.get(f.HTTPClient(), "http://x:8080/echo?msg=on"))
}

func manyThroughOne(t *trial) {
	f := t.forward(t.webPod())
	t.ok(f.Ready(t.ctx, "8080"))
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{DialContext: f.DialContext}}
			defer client.CloseIdleConnections()
			for j := range 10 {
				want := fmt.Sprintf("%d-%d", i, j)
				if got, err := ask(t.ctx, client, "http://x:8080/echo?msg="+want); err != nil || got != want {
					t.Errorf("asked for %s, got %q, %v", want, got, err)
				}
			}
		})
	}
	all.Wait()
}

func closedForward(t *trial) {
	f := t.forward(t.webPod(), ":8080")
	t.ok(f.Ready(t.ctx, "8080"))
	conn, err := f.DialContext(t.ctx, "tcp", "x:8080")
	t.ok(err)
	t.ok(f.Close())
	t.ok(f.Close())
	t.equal("error", error(nil), f.Err())
	if _, err := conn.Write([]byte("x")); err == nil {
		t.Error("a connection outlives its forward")
	}
	if _, err := f.DialContext(t.ctx, "tcp", "x:8080"); err == nil {
		t.Error("a closed forward dials")
	}
	if _, err := ask(t.ctx, http.DefaultClient, "http://"+f.Addr()); err == nil {
		t.Error("the local port is still open")
	}
}
