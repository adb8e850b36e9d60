package api

import (
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// accountWait is how long a new pod waits for its namespace's service account, which a controller makes a moment
// after the namespace, as the ServiceAccount admission plugin does.
const accountWait = 300 * time.Millisecond

// CheckNamespace answers NotFound if a namespaced object's namespace is missing, as NamespaceLifecycle does.
func (a *API) CheckNamespace(r *registry.Resource, namespace string) error {
	if !r.Namespaced {
		return nil
	}
	_, err := a.Get(registry.Namespaces, "", namespace)
	return err
}

// admit changes and checks a new object as the built-in admission plugins do.
func (a *API) admit(r *registry.Resource, obj store.Object) error {
	if r.Namespaced {
		if _, err := a.openNamespace(r, obj); err != nil {
			return err
		}
	}
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return nil
	}
	podtypes.Admit(pod, suffix(a.draws.next("token "+pod.Namespace+"/"+pod.Name+pod.GenerateName)))
	return a.admitServiceAccount(pod)
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

// admitServiceAccount refuses a pod whose service account does not exist, as the ServiceAccount plugin does.
func (a *API) admitServiceAccount(pod *corev1.Pod) error {
	accounts := registry.ServiceAccounts
	if a.Table.ForKind(accounts.GroupVersionKind().GroupKind()) == nil {
		return nil
	}
	if a.await(accounts, pod.Namespace, pod.Spec.ServiceAccountName) {
		return nil
	}
	return apierrors.NewForbidden(registry.Pods.GroupResource(), nameOf(pod), fmt.Errorf("error looking up service account %s/%s: serviceaccount %q not found",
		pod.Namespace, pod.Spec.ServiceAccountName, pod.Spec.ServiceAccountName))
}

// await says whether an object is there, or comes within accountWait.
func (a *API) await(r *registry.Resource, namespace, name string) bool {
	exists := func() bool {
		_, err := a.Store.Get(r.GroupResource(), namespace, name)
		return err == nil
	}
	if exists() {
		return true
	}
	w, err := a.Store.Watch(a.Store.Version(), r.GroupResource())
	if err != nil {
		return false
	}
	defer w.Close()
	timeout := time.NewTimer(accountWait)
	defer timeout.Stop()
	for !exists() {
		select {
		case <-w.Ready():
			for {
				if _, more, err := w.Poll(); err != nil {
					return false
				} else if !more {
					break
				}
			}
		case <-timeout.C:
			return exists()
		}
	}
	return true
}
