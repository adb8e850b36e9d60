package controllerruntime

import (
	"context"
	"errors"
	"testing"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A cluster in which nobody but the reconciler of sites acts on ReplicationControllers.
var withoutControllers = fake.Without(fake.ReplicationControllerController)

func TestReconciler(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		ok(w.t, (&sites{}).addTo(m))
		w.start(m)
		livesAndDies(w)
	}, withoutControllers)
}

// livesAndDies goes through the life of a site while the reconciler runs.
func livesAndDies(w *world) {
	c := w.client()
	site := controller("site", 2)
	ok(w.t, c.Create(w.ctx, site))
	d, lease := deployment("site", 0), &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "site"}}

	w.appears(d)
	w.appears(lease)
	equal(w.t, int32(2), *d.Spec.Replicas)
	for _, owned := range []client.Object{d, lease} {
		if !metav1.IsControlledBy(owned, site) {
			w.t.Errorf("%T is owned by %v", owned, owned.GetOwnerReferences())
		}
	}
	until(w, site, "a finalizer and a status", func(rc *corev1.ReplicationController) bool {
		return len(rc.Finalizers) == 1 && rc.Status.ObservedGeneration == rc.Generation
	})

	// What the deployment reports reaches the site.
	before := d.DeepCopy()
	d.Status.Replicas = 2
	ok(w.t, c.Status().Patch(w.ctx, d, client.MergeFrom(before)))
	until(w, site, "two replicas", func(rc *corev1.ReplicationController) bool { return rc.Status.Replicas == 2 })

	// What is deleted is made anew, what is changed is put back, and what is asked of the site reaches the deployment.
	old := d.UID
	ok(w.t, c.Delete(w.ctx, d))
	w.appears(d)
	if d.UID == old {
		w.t.Error("the deployment was not deleted")
	}
	before = d.DeepCopy()
	d.Spec.Replicas = new(int32(9))
	ok(w.t, c.Patch(w.ctx, d, client.MergeFrom(before)))
	until(w, d, "two replicas", func(d *appsv1.Deployment) bool { return *d.Spec.Replicas == 2 })
	ok(w.t, w.Client().Scale(w.ctx, site, 4))
	until(w, d, "four replicas", func(d *appsv1.Deployment) bool { return *d.Spec.Replicas == 4 })

	// The site goes when the finalizer has done its work, and what it owns goes after it: if it is told so, since a
	// ReplicationController otherwise leaves orphans (DefaultGarbageCollectionPolicy of its strategy).
	ok(w.t, c.Delete(w.ctx, site, client.PropagationPolicy(metav1.DeletePropagationBackground)))
	for _, obj := range []sdk.Object{site, d, lease} {
		ok(w.t, w.Client().Wait(w.ctx, obj, sdk.Deleted()))
	}
	cm := configMap(register)
	ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
	equal(w.t, map[string]string{"site": "gone"}, cm.Data)
}

// appears waits until there is an object that is not about to go, and fills obj with it.
func (w *world) appears(obj client.Object) {
	w.t.Helper()
	key := client.ObjectKeyFromObject(obj)
	c := w.client()
	for {
		obj.SetUID("")
		ok(w.t, w.Client().Wait(w.ctx, obj, sdk.Exists()))
		if err := c.Get(w.ctx, key, obj); client.IgnoreNotFound(err) != nil {
			w.t.Fatal(err)
		} else if err == nil && obj.GetDeletionTimestamp().IsZero() {
			return
		}
	}
}

var errNotYet = errors.New("not yet")

// A reconciler whose error goes away is called until it has.
func TestReconcilerRetries(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		calls, done := 0, make(chan struct{})
		ok(w.t, ctrl.NewControllerManagedBy(m).Named("retries").For(&corev1.Node{}).Complete(reconcilerFunc(func(ctrl.Request) (ctrl.Result, error) {
			if calls++; calls < 5 {
				return ctrl.Result{}, errNotYet
			}
			close(done)
			return ctrl.Result{}, nil
		})))
		w.start(m)
		receive(w, done, "the fifth call")
	}, fake.APIOnly())
}

// reconcilerFunc is a reconciler that needs no context.
type reconcilerFunc func(ctrl.Request) (ctrl.Result, error)

func (f reconcilerFunc) Reconcile(_ context.Context, req ctrl.Request) (ctrl.Result, error) {
	return f(req)
}
