//go:build bench

package index

import (
	"fmt"
	"runtime"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// TestMemory says what an index takes for each object of a million, beside the object and its strings: with and without the keys
// and the table that finds them. By hand: go test -tags bench -run Memory -v .
func TestMemory(t *testing.T) {
	const n = 1_000_000
	for i, target := range []float64{32, 64, 220} {
		pods := fleet(n, distributions[i])
		before := heap()
		x := New[types.NamespacedName, *corev1.Pod]()
		for _, p := range pods {
			x.Set(keyOf(p), p.Namespace, p.Labels, p)
		}
		all := (heap() - before) / n
		keys := (float64(cap(x.objects.list)*32) + float64(len(x.objects.byKey.cells)*8)) / n // a key is 32 bytes
		fmt.Printf("| memory, %s | %.1f B/object | with keys %.1f B/object |\n", distributions[i].name, all-keys, all)
		if all-keys > target {
			t.Errorf("%s: %.1f bytes an object, target %.0f", distributions[i].name, all-keys, target)
		}
		runtime.KeepAlive(pods)
	}
}

// TestChurn lets ten million labels come and go that no two objects share: what is left is what was there before.
func TestChurn(t *testing.T) {
	const n, rounds = 100_000, 100
	x := New[int, int]()
	fill := func(round int) {
		for i := range n {
			x.Set(i, "team", map[string]string{"app": "web", "id": fmt.Sprint(round*n + i), fmt.Sprint("key-", round): "x"}, i)
		}
	}
	fill(0)
	fill(1)
	before := heap()
	for round := range rounds {
		fill(round + 2)
	}
	after := heap()
	fmt.Printf("| churn of %d labels | %.2f MB | %.2f MB | %.3fx |\n", n*rounds, before/1e6, after/1e6, after/before)
	if after > before*1.2 {
		t.Errorf("%.0f bytes before, %.0f after", before, after)
	}
	for i := range n {
		x.Delete(i)
	}
	if left := heap(); left > before/20 {
		t.Errorf("%.0f bytes are left of %.0f", left, before)
	}
	runtime.KeepAlive(x)
}
