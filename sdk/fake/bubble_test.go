package fake_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// A container that exits 1 goes through ten restarts, with the back-off of a real node, while an informer watches.
func TestCrashLoopBackOffInABubble(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		began := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		c := fake.RunT(t)
		var starts []time.Duration
		c.HandleFunc("crash", func(context.Context, *fake.Process) error {
			starts = append(starts, time.Since(began))
			return fake.Exit(1)
		})
		client := kubernetes.NewForConfigOrDie(c.RESTConfig())
		const restarts = 10
		waited, reached := false, make(chan struct{})
		informer := informers.NewSharedInformerFactory(client, 0).Core().V1().Pods().Informer()
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, obj any) {
			for _, s := range obj.(*corev1.Pod).Status.ContainerStatuses {
				if w := s.State.Waiting; w != nil && w.Reason == "CrashLoopBackOff" {
					waited = true
				}
				if s.RestartCount == restarts && reached != nil {
					close(reached)
					reached = nil
				}
			}
		}}); err != nil {
			t.Fatal(err)
		}
		signal := reached
		done := make(chan struct{})
		go func() { defer close(done); informer.Run(ctx.Done()) }()
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "crash"}}}}
		if _, err := client.CoreV1().Pods("default").Create(ctx, pod, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		<-signal
		cancel()
		<-done
		synctest.Wait()
		if !waited {
			t.Error("the informer never saw CrashLoopBackOff")
		}
		// The first restart is at once, then 10 s, 20 s, 40 s ... up to 5 minutes lie between an exit and the next start.
		want := []time.Duration{0, 0, 10, 30, 70, 150, 310, 610, 910, 1210, 1510}
		if len(starts) < len(want) {
			t.Fatalf("%d starts, want %d", len(starts), len(want))
		}
		for i, w := range want {
			if got := starts[i].Truncate(time.Second); got != w*time.Second {
				t.Errorf("start %d after %v, want %v", i, got, w*time.Second)
			}
		}
	})
}

// A port-forward in a bubble: requests through it hours apart, and nothing left when it is closed.
func TestPortForwardInABubble(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		c.HandleFunc("heejeong/crane", crane)
		client := c.Client()
		rc := craneController()
		if err := client.Run(t.Context(), rc); err != nil {
			t.Fatal(err)
		}
		f, err := client.PortForward(t.Context(), rc, "8888:8080")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for range 3 {
			resp, err := f.HTTPClient().Get("http://localhost:8888/")
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Fatal(err)
			}
			<-time.After(3 * time.Hour)
		}
	})
}
