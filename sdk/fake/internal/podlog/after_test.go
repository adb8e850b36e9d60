package podlog

import (
	"fmt"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
)

// The log of a run that begins when the one before has just ended bears later times, though the clock stands still.
func TestAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first, second := New(Options{}), New(Options{})
		fmt.Fprint(first.Stdout(), "a\nb\n")
		_ = first.Close()
		second.After(first)
		second.After(nil)
		fmt.Fprint(second.Stdout(), "c\n")
		equal(t, "2000-01-01T00:00:00.000000002Z c\n", readAll(t, second, &corev1.PodLogOptions{Timestamps: true}))
	})
}
