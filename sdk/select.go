package sdk

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/index"
)

// Select returns a live view of the pods that s selects: what they are is known without asking the server, and to what they
// become [View.Changes] leads. It returns when it has all that is there; the view lives until ctx ends or it is closed, and
// must be closed. Where many selectors are asked for, do not make a view of each: make one of all pods, by selector.All(),
// and use [View.Selecting]. For other kinds than pods, there is [SelectOf].
func (c *Client) Select(ctx context.Context, s selector.Selector, opts ...ListOption) (*View[*corev1.Pod], error) {
	return SelectOf[*corev1.Pod](ctx, c, slices.Concat(opts, []ListOption{Selecting(s)})...)
}

// SelectOf is [Client.Select] for objects of any kind, such as *corev1.Service, that the options choose:
//
//	view, err := sdk.SelectOf[*corev1.Node](ctx, client)
func SelectOf[T Object](ctx context.Context, c *Client, opts ...ListOption) (*View[T], error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Pointer {
		return nil, fmt.Errorf("select %v: it is no pointer to a kind of object; use a type such as *corev1.Pod", t)
	}
	example := reflect.New(t.Elem()).Interface().(T)
	k, err := c.kindOf(ctx, example)
	if err != nil {
		return nil, doing("select", k, example, err)
	}
	w := &follower{Client: c, pause: pause{patience: math.MaxInt64}}
	if w.scope, err = c.scopeOf(k, opts); err == nil {
		w.list, err = c.newListOf(k)
	}
	if err != nil {
		return nil, w.scope.failed("select", err)
	}
	v := &View[T]{index: index.New[types.NamespacedName, T](), namespace: c.namespace, ended: make(chan struct{}), readers: map[*reader[T]]bool{}}
	if err := v.begin(ctx, w); err != nil {
		return nil, w.scope.failed("select", err)
	}
	return v, nil
}

// View is what a selector selects, kept up to date by a watch. Its methods may be called by any goroutine, also after it has
// ended, when it stays as it was. The objects in it are shared by all who ask: read them, and change copies.
//
// While the cluster cannot be reached, a view is as it was, and goes on trying: [View.Err] says so. What happened meanwhile
// it learns afterwards, deletions too, however much the server has forgotten.
type View[T Object] struct {
	index     *index.Index[types.NamespacedName, T]
	namespace string
	cancel    context.CancelFunc
	ended     chan struct{}

	mu      sync.Mutex
	err     error
	readers map[*reader[T]]bool
}

// begin starts what keeps the view, and returns when all that is there is in it.
func (v *View[T]) begin(ctx context.Context, w *follower) error {
	inner, cancel := context.WithCancel(ctx)
	v.cancel = cancel
	if w.nothing { // nothing will ever be in it
		context.AfterFunc(inner, func() { v.end(ctx.Err()) })
		return ctx.Err()
	}
	listed := make(chan struct{})
	w.health = v.health
	w.yield = func(e Event) bool {
		if e.Type != synced {
			v.take(e)
		} else if listed != nil {
			close(listed)
			listed = nil
		}
		return true
	}
	waiting := listed
	go func() {
		err := w.run(inner)
		if errors.Is(err, context.Canceled) {
			err = ctx.Err() // nil where it was Close that ended it
		}
		v.end(err)
	}()
	select {
	case <-waiting:
		return nil
	case <-v.ended:
		return v.Err()
	}
}

// take is told of every event by the goroutine that watches.
func (v *View[T]) take(e Event) {
	obj, ok := e.Object.(T)
	if !ok {
		return
	}
	key, deleted := keyOf(obj), *new(T)
	if e.Type == watch.Deleted {
		v.index.Delete(key)
		deleted = obj
	} else {
		v.index.Set(key, obj.GetNamespace(), obj.GetLabels(), obj)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for r := range v.readers {
		r.mark(key, deleted)
	}
}

func (v *View[T]) health(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.err = err
}

func (v *View[T]) end(err error) {
	v.health(err)
	v.cancel()
	close(v.ended)
}

// Close ends the view and its watch, and waits until nothing of it is left; loops over its changes end when they have given what
// there was. A second Close, or one after the view has ended otherwise, does nothing. The error is always nil. It may be called
// in such a loop, but not by the functions of an index.View's Notify, for which it would wait.
func (v *View[T]) Close() error {
	v.cancel()
	<-v.ended
	return nil
}

// Done returns a channel that is closed when the view has ended, by Close or with its context.
func (v *View[T]) Done() <-chan struct{} { return v.ended }

// Err returns why the view is not up to date: nil while it is and when it was closed, the last failure while the cluster cannot be
// reached, and the error of its context when that has ended.
func (v *View[T]) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

// Len is how many objects there are.
func (v *View[T]) Len() int { return v.index.Len() }

// Get returns the object of that name in the client's namespace, or where the view is of a kind without namespaces; [View.GetIn]
// is for views of other namespaces.
func (v *View[T]) Get(name string) (obj T, ok bool) {
	if obj, ok = v.GetIn(v.namespace, name); !ok {
		obj, ok = v.GetIn("", name)
	}
	return obj, ok
}

// GetIn returns the object of that namespace and name, and whether there is one.
func (v *View[T]) GetIn(namespace, name string) (obj T, ok bool) {
	return v.index.Get(types.NamespacedName{Namespace: namespace, Name: name})
}

// List returns all objects, in the order of namespaces and names, in a list of the caller's own.
func (v *View[T]) List() []T { return v.Selecting(selector.All()) }

// Selecting returns the objects in the view that s selects too, in the order of namespaces and names. It is answered by an
// index, not by looking at each; the zero Selector selects all.
func (v *View[T]) Selecting(s selector.Selector) []T {
	list := v.index.List(s, nil)
	slices.SortFunc(list, func(a, b T) int { return compareNames(keyOf(a), keyOf(b)) })
	return list
}

// Index is where the view keeps its objects: for counts, namespaces, plans, and views of other selectors by index.Index.Live, all
// of which stay up to date with it. It is the view's own: call nothing that changes it.
func (v *View[T]) Index() *index.Index[types.NamespacedName, T] { return v.index }
