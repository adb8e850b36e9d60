package types

import (
	"math"
	"reflect"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/util/diff"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podUpdateErrors is ValidatePodUpdate.
func podUpdateErrors(pod, old *corev1.Pod) field.ErrorList {
	c := &podCheck{spec: &pod.Spec, isPod: true, podName: pod.Name}
	c.MetadataUpdate(&pod.ObjectMeta, &old.ObjectMeta)
	c.podMetadataAndSpec(pod)
	c.annotationUpdates(pod, old)
	at := field.NewPath("spec")
	if !c.sameContainers(at.Child("containers"), pod.Spec.Containers, old.Spec.Containers) ||
		!c.sameContainers(at.Child("initContainers"), pod.Spec.InitContainers, old.Spec.InitContainers) ||
		!c.deadlineUpdate(at.Child("activeDeadlineSeconds"), pod.Spec.ActiveDeadlineSeconds, old.Spec.ActiveDeadlineSeconds) {
		return c.Errors
	}
	c.onlyAddedTolerations(at.Child("tolerations"), pod.Spec.Tolerations, old.Spec.Tolerations)
	c.onlyDeletedGates(at.Child("schedulingGates"), pod.Spec.SchedulingGates, old.Spec.SchedulingGates)
	c.specUnchanged(at, &pod.Spec, &old.Spec)
	return c.Errors
}

// annotationUpdates is ValidatePodSpecificAnnotationUpdates: what AppArmor and mirror pods once went by is fixed.
func (c *podCheck) annotationUpdates(pod, old *corev1.Pod) {
	at := field.NewPath("metadata", "annotations")
	isAppArmor := func(key string) bool {
		return strings.HasPrefix(key, corev1.DeprecatedAppArmorBetaContainerAnnotationKeyPrefix)
	}
	for _, key := range sortedKeys(old.Annotations) {
		if value, ok := pod.Annotations[key]; ok && value == old.Annotations[key] {
			continue
		}
		if isAppArmor(key) {
			c.Forbidden(at.Key(key), "may not remove or update AppArmor annotations")
		}
		if key == corev1.MirrorPodAnnotationKey {
			c.Forbidden(at.Key(key), "may not remove or update mirror pod annotation")
		}
	}
	for _, key := range sortedKeys(pod.Annotations) {
		if _, ok := old.Annotations[key]; ok {
			continue
		}
		if isAppArmor(key) {
			c.Forbidden(at.Key(key), "may not add AppArmor annotations")
		}
		if key == corev1.MirrorPodAnnotationKey {
			c.Forbidden(at.Key(key), "may not add mirror pod annotation")
		}
	}
}

// sameContainers is ValidateContainerUpdates; it reports whether containers can be compared one by one.
func (c *podCheck) sameContainers(at *field.Path, list, old []corev1.Container) bool {
	if len(list) != len(old) {
		c.Forbidden(at, "pod updates may not add or remove containers")
		return false
	}
	for i := range list {
		c.Present(at.Index(i).Child("image"), list[i].Image)
		c.imagePadding(at.Index(i), list[i].Image)
	}
	return true
}

// deadlineUpdate lets a deadline come and shrink, never grow or go. It reports whether to look further.
func (c *podCheck) deadlineUpdate(at *field.Path, deadline, old *int64) bool {
	switch {
	case deadline == nil && old == nil:
	case deadline == nil:
		c.Invalid(at, deadline, "must not update from a positive integer to nil value")
	case *deadline < 0 || *deadline > math.MaxInt32:
		c.Invalid(at, *deadline, validation.InclusiveRangeError(0, math.MaxInt32))
		return false
	case old != nil && *old < *deadline:
		c.Invalid(at, *deadline, "must be less than or equal to previous value")
		return false
	}
	return true
}

// onlyAddedTolerations lets tolerations be added, and their seconds change.
func (c *podCheck) onlyAddedTolerations(at *field.Path, list, old []corev1.Toleration) {
	for _, o := range old {
		found := false
		for _, t := range list {
			o.TolerationSeconds = t.TolerationSeconds
			found = found || reflect.DeepEqual(o, t)
		}
		if !found {
			c.Forbidden(at, "existing toleration can not be modified except its tolerationSeconds")
			return
		}
	}
	c.tolerations(at, list)
}

// onlyDeletedGates lets scheduling gates go, never come.
func (c *podCheck) onlyDeletedGates(at *field.Path, gates, old []corev1.PodSchedulingGate) {
	had := map[string]bool{}
	for _, g := range old {
		had[g.Name] = true
	}
	for i, g := range gates {
		if !had[g.Name] {
			c.Forbidden(at.Index(i).Child("name"), "only deletion is allowed, but found new scheduling gate '"+g.Name+"'")
		}
	}
}

// updatable lists for the message what of a pod's spec may change.
const updatable = "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
	"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"

// specUnchanged compares what must not change: all that remains when the fields that may are made equal. The message ends
// with the difference of the two specs in the server's own notation.
func (c *podCheck) specUnchanged(at *field.Path, spec, old *corev1.PodSpec) {
	masked := spec.DeepCopy()
	for i := range masked.Containers {
		masked.Containers[i].Image = old.Containers[i].Image
	}
	for i := range masked.InitContainers {
		masked.InitContainers[i].Image = old.InitContainers[i].Image
	}
	masked.ActiveDeadlineSeconds = old.ActiveDeadlineSeconds
	masked.SchedulingGates = old.SchedulingGates
	masked.Tolerations = old.Tolerations
	if was, is := old.TerminationGracePeriodSeconds, masked.TerminationGracePeriodSeconds; was != nil && *was < 0 && is != nil && *is == 1 {
		masked.TerminationGracePeriodSeconds = was
	}
	if len(old.SchedulingGates) > 0 {
		c.gatedChanges(at, masked, old)
	}
	if !equality.Semantic.DeepEqual(masked, old) {
		c.Forbidden(at, "pod updates may not change fields other than "+updatable+"\n"+diff.Diff(internal(old), internal(masked)))
	}
}

// gatedChanges lets the node selection of a pod that waits at its gates get narrower, and masks what did.
func (c *podCheck) gatedChanges(at *field.Path, masked, old *corev1.PodSpec) {
	for key, value := range old.NodeSelector {
		if v, ok := masked.NodeSelector[key]; !ok || v != value {
			c.Invalid(at.Child("nodeSelector"), masked.NodeSelector, "only additions to spec.nodeSelector are allowed (no mutations or deletions)")
			break
		}
	}
	masked.NodeSelector = old.NodeSelector
	is, was := nodeAffinity(masked), nodeAffinity(old)
	if equality.Semantic.DeepEqual(is, was) {
		return
	}
	c.narrowerAffinity(at.Child("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"), requiredTerms(is), requiredTerms(was))
	switch a := masked.Affinity; {
	case a == nil:
		masked.Affinity = &corev1.Affinity{NodeAffinity: was}
	case old.Affinity == nil && a.PodAffinity == nil && a.PodAntiAffinity == nil:
		masked.Affinity = nil
	default:
		a.NodeAffinity = was
	}
}

func nodeAffinity(spec *corev1.PodSpec) *corev1.NodeAffinity {
	if spec.Affinity == nil {
		return nil
	}
	return spec.Affinity.NodeAffinity
}

func requiredTerms(a *corev1.NodeAffinity) []corev1.NodeSelectorTerm {
	if a == nil || a.RequiredDuringSchedulingIgnoredDuringExecution == nil {
		return nil
	}
	return a.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
}

// narrowerAffinity is validateNodeAffinityMutation: terms are or-ed, so none may come or go; their requirements are and-ed, so any may come.
func (c *podCheck) narrowerAffinity(at *field.Path, terms, old []corev1.NodeSelectorTerm) {
	if len(old) > 0 && len(old) != len(terms) {
		c.Invalid(at, internal(terms), "no additions/deletions to non-empty NodeSelectorTerms list are allowed")
		return
	}
	for i := range old {
		if !onlyAdds(terms[i], old[i]) {
			c.Invalid(at.Index(i), internal(terms[i]), "only additions are allowed (no mutations or deletions)")
		}
	}
}

func onlyAdds(term, old corev1.NodeSelectorTerm) bool {
	if len(old.MatchExpressions)+len(old.MatchFields) == 0 { // an empty term matches nothing, and must go on doing so
		return len(term.MatchExpressions)+len(term.MatchFields) == 0
	}
	return startsWith(term.MatchExpressions, old.MatchExpressions) && startsWith(term.MatchFields, old.MatchFields)
}

func startsWith(list, start []corev1.NodeSelectorRequirement) bool {
	return len(list) >= len(start) && equality.Semantic.DeepEqual(list[:len(start)], start)
}
