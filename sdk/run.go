package sdk

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// ErrHopeless is wrapped by the error of [Client.Run] when what was created can never become ready as it is.
var ErrHopeless = errors.New("it can never become ready as it is")

// RunError says why what [Client.Run] created did not become ready. It stays in the cluster.
type RunError struct {
	Object string // such as "Pod web/app"
	// Err is the [WaitError]: it wraps the error of the context, ErrEnded, ErrDeleted, ErrHopeless, or what the server answered.
	Err error
	// Diagnosis is why, with states, events and the last lines of logs, as [Client.Diagnose] finds it afterwards. It is nil if the cluster
	// could not be asked.
	Diagnosis *Diagnosis
}

func (e *RunError) Error() string {
	cause := e.Err
	var waited *WaitError
	if errors.As(e.Err, &waited) && e.Diagnosis != nil {
		cause = waited.Err // the diagnosis says the rest
	}
	if e.Diagnosis == nil {
		return fmt.Sprintf("run %s: %v", e.Object, cause)
	}
	return fmt.Sprintf("run %s: waiting until it is ready: %v\n%s", e.Object, cause, e.Diagnosis)
}

// Unwrap returns Err.
func (e *RunError) Unwrap() error { return e.Err }

// runPatience is how long Run may ask why it failed.
const runPatience = 5 * time.Second

// Run creates obj, waits until it is [Ready], and fills it with the state in which it is. If the
// wait fails, the object stays, and the error is a [RunError] that says why: for that Run takes up to five seconds after its context has
// ended. An object that cannot be created is an error as of [Client.Create]. Kinds of which Ready knows nothing
// are refused before anything is created. With [DryRun] there is nothing to wait for.
//
// Run waits for as long as ctx allows for what may heal: an image that is not there yet, a container that crashes, a node, a claim, a quota,
// a ConfigMap to come. It gives up before that on what will not change by itself, whatever happens elsewhere:
//   - a pod that has ended ([ErrEnded]): one that is not restarted has failed, or has done its work, which is no readiness;
//   - an object that is deleted, or a pod that has begun to be ([ErrDeleted]);
//   - an image whose name is none ([ErrHopeless]), in the pod, or in one of the controller's pods, if those may be watched.
func (c *Client) Run(ctx context.Context, obj Object, opts ...CreateOption) error {
	if gvk, err := c.gvkOf(obj); err == nil && gvk != serviceKind.GroupVersionKind {
		blank := reflect.New(reflect.TypeOf(obj).Elem()).Interface().(Object)
		if _, err := isReady(blank); err != nil {
			return fmt.Errorf("run %s %s: %w", gvk.Kind, nameToBe(obj), err)
		}
	}
	k, err := c.create(ctx, obj, opts)
	if err != nil || isDryRun(opts) {
		return err
	}
	ref := reference{kind: k, namespace: obj.GetNamespace(), name: obj.GetName(), uid: obj.GetUID(), object: obj}
	if err := c.untilUp(ctx, obj, ref); err != nil {
		return &RunError{Object: ref.String(), Err: err, Diagnosis: c.lookBack(ctx, ref)}
	}
	return nil
}

func isDryRun(opts []CreateOption) bool {
	var o writeOptions
	for _, opt := range opts {
		opt(&o)
	}
	return o.dryRun
}

// lookBack diagnoses what did not become ready, nil if that cannot be.
func (c *Client) lookBack(ctx context.Context, ref reference) *Diagnosis {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), runPatience)
	defer cancel()
	d, err := c.diagnose(ctx, ref)
	if err != nil {
		return nil
	}
	return d
}

// untilUp waits until what was created is ready, or there is no hope.
func (c *Client) untilUp(ctx context.Context, obj Object, ref reference) error {
	if ref.kind != controllerKind {
		up := Ready()
		up.met = func(obj Object) (bool, error) {
			ready, err := isReady(obj)
			if pod, ok := obj.(*corev1.Pod); ok && !ready && err == nil {
				err = hopeless(pod)
			}
			return ready, err
		}
		return c.wait(ctx, obj, ref, up)
	}
	inner, cancel := context.WithCancelCause(ctx)
	var watching sync.WaitGroup
	watching.Go(func() { c.watchHope(inner, ref, cancel) })
	err := c.wait(inner, obj, ref, Ready())
	cancel(nil)
	watching.Wait()
	var waited *WaitError
	if errors.As(err, &waited) && ctx.Err() == nil && errors.Is(context.Cause(inner), ErrHopeless) {
		waited.Err = context.Cause(inner)
	}
	return err
}

// watchHope watches the pods of a controller, and ends the wait for it if one of them has no hope. A client that may not watch pods waits on.
func (c *Client) watchHope(ctx context.Context, ref reference, giveUp context.CancelCauseFunc) {
	labels, err := c.podSelector(ctx, ref)
	if err != nil {
		return
	}
	s := scope{kind: podKind, namespace: ref.namespace, labels: labels, streamed: true}
	c.follow(ctx, s, &corev1.PodList{}, func(e Event) bool {
		pod, ok := e.Object.(*corev1.Pod)
		if !ok || e.Type == watch.Deleted || pod.DeletionTimestamp != nil || !controls(ref.uid, pod) {
			return true
		}
		err := hopeless(pod)
		if err != nil {
			giveUp(fmt.Errorf("pod %s: %w", pod.Name, err))
		}
		return err == nil
	})
}

func controls(uid types.UID, pod *corev1.Pod) bool {
	owner := metav1.GetControllerOfNoCopy(pod)
	return owner != nil && owner.UID == uid
}

// hopeless is the error of a pod that can never become ready, though it has not ended.
func hopeless(pod *corev1.Pod) error {
	if pod.DeletionTimestamp != nil {
		return fmt.Errorf("%w, and is about to end", ErrDeleted)
	}
	for _, s := range statusesOf(pod) {
		if w := s.State.Waiting; w != nil && w.Reason == "InvalidImageName" {
			return fmt.Errorf("%w: container %s: %s", ErrHopeless, s.Name, join2(w.Reason, w.Message))
		}
	}
	return nil
}
