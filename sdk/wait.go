package sdk

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// WaitError says what [Client.Wait] waited for in vain, and what it saw last.
type WaitError struct {
	Target    string // such as "Pod web/app"
	Condition string
	Seen      string // such as "phase Pending; container app waiting: ImagePullBackOff: ... (3 times)"
	Err       error  // the error of the context, ErrDeleted, ErrEnded, or what the server answered
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("wait %s for %s: %v; last seen: %s", e.Target, e.Condition, e.Err, e.Seen)
}

// Unwrap returns Err, so that errors.Is finds context.DeadlineExceeded, [ErrDeleted] and the like.
func (e *WaitError) Unwrap() error { return e.Err }

// Wait returns when the condition holds for target. It watches, it does not poll, and goes on where a watch breaks: see [Client.Watch].
// Where the server can, one request is all it takes. If target is an [Object], it is filled with the state for which the condition held;
// [Logged] and [Answers], which are no matter of its state, leave it as it is.
//
// A target that does not exist is NotFound, except to [Exists] and [Deleted]; one that is deleted
// meanwhile is [ErrDeleted]. A selection waits for pods to appear, and then until the condition
// holds for all that are there at one moment. Every error is a [WaitError]; when ctx ends, it says
// what the target is waiting for itself, such as an image that cannot be pulled, and how often that was seen. Of what is no pod itself, it
// says that of a pod, for which it then takes up to two seconds more.
//
// It does not judge: what may heal is waited for. [Client.Run] gives up earlier, and [Client.Diagnose] says more.
func (c *Client) Wait(ctx context.Context, target Target, until Condition) error {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return fmt.Errorf("wait for %s: %w", until, err)
	}
	return c.wait(ctx, target, ref, until)
}

func (c *Client) wait(ctx context.Context, target Target, ref reference, until Condition) error {
	var saw string
	var err error
	if other := until.other(ref.kind); other != nil {
		saw, err = other(ctx, c, target, ref)
	} else {
		saw, err = c.watchFor(ctx, ref, until)
	}
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		saw = join3(saw, c.afterwards(ctx, ref, until))
	}
	return &WaitError{Target: ref.String(), Condition: until.String(), Seen: saw, Err: err}
}

// watchFor waits until the condition holds for the states of the objects themselves.
func (c *Client) watchFor(ctx context.Context, ref reference, until Condition) (saw string, err error) {
	list, err := c.newListOf(ref.kind)
	if err != nil {
		return seen(nil), err
	}
	w := &waiter{reference: ref, until: until, view: map[types.NamespacedName]Object{}, often: tally{}}
	s := ref.scope()
	s.streamed = true
	if err = c.follow(ctx, s, list, w.take); err == nil {
		err = w.err
	}
	if err != nil {
		return w.seen(), err
	}
	if obj, ok := w.view[types.NamespacedName{Namespace: ref.namespace, Name: ref.name}]; ok && ref.object != nil {
		assign(ref.object, obj)
	}
	return "", nil
}

// hindsight is how long a wait that has failed may ask why.
const hindsight = 2 * time.Second

// afterwards says what the pods behind a target are waiting for, where the wait was not for themselves. The context has ended, so it has
// some time of its own.
func (c *Client) afterwards(ctx context.Context, ref reference, until Condition) string {
	if ref.kind == podKind && until.other(ref.kind) == nil || ref.kind != podKind && ref.kind != controllerKind && ref.kind != serviceKind {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hindsight)
	defer cancel()
	pods, err := c.podsOf(ctx, ref)
	if err != nil {
		return ""
	}
	worst := &pods[len(pods)-1] // they come the best first
	if ref.kind == podKind && !ref.selected {
		return seen(worst)
	}
	if isWell(worst) {
		return fmt.Sprintf("all of %d pods ready", len(pods))
	}
	return fmt.Sprintf("pod %s: %s", worst.Name, seen(worst))
}

// newListOf returns an empty list for objects of kind k.
func (c *Client) newListOf(k kind) (runtime.Object, error) {
	list, err := c.scheme.New(k.GroupVersion().WithKind(k.Kind + "List"))
	if err != nil {
		return nil, fmt.Errorf("%w; register the list type by WithScheme", err)
	}
	return list, nil
}

// waiter keeps the newest state of what is waited for.
type waiter struct {
	reference
	until  Condition
	synced bool
	view   map[types.NamespacedName]Object
	often  tally
	last   Object
	err    error
}

// take is told of every event, and returns false when the wait is over.
func (w *waiter) take(e Event) (more bool) {
	switch e.Type {
	case synced:
		w.synced = true
	case watch.Deleted:
		delete(w.view, keyOf(e.Object))
	default:
		w.view[keyOf(e.Object)] = e.Object
	}
	if e.Object != nil {
		w.last = e.Object
		w.often.count(e.Object)
	}
	if !w.synced {
		return true // of several objects, not all are known yet
	}
	done, err := w.judge(e)
	w.err = err
	return !done && err == nil
}

func (w *waiter) judge(e Event) (bool, error) {
	switch {
	case w.uid != "" && w.replaced():
		if w.until.absent {
			return true, nil
		}
		return false, ErrDeleted
	case len(w.view) == 0:
		return w.judgeNone(e)
	}
	for _, key := range slices.SortedFunc(maps.Keys(w.view), compareNames) {
		if met, err := w.until.holds(w.view[key]); err != nil || !met {
			w.last = w.view[key]
			return false, err
		}
	}
	return true, nil
}

func (w *waiter) replaced() bool {
	for _, obj := range w.view {
		if obj.GetUID() != w.uid {
			return true
		}
	}
	return false
}

// judgeNone judges the case that there is no object.
func (w *waiter) judgeNone(e Event) (bool, error) {
	switch {
	case w.until.absent:
		return true, nil
	case w.until.pending || w.selected:
		return false, nil
	case e.Type == watch.Deleted:
		return false, ErrDeleted
	}
	return false, apierrors.NewNotFound(schema.GroupResource{Group: w.Group, Resource: w.resource}, w.name)
}

func (w *waiter) seen() string {
	if w.last == nil || reflect.ValueOf(w.last).IsNil() {
		return seen(nil)
	}
	text := seenOften(w.last, w.often)
	if w.selected {
		text = w.last.GetName() + ": " + text
	}
	return text
}

func compareNames(a, b types.NamespacedName) int {
	if d := strings.Compare(a.Namespace, b.Namespace); d != 0 {
		return d
	}
	return strings.Compare(a.Name, b.Name)
}
