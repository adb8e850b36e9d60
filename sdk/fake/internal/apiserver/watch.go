package apiserver

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/watch"
)

const (
	bookmarkEvery = time.Minute
	// bookmarkBefore is how long before a watch's time is up the last bookmark comes, so that the client can go on there.
	bookmarkBefore = 2 * time.Second
)

// watch streams changes until the client goes, its time is up, or the cluster closes.
func (s *Server) watch(w http.ResponseWriter, req *http.Request, t target) error {
	want, err := negotiateStream(req)
	if err != nil {
		return err
	}
	sel, err := newSelection(t, req.URL.Query())
	if err != nil {
		return err
	}
	opts, err := listOptions(req.URL.Query(), true)
	if err != nil {
		return err
	}
	initial, source, err := s.watchFrom(sel, opts)
	if err != nil && !apierrors.IsResourceExpired(err) {
		return err
	}
	out := newEventWriter(w, req, want, t.resource)
	if err != nil {
		return out.error(err) // the answer was 200 by the time a real server finds out
	}
	defer source.Close()
	ctx := req.Context()
	if opts.TimeoutSeconds != nil && *opts.TimeoutSeconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(*opts.TimeoutSeconds)*time.Second)
		defer cancel()
	}
	stream := eventStream{out: out, selection: sel, source: source, bookmarks: opts.AllowWatchBookmarks}
	return stream.run(ctx, initial, opts.SendInitialEvents != nil && *opts.SendInitialEvents)
}

// watchFrom returns what a watch begins with and what it goes on with: everything there is for a watch from nowhere,
// and nothing for one from a version.
func (s *Server) watchFrom(sel selection, opts *internalversion.ListOptions) ([]store.Object, *store.Watcher, error) {
	version := uint64(0)
	if opts.ResourceVersion != "" {
		var err error
		if version, err = strconv.ParseUint(opts.ResourceVersion, 10, 64); err != nil {
			return nil, nil, invalidVersion(opts.ResourceVersion)
		}
	}
	gr := sel.resource.GroupResource()
	wantsInitial := opts.SendInitialEvents != nil && *opts.SendInitialEvents
	if version == 0 && opts.SendInitialEvents == nil || wantsInitial {
		lists, w, err := s.api.Store.ListAndWatch(gr)
		if err != nil {
			return nil, nil, err
		}
		return sel.filterNamespace(lists[0]), w, nil
	}
	if version == 0 {
		version = s.api.Store.Version()
	}
	w, err := s.api.Store.Watch(version, gr)
	switch {
	case errors.Is(err, store.ErrExpired):
		return nil, nil, apierrors.NewResourceExpired("too old resource version: " + opts.ResourceVersion + " (" + strconv.FormatUint(s.api.Store.Version(), 10) + ")")
	case errors.Is(err, store.ErrFuture):
		w, err = s.api.Store.Watch(s.api.Store.Version(), gr) // what comes is newer soon enough
	}
	return nil, w, err
}

// filterNamespace is filter for lists over all namespaces.
func (s selection) filterNamespace(objs []store.Object) []store.Object {
	kept := objs[:0]
	for _, o := range objs {
		if s.matches(o) {
			kept = append(kept, o)
		}
	}
	return kept
}

// eventStream carries events from the store to one client.
type eventStream struct {
	out       *eventWriter
	selection selection
	source    *store.Watcher
	bookmarks bool
}

func (s *eventStream) run(ctx context.Context, initial []store.Object, markEnd bool) error {
	began := s.source.Version()
	for _, o := range initial {
		if err := s.out.event(watch.Added, o); err != nil {
			return nil
		}
	}
	if markEnd && s.bookmarks {
		if err := s.out.bookmark(began, map[string]string{metav1.InitialEventsAnnotationKey: "true"}); err != nil {
			return nil
		}
	}
	var tick <-chan time.Time
	if s.bookmarks {
		timer := time.NewTicker(bookmarkEvery)
		defer timer.Stop()
		tick = timer.C
	}
	last := s.beforeEnd(ctx)
	s.out.flush()
	for {
		if err := s.drain(); err != nil {
			return nil
		}
		select {
		case <-s.source.Ready():
		case <-tick:
			_ = s.out.bookmark(s.source.Version(), nil)
		case <-last:
			last = nil
			_ = s.out.bookmark(s.source.Version(), nil)
		case <-ctx.Done():
			return nil
		}
	}
}

// beforeEnd fires when it is time for the last bookmark. A watch that is too short for it has none, as nextBookmarkTime says.
func (s *eventStream) beforeEnd(ctx context.Context) <-chan time.Time {
	deadline, ok := ctx.Deadline()
	if !ok || !s.bookmarks {
		return nil
	}
	if wait := time.Until(deadline) - bookmarkBefore; wait > 0 {
		return time.After(wait)
	}
	return nil
}

// drain sends what there is now.
func (s *eventStream) drain() error {
	for {
		e, ok, err := s.source.Poll()
		if err != nil {
			return err
		}
		if !ok {
			s.out.flush()
			return nil
		}
		kind, ok := s.selection.transition(e)
		if !ok {
			continue
		}
		obj := e.Object
		if kind == watch.Deleted {
			obj = lastSeen(e)
		}
		if err := s.out.event(kind, obj); err != nil {
			return err
		}
	}
}

// transition is what an event means for those who see the selection only: coming into it is Added, leaving it is
// Deleted.
func (s selection) transition(e store.Event) (watch.EventType, bool) {
	before := e.Old != nil && s.matches(e.Old)
	now := e.Type != watch.Deleted && s.matches(e.Object)
	switch {
	case before && now:
		return watch.Modified, true
	case now:
		return watch.Added, true
	case before:
		return watch.Deleted, true
	}
	return "", false
}

// lastSeen is what a watch shows of an object that is gone or has left the selection: its state before that, with the version of
// the event, as cacheWatcher's convertToWatchEvent does.
func lastSeen(e store.Event) store.Object {
	if e.Type == watch.Deleted {
		return e.Object // which is that state
	}
	last := e.Old.DeepCopyObject().(store.Object)
	last.SetResourceVersion(e.Object.GetResourceVersion())
	return last
}

// eventWriter frames and encodes events for one client.
type eventWriter struct {
	req      *http.Request
	want     wanted
	resource *registry.Resource
	flusher  http.Flusher
	encoder  streaming.Encoder
	columns  bool // the table's columns are sent already
}

func newEventWriter(w http.ResponseWriter, req *http.Request, want wanted, r *registry.Resource) *eventWriter {
	info := want.format.info.StreamSerializer
	contentType := want.format.mediaType
	if contentType != runtime.ContentTypeJSON {
		contentType += ";stream=watch"
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusOK)
	flusher, _ := w.(http.Flusher)
	e := &eventWriter{req: req, want: want, resource: r, flusher: flusher}
	e.encoder = streaming.NewEncoder(info.Framer.NewFrameWriter(w), info.Serializer)
	e.flush() // the client learns that the watch stands before anything happens
	return e
}

func (e *eventWriter) flush() {
	if e.flusher != nil {
		e.flusher.Flush()
	}
}

func (e *eventWriter) event(kind watch.EventType, obj store.Object) error {
	formed, err := e.want.form(e.req, e.resource, obj)
	if err != nil {
		return e.error(err)
	}
	if t, ok := formed.(*metav1.Table); ok && e.columns {
		t.ColumnDefinitions = nil
	} else if ok {
		e.columns = true
	}
	return e.send(kind, formed)
}

// bookmark tells how far the client has come.
func (e *eventWriter) bookmark(version uint64, annotations map[string]string) error {
	obj := e.resource.New()
	obj.GetObjectKind().SetGroupVersionKind(e.resource.GroupVersionKind())
	obj.SetResourceVersion(strconv.FormatUint(version, 10))
	obj.SetAnnotations(annotations)
	if err := e.event(watch.Bookmark, obj); err != nil {
		return err
	}
	e.flush()
	return nil
}

// error ends a watch with a Status.
func (e *eventWriter) error(err error) error {
	sendErr := e.send(watch.Error, toStatus(err))
	e.flush()
	return sendErr
}

func (e *eventWriter) send(kind watch.EventType, obj runtime.Object) error {
	raw, err := e.want.format.encode(obj, false)
	if err != nil {
		return err
	}
	return e.encoder.Encode(&metav1.WatchEvent{Type: string(kind), Object: runtime.RawExtension{Raw: raw}})
}
