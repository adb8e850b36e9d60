package fake_test

import (
	"context"
	"fmt"
	goruntime "runtime"
	"slices"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"
)

// BenchmarkReady is how long one pod takes from the client's Create, on a cluster that has nothing else to do, until a watch says
// that it is Running and Ready.
func BenchmarkReady(b *testing.B) {
	c := fake.RunT(b, fake.UnknownImages(fake.Pause), fake.Nodes(2))
	client := clientFor(b, c.RESTConfig(), runtime.ContentTypeProtobuf)
	pods := client.CoreV1().Pods("default")
	watcher, err := pods.Watch(b.Context(), metav1.ListOptions{})
	if err != nil {
		b.Fatal(err)
	}
	defer watcher.Stop()
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		name := fmt.Sprintf("pod-%06d", i)
		began := time.Now()
		if _, err := pods.Create(b.Context(), podOf(name, "", "pause"), metav1.CreateOptions{}); err != nil {
			b.Fatal(err)
		}
		until(b, watcher, name, isReady)
		took = append(took, time.Since(began))
		b.StopTimer() // the next one finds the cluster as this one did
		if err := pods.Delete(b.Context(), name, metav1.DeleteOptions{GracePeriodSeconds: new(int64(0))}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(took[(len(took)-1)*p/100].Seconds()*1000, fmt.Sprintf("p%d-ms", p))
	}
}

// until reads a watch up to the event that shows the object of a name as it should be.
func until(tb testing.TB, w watch.Interface, name string, done func(watch.Event) bool) {
	tb.Helper()
	for e := range w.ResultChan() {
		if o, ok := e.Object.(metav1.Object); ok && o.GetName() == name && done(e) {
			return
		}
	}
	tb.Fatalf("the watch of %s ended", name)
}

func isReady(e watch.Event) bool {
	pod := e.Object.(*corev1.Pod)
	return pod.Status.Phase == corev1.PodRunning && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// BenchmarkReplicas is one ReplicationController that is scaled to many pods on a hundred nodes, until all are ready, and back to
// none, until all are gone. Heap and stacks are what is live while all pods run, beyond what the cluster without pods has: API objects,
// five events a pod and the log of versions are in the heap. What the heap has left when all pods are gone is said per pod too: mostly
// the events, which a cluster keeps for an hour, and the log of versions.
func BenchmarkReplicas(b *testing.B) {
	for _, pods := range []int32{100, 10_000} {
		b.Run(fmt.Sprint(pods), func(b *testing.B) {
			for b.Loop() {
				scaleUpAndDown(b, pods)
			}
		})
	}
}

func scaleUpAndDown(b *testing.B, n int32) {
	c := fake.RunT(b, fake.UnknownImages(fake.Pause), fake.Nodes(100))
	s := newScaled(b, c)
	before := measured()
	began := time.Now()
	s.to(n)
	up := time.Since(began)
	during := measured()
	began = time.Now()
	s.to(0)
	s.untilGone()
	down := time.Since(began)
	after := measured()
	each := float64(n)
	b.ReportMetric(up.Seconds(), "s-up")
	b.ReportMetric(down.Seconds(), "s-down")
	b.ReportMetric(float64(during.heap-before.heap)/each, "heap-B/pod")
	b.ReportMetric(float64(during.stack-before.stack)/each, "stack-B/pod")
	b.ReportMetric(float64(during.goroutines-before.goroutines)/each, "goroutines/pod")
	b.ReportMetric(float64(after.heap-before.heap)/each, "heap-left-B/pod")
	b.ReportMetric(float64(after.goroutines-before.goroutines)/each, "goroutines-left/pod")
	b.ReportMetric(0, "ns/op")
}

// scaled is a ReplicationController without pods, and a watch of it.
type scaled struct {
	testing.TB
	client  kubernetes.Interface
	watcher watch.Interface
}

func newScaled(tb testing.TB, c *fake.Cluster) *scaled {
	tb.Helper()
	client := clientFor(tb, c.RESTConfig(), runtime.ContentTypeProtobuf)
	rc := craneController()
	rc.Spec.Replicas = ptr.To[int32](0)
	created, err := client.CoreV1().ReplicationControllers("default").Create(tb.Context(), rc, metav1.CreateOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	watcher, err := client.CoreV1().ReplicationControllers("default").Watch(tb.Context(), metav1.ListOptions{ResourceVersion: created.ResourceVersion})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(watcher.Stop)
	return &scaled{tb, client, watcher}
}

// to scales and waits until the controller says that so many are ready.
func (s *scaled) to(n int32) {
	s.Helper()
	_, err := s.client.CoreV1().ReplicationControllers("default").Patch(s.Context(), "crane", types.MergePatchType,
		fmt.Appendf(nil, `{"spec":{"replicas":%d}}`, n), metav1.PatchOptions{})
	if err != nil {
		s.Fatal(err)
	}
	until(s, s.watcher, "crane", func(e watch.Event) bool {
		status := e.Object.(*corev1.ReplicationController).Status
		return status.Replicas == n && status.ReadyReplicas == n && status.AvailableReplicas == n
	})
}

// untilGone waits until no pod is left: the controller does not count those that are being stopped.
func (s *scaled) untilGone() {
	s.Helper()
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	pods := s.client.CoreV1().Pods("default")
	for {
		list, err := pods.List(ctx, metav1.ListOptions{})
		if err != nil {
			s.Fatal(err)
		}
		left := len(list.Items)
		if left == 0 {
			return
		}
		w, err := pods.Watch(ctx, metav1.ListOptions{ResourceVersion: list.ResourceVersion})
		if err != nil {
			s.Fatal(err)
		}
		for e := range w.ResultChan() {
			if e.Type == watch.Deleted {
				left--
			}
			if left == 0 {
				break
			}
		}
		w.Stop()
	}
}

// usage is what a process holds.
type usage struct{ heap, stack, goroutines int64 }

func measured() usage {
	heap := liveHeap()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return usage{heap, int64(m.StackInuse), int64(goruntime.NumGoroutine())}
}
