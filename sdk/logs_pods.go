package sdk

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// logBatch is lines of one container, or one error.
type logBatch struct {
	where LogLine // without time and text
	lines []textLine
	err   error
}

// logCrew follows the logs of pods as a watch finds them. The goroutine that watches begins those that follow; all
// of them end with ctx.
type logCrew struct {
	*Client
	reference
	o       LogOptions
	batches chan logBatch
	cancel  context.CancelFunc // ends the watch, and with it the rest

	synced   bool
	pods     map[types.UID]*crewPod
	followed sync.WaitGroup

	mu     sync.Mutex
	active int
}

type crewPod struct {
	*logPod
	containers []string
}

// followLogs is Logs with Follow.
func (c *Client) followLogs(ctx context.Context, target Target, o LogOptions, yield func(LogLine, error) bool) {
	crew, scope, err := c.newCrew(ctx, target, o)
	if err != nil {
		yield(LogLine{}, err)
		return
	}
	inner, cancel := context.WithCancel(ctx)
	crew.cancel = cancel
	go crew.watch(inner, scope)
	defer func() { // so that all of them are gone
		cancel()
		for range crew.batches {
		}
	}()
	if o.ByTime {
		yieldByTime(ctx, crew.batches, yield)
		return
	}
	for {
		select {
		case b, ok := <-crew.batches:
			if !ok || !b.give(yield) {
				return
			}
		case <-ctx.Done():
			yield(LogLine{}, fmt.Errorf("logs: %w", ctx.Err()))
			return
		}
	}
}

func (b logBatch) give(yield func(LogLine, error) bool) bool {
	if b.err != nil {
		return yield(b.where, b.err)
	}
	line := b.where
	for _, l := range b.lines {
		if line.Text, line.Time = l.text, (time.Time{}); l.at != unstamped {
			line.Time = time.Unix(0, l.at).UTC()
		}
		if !yield(line, nil) {
			return false
		}
	}
	putBatch(b.lines)
	return true
}

// newCrew finds out which pods are meant.
func (c *Client) newCrew(ctx context.Context, target Target, o LogOptions) (*logCrew, scope, error) {
	if err := o.check(); err != nil {
		return nil, scope{}, err
	}
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, scope{}, fmt.Errorf("logs: %w", err)
	}
	s := ref.scope()
	if ref.kind != podKind {
		labels, err := c.podSelector(ctx, ref)
		if err != nil {
			return nil, scope{}, fmt.Errorf("logs %s: %w", ref, err)
		}
		s = scope{kind: podKind, namespace: ref.namespace, labels: labels}
	}
	return &logCrew{Client: c, reference: ref, o: o, batches: make(chan logBatch), pods: map[types.UID]*crewPod{}}, s, nil
}

// single reports whether there is one pod to follow, whose end is that of all.
func (w *logCrew) single() bool { return w.kind == podKind && !w.reference.selected }

// watch looks for pods until ctx ends, or all is over, and waits for those who follow.
func (w *logCrew) watch(ctx context.Context, s scope) {
	defer close(w.batches)
	var end error
	err := w.follow(ctx, s, &corev1.PodList{}, func(e Event) bool {
		end = w.take(ctx, e)
		return end == nil && ctx.Err() == nil && !(w.single() && e.Type == watch.Deleted)
	})
	if err == nil {
		err = end
	}
	if err != nil && ctx.Err() == nil {
		w.send(ctx, logBatch{err: fmt.Errorf("logs %s: %w", w.reference, err)})
		w.cancel()
	}
	w.followed.Wait()
	w.cancel()
}

// take is told of every change of a pod.
func (w *logCrew) take(ctx context.Context, e Event) error {
	if e.Type == synced {
		first := !w.synced
		w.synced = true
		if first && w.single() && len(w.pods) == 0 {
			return apierrors.NewNotFound(schema.GroupResource{Resource: w.resource}, w.name)
		}
		return nil
	}
	pod, ok := e.Object.(*corev1.Pod)
	if !ok || w.kind == podKind && w.uid != "" && pod.UID != w.uid { // another pod of the name
		return nil
	}
	known := w.pods[pod.UID]
	switch {
	case e.Type == watch.Deleted && known != nil:
		known.set(pod, true)
		delete(w.pods, pod.UID)
	case e.Type == watch.Deleted:
	case known == nil:
		known = &crewPod{logPod: newLogPod(pod)}
		w.pods[pod.UID] = known
		w.begin(ctx, known, pod)
	default:
		known.set(pod, false)
		w.begin(ctx, known, pod)
	}
	return nil
}

// begin follows the containers of a pod that are not followed yet: ephemeral ones come late.
func (w *logCrew) begin(ctx context.Context, known *crewPod, pod *corev1.Pod) {
	var fresh []string
	for _, name := range containersToRead(pod, w.o) {
		if !slices.Contains(known.containers, name) {
			known.containers, fresh = append(known.containers, name), append(fresh, name)
		}
	}
	w.mu.Lock()
	w.active += len(fresh)
	w.mu.Unlock()
	for _, name := range fresh {
		s := logSource{pod.Namespace, pod.Name, name}
		existed := !w.synced
		w.followed.Go(func() {
			w.run(ctx, s, known.logPod, existed)
			w.done()
		})
	}
}

// done ends the watch when all containers of a single pod have ended.
func (w *logCrew) done() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.active--; w.active == 0 && w.single() {
		w.cancel()
	}
}

func (w *logCrew) run(ctx context.Context, s logSource, pod *logPod, existed bool) {
	where := s.line(w.o)
	emit := func(lines []textLine, err error) bool {
		return w.send(ctx, logBatch{where: where, lines: lines, err: err})
	}
	if s.container == "" { // the server's to refuse, and to say which there are
		w.readLog(ctx, s, w.o, func(l LogLine, err error) bool {
			at := int64(unstamped)
			if !l.Time.IsZero() {
				at = l.Time.UnixNano()
			}
			return emit([]textLine{{at, l.Text}}, err)
		})
		return
	}
	f := &logFollower{logReader: w.newLogReader(s, w.o, emit), pod: pod, existed: existed}
	if err := f.run(ctx); err != nil && ctx.Err() == nil {
		emit(nil, s.failed(err))
	}
}

func (w *logCrew) send(ctx context.Context, b logBatch) bool {
	select {
	case w.batches <- b:
		return true
	case <-ctx.Done():
		return false
	}
}
