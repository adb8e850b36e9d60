package api

import (
	"fmt"
	"slices"
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
	account, err := a.accountOf(pod)
	if err != nil {
		return err
	}
	if err := a.admitPriority(pod); err != nil {
		return err
	}
	a.admitPod(pod, account)
	return nil
}

// admitPod changes a new pod as package types says, but for what its service account has settled.
func (a *API) admitPod(pod *corev1.Pod, account *corev1.ServiceAccount) {
	mounts := pod.Spec.AutomountServiceAccountToken
	if mounts == nil {
		pod.Spec.AutomountServiceAccountToken = account.AutomountServiceAccountToken
	}
	podtypes.Admit(pod, suffix(a.draws.next("token "+pod.Namespace+"/"+pod.Name+pod.GenerateName)))
	pod.Spec.AutomountServiceAccountToken = mounts
	if len(pod.Spec.ImagePullSecrets) == 0 {
		pod.Spec.ImagePullSecrets = slices.Clone(account.ImagePullSecrets)
	}
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

// accountOf returns the service account of a new pod, and refuses a pod whose account does not exist, as the
// ServiceAccount plugin does.
func (a *API) accountOf(pod *corev1.Pod) (*corev1.ServiceAccount, error) {
	accounts := registry.ServiceAccounts
	if a.Table.ForKind(accounts.GroupVersionKind().GroupKind()) == nil {
		return &corev1.ServiceAccount{}, nil
	}
	name := pod.Spec.ServiceAccountName
	if name == "" {
		name = defaultAccount
	}
	found, err := a.Store.Get(accounts.GroupResource(), pod.Namespace, name)
	if err != nil && name == defaultAccount && a.await(accounts, pod.Namespace, name) { // a controller makes that one
		found, err = a.Store.Get(accounts.GroupResource(), pod.Namespace, name)
	}
	if err != nil {
		return nil, apierrors.NewForbidden(registry.Pods.GroupResource(), nameOf(pod),
			fmt.Errorf("error looking up service account %s/%s: serviceaccount %q not found", pod.Namespace, name, name))
	}
	return found.(*corev1.ServiceAccount), nil
}

// defaultAccount is the service account of pods that name none.
const defaultAccount = "default"

// admitUpdate changes an update of a pod as the plugins do that act on updates too: Priority keeps what a client left out, and
// DefaultTolerationSeconds adds what it took away.
func admitUpdate(obj, old store.Object, o WriteOptions) {
	pod, ok := obj.(*corev1.Pod)
	if !ok || o.Subresource != "" {
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
