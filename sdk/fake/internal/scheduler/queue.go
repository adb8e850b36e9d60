package scheduler

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

// The pause before a pod that failed is tried again: none after the first failure, then one that doubles.
const (
	pauseBase = time.Millisecond
	pauseMax  = 10 * time.Second
)

// queue holds the pods that are on no node yet. It belongs to one goroutine.
type queue struct {
	pods   map[types.NamespacedName]*pending
	failed map[*pending]bool // those that are idle
	active podHeap           // to be tried now: by priority, then the one that came first
	paused podHeap           // to be tried when their pause is over
	seen   int
}

// state is where a pending pod is.
type state int

const (
	idle   state = iota // failed, and nothing has changed since
	active              // in the heap of that name
	paused              // likewise
)

// pending is one pod in the queue.
type pending struct {
	name     types.NamespacedName
	pod      *corev1.Pod
	needs    needs
	came     int // its place in the order of arrival
	state    state
	attempts int
	by       []*plugin // that refused it
	notUntil time.Time
}

func newQueue() queue {
	return queue{
		pods:   map[types.NamespacedName]*pending{},
		failed: map[*pending]bool{},
		active: podHeap{before: moreUrgent},
		paused: podHeap{before: sooner},
	}
}

// moreUrgent is the order of PrioritySort.
func moreUrgent(a, b entry) bool {
	return cmp.Or(cmp.Compare(b.priority, a.priority), cmp.Compare(a.came, b.came)) < 0
}

func sooner(a, b entry) bool { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.came, b.came)) < 0 }

func priority(pod *corev1.Pod) int32 { return ptr.Deref(pod.Spec.Priority, 0) }

// observe enters a pod, or takes note of its new state. A pod whose spec or labels changed is tried again.
func (q *queue) observe(name types.NamespacedName, pod *corev1.Pod) {
	p := q.pods[name]
	if p == nil || p.pod.UID != pod.UID {
		q.seen++
		delete(q.failed, p)
		p = &pending{name: name, pod: pod, needs: needsOf(pod), came: q.seen}
		q.pods[name] = p
		q.retry(p)
		return
	}
	was := p.pod
	p.pod = pod
	if was.Generation != pod.Generation || !equality.Semantic.DeepEqual(was.Labels, pod.Labels) {
		p.needs = needsOf(pod)
		p.attempts, p.notUntil = 0, time.Time{}
		q.retry(p)
	}
}

func (q *queue) remove(name types.NamespacedName) {
	delete(q.failed, q.pods[name])
	delete(q.pods, name)
}

// fail records an attempt that failed, and which plugins refused.
func (q *queue) fail(p *pending, by []*plugin) {
	p.by = by
	q.failed[p] = true
	p.notUntil = time.Now().Add(pause(p.attempts))
	p.attempts++
}

func pause(attempts int) time.Duration {
	switch {
	case attempts == 0:
		return 0
	case attempts > 14: // 1 ms doubled 14 times is more than the longest pause
		return pauseMax
	}
	return min(pauseMax, pauseBase<<(attempts-1))
}

// retryAll has all pods tried again, once their pauses are over: a node came or changed.
func (q *queue) retryAll() { q.retryThose(func(*pending) bool { return true }) }

// nodeGone has the pods tried again that the loss of a node may help.
func (q *queue) nodeGone() {
	q.retryThose(func(p *pending) bool { return slices.ContainsFunc(p.by, func(by *plugin) bool { return by.lossHelps }) })
}

// podChanged has the pods tried again that it may help that another, which is on a node, came (there is no was), went (there is no is) or
// changed.
func (q *queue) podChanged(x *nodes, was, is *corev1.Pod) {
	q.retryThose(func(p *pending) bool {
		return slices.ContainsFunc(p.by, func(by *plugin) bool { return by.podHelps != nil && by.podHelps(x, p, was, is) })
	})
}

func (q *queue) retryThose(which func(*pending) bool) {
	var those []*pending
	for p := range q.failed {
		if which(p) {
			those = append(those, p)
		}
	}
	slices.SortFunc(those, func(a, b *pending) int { return cmp.Compare(a.came, b.came) })
	for _, p := range those {
		q.retry(p)
	}
}

// retry has one pod tried again, once its pause is over.
func (q *queue) retry(p *pending) {
	switch {
	case p.state == active:
	case time.Now().Before(p.notUntil):
		if p.state == idle {
			p.state = paused
			delete(q.failed, p)
			heap.Push(&q.paused, newEntry(p))
		}
	default:
		q.activate(p)
	}
}

func (q *queue) activate(p *pending) {
	p.state = active
	delete(q.failed, p)
	heap.Push(&q.active, newEntry(p))
}

// wake moves the pods whose pause is over, and returns how long it is until the next one's is, or false if there is
// none.
func (q *queue) wake(now time.Time) (time.Duration, bool) {
	for len(q.paused.entries) > 0 {
		e := q.paused.entries[0]
		if q.pods[e.pod.name] == e.pod && e.pod.state == paused && e.at.Equal(e.pod.notUntil) {
			if d := e.at.Sub(now); d > 0 {
				return d, true
			}
			q.activate(e.pod)
		}
		heap.Pop(&q.paused)
	}
	return 0, false
}

// pop returns the pod to try next, or nil.
func (q *queue) pop() *pending {
	for len(q.active.entries) > 0 {
		p := heap.Pop(&q.active).(entry).pod
		if q.pods[p.name] == p && p.state == active {
			p.state = idle
			return p
		}
	}
	return nil
}

// entry is a pod in a heap, with what its place there depends on at the time it was entered. One that the queue knows
// no more, or has moved elsewhere, is skipped by the heap's readers.
type entry struct {
	pod      *pending
	priority int32
	came     int
	at       time.Time
}

func newEntry(p *pending) entry {
	return entry{pod: p, priority: priority(p.pod), came: p.came, at: p.notUntil}
}

// podHeap is a heap of pods in the order of before.
type podHeap struct {
	entries []entry
	before  func(a, b entry) bool
}

func (h *podHeap) Len() int           { return len(h.entries) }
func (h *podHeap) Less(i, j int) bool { return h.before(h.entries[i], h.entries[j]) }
func (h *podHeap) Swap(i, j int)      { h.entries[i], h.entries[j] = h.entries[j], h.entries[i] }
func (h *podHeap) Push(x any)         { h.entries = append(h.entries, x.(entry)) }
func (h *podHeap) Pop() any {
	last := len(h.entries) - 1
	e := h.entries[last]
	h.entries[last] = entry{}
	h.entries = h.entries[:last]
	return e
}
