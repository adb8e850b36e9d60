package api

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
)

// limitRangerAnnotation says in a pod what it has from limit ranges.
const limitRangerAnnotation = "kubernetes.io/limit-ranger"

// limitRanges are those of a namespace, sorted by name.
func (a *API) limitRanges(namespace string) []*corev1.LimitRange {
	objects, _ := a.Store.List(registry.LimitRanges.StoreKey(), namespace)
	ranges := make([]*corev1.LimitRange, len(objects))
	for i, obj := range objects {
		ranges[i] = obj.(*corev1.LimitRange)
	}
	return ranges
}

// completeResources gives the containers of a pod that say nothing of a resource the defaults of the namespace's limit ranges, as the
// LimitRanger plugin does.
func (a *API) completeResources(pod *corev1.Pod) {
	for _, l := range a.limitRanges(pod.Namespace) {
		requests, limits := defaultResources(l)
		var set []string
		for i := range pod.Spec.Containers {
			set = append(set, completeContainer(&pod.Spec.Containers[i], "container", requests, limits)...)
		}
		for i := range pod.Spec.InitContainers {
			set = append(set, completeContainer(&pod.Spec.InitContainers[i], "init container", requests, limits)...)
		}
		if len(set) > 0 {
			pod.Annotations = merged(pod.Annotations, map[string]string{
				limitRangerAnnotation: "LimitRanger plugin set: " + strings.Join(set, "; "),
			})
		}
	}
}

// defaultResources are what a limit range gives containers, as defaultContainerResourceRequirements.
func defaultResources(l *corev1.LimitRange) (requests, limits corev1.ResourceList) {
	requests, limits = corev1.ResourceList{}, corev1.ResourceList{}
	for _, item := range l.Spec.Limits {
		if item.Type != corev1.LimitTypeContainer {
			continue
		}
		for name, q := range item.DefaultRequest {
			requests[name] = q
		}
		for name, q := range item.Default {
			limits[name] = q
		}
	}
	return requests, limits
}

// completeContainer is mergeContainerResources; it returns what to say of it.
func completeContainer(c *corev1.Container, what string, requests, limits corev1.ResourceList) []string {
	var said []string
	for _, part := range []struct {
		word     string
		list     *corev1.ResourceList
		defaults corev1.ResourceList
	}{{"request", &c.Resources.Requests, requests}, {"limit", &c.Resources.Limits, limits}} {
		var names []string
		for _, name := range resourceNames(part.defaults) {
			if _, ok := (*part.list)[name]; ok {
				continue
			}
			if *part.list == nil {
				*part.list = corev1.ResourceList{}
			}
			(*part.list)[name] = part.defaults[name].DeepCopy()
			names = append(names, string(name))
		}
		if len(names) > 0 {
			said = append(said, fmt.Sprintf("%s %s for %s %s", strings.Join(names, ", "), part.word, what, c.Name))
		}
	}
	return said
}

// checkLimits refuses a new pod or claim, a changed claim and a resized pod that are out of the bounds of the namespace's limit
// ranges, as the LimitRanger plugin does.
func (a *API) checkLimits(r *registry.Resource, obj, old store.Object, o WriteOptions) error {
	if old != nil && old.GetDeletionTimestamp() != nil {
		return nil
	}
	var problems func(*corev1.LimitRange) []error
	switch obj := obj.(type) {
	case *corev1.Pod:
		if o.Subresource != "resize" && (o.Subresource != "" || old != nil) {
			return nil
		}
		problems = func(l *corev1.LimitRange) []error { return podOutOf(l, obj) }
	case *corev1.PersistentVolumeClaim:
		if o.Subresource != "" {
			return nil
		}
		problems = func(l *corev1.LimitRange) []error { return claimOutOf(l, obj) }
	default:
		return nil
	}
	for _, l := range a.limitRanges(obj.GetNamespace()) {
		if err := utilerrors.NewAggregate(problems(l)); err != nil {
			return apierrors.NewForbidden(r.GroupResource(), nameOf(obj), err)
		}
	}
	return nil
}

// podOutOf is PodValidateLimitFunc.
func podOutOf(l *corev1.LimitRange, pod *corev1.Pod) []error {
	var errs []error
	for i := range l.Spec.Limits {
		item := &l.Spec.Limits[i]
		switch item.Type {
		case corev1.LimitTypeContainer:
			for _, c := range slices.Concat(pod.Spec.Containers, pod.Spec.InitContainers) {
				errs = append(errs, outOf(item, c.Resources.Requests, c.Resources.Limits)...)
			}
		case corev1.LimitTypePod:
			requests, limits := wholePod(pod)
			requests = withPodLevel(containersTogether(pod, specRequests), requests, limitedPodLevel)
			limits = withPodLevel(containersTogether(pod, specLimits), limits, limitedPodLevel)
			errs = append(errs, outOf(item, requests, limits)...)
		}
	}
	return errs
}

// limitedPodLevel is podLevel as the plugin has it, which does not know of huge pages.
func limitedPodLevel(name corev1.ResourceName) bool {
	return name == corev1.ResourceCPU || name == corev1.ResourceMemory
}

// claimOutOf is PersistentVolumeClaimValidateLimitFunc: only what is requested is looked at.
func claimOutOf(l *corev1.LimitRange, claim *corev1.PersistentVolumeClaim) []error {
	requests := claim.Spec.Resources.Requests
	var errs []error
	for i := range l.Spec.Limits {
		item := &l.Spec.Limits[i]
		if item.Type != corev1.LimitTypePersistentVolumeClaim {
			continue
		}
		for _, name := range resourceNames(item.Min) {
			errs = append(errs, bound{item.Type, name, item.Min[name]}.min(requests, nil))
		}
		for _, name := range resourceNames(item.Max) {
			errs = append(errs, bound{item.Type, name, item.Max[name]}.maxRequest(requests))
		}
	}
	return errs
}

// outOf holds what is requested and what may be used at most against one item of a limit range.
func outOf(item *corev1.LimitRangeItem, requests, limits corev1.ResourceList) []error {
	var errs []error
	for _, name := range resourceNames(item.Min) {
		errs = append(errs, bound{item.Type, name, item.Min[name]}.min(requests, limits))
	}
	for _, name := range resourceNames(item.Max) {
		errs = append(errs, bound{item.Type, name, item.Max[name]}.max(requests, limits))
	}
	for _, name := range resourceNames(item.MaxLimitRequestRatio) {
		errs = append(errs, bound{item.Type, name, item.MaxLimitRequestRatio[name]}.ratio(requests, limits))
	}
	return errs
}
