package api

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// CheckNamespace answers NotFound if a namespaced object's namespace is missing, as NamespaceLifecycle does.
func (a *API) CheckNamespace(r *registry.Resource, namespace string) error {
	if !r.Namespaced {
		return nil
	}
	_, err := a.Get(registry.Namespaces, "", namespace)
	return err
}

// admit changes and checks a new object as the built-in admission plugins do, in their order, before it is validated.
func (a *API) admit(r *registry.Resource, obj store.Object) error {
	if r.Namespaced {
		if _, err := a.openNamespace(r, obj); err != nil {
			return err
		}
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		return a.admitPod(obj)
	case *corev1.PersistentVolumeClaim:
		protect(obj, ClaimProtection)
		a.defaultClass(obj)
	case *corev1.PersistentVolume:
		protect(obj, VolumeProtection)
	}
	return nil
}

// admitPod changes a new pod as package types says, but for what the namespace's limit ranges, its service account and its priority
// class have settled.
func (a *API) admitPod(pod *corev1.Pod) error {
	a.completeResources(pod)
	account, err := a.accountOf(pod)
	if err != nil {
		return err
	}
	if err := a.admitPriority(pod); err != nil {
		return err
	}
	mounts := pod.Spec.AutomountServiceAccountToken
	if mounts == nil {
		pod.Spec.AutomountServiceAccountToken = account.AutomountServiceAccountToken
	}
	podtypes.Admit(pod, suffix(a.draws.next("token "+pod.Namespace+"/"+pod.Name+pod.GenerateName)))
	pod.Spec.AutomountServiceAccountToken = mounts
	if len(pod.Spec.ImagePullSecrets) == 0 {
		pod.Spec.ImagePullSecrets = pullSecretsOf(account)
	}
	pod.Labels = merged(pod.Labels, a.locationOf(pod.Spec.NodeName))
	return limitSecrets(pod, account)
}

// admitValid refuses an object that is valid, or an update of old to it, as the built-in admission plugins do, in their order. If it does
// not, the caller calls done once the object is stored or given up.
func (a *API) admitValid(r *registry.Resource, obj, old store.Object, o WriteOptions) (done func(), err error) {
	if err := a.checkLimits(r, obj, old, o); err != nil {
		return nil, err
	}
	switch obj := obj.(type) {
	case *corev1.Pod:
		err = a.checkEphemeralSecrets(obj, o)
	case *schedulingv1.PriorityClass:
		err = a.checkDefaultPriority(obj, old)
	case *corev1.PersistentVolumeClaim:
		err = a.checkExpansion(obj, old, o)
	}
	if err != nil {
		return nil, err
	}
	return a.charge(r, obj, old, o)
}

// openNamespace returns the namespace of a new object, and refuses one that is being deleted, as NamespaceLifecycle
// does.
func (a *API) openNamespace(r *registry.Resource, obj store.Object) (store.Object, error) {
	ns, err := a.Get(registry.Namespaces, "", obj.GetNamespace())
	if err != nil {
		return nil, err
	}
	if ns.(*corev1.Namespace).Status.Phase != corev1.NamespaceTerminating {
		return ns, nil
	}
	refusal := apierrors.NewForbidden(r.GroupResource(), nameOf(obj),
		fmt.Errorf("unable to create new content in namespace %s because it is being terminated", ns.GetName()))
	refusal.ErrStatus.Details.Causes = append(refusal.ErrStatus.Details.Causes, metav1.StatusCause{
		Type:    corev1.NamespaceTerminatingCause,
		Message: fmt.Sprintf("namespace %s is being terminated", ns.GetName()),
		Field:   "metadata.namespace",
	})
	return nil, refusal
}

// nameOf is what a refusal calls an object whose name may not be drawn yet.
func nameOf(obj store.Object) string {
	if obj.GetName() == "" {
		return obj.GetGenerateName()
	}
	return obj.GetName()
}

// admitUpdate changes an update of a pod as the plugins do that act on updates too: Priority keeps what a client left out,
// DefaultTolerationSeconds adds what it took away, and LimitRanger completes the resources of one that is resized.
func (a *API) admitUpdate(obj, old store.Object, o WriteOptions) {
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return
	}
	if o.Subresource == "resize" && old.GetDeletionTimestamp() == nil {
		a.completeResources(pod)
	}
	if o.Subresource != "" {
		return
	}
	was := old.(*corev1.Pod)
	if pod.Spec.Priority == nil {
		pod.Spec.Priority = was.Spec.Priority
	}
	if pod.Spec.PreemptionPolicy == nil {
		pod.Spec.PreemptionPolicy = was.Spec.PreemptionPolicy
	}
	podtypes.AdmitUpdate(pod)
}
