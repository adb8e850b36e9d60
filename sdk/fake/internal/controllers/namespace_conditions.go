package controllers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"
)

// remains is what is left in a namespace that is being emptied.
type remains struct {
	total      int
	resources  map[schema.GroupResource]int
	finalizers map[string]int
	estimate   int64 // seconds until it may be gone
	errs       []error
}

// add counts an object that is left. The estimate is the longest time that a pod has to stop, as
// estimateGracefulTermination makes it, or a guess where finalizers hold it.
func (m *remains) add(r *registry.Resource, obj store.Object, since time.Time) {
	m.total++
	m.resources[r.GroupResource()]++
	for _, f := range obj.GetFinalizers() {
		m.finalizers[f]++
		m.estimate = max(m.estimate, finalizerEstimate)
	}
	pod, ok := obj.(*corev1.Pod)
	if !ok || pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return
	}
	grace := ptr.Deref(pod.Spec.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	if time.Since(since) < time.Duration(grace)*time.Second {
		m.estimate = max(m.estimate, grace)
	}
}

// fine are the conditions of a namespace that is emptied without trouble, in the order in which they are set.
var fine = []corev1.NamespaceCondition{
	{Type: corev1.NamespaceDeletionDiscoveryFailure, Reason: "ResourcesDiscovered", Message: "All resources successfully discovered"},
	{Type: corev1.NamespaceDeletionGVParsingFailure, Reason: "ParsedGroupVersions", Message: "All legacy kube types successfully parsed"},
	{Type: corev1.NamespaceDeletionContentFailure, Reason: "ContentDeleted", Message: "All content successfully deleted, may be waiting on finalization"},
	{Type: corev1.NamespaceContentRemaining, Reason: "ContentRemoved", Message: "All content successfully removed"},
	{Type: corev1.NamespaceFinalizersRemaining, Reason: "ContentRemoved", Message: "All content successfully removed"},
}

// conditions are those of a namespace of which this remains.
func (m *remains) conditions() []corev1.NamespaceCondition {
	conditions := slices.Clone(fine)
	for i := range conditions {
		conditions[i].Status = corev1.ConditionFalse
		if reason, message := m.trouble(conditions[i].Type); reason != "" {
			conditions[i].Status, conditions[i].Reason, conditions[i].Message = corev1.ConditionTrue, reason, message
		}
	}
	return conditions
}

// trouble words what keeps a condition from being fine, in the words of the real controller.
func (m *remains) trouble(t corev1.NamespaceConditionType) (reason, message string) {
	switch {
	case t == corev1.NamespaceDeletionContentFailure && len(m.errs) > 0:
		var texts []string
		for _, err := range m.errs {
			texts = append(texts, err.Error())
		}
		return "ContentDeletionFailed", fmt.Sprintf("Failed to delete all resource types, %d remaining: %s", len(m.errs), joined(texts))
	case t == corev1.NamespaceContentRemaining && len(m.resources) > 0:
		var texts []string
		for r, n := range m.resources {
			texts = append(texts, fmt.Sprintf("%s.%s has %d resource instances", r.Resource, r.Group, n))
		}
		return "SomeResourcesRemain", "Some resources are remaining: " + joined(texts)
	case t == corev1.NamespaceFinalizersRemaining && len(m.finalizers) > 0:
		var texts []string
		for _, f := range slices.Sorted(maps.Keys(m.finalizers)) {
			texts = append(texts, fmt.Sprintf("%s in %d resource instances", f, m.finalizers[f]))
		}
		return "SomeFinalizersRemain", "Some finalizers are remaining: " + joined(texts)
	}
	return "", ""
}

func joined(texts []string) string {
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// setConditions sets each condition, with a new transition time where its status is another.
func setConditions(status *corev1.NamespaceStatus, conditions []corev1.NamespaceCondition) {
	for _, c := range conditions {
		i := slices.IndexFunc(status.Conditions, func(was corev1.NamespaceCondition) bool { return was.Type == c.Type })
		switch {
		case i < 0:
			c.LastTransitionTime = api.Now()
			status.Conditions = append(status.Conditions, c)
		default:
			c.LastTransitionTime = status.Conditions[i].LastTransitionTime
			if status.Conditions[i].Status != c.Status {
				c.LastTransitionTime = api.Now()
			}
			status.Conditions[i] = c
		}
	}
}
