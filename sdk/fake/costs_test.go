package fake_test

import (
	goruntime "runtime"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What pods, commands and lines cost must not grow unnoticed. The limits are somewhat above what README.md says was measured; times have
// none, since they depend on the machine. The tests are not parallel, so that only what they do is counted.

// limit holds that something costs no more than it may.
func limit(t *testing.T, what string, got, most float64) {
	t.Helper()
	t.Logf("%s: %.4g", what, got)
	if got > most {
		t.Errorf("%s: %.4g, want at most %.4g", what, got, most)
	}
}

// TestCostOfPods makes a thousand pods by a ReplicationController and takes them away, twice: what is left after the second time that was
// not there after the first one is left of each pod. What the first time leaves is there once, whatever comes after it, such as tables that
// do not shrink and the runtime's own of goroutines.
func TestCostOfPods(t *testing.T) {
	const pods, leftMost = 1000, 1000 // the scheduler's events know the last 4,096 pods
	c := fake.RunT(t, fake.UnknownImages(fake.Pause), fake.Nodes(10))
	s := newScaled(t, c)
	s.there(c, 100)
	s.gone(c) // what the first pods bring with them, such as the fields of types, is not theirs
	before := measured()
	s.there(c, pods)
	during := measured()
	s.gone(c)
	once := atRest(nil)
	s.there(c, pods)
	s.gone(c)
	twice := atRest(func(u usage) bool { return u.heap-once.heap < leftMost*pods })
	limit(t, "heap of a pod", float64(during.heap-before.heap)/pods, 13_000)
	limit(t, "goroutines of a pod", float64(during.goroutines-before.goroutines)/pods, 1.02)
	limit(t, "heap that is left of a pod", float64(twice.heap-once.heap)/pods, leftMost)
	limit(t, "goroutines that are left of a pod", float64(twice.goroutines-before.goroutines)/pods, 0.02)
}

// atRest measures when what goes on after the last answer is over: when it is well, or several times if that is nil, and not for ever.
func atRest(well func(usage) bool) usage {
	least := measured()
	for range 8 {
		if well != nil && well(least) {
			break
		}
		goruntime.Gosched()
		if u := measured(); u.heap < least.heap {
			least = u
		}
	}
	return least
}

// there scales to n pods, and forgets how they came.
func (s *scaled) there(c *fake.Cluster, n int32) {
	s.Helper()
	s.to(n)
	c.Forget()
}

// gone scales to none, and removes what there is still to read of those that are gone: their events, and the log of versions.
func (s *scaled) gone(c *fake.Cluster) {
	s.Helper()
	s.to(0)
	s.untilGone()
	if err := s.client.CoreV1().Events("default").DeleteCollection(s.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		s.Fatal(err)
	}
	c.Forget()
}

func TestCostOfCommands(t *testing.T) {
	client := answering(t, 1)
	limit(t, "allocations of a command", testing.AllocsPerRun(100, func() { runNothing(t, client) }), 720)
}

func TestCostOfLines(t *testing.T) {
	const lines, followers = 1000, 100
	for _, tc := range []struct {
		what      string
		followers int
		most      float64
	}{
		{"allocations of a line", 0, 0.05},
		{"allocations of a line and a follower", followers, 0.05},
	} {
		p := newPrinter(t)
		arrived := p.follow(tc.followers)
		each := testing.AllocsPerRun(10, func() {
			p.print(lines)
			arrived(lines * int64(len(logLine)))
		})
		limit(t, tc.what, each/lines/float64(max(1, tc.followers)), tc.most)
	}
}
