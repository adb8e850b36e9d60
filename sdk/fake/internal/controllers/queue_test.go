package controllers

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// ready pops all that is to be done.
func ready(q *queue[string]) []string {
	q.wake(time.Now())
	var all []string
	for {
		k, ok := q.pop()
		if !ok {
			return all
		}
		all = append(all, k)
	}
}

func TestQueueIsInOrderAndWithoutRepeats(t *testing.T) {
	q := newQueue[string]()
	for _, k := range []string{"b", "a", "b", "c", "a"} {
		q.add(k)
	}
	if diff := cmp.Diff([]string{"b", "a", "c"}, ready(q)); diff != "" {
		t.Error(diff)
	}
}

func TestQueueKeepsTheEarliestTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue[string]()
		q.addAfter("a", 3*time.Second)
		q.addAfter("a", time.Second)
		q.addAfter("a", 2*time.Second)
		if d, ok := q.wake(time.Now()); !ok || d != time.Second {
			t.Errorf("next in %v, %v", d, ok)
		}
		<-time.After(time.Second)
		if got := ready(q); !cmp.Equal(got, []string{"a"}) {
			t.Errorf("after 1 s: %v", got)
		}
		<-time.After(time.Hour)
		if got := ready(q); got != nil {
			t.Errorf("later: %v, though it was done", got)
		}
		if _, ok := q.wake(time.Now()); ok || len(q.later) != 0 {
			t.Errorf("something still waits: %v", q.later)
		}
	})
}

func TestQueueWaitsTwiceAsLongAfterEachFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue[string]()
		var pauses []time.Duration
		for range 20 {
			q.retry("a")
			d, _ := q.wake(time.Now())
			pauses = append(pauses, d)
			<-time.After(d)
			ready(q)
		}
		if pauses[0] != 5*time.Millisecond || pauses[1] != 10*time.Millisecond || pauses[19] != 1000*time.Second {
			t.Errorf("pauses %v", pauses)
		}
		q.forget("a")
		q.retry("a")
		if d, _ := q.wake(time.Now()); d != 5*time.Millisecond {
			t.Errorf("after a success: %v", d)
		}
	})
}
