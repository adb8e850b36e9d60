package officehours

import (
	"context"
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
)

const (
	// Open is the annotation with the hours of a ReplicationController.
	Open = "office-hours.example.com/open"
	// Staff is the annotation with the replicas that a closed one gets back.
	Staff = "office-hours.example.com/staff"
	// Finalizer keeps a deleted one until it is off the timetable.
	Finalizer = "office-hours.example.com/timetable"
)

// operator reconciles ReplicationControllers.
type operator struct {
	client.Client
}

// AddTo makes a manager run the operator. Its cache must not leave out ReplicationControllers or the timetable.
func AddTo(m ctrl.Manager) error {
	o := &operator{m.GetClient()}
	changed := predicate.Or(predicate.GenerationChangedPredicate{}, predicate.AnnotationChangedPredicate{})
	isTimetable := predicate.NewPredicateFuncs(func(obj client.Object) bool { return obj.GetName() == Timetable })
	return ctrl.NewControllerManagedBy(m).
		Named("office-hours").
		For(&corev1.ReplicationController{}, builder.WithPredicates(changed)).
		Watches(&corev1.ConfigMap{}, handler.EnqueueRequestsFromMapFunc(o.listed), builder.WithPredicates(isTimetable)).
		Complete(o)
}

// Reconcile looks at one controller, and says when to look again.
func (o *operator) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	rc := &corev1.ReplicationController{}
	if err := o.Get(ctx, req.NamespacedName, rc); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	text, annotated := rc.Annotations[Open]
	if !annotated || !rc.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, o.release(ctx, rc)
	}
	hours, err := ParseHours(text)
	if err != nil {
		return ctrl.Result{}, o.list(ctx, rc, "cannot read "+err.Error()) // trying again would not help
	}
	now := time.Now()
	if err := o.settle(ctx, rc, hours.Open(now)); err != nil {
		return ctrl.Result{}, err
	}
	next := hours.Next(now)
	if err := o.list(ctx, rc, entry(hours.Open(now), next)); err != nil || next.IsZero() {
		return ctrl.Result{}, err
	}
	return ctrl.Result{RequeueAfter: next.Sub(now)}, nil
}

// settle makes the controller open or closed, if it is not.
func (o *operator) settle(ctx context.Context, rc *corev1.ReplicationController, open bool) error {
	return o.change(ctx, rc, func() error {
		controllerutil.AddFinalizer(rc, Finalizer)
		if open {
			return giveBack(rc)
		}
		sendHome(rc)
		return nil
	})
}

// release gives a controller back what it had, and takes it off the timetable.
func (o *operator) release(ctx context.Context, rc *corev1.ReplicationController) error {
	if !controllerutil.ContainsFinalizer(rc, Finalizer) {
		return nil
	}
	if err := o.unlist(ctx, rc); err != nil {
		return err
	}
	return client.IgnoreNotFound(o.change(ctx, rc, func() error {
		controllerutil.RemoveFinalizer(rc, Finalizer)
		if !rc.DeletionTimestamp.IsZero() {
			return nil
		}
		return giveBack(rc)
	}))
}

// change patches the controller with what mutate does to it. It fails, to be tried again, if somebody else was faster:
// what the operator decided is then about an old state.
func (o *operator) change(ctx context.Context, rc *corev1.ReplicationController, mutate func() error) error {
	before := rc.DeepCopy()
	if err := mutate(); err != nil {
		return err
	}
	if equality.Semantic.DeepEqual(before, rc) {
		return nil
	}
	return o.Patch(ctx, rc, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{}))
}

// sendHome leaves a controller without pods, and notes how many it had.
func sendHome(rc *corev1.ReplicationController) {
	if *rc.Spec.Replicas == 0 {
		return
	}
	rc.Annotations[Staff] = fmt.Sprint(*rc.Spec.Replicas)
	rc.Spec.Replicas = new(int32(0))
}

// giveBack gives a controller as many pods as were noted, if any were.
func giveBack(rc *corev1.ReplicationController) error {
	text, away := rc.Annotations[Staff]
	if !away {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return fmt.Errorf("annotation %s of %s/%s: %w", Staff, rc.Namespace, rc.Name, err)
	}
	delete(rc.Annotations, Staff)
	rc.Spec.Replicas = new(int32(n))
	return nil
}
