package sdk

import (
	"container/heap"
	"context"
	"fmt"
	"iter"
	"time"
)

// mergeWindow is how long a line that is followed is held back, so that those of other containers can come before it.
const mergeWindow = time.Second

// heldLine is a line, or an error, in the queue of a merge.
type heldLine struct {
	line    LogLine
	err     error
	at      time.Time // by which it is ordered: its own time, or that of the line before
	order   int       // among those of one time
	arrived time.Time
}

// lineQueue is a heap, the earliest line on top.
type lineQueue []heldLine

func (q lineQueue) Len() int { return len(q) }
func (q lineQueue) Less(i, j int) bool {
	if c := q[i].at.Compare(q[j].at); c != 0 {
		return c < 0
	}
	return q[i].order < q[j].order
}
func (q lineQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *lineQueue) Push(x any)   { *q = append(*q, x.(heldLine)) }
func (q *lineQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = heldLine{}
	*q = old[:len(old)-1]
	return last
}

// mergeLogs reads logs that are not followed, all at a time, and gives their lines by time. The lines of one container
// keep their order whatever their times.
func (c *Client) mergeLogs(ctx context.Context, sources []logSource, o LogOptions, yield func(LogLine, error) bool) {
	next := make([]func() (LogLine, error, bool), len(sources))
	last := make([]time.Time, len(sources))
	var queue lineQueue
	pull := func(i int) {
		line, err, ok := next[i]()
		if !ok {
			return
		}
		if line.Time.After(last[i]) {
			last[i] = line.Time
		}
		heap.Push(&queue, heldLine{line: line, err: err, at: last[i], order: i})
	}
	for i, s := range sources {
		var stop func()
		next[i], stop = iter.Pull2(func(yield func(LogLine, error) bool) { c.readLog(ctx, s, o, yield) })
		defer stop()
		pull(i)
	}
	for len(queue) > 0 {
		first := heap.Pop(&queue).(heldLine)
		if !yield(first.line, first.err) || ctx.Err() != nil {
			return
		}
		pull(first.order)
	}
}

// yieldByTime gives lines as they come, each a moment after it came, the earlier first.
func yieldByTime(ctx context.Context, batches <-chan logBatch, yield func(LogLine, error) bool) {
	var queue lineQueue
	last := map[LogLine]time.Time{} // by container
	order := 0
	timer := time.NewTimer(mergeWindow)
	defer timer.Stop()
	add := func(line LogLine, err error) bool {
		where := LogLine{Namespace: line.Namespace, Pod: line.Pod, Container: line.Container}
		if line.Time.After(last[where]) {
			last[where] = line.Time
		}
		order++
		heap.Push(&queue, heldLine{line: line, err: err, at: last[where], order: order, arrived: time.Now()})
		return true
	}
	give := func(until time.Time) bool {
		for len(queue) > 0 && !queue[0].arrived.After(until) {
			if first := heap.Pop(&queue).(heldLine); !yield(first.line, first.err) {
				return false
			}
		}
		return true
	}
	for {
		select {
		case b, ok := <-batches:
			if !ok {
				give(time.Now())
				return
			}
			if len(queue) == 0 {
				timer.Reset(mergeWindow)
			}
			b.give(add)
		case <-timer.C:
			if !give(time.Now().Add(-mergeWindow)) {
				return
			}
			if len(queue) > 0 {
				timer.Reset(time.Until(queue[0].arrived.Add(mergeWindow)))
			}
		case <-ctx.Done():
			if give(time.Now()) {
				yield(LogLine{}, fmt.Errorf("logs: %w", ctx.Err()))
			}
			return
		}
	}
}
