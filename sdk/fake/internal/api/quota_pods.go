package api

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// podEvaluator is the evaluator of pods of pkg/quota/v1/evaluator/core.
var podEvaluator = &evaluator{
	counts: func(name corev1.ResourceName) bool {
		return slices.Contains(podAmounts, name) || strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix) ||
			strings.HasPrefix(string(name), corev1.ResourceRequestsHugePagesPrefix) || extendedAmount(name)
	},
	usage: func(obj store.Object) corev1.ResourceList { return podUsage(obj.(*corev1.Pod)) },
	updates: func(obj, old store.Object, subresource string) bool {
		return subresource == "resize" || subresource == "" && terminating(obj.(*corev1.Pod)) != terminating(old.(*corev1.Pod))
	},
	inScope: func(s corev1.ScopedResourceSelectorRequirement, obj store.Object) bool {
		return podInScope(s, obj.(*corev1.Pod))
	},
	missing: func(required []corev1.ResourceName, obj store.Object) error {
		return unspecified(required, obj.(*corev1.Pod))
	},
}

// requiredAmounts are those that every container must ask for where a quota has them.
var requiredAmounts = []corev1.ResourceName{
	corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory,
	corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory,
}

var podAmounts = append([]corev1.ResourceName{
	countName(registry.Pods.GroupResource()), corev1.ResourcePods,
	corev1.ResourceEphemeralStorage, corev1.ResourceRequestsEphemeralStorage, corev1.ResourceLimitsEphemeralStorage,
}, requiredAmounts...)

// extendedAmount is isExtendedResourceNameForQuota: what is said of a resource that a node's owner has named.
func extendedAmount(name corev1.ResourceName) bool {
	of, ok := strings.CutPrefix(string(name), corev1.DefaultResourceRequestsPrefix)
	return ok && (!native(string(name)) || strings.HasPrefix(of, deviceClassPrefix))
}

// deviceClassPrefix begins the names by which devices of a class can be asked for.
const deviceClassPrefix = "deviceclass.resource.kubernetes.io/"

// native is IsNativeResource: a name of Kubernetes' own.
func native(name string) bool {
	return !strings.Contains(name, "/") || strings.Contains(name, corev1.ResourceDefaultNamespacePrefix)
}

// podUsage is PodUsageFunc. A pod that has ended, or should have by now, is only an object.
func podUsage(pod *corev1.Pod) corev1.ResourceList {
	one := *resource.NewQuantity(1, resource.DecimalSI)
	usage := corev1.ResourceList{countName(registry.Pods.GroupResource()): one}
	if !Charged(pod) {
		return usage
	}
	return added(usage, computeUsage(PodRequests(pod), PodLimits(pod)))
}

// Charged says whether quotas count what a pod uses, as QuotaV1Pod does.
func Charged(pod *corev1.Pod) bool {
	if pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded {
		return false
	}
	if pod.DeletionTimestamp == nil || pod.DeletionGracePeriodSeconds == nil {
		return true
	}
	end := pod.DeletionTimestamp.Add(time.Duration(*pod.DeletionGracePeriodSeconds) * time.Second)
	return !time.Now().After(end)
}

// computeUsage is podComputeUsageHelper: amounts by all the names that quotas may have for them.
func computeUsage(requests, limits corev1.ResourceList) corev1.ResourceList {
	usage := corev1.ResourceList{corev1.ResourcePods: *resource.NewQuantity(1, resource.DecimalSI)}
	for name, q := range requests {
		switch {
		case name == corev1.ResourceCPU, name == corev1.ResourceMemory, name == corev1.ResourceEphemeralStorage,
			strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix):
			usage[name] = q
			usage[corev1.DefaultResourceRequestsPrefix+name] = q
		case !native(string(name)), strings.HasPrefix(string(name), deviceClassPrefix):
			usage[corev1.DefaultResourceRequestsPrefix+name] = q
		}
	}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage} {
		if q, ok := limits[name]; ok {
			usage["limits."+name] = q
		}
	}
	return usage
}

// unspecified names the containers that do not say how much they use of what a quota bounds. A pod that says so as a whole need not.
func unspecified(required []corev1.ResourceName, pod *corev1.Pod) error {
	requests, limits := wholePod(pod)
	for _, name := range append(resourceNames(requests), resourceNames(limits)...) {
		if podLevel(name) {
			return nil
		}
	}
	var parts []string
	for _, name := range intersection(required, requiredAmounts) {
		var lacking []string
		for _, c := range slices.Concat(pod.Spec.Containers, pod.Spec.InitContainers) {
			if _, ok := computeUsage(c.Resources.Requests, c.Resources.Limits)[name]; !ok {
				lacking = append(lacking, c.Name)
			}
		}
		if len(lacking) > 0 {
			slices.Sort(lacking)
			parts = append(parts, fmt.Sprintf("%s for: %s", name, strings.Join(lacking, ",")))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	slices.Sort(parts)
	return fmt.Errorf("must specify %s", strings.Join(parts, "; "))
}

// podInScope is podMatchesScopeFunc.
func podInScope(s corev1.ScopedResourceSelectorRequirement, pod *corev1.Pod) bool {
	switch s.ScopeName {
	case corev1.ResourceQuotaScopeTerminating:
		return terminating(pod)
	case corev1.ResourceQuotaScopeNotTerminating:
		return !terminating(pod)
	case corev1.ResourceQuotaScopeBestEffort:
		return podtypes.QOSClass(&pod.Spec) == corev1.PodQOSBestEffort
	case corev1.ResourceQuotaScopeNotBestEffort:
		return podtypes.QOSClass(&pod.Spec) != corev1.PodQOSBestEffort
	case corev1.ResourceQuotaScopePriorityClass:
		return scopeTakes(s, pod.Spec.PriorityClassName)
	case corev1.ResourceQuotaScopeCrossNamespacePodAffinity:
		return acrossNamespaces(pod.Spec.Affinity)
	}
	return false
}

// scopeTakes says whether a scope takes an object with that value, which is empty where the object has none.
func scopeTakes(s corev1.ScopedResourceSelectorRequirement, value string) bool {
	switch s.Operator {
	case corev1.ScopeSelectorOpExists:
		return value != ""
	case corev1.ScopeSelectorOpDoesNotExist:
		return value == ""
	case corev1.ScopeSelectorOpIn:
		return value != "" && slices.Contains(s.Values, value)
	case corev1.ScopeSelectorOpNotIn:
		return value == "" || !slices.Contains(s.Values, value)
	}
	return false
}

// terminating says whether a pod is bound to end, as core.IsTerminating.
func terminating(pod *corev1.Pod) bool {
	return pod.Spec.ActiveDeadlineSeconds != nil && *pod.Spec.ActiveDeadlineSeconds >= 0
}

// acrossNamespaces is usesCrossNamespacePodAffinity.
func acrossNamespaces(a *corev1.Affinity) bool {
	if a == nil {
		return false
	}
	var terms []corev1.PodAffinityTerm
	add := func(required []corev1.PodAffinityTerm, preferred []corev1.WeightedPodAffinityTerm) {
		terms = append(terms, required...)
		for i := range preferred {
			terms = append(terms, preferred[i].PodAffinityTerm)
		}
	}
	if p := a.PodAffinity; p != nil {
		add(p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		add(p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	return slices.ContainsFunc(terms, func(t corev1.PodAffinityTerm) bool { return len(t.Namespaces) > 0 || t.NamespaceSelector != nil })
}
