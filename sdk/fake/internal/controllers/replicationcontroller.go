package controllers

import (
	"context"
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

// burst is how many pods one sync creates or deletes at most, as BurstReplicas of the real controller.
const burst = 500

// Reasons of events and of the ReplicaFailure condition.
const (
	reasonCreated      = "SuccessfulCreate"
	reasonDeleted      = "SuccessfulDelete"
	reasonFailedCreate = "FailedCreate"
	reasonFailedDelete = "FailedDelete"
)

// ReplicationController keeps as many pods running as each ReplicationController asks for, as the controller of that
// name in kube-controller-manager does: it creates from the template, adopts pods that match, releases those that do
// not match any more, deletes in the order of [scaleDown], and writes the status. Pods of another controller, and pods
// that have ended or are being deleted, do not count.
type ReplicationController struct {
	api    *api.API
	events *events.Recorder
	queue  *queue[types.NamespacedName]
	index  *podIndex
}

// NewReplicationController returns the controller. Run it once.
func NewReplicationController(a *api.API) *ReplicationController {
	c := &ReplicationController{
		api:    a,
		events: events.New(a, "replication-controller", ""),
		queue:  newQueue[types.NamespacedName](),
	}
	c.index = newPodIndex(c.queue.add)
	return c
}

// Run works until ctx ends.
func (c *ReplicationController) Run(ctx context.Context) {
	watchAndSync(ctx, c.api.Store, c.queue, c.index.observe, c.sync, registry.ReplicationControllers, registry.Pods)
}

// sync brings one ReplicationController's pods and status to what they should be, as syncReplicaSet does.
func (c *ReplicationController) sync(ctx context.Context, name types.NamespacedName) error {
	s := c.index.sets[name]
	if s == nil {
		return nil
	}
	var failure error
	if s.rc.DeletionTimestamp == nil {
		if claimed, err := c.claim(s); err != nil {
			return err
		} else if claimed {
			c.queue.add(name) // count again when the log tells of it
			return nil
		}
		failure = c.manage(ctx, s)
	}
	if err := c.writeStatus(s, failure); err != nil {
		return err
	}
	return failure
}

// manage creates or deletes pods. It stops at the first that cannot be created, so that a quota or a missing service
// account is asked once per attempt.
func (c *ReplicationController) manage(ctx context.Context, s *podSet) error {
	diff := s.missing()
	if diff >= 0 {
		return c.create(ctx, s, min(diff, burst))
	}
	return c.scaleDown(ctx, s, min(-diff, burst))
}

func (c *ReplicationController) create(ctx context.Context, s *podSet, n int) error {
	for range n {
		if ctx.Err() != nil {
			return nil
		}
		obj, err := c.api.Create(registry.Pods, podFromTemplate(s.rc), asManager)
		if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
			return nil // nothing can be created here any more
		}
		if err != nil {
			c.events.Event(s.rc, "", corev1.EventTypeWarning, reasonFailedCreate, fmt.Sprintf("Error creating: %v", err))
			return err
		}
		c.events.Event(s.rc, "", corev1.EventTypeNormal, reasonCreated, "Created pod: "+obj.GetName())
	}
	return nil
}

func (c *ReplicationController) scaleDown(ctx context.Context, s *podSet, n int) error {
	var failure error
	for _, pod := range scaleDown(s.counted(), c.index.crowding(s), time.Now())[:n] {
		if ctx.Err() != nil {
			return nil
		}
		_, _, err := c.api.Delete(registry.Pods, pod.Namespace, pod.Name, metav1.DeleteOptions{}, asManager)
		switch {
		case apierrors.IsNotFound(err):
		case err != nil:
			c.events.Event(s.rc, "", corev1.EventTypeWarning, reasonFailedDelete, fmt.Sprintf("Error deleting: %v", err))
			failure = err
		default:
			c.events.Event(s.rc, "", corev1.EventTypeNormal, reasonDeleted, "Deleted pod: "+pod.Name)
		}
	}
	return failure
}

// podFromTemplate is the pod that a ReplicationController makes, as GetPodFromTemplate does.
func podFromTemplate(rc *corev1.ReplicationController) *corev1.Pod {
	t := rc.Spec.Template
	meta := t.ObjectMeta.DeepCopy()
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Namespace:       rc.Namespace,
			GenerateName:    generateName(rc.Name),
			Labels:          meta.Labels,
			Annotations:     meta.Annotations,
			Finalizers:      meta.Finalizers,
			OwnerReferences: []metav1.OwnerReference{controllerRef(rc)},
		},
		Spec: *t.Spec.DeepCopy(),
	}
}

// generateName is the name and a dash, or without it where that is too long.
func generateName(name string) string {
	if prefix := name + "-"; len(validation.NameIsDNSSubdomain(prefix, true)) == 0 {
		return prefix
	}
	return name
}

func controllerRef(rc *corev1.ReplicationController) metav1.OwnerReference {
	return metav1.OwnerReference{
		APIVersion: registry.ReplicationControllers.GroupVersion().String(), Kind: registry.ReplicationControllers.Kind,
		Name: rc.Name, UID: rc.UID, Controller: ptr.To(true), BlockOwnerDeletion: ptr.To(true),
	}
}

// claim adopts the pods that match and are nobody's, and releases those that do not match any more, as
// PodControllerRefManager.ClaimPods does. It says whether it wrote anything.
func (c *ReplicationController) claim(s *podSet) (bool, error) {
	for _, name := range sorted(s.release) {
		if err := c.change(name, func(pod *corev1.Pod) { release(pod, s.rc) }); err != nil {
			return false, err
		}
	}
	for _, name := range sorted(s.adopt) {
		if err := c.change(name, func(pod *corev1.Pod) { c.adopt(pod, s.rc) }); err != nil {
			return false, err
		}
	}
	return len(s.release)+len(s.adopt) > 0, nil
}

// change writes to a pod; one that is gone is left alone.
func (c *ReplicationController) change(name types.NamespacedName, f func(*corev1.Pod)) error {
	_, err := c.api.Update(registry.Pods, name.Namespace, name.Name, asManager, func(o store.Object) error {
		f(o.(*corev1.Pod))
		return nil
	})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// adopt makes rc the pod's controller, unless since they were seen the pod changed so that it cannot be or rc went: the
// garbage collector would take the pod of an owner that is gone.
func (c *ReplicationController) adopt(pod *corev1.Pod, rc *corev1.ReplicationController) {
	live, err := c.api.Get(registry.ReplicationControllers, rc.Namespace, rc.Name)
	if err != nil || live.GetUID() != rc.UID || live.GetDeletionTimestamp() != nil {
		return
	}
	if pod.DeletionTimestamp == nil && metav1.GetControllerOfNoCopy(pod) == nil && selects(rc, pod) {
		pod.OwnerReferences = append(pod.OwnerReferences, controllerRef(rc))
	}
}

// release removes rc from the pod's owners, unless the pod matches again since it was seen.
func release(pod *corev1.Pod, rc *corev1.ReplicationController) {
	if !selects(rc, pod) {
		dropOwners(pod, rc.UID)
	}
}
