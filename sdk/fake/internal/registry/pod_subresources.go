package registry

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podSubresources are the parts of a pod that have rules of their own, and the ways into it.
var podSubresources = []Subresource{
	{Name: "attach", Kind: "PodAttachOptions", Verbs: connectVerbs, Raw: true},
	{Name: "binding", Kind: "Binding", Verbs: []string{"create"}},
	{
		Name: "ephemeralcontainers", Verbs: viewVerbs,
		PrepareUpdate: func(obj, old store.Object) {
			pod, was := obj.(*corev1.Pod), old.(*corev1.Pod)
			ephemeral := pod.Spec.EphemeralContainers
			keepAll(pod, was)
			pod.Spec = was.Spec
			pod.Spec.EphemeralContainers = ephemeral
		},
		ValidateUpdate: onPods(podtypes.EphemeralContainersErrors),
	},
	{Name: "eviction", Kind: "Eviction", Group: "policy", Version: "v1", Verbs: []string{"create"}},
	{Name: "exec", Kind: "PodExecOptions", Verbs: connectVerbs, Raw: true},
	{Name: "log", Verbs: []string{"get"}, Raw: true},
	{Name: "portforward", Kind: "PodPortForwardOptions", Verbs: connectVerbs, Raw: true},
	{Name: "proxy", Kind: "PodProxyOptions", Verbs: proxyVerbs, Raw: true, Connect: true},
	{
		Name: "resize", Verbs: viewVerbs,
		PrepareUpdate: func(obj, old store.Object) {
			pod, was := obj.(*corev1.Pod), old.(*corev1.Pod)
			keepAll(pod, was)
			podtypes.PrepareResize(pod, was)
		},
		ValidateUpdate: onPods(podtypes.ResizeErrors),
	},
	{
		Name: "status", Verbs: viewVerbs, ResetFields: []string{"spec", "metadata.deletionTimestamp", "metadata.ownerReferences"},
		PrepareUpdate: podStatusPrepareUpdate, ValidateUpdate: statusErrors,
	},
}

var (
	connectVerbs = []string{"create", "get"}
	viewVerbs    = []string{"get", "patch", "update"}
)

func onPods(validate func(pod, old *corev1.Pod) field.ErrorList) func(obj, old store.Object) field.ErrorList {
	return func(obj, old store.Object) field.ErrorList { return validate(obj.(*corev1.Pod), old.(*corev1.Pod)) }
}

// keepAll leaves nothing of an update but its spec and who owns its fields.
func keepAll(pod, was *corev1.Pod) {
	pod.Status = was.Status
	metav1.ResetObjectMetaForStatus(&pod.ObjectMeta, &was.ObjectMeta)
}

// podStatusPrepareUpdate lets a status update change labels and annotations too, as podStatusStrategy does, but
// neither the spec nor who owns the pod. What old clients do not know of and so would drop is kept.
func podStatusPrepareUpdate(obj, old store.Object) {
	pod, was := obj.(*corev1.Pod), old.(*corev1.Pod)
	pod.Spec = was.Spec
	pod.DeletionTimestamp = was.DeletionTimestamp
	pod.OwnerReferences = was.OwnerReferences
	status := &pod.Status
	if status.QOSClass == "" {
		status.QOSClass = was.Status.QOSClass
	}
	if status.ResourceClaimStatuses == nil {
		status.ResourceClaimStatuses = was.Status.ResourceClaimStatuses
	}
	if status.ExtendedResourceClaimStatus == nil {
		status.ExtendedResourceClaimStatus = was.Status.ExtendedResourceClaimStatus
	}
	keepObservedGenerations(status, &was.Status)
}

// keepObservedGenerations is preserveOldObservedGeneration. There may be several conditions of one type.
func keepObservedGenerations(status, was *corev1.PodStatus) {
	if status.ObservedGeneration == 0 {
		status.ObservedGeneration = was.ObservedGeneration
	}
	old := slices.Clone(was.Conditions)
	for i := range status.Conditions {
		c := &status.Conditions[i]
		j := slices.IndexFunc(old, func(o corev1.PodCondition) bool { return o.Type == c.Type })
		if j < 0 {
			continue
		}
		if c.ObservedGeneration == 0 {
			c.ObservedGeneration = old[j].ObservedGeneration
		}
		old = slices.Delete(old, j, j+1)
	}
}
