package fake_test

import (
	"context"
	"fmt"
	goruntime "runtime"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// BenchmarkFirstLog is the life of a small test: start a cluster, create the chapter's ReplicationController, wait
// until its pod runs, read the first line of its log, close.
func BenchmarkFirstLog(b *testing.B) {
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		c, err := fake.Start()
		if err != nil {
			b.Fatal(err)
		}
		c.HandleFunc("heejeong/crane", crane)
		firstLog(ctx, b, c)
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func firstLog(ctx context.Context, tb testing.TB, c *fake.Cluster) {
	tb.Helper()
	rc := craneController()
	if err := c.Client().Run(ctx, rc); err != nil {
		tb.Fatal(err)
	}
	untilUp(ctx, tb, c.Client(), rc)
}

// BenchmarkStart is a cluster that is started and closed.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		c, err := fake.Start()
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeap is the live heap of 10,000 pods that clients made, each of the chapter's size, and what it is once somebody has listed
// them: the encodings stay with the pods. The log of events, with the pods' encodings in it, is in the figure.
func BenchmarkHeap(b *testing.B) {
	const pods = 10_000
	for b.Loop() {
		c := fake.RunT(b, fake.APIOnly())
		before := liveHeap()
		fill := clientFor(b, c.RESTConfig(), runtime.ContentTypeProtobuf)
		for i := range pods {
			if _, err := fill.CoreV1().Pods("default").Create(b.Context(), plainPod(fmt.Sprintf("pod-%06d", i)), metav1.CreateOptions{}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(liveHeap()-before)/pods, "heap-B/pod")
		for _, format := range []string{runtime.ContentTypeJSON, runtime.ContentTypeProtobuf} {
			if _, err := clientFor(b, c.RESTConfig(), format).CoreV1().Pods("").List(b.Context(), metav1.ListOptions{}); err != nil {
				b.Fatal(err)
			}
			_, name, _ := strings.Cut(format, "/")
			b.ReportMetric(float64(liveHeap()-before)/pods, "heap-B/pod-and-"+name)
		}
	}
}

// plainPod is benchPod in a namespace whose service account is there already.
func plainPod(name string) *corev1.Pod {
	pod := benchPod(name)
	pod.Spec.ServiceAccountName = ""
	return pod
}

func liveHeap() int64 {
	goruntime.GC()
	goruntime.GC()
	var m goruntime.MemStats
	goruntime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
