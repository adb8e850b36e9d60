package apiserver

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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
	defer s.watched.enter(t.resource, out.form)()
	ctx := req.Context()
	if opts.TimeoutSeconds != nil && *opts.TimeoutSeconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(*opts.TimeoutSeconds)*time.Second)
		defer cancel()
	}
	stream := eventStream{out: out, selection: sel, source: source, bookmarks: opts.AllowWatchBookmarks, service: s.followService(t.resource, source)}
	return stream.run(ctx, initial, opts.SendInitialEvents != nil && *opts.SendInitialEvents)
}

// watchFrom returns what a watch begins with and what it goes on with: everything there is for a watch from nowhere,
// and nothing for one from a version.
func (s *Server) watchFrom(sel selection, opts *internalversion.ListOptions) ([]*store.Edition, *store.Watcher, error) {
	version := uint64(0)
	if opts.ResourceVersion != "" {
		var err error
		if version, err = strconv.ParseUint(opts.ResourceVersion, 10, 64); err != nil {
			return nil, nil, invalidVersion(opts.ResourceVersion)
		}
	}
	key := sel.resource.StoreKey()
	wantsInitial := opts.SendInitialEvents != nil && *opts.SendInitialEvents
	if version == 0 && opts.SendInitialEvents == nil || wantsInitial {
		editions, w, err := s.api.Store.EditionsAndWatch(key, sel.namespace)
		if err != nil {
			return nil, nil, err
		}
		return sel.filter(editions), w, nil
	}
	if version == 0 {
		version = s.api.Store.Version()
	}
	w, err := s.api.Store.Watch(version, key)
	switch {
	case errors.Is(err, store.ErrExpired):
		return nil, nil, apierrors.NewResourceExpired("too old resource version: " + opts.ResourceVersion + " (" + strconv.FormatUint(s.api.Store.Version(), 10) + ")")
	case errors.Is(err, store.ErrFuture):
		w, err = s.api.Store.Watch(s.api.Store.Version(), key) // what comes is newer soon enough
	}
	return nil, w, err
}

// eventStream carries events from the store to one client.
type eventStream struct {
	out       *eventWriter
	selection selection
	source    *store.Watcher
	bookmarks bool
	service   service
}

func (s *eventStream) run(ctx context.Context, initial []*store.Edition, markEnd bool) error {
	began := s.source.Version()
	for _, e := range initial {
		if err := s.out.edition(watch.Added, e); err != nil {
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
		if e.Resource != s.selection.resource.StoreKey() {
			if s.service.endsWith(e) {
				s.out.flush()
				return errServiceEnded
			}
			continue
		}
		kind, ok := s.selection.transition(e)
		if !ok {
			continue
		}
		if kind == watch.Deleted && e.Type != watch.Deleted {
			err = s.out.left(e)
		} else {
			err = s.out.edition(kind, e.Edition)
		}
		if err != nil {
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
