package kubelet_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// BenchmarkPods runs many pods on one node and deletes them all: the time a pod takes to be Running, from its creation on,
// and the live heap it holds then, API objects and events included, goroutine stacks apart.
func BenchmarkPods(b *testing.B) {
	for _, pods := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(pods), func(b *testing.B) {
			for b.Loop() {
				runPods(b, pods)
			}
		})
	}
}

func runPods(b *testing.B, pods int) {
	w := newWorld(b)
	defer w.stop()
	w.handle("app", untilTerminated)
	before := liveHeap()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	_, watcher, err := w.api.Store.ListAndWatch(registry.Pods.GroupResource())
	if err != nil {
		b.Fatal(err)
	}
	defer watcher.Close()
	until := func(done func(watch.EventType, *corev1.Pod) bool) {
		for left := pods; left > 0; {
			e, err := watcher.Next(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if done(e.Type, e.Object.(*corev1.Pod)) {
				left--
			}
		}
	}
	start := b.Elapsed()
	for i := range pods {
		w.create(registry.Pods, podOf(fmt.Sprintf("app-%d", i), "app"))
	}
	running := map[string]bool{}
	until(func(_ watch.EventType, pod *corev1.Pod) bool {
		first := pod.Status.Phase == corev1.PodRunning && !running[pod.Name]
		running[pod.Name] = running[pod.Name] || first
		return first
	})
	b.ReportMetric(float64((b.Elapsed()-start).Microseconds())/float64(pods), "µs/pod")
	b.ReportMetric(float64(liveHeap()-before)/float64(pods), "heap-B/pod")
	for i := range pods {
		w.delete(fmt.Sprintf("app-%d", i), -1)
	}
	until(func(typ watch.EventType, _ *corev1.Pod) bool { return typ == watch.Deleted })
}

func liveHeap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
