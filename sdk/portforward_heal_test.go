package sdk_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// TestForwardErr: what a forward ends with when it cannot go on.
func TestForwardErr(t *testing.T) {
	lone := func(t *testing.T, h *harbour) *corev1.Pod {
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "lone"}, Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "main", Image: "server"}}, RestartPolicy: corev1.RestartPolicyNever}}
		ok(t, h.Client().Run(t.Context(), pod))
		return pod
	}
	for _, tt := range []struct {
		rule string
		opts sdk.ForwardOptions
		end  func(t *testing.T, h *harbour, pod *corev1.Pod)
		want func(error) bool
	}{
		{"a pod that was deleted is gone", sdk.ForwardOptions{}, func(t *testing.T, h *harbour, pod *corev1.Pod) {
			ok(t, h.Client().Delete(t.Context(), pod))
		}, is(sdk.ErrPodGone)},
		{"a pod that has ended is gone", sdk.ForwardOptions{}, func(_ *testing.T, h *harbour, _ *corev1.Pod) {
			h.crash <- struct{}{}
		}, is(sdk.ErrPodGone)},
		{"one that is not to heal says that the connection is lost", sdk.ForwardOptions{Once: true}, func(_ *testing.T, h *harbour, _ *corev1.Pod) {
			h.cut()
		}, is(sdk.ErrLostConnection)},
		{"patience has an end", sdk.ForwardOptions{Patience: time.Second}, func(_ *testing.T, h *harbour, _ *corev1.Pod) {
			h.setDown(true)
		}, is(sdk.ErrLostConnection)},
		{"what is forbidden stays so", sdk.ForwardOptions{}, func(_ *testing.T, h *harbour, _ *corev1.Pod) {
			h.refuseStatus(apierrors.NewForbidden(schemaResource("pods"), "lone", errors.New("no")))
			h.cut()
		}, apierrors.IsForbidden},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			fake.Bubble(t, func(t *testing.T) {
				h := newHarbour(t, 0)
				pod := lone(t, h)
				f, err := h.client.Forward(t.Context(), sdk.PodNamed("lone"), tt.opts)
				ok(t, err)
				defer f.Close()
				ok(t, f.Ready(t.Context(), "8080"))
				tt.end(t, h, pod)
				<-f.Done()
				if err := f.Err(); !tt.want(err) {
					t.Errorf("ended with %v", err)
				}
				says(t, f.Err(), "port-forward to pod default/lone: ")
				if err := f.Ready(t.Context()); err == nil {
					t.Error("it is ready after its end")
				}
				ok(t, f.Close())
			})
		})
	}
}

func is(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

// A Service leads to a pod by its selector, its ports to what they are for, and a forward to it to the next pod.
func TestForwardToService(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		h := newHarbour(t, 2)
		ok(t, h.Client().Create(t.Context(), &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: corev1.ServiceSpec{
			Selector: map[string]string{"app": "web"},
			Ports:    []corev1.ServicePort{{Name: "site", Port: 80, TargetPort: intstr.FromString("http")}, {Name: "same", Port: 8080}}}}))
		ok(t, h.Client().Create(t.Context(), &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "outside"}, Spec: corev1.ServiceSpec{
			Ports: []corev1.ServicePort{{Port: 80}}}}))
		_, err := h.client.PortForward(t.Context(), sdk.ServiceNamed("outside"))
		says(t, err, "port-forward Service default/outside: ", "no selector")

		c, err := sdk.New(h.RESTConfig(), sdk.ListenWith(func(context.Context, string, string) (net.Listener, error) { return newListener(), nil }))
		ok(t, err)
		f, err := c.PortForward(t.Context(), sdk.ServiceNamed("web"), "8888:80")
		ok(t, err)
		defer f.Close()
		for range 2 {
			ok(t, f.Ready(t.Context(), "80", "site", "same", "8080"))
			for _, host := range []string{"web:80", "web:8080"} {
				resp, err := f.HTTPClient().Get("http://" + host + "/1")
				ok(t, err)
				resp.Body.Close()
				equal(t, "status", http.StatusOK, resp.StatusCode)
				equal(t, "pod", f.Pod(), resp.Header.Get("Pod"))
			}
			ok(t, c.Delete(t.Context(), h.pod(t, f.Pod()), sdk.Grace(0)))
			<-time.After(time.Minute)
		}
	})
}

// A port on which nothing listens is refused to who dials it, and Ready says so when its context ends.
func TestForwardReadyOfARefusedPort(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		h := newHarbour(t, 1)
		f := h.forward(t, sdk.ControllerNamed("web"))
		defer f.Close()
		ok(t, f.Ready(t.Context()))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := f.Ready(ctx, "9")
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("Ready: %v", err)
		}
		says(t, f.Ready(ctx, "smtp"), "port-forward to pod default/", "is not ready")
		equal(t, "connections", 1, h.told(sdk.ForwardConnected))
	})
}

// Dials wait while there is no way, for as long as their contexts allow.
func TestForwardDialWaits(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		h := newHarbour(t, 1)
		f := h.forward(t, sdk.ControllerNamed("web"))
		defer f.Close()
		h.setDown(true)
		<-time.After(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := f.DialContext(ctx, "tcp", "pod:8080"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("dial: %v", err)
		}
		time.AfterFunc(10*time.Second, func() { h.setDown(false) })
		conn, err := f.DialContext(t.Context(), "tcp", "pod:8080")
		ok(t, err)
		ok(t, conn.Close())
		equal(t, "losses", 1, h.told(sdk.ForwardLost))
		if h.told(sdk.ForwardRetry) == 0 {
			t.Error("no attempt was told of")
		}
	})
}
