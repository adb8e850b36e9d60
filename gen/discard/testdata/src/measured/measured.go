package measured

import (
	"testing"

	"example.com/builders"
)

func Benchmark(b *testing.B) {
	pod := builders.New("x")
	pod.HostNetwork() // want `result of PodBuilder.HostNetwork is dropped`
	for b.Loop() {
		pod.Label("a", "b")
		_ = pod.Unchecked()
	}
	for range b.N {
		pod.Label("a", "b")
	}
	for i := 0; i < b.N; i++ {
		if i > 0 {
			pod.Label("a", "b")
		}
	}
	for range 10 {
		pod.Label("a", "b") // want `result of PodBuilder.Label is dropped`
	}
	for {
		pod.Label("a", "b") // want `result of PodBuilder.Label is dropped`
	}
}

func BenchmarkParallel(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		builders.New("x") // want `result of builders.New is dropped`
		for pb.Next() {
			builders.New("x")
		}
	})
}

func Test(t *testing.T) {
	allocs := testing.AllocsPerRun(10, func() { builders.New("x").Label("a", "b") })
	t.Run("x", func(t *testing.T) {
		builders.New("x") // want `result of builders.New is dropped`
	})
	func() {
		builders.New("x") // want `result of builders.New is dropped`
	}()
	made := func() {
		builders.New("x") // want `result of builders.New is dropped`
	}
	made()
	if allocs > 0 {
		t.Error(allocs)
	}
}

// loop only looks like what package testing has.
type loop struct{ N int }

func (loop) Loop() bool { return false }

func other(l loop) {
	for l.Loop() {
		builders.New("x") // want `result of builders.New is dropped`
	}
	for range l.N {
		builders.New("x") // want `result of builders.New is dropped`
	}
}
