package controllers

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/internal/turn"
)

// The back-off of a key that cannot be synced, as workqueue.DefaultTypedControllerRateLimiter gives it.
const (
	retryBase = 5 * time.Millisecond
	retryMax  = 1000 * time.Second
)

// queue says which keys must be synced, and when. It belongs to one goroutine. The zero value is not ready: use
// newQueue.
type queue[K comparable] struct {
	ready    []K
	dirty    map[K]struct{} // what is in ready
	later    timers[K]
	due      map[K]time.Time // when a key in later is due; other entries of it there are stale
	failures map[K]int
}

func newQueue[K comparable]() *queue[K] {
	return &queue[K]{dirty: map[K]struct{}{}, due: map[K]time.Time{}, failures: map[K]int{}}
}

// add has k synced soon. Twice before that is once.
func (q *queue[K]) add(k K) {
	if _, ok := q.dirty[k]; ok {
		return
	}
	q.dirty[k] = struct{}{}
	q.ready = append(q.ready, k)
}

// addAfter has k synced in a while, or when it is due already if that is earlier.
func (q *queue[K]) addAfter(k K, d time.Duration) {
	at := time.Now().Add(d)
	if was, ok := q.due[k]; ok && !at.Before(was) {
		return
	}
	q.due[k] = at
	heap.Push(&q.later, timer[K]{at, k})
}

// retry has k synced after a pause that doubles with each failure.
func (q *queue[K]) retry(k K) {
	pause := retryMax
	if n := q.failures[k]; n < 18 { // 5 ms doubled 18 times is more than the longest pause
		pause = min(retryMax, retryBase<<n)
	}
	q.failures[k]++
	q.addAfter(k, pause)
}

func (q *queue[K]) forget(k K) { delete(q.failures, k) }

// pop returns the key that waits longest.
func (q *queue[K]) pop() (k K, ok bool) {
	if len(q.ready) == 0 {
		return k, false
	}
	k, q.ready = q.ready[0], q.ready[1:]
	delete(q.dirty, k)
	return k, true
}

// batch takes out of the queue what is to be synced before the log is read again: the key that waits longest, or all in an order that does
// not depend on how they came there.
func (q *queue[K]) batch(all bool) []K {
	batch := q.ready
	if !all {
		q.pop()
		return batch[:min(1, len(batch))]
	}
	q.ready = nil
	clear(q.dirty)
	if len(batch) > 1 {
		slices.SortFunc(batch, func(a, b K) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	}
	return batch
}

// wake moves the keys that are due by now to the ready ones, and returns how long it is until the next one is, or
// false if none is waiting.
func (q *queue[K]) wake(now time.Time) (time.Duration, bool) {
	for len(q.later) > 0 {
		t := q.later[0]
		if at, ok := q.due[t.key]; ok && at.Equal(t.at) {
			if t.at.After(now) {
				return t.at.Sub(now), true
			}
			delete(q.due, t.key)
			q.add(t.key)
		}
		heap.Pop(&q.later)
	}
	return 0, false
}

// run is a controller's life: it tells observe all that happens, and has each dirty key synced once the log is read to
// its end. A sync that fails is repeated. run returns when ctx ends or the store closes.
//
// A controller that has a turn reads the log and syncs what is dirty by then, and waits for the next turn before it looks at what that
// has led to.
func (q *queue[K]) run(ctx context.Context, w *store.Watcher, observe func(store.Event), sync func(context.Context, K) error) {
	alarm := time.NewTimer(retryMax)
	defer alarm.Stop()
	mine := turn.Of(ctx)
	for mine.Wait(ctx.Done()) && ctx.Err() == nil {
		if !drain(w, observe) {
			return
		}
		wait, waiting := q.wake(time.Now())
		if batch := q.batch(mine.Given()); len(batch) > 0 {
			for _, k := range batch {
				if err := sync(ctx, k); err != nil {
					q.retry(k)
				} else {
					q.forget(k)
				}
			}
			continue
		}
		if alarm.Stop(); waiting {
			alarm.Reset(wait)
		}
		select {
		case <-w.Ready():
		case <-alarm.C:
		case <-ctx.Done():
		}
	}
}

// drain reads the log to its end and says whether there may ever be more.
func drain(w *store.Watcher, observe func(store.Event)) bool {
	for {
		e, ok, err := w.Poll()
		if err != nil {
			return false
		}
		if !ok {
			return true
		}
		observe(e)
	}
}

// timer is a key and when it is due; timers is a heap of them, the earliest first.
type timer[K comparable] struct {
	at  time.Time
	key K
}

type timers[K comparable] []timer[K]

func (t timers[K]) Len() int           { return len(t) }
func (t timers[K]) Less(i, j int) bool { return t[i].at.Before(t[j].at) }
func (t timers[K]) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }
func (t *timers[K]) Push(x any)        { *t = append(*t, x.(timer[K])) }
func (t *timers[K]) Pop() any {
	last := len(*t) - 1
	x := (*t)[last]
	*t = (*t)[:last]
	return x
}
