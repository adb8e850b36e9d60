package workloads

import (
	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The labels that pods of jobs had before labels of Kubernetes had a domain.
const (
	legacyJobName       = "job-name"
	legacyControllerUID = "controller-uid"
)

// ownLabel is a label by which a job knows its pods.
type ownLabel struct{ key, value string }

func ownLabels(job *batchv1.Job) []ownLabel {
	return []ownLabel{
		{legacyControllerUID, string(job.UID)}, {legacyJobName, job.Name}, {batchv1.ControllerUidLabel, string(job.UID)}, {batchv1.JobNameLabel, job.Name},
	}
}

// selectOwnPods labels a job's pods with its name and UID and selects by the latter, unless the selector is the user's
// business, as generateSelectorIfNeeded does. What is set already is left to validation.
func selectOwnPods(job *batchv1.Job) {
	if isTrue(job.Spec.ManualSelector) {
		return
	}
	for _, l := range ownLabels(job) {
		addMissingLabel(&job.Spec.Template.Labels, l.key, l.value)
	}
	if job.Spec.Selector == nil {
		job.Spec.Selector = &metav1.LabelSelector{}
	}
	addMissingLabel(&job.Spec.Selector.MatchLabels, batchv1.ControllerUidLabel, string(job.UID))
}

func addMissingLabel(labels *map[string]string, key, value string) {
	if *labels == nil {
		*labels = map[string]string{}
	}
	if _, ok := (*labels)[key]; !ok {
		(*labels)[key] = value
	}
}

// generatedSelector is validateGeneratedSelector of a new job: who leaves the selector to the server sets nothing that is in its way.
func (r *report) generatedSelector(job *batchv1.Job) {
	if isTrue(job.Spec.ManualSelector) || job.Spec.Selector == nil {
		return
	}
	expected := labels.Set{}
	for _, l := range ownLabels(job) {
		r.hasLabel(job.Spec.Template.Labels, l)
		expected[l.key] = l.value
	}
	if selector, err := metav1.LabelSelectorAsSelector(job.Spec.Selector); err == nil && !selector.Matches(expected) {
		r.Invalid(field.NewPath("spec", "selector"), job.Spec.Selector, "`selector` not auto-generated")
	}
}

// hasLabel is ValidateHasLabel.
func (r *report) hasLabel(of map[string]string, l ownLabel) {
	at := field.NewPath("spec", "template", "metadata", "labels").Key(l.key)
	switch value, ok := of[l.key]; {
	case !ok:
		r.Required(at, "must be '"+l.value+"'")
	case value != l.value:
		r.Invalid(at, of, "must be '"+l.value+"'")
	}
}
