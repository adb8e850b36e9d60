package sdk

import (
	"context"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// endpointSliceKind needs no discovery: its place has been the same since it was v1.
var endpointSliceKind = kind{discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice"), "endpointslices", true}

// slicesOf is where the endpoints of a Service are.
func slicesOf(namespace, service string) scope {
	return scope{kind: endpointSliceKind, namespace: namespace, labels: discoveryv1.LabelServiceName + "=" + service}
}

// readyIn counts the endpoints of a slice that a Service leads to. A Service that has ports leads nowhere where the slice has none: the
// pods have no port of the name that the Service wants.
func readyIn(s *discoveryv1.EndpointSlice, of *corev1.Service) int {
	if len(s.Ports) == 0 && len(of.Spec.Ports) > 0 {
		return 0
	}
	n := 0
	for _, e := range s.Endpoints {
		if e.Conditions.Ready == nil || *e.Conditions.Ready { // nil means unknown, which counts as ready
			n += len(e.Addresses)
		}
	}
	return n
}

// untilEndpoints waits until a Service leads to something.
func untilEndpoints(ctx context.Context, c *Client, _ Target, ref reference) (string, error) {
	s, err := c.serviceOf(ctx, ref)
	switch {
	case err != nil:
		return seen(nil), err
	case ref.uid != "" && ref.uid != s.UID:
		return "another of that name", ErrDeleted
	}
	w := endpointWait{service: s, view: map[types.NamespacedName]*discoveryv1.EndpointSlice{}}
	where := slicesOf(ref.namespace, ref.name)
	where.streamed = true
	err = c.follow(ctx, where, &discoveryv1.EndpointSliceList{}, func(e Event) bool {
		w.take(e)
		if e.Type == watch.Deleted && len(w.view) == 0 { // as when the Service is deleted
			if _, err := c.serviceOf(ctx, ref); apierrors.IsNotFound(err) {
				w.err = ErrDeleted
			}
		}
		return w.err == nil && !(w.synced && w.ready() > 0)
	})
	if err == nil {
		err = w.err
	}
	if err == nil && ref.object != nil {
		err = c.fetch(ctx, serviceKind, ref.namespace, ref.name, ref.object)
	}
	return w.seen(), err
}

// endpointWait keeps the slices of a Service.
type endpointWait struct {
	service *corev1.Service
	synced  bool
	view    map[types.NamespacedName]*discoveryv1.EndpointSlice
	err     error
}

func (w *endpointWait) take(e Event) {
	s, ok := e.Object.(*discoveryv1.EndpointSlice)
	switch {
	case e.Type == synced:
		w.synced = true
	case !ok:
	case e.Type == watch.Deleted:
		delete(w.view, keyOf(s))
	default:
		w.view[keyOf(s)] = s
	}
}

func (w *endpointWait) ready() int {
	n := 0
	for _, s := range w.view {
		n += readyIn(s, w.service)
	}
	return n
}

func (w *endpointWait) seen() string {
	all := 0
	for _, key := range slices.SortedFunc(maps.Keys(w.view), compareNames) {
		all += len(w.view[key].Endpoints)
	}
	return fmt.Sprintf("%d of %d endpoints ready", w.ready(), all)
}
