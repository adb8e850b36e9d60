package controllerruntime

import (
	"context"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/tools/record"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

// finalizer keeps a site until its name stands in the register.
const finalizer = "sites.example.com/register"

// The register is a config map that outlives sites, with the names of those that are gone.
const register = "register"

// sites is a reconciler of the usual kind, over ReplicationControllers that nobody else acts on: a site owns a Deployment
// of as many replicas and a Lease, and its status says how many replicas its Deployment has.
type sites struct {
	client.Client
	events record.EventRecorder
	period time.Duration // between two looks at a site that nobody changes; 0 for never
	looked chan types.NamespacedName
}

// addTo makes a manager run the reconciler.
func (s *sites) addTo(m ctrl.Manager) error {
	s.Client, s.events = m.GetClient(), m.GetEventRecorderFor("sites")
	return ctrl.NewControllerManagedBy(m).
		Named("sites").
		For(&corev1.ReplicationController{}).
		Owns(&appsv1.Deployment{}).
		Owns(&coordinationv1.Lease{}).
		Complete(s)
}

func (s *sites) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	if s.looked != nil {
		s.looked <- req.NamespacedName
	}
	site := &corev1.ReplicationController{}
	if err := s.Get(ctx, req.NamespacedName, site); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if !site.DeletionTimestamp.IsZero() {
		return ctrl.Result{}, s.finish(ctx, site)
	}
	if controllerutil.AddFinalizer(site, finalizer) {
		return ctrl.Result{}, s.Update(ctx, site) // the update is seen, and leads here again
	}
	if err := s.own(ctx, site); err != nil {
		return ctrl.Result{}, err
	}
	return ctrl.Result{RequeueAfter: s.period}, s.report(ctx, site)
}

// own makes what the site owns, or puts it right.
func (s *sites) own(ctx context.Context, site *corev1.ReplicationController) error {
	d := deployment(site.Name, 0)
	done, err := controllerutil.CreateOrUpdate(ctx, s.Client, d, func() error {
		d.Spec.Replicas = site.Spec.Replicas
		return controllerutil.SetControllerReference(site, d, s.Scheme())
	})
	if err != nil {
		return err
	}
	if done == controllerutil.OperationResultCreated {
		s.events.Eventf(site, corev1.EventTypeNormal, "Deployed", "created deployment %s", d.Name)
	}
	lease := &coordinationv1.Lease{}
	lease.Namespace, lease.Name = site.Namespace, site.Name
	_, err = controllerutil.CreateOrPatch(ctx, s.Client, lease, func() error {
		lease.Spec.HolderIdentity = new("sites")
		return controllerutil.SetControllerReference(site, lease, s.Scheme())
	})
	return err
}

// report patches the status with what the deployment says.
func (s *sites) report(ctx context.Context, site *corev1.ReplicationController) error {
	d := &appsv1.Deployment{}
	if err := s.Get(ctx, client.ObjectKeyFromObject(site), d); err != nil {
		return client.IgnoreNotFound(err) // the cache has not seen it yet: its event leads here again
	}
	before := site.DeepCopy()
	site.Status.Replicas, site.Status.ObservedGeneration = d.Status.Replicas, site.Generation
	return s.Status().Patch(ctx, site, client.MergeFrom(before))
}

// finish writes the name into the register, and lets the site go.
func (s *sites) finish(ctx context.Context, site *corev1.ReplicationController) error {
	entry := applycorev1.ConfigMap(register, site.Namespace).WithData(map[string]string{site.Name: "gone"})
	if err := s.Apply(ctx, entry, client.FieldOwner("site-"+site.Name), client.ForceOwnership); err != nil {
		return err
	}
	before := site.DeepCopy()
	if !controllerutil.RemoveFinalizer(site, finalizer) {
		return nil
	}
	lock := client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})
	return client.IgnoreNotFound(s.Patch(ctx, site, lock))
}
