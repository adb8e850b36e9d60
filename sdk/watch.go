package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"reflect"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// Event is one change of one object. Type is watch.Added, watch.Modified or watch.Deleted, of
// k8s.io/apimachinery/pkg/watch. Object is of the type of the watched list's items; after deletion
// it is the object's last state.
type Event struct {
	Type   watch.EventType
	Object Object
}

// Watch gives the objects that the options choose, first those that are there, as Added, and then
// each change, until the loop is left, ctx ends, or the server answers an error that trying again does
// not mend; such an error, that of ctx included, is the last pair. Where the options choose nothing, that is the only
// pair, and the server is not asked. list, a pointer to a list type such as corev1.PodList, only says which kind; it is not changed.
//
// Lost connections are resumed where they ended. Where the server has forgotten that point, the
// objects are listed anew and the differences given as events, so that who applies all events to a map always
// has the right map; several changes may then come as one, and an object that was deleted and made
// anew in between comes as Deleted and Added. A server that cannot be reached at the start, or
// later for a minute, is an error.
//
// A watch that brings nothing for five minutes is asked for anew, from where it stands, so a connection whose other end is gone
// without a word is found out.
//
// Objects given are the caller's to read; the last one of each is kept for the case of deletion. No
// goroutine is left when the loop ends. Each range over the result is a watch of its own.
func (c *Client) Watch(ctx context.Context, list runtime.Object, opts ...ListOption) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		k, err := c.itemKindOf(ctx, list)
		if err != nil {
			yield(Event{}, doing("watch", k, list, err))
			return
		}
		scope, err := c.scopeOf(k, opts)
		if err == nil {
			err = c.follow(ctx, scope, list, func(e Event) bool {
				return e.Type == synced || yield(e, nil)
			})
		}
		if err != nil {
			yield(Event{}, scope.failed("watch", err))
		}
	}
}

const (
	// synced is the type of the event without an object by which follow says that all events up
	// to a moment of the cluster have been given.
	synced watch.EventType = "SYNCED"

	watchPatience = time.Minute
	firstPause    = 100 * time.Millisecond
	longestPause  = 5 * time.Second
	shortWatch    = time.Second
	// longestSilence is how long a watch stays open that brings nothing. A server sends bookmarks every minute, and asking anew from
	// where one stands costs nothing; a connection whose other end is gone without a word would stay silent for ever.
	longestSilence = 5 * time.Minute
)

// follow is Watch without the iterator: it calls yield until that returns false, and then returns nil.
func (c *Client) follow(ctx context.Context, s scope, list runtime.Object, yield func(Event) bool) error {
	if s.nothing {
		if !yield(Event{Type: synced}) {
			return nil
		}
		<-ctx.Done()
		return ctx.Err()
	}
	w := &follower{Client: c, scope: s, list: list, yield: yield}
	return w.run(ctx)
}

// run goes on until the consumer has left, which is nil, or there is no use in trying.
func (w *follower) run(ctx context.Context) error {
	w.known = map[types.NamespacedName]known{}
	for {
		err := w.round(ctx)
		switch {
		case errors.Is(err, errLeft):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			continue
		case isGone(err):
			w.version = ""
			if !w.fresh {
				continue // list at once
			}
		case !w.begun || w.health == nil && !passing(err):
			return err
		}
		if w.health != nil {
			w.health(err)
		}
		if err := w.pause.rest(ctx, err, nil); err != nil {
			return err
		}
	}
}

// follower holds what the consumer of a watch has been told so far.
type follower struct {
	*Client
	scope
	list    runtime.Object
	yield   func(Event) bool
	version string  // where to resume; empty to list
	begun   bool    // something was listed
	fresh   bool    // and nothing has come since
	initial initial // not nil while a watch brings what there is
	known   map[types.NamespacedName]known
	pause   pause
	// health, if not nil, is told of every failure, and of nil when all is well. Who wants to know has patience with every
	// failure but that of the first list.
	health func(error)
}

type known struct {
	version string
	uid     types.UID
	object  Object
}

var (
	errLeft    = errors.New("the consumer has left")
	errDropped = errors.New("the connection ended before anything came")
)

func isGone(err error) bool { return apierrors.IsResourceExpired(err) || apierrors.IsGone(err) }

// passing reports whether what failed may succeed if tried again: answers of a server in
// trouble, and connections that broke or could not be made. A transport that its owner has closed
// (net.ErrClosed) does not come back.
func passing(err error) bool {
	if errors.Is(err, errDropped) {
		return true
	}
	if apierrors.ReasonForError(err) != "" {
		return apierrors.IsTooManyRequests(err) || apierrors.IsServerTimeout(err) || apierrors.IsTimeout(err) ||
			apierrors.IsInternalError(err) || apierrors.IsServiceUnavailable(err) || apierrors.IsUnexpectedServerError(err) ||
			apierrors.ReasonForError(err) == "ClientWatchDecoding"
	}
	if errors.Is(err, net.ErrClosed) {
		return false
	}
	var broken net.Error // every error of http.Client.Do is one
	return errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF)
}

// round lists if need be and watches until the connection ends.
func (w *follower) round(ctx context.Context) error {
	if w.version == "" {
		if did, err := w.start(ctx); did {
			return err
		}
		if err := w.relist(ctx); err != nil {
			return err
		}
	}
	return w.resume(ctx)
}

// resume watches from the version that is known, or from what there is, until the connection ends.
func (w *follower) resume(ctx context.Context) error {
	r, err := w.stream(http.MethodGet, w.kind)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	opened := time.Now()
	r = w.from(w.address(r).Param("watch", "true").Param("allowWatchBookmarks", "true"))
	stream, err := r.MaxRetries(0).Watch(ctx)
	if err != nil {
		return err
	}
	defer func() { // in this order, so that the stream's goroutine is gone
		cancel()
		stream.Stop()
		for range stream.ResultChan() {
		}
	}()
	if w.health != nil {
		w.health(nil)
	}
	came, err := w.listen(ctx, stream.ResultChan())
	lasted := came || time.Since(opened) >= shortWatch
	if lasted { // so that the server was well, however this one has ended
		w.pause.reset()
	}
	if err == nil && !lasted {
		return errDropped
	}
	return err
}

// listen passes events on until the server or the connection ends the watch, or nothing has come for so long that nobody may be at the
// other end any more. It reports whether anything came.
func (w *follower) listen(ctx context.Context, events <-chan watch.Event) (came bool, err error) {
	idle := time.NewTimer(longestSilence)
	defer idle.Stop()
	for {
		select {
		case event, ok := <-events:
			switch {
			case !ok:
				return came, nil
			case ctx.Err() != nil:
				return came, ctx.Err()
			}
			if err := w.take(event); err != nil {
				return came, err
			}
			w.pause.reset()
			idle.Reset(longestSilence)
			came = true
		case <-idle.C:
			return came, nil
		case <-ctx.Done():
			return came, ctx.Err()
		}
	}
}

// take passes one event of the wire on.
func (w *follower) take(event watch.Event) error {
	if event.Type == watch.Error {
		return apierrors.FromObject(event.Object)
	}
	w.fresh = false
	obj, ok := event.Object.(Object)
	if !ok {
		return fmt.Errorf("the server sent a %T, which has no metadata", event.Object)
	}
	if w.initial != nil {
		return w.gather(event, obj)
	}
	w.version = obj.GetResourceVersion()
	if event.Type == watch.Bookmark {
		return nil
	}
	obj.GetObjectKind().SetGroupVersionKind(w.GroupVersionKind)
	if event.Type == watch.Deleted {
		return w.tell(watch.Deleted, obj)
	}
	return w.see(obj)
}

// see tells of an object that exists, as what it is to the consumer.
func (w *follower) see(obj Object) error {
	last, ok := w.known[keyOf(obj)]
	switch {
	case !ok:
		return w.tell(watch.Added, obj)
	case last.uid != obj.GetUID():
		if err := w.tell(watch.Deleted, last.object); err != nil {
			return err
		}
		return w.tell(watch.Added, obj)
	case last.version == obj.GetResourceVersion():
		return nil
	}
	return w.tell(watch.Modified, obj)
}

func (w *follower) tell(t watch.EventType, obj Object) error {
	if t == watch.Deleted {
		delete(w.known, keyOf(obj))
	} else {
		w.known[keyOf(obj)] = known{obj.GetResourceVersion(), obj.GetUID(), obj}
	}
	if !w.yield(Event{t, obj}) {
		return errLeft
	}
	return nil
}

func keyOf(obj Object) types.NamespacedName {
	return types.NamespacedName{Namespace: obj.GetNamespace(), Name: obj.GetName()}
}

// relist lists the objects and tells the differences to what the consumer knows: first what is gone,
// in the order of names, then what is there.
func (w *follower) relist(ctx context.Context) error {
	list := reflect.New(reflect.TypeOf(w.list).Elem()).Interface().(runtime.Object)
	if err := w.Client.list(ctx, w.scope, list); err != nil {
		return err
	}
	objects, err := objectsOf(list)
	if err != nil {
		return err
	}
	m, err := meta.ListAccessor(list)
	if err != nil {
		return err
	}
	return w.settle(objects, m.GetResourceVersion())
}

// settle tells the differences between what there is, at some version, and what the consumer knows.
func (w *follower) settle(objects []Object, version string) error {
	there := make(map[types.NamespacedName]bool, len(objects))
	for _, obj := range objects {
		there[keyOf(obj)] = true
	}
	for _, key := range w.missing(there) {
		if err := w.tell(watch.Deleted, w.known[key].object); err != nil {
			return err
		}
	}
	for _, obj := range objects {
		if err := w.see(obj); err != nil {
			return err
		}
	}
	w.version, w.begun, w.fresh = version, true, true
	if !w.yield(Event{Type: synced}) {
		return errLeft
	}
	return nil
}

func (w *follower) missing(there map[types.NamespacedName]bool) []types.NamespacedName {
	var gone []types.NamespacedName
	for key := range w.known {
		if !there[key] {
			gone = append(gone, key)
		}
	}
	slices.SortFunc(gone, func(a, b types.NamespacedName) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return gone
}

func objectsOf(list runtime.Object) ([]Object, error) {
	var objects []Object
	err := meta.EachListItem(list, func(item runtime.Object) error {
		obj, ok := item.(Object)
		if !ok {
			return fmt.Errorf("items of type %T have no metadata", item)
		}
		objects = append(objects, obj)
		return nil
	})
	return objects, err
}

// pause spaces out attempts that fail: ever longer, up to a limit, until patience is at an end.
type pause struct {
	patience time.Duration // watchPatience if zero
	next     time.Duration
	since    time.Time
}

func (p *pause) reset() { *p = pause{patience: p.patience} }

// forgive begins patience anew, but not the pauses: something was well, though nothing came of it.
func (p *pause) forgive() { p.since = time.Now() }

// rest waits before the next attempt, or until wake, which may be nil. It returns an error when there is to be none: that
// of ctx, or err. Where err is nil, patience has no end.
func (p *pause) rest(ctx context.Context, err error, wake <-chan struct{}) error {
	now, patience := time.Now(), cmp.Or(p.patience, watchPatience)
	if p.next == 0 {
		p.next, p.since = firstPause, now
	}
	if err != nil && now.Sub(p.since) > patience {
		return fmt.Errorf("given up after %v of trying: %w", patience, err)
	}
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	p.next = min(2*p.next, longestPause)
	select {
	case <-timer.C:
		return nil
	case <-wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
