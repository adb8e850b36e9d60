package scheduler

import (
	"slices"

	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podTerms are what a pod asks of its neighbours, compiled.
type podTerms struct {
	near, apart             []podTerm // required
	ratherNear, ratherApart []podTerm // preferred
}

// podTerm means some pods, and the nodes that count as one place with theirs.
type podTerm struct {
	weight     int64 // of a preferred term
	key        string
	pods       selector.Selector
	namespaces []string
	others     selector.Selector // further namespaces, by their labels
}

// podTermsOf is nil for a pod that asks for nothing.
func podTermsOf(pod *corev1.Pod) *podTerms {
	a := pod.Spec.Affinity
	if a == nil || a.PodAffinity == nil && a.PodAntiAffinity == nil {
		return nil
	}
	t := &podTerms{}
	if a.PodAffinity != nil {
		t.near = requiredTerms(pod, a.PodAffinity.RequiredDuringSchedulingIgnoredDuringExecution)
		t.ratherNear = weightedTerms(pod, a.PodAffinity.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if a.PodAntiAffinity != nil {
		t.apart = requiredTerms(pod, a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution)
		t.ratherApart = weightedTerms(pod, a.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	return t
}

func requiredTerms(pod *corev1.Pod, list []corev1.PodAffinityTerm) (compiled []podTerm) {
	for i := range list {
		compiled = append(compiled, newPodTerm(pod, &list[i], 0))
	}
	return compiled
}

func weightedTerms(pod *corev1.Pod, list []corev1.WeightedPodAffinityTerm) (compiled []podTerm) {
	for i := range list {
		compiled = append(compiled, newPodTerm(pod, &list[i].PodAffinityTerm, int64(list[i].Weight)))
	}
	return compiled
}

// newPodTerm is newAffinityTerm: without any word of namespaces the pod's own is meant. matchLabelKeys are part of the selector since the
// pod's creation.
func newPodTerm(pod *corev1.Pod, t *corev1.PodAffinityTerm, weight int64) podTerm {
	namespaces := t.Namespaces
	if len(namespaces) == 0 && t.NamespaceSelector == nil {
		namespaces = []string{pod.Namespace}
	}
	return podTerm{
		weight: weight, key: t.TopologyKey, pods: selectorOf(t.LabelSelector),
		namespaces: namespaces, others: selectorOf(t.NamespaceSelector),
	}
}

// selectorOf is a selector that validation has let pass; one that it has not selects nothing.
func selectorOf(from *metav1.LabelSelector) selector.Selector {
	s, err := selector.FromLabelSelector(from)
	if err != nil {
		return selector.Nothing()
	}
	return s
}

// means says whether a pod is one of those that a term is about.
func (x *nodes) means(t *podTerm, pod *corev1.Pod) bool {
	return (slices.Contains(t.namespaces, pod.Namespace) || t.others.Matches(x.namespaces[pod.Namespace])) && t.pods.Matches(pod.Labels)
}

// meansInAll says whether a pod is what all the terms are about. Of no terms none is, as podMatchesAllAffinityTerms has it.
func (x *nodes) meansInAll(terms []podTerm, pod *corev1.Pod) bool {
	for i := range terms {
		if !x.means(&terms[i], pod) {
			return false
		}
	}
	return len(terms) > 0
}

func (x *nodes) meansInAny(terms []podTerm, pod *corev1.Pod) bool {
	return slices.ContainsFunc(terms, func(t podTerm) bool { return x.means(&t, pod) })
}
