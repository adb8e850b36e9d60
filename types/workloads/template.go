package workloads

import (
	"fmt"

	"github.com/podwright/podwright/types"
	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// report is what is wrong with an object of these kinds, with the rules that several of them share.
type report struct{ check.Report }

// requiredSelector wants a selector that selects some pods, not all.
func (r *report) requiredSelector(at *field.Path, s *metav1.LabelSelector, kind string) {
	if s == nil {
		r.Required(at, "")
		return
	}
	r.LabelSelector(at, s)
	r.selectsSome(at, s, kind)
}

func (r *report) selectsSome(at *field.Path, s *metav1.LabelSelector, kind string) {
	if s != nil && len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		r.Invalid(at, s, "empty selector is invalid for "+kind)
	}
}

// selectedTemplate is ValidatePodTemplateSpecForReplicaSet.
func (r *report) selectedTemplate(at *field.Path, s *metav1.LabelSelector, t *corev1.PodTemplateSpec) {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		r.Invalid(at.Child("selector"), s, "invalid label selector")
		return
	}
	at = at.Child("template")
	if !selector.Empty() {
		r.selects(at, selector, t)
	}
	r.Add(types.PodTemplateErrors(at, t)...)
	r.runsForever(at.Child("spec"), &t.Spec, "ReplicaSet")
}

func (r *report) selects(at *field.Path, selector labels.Selector, t *corev1.PodTemplateSpec) {
	if !selector.Matches(labels.Set(t.Labels)) {
		r.Invalid(at.Child("metadata", "labels"), t.Labels, "`selector` does not match template `labels`")
	}
}

// runsForever wants pods that are started again and again.
func (r *report) runsForever(at *field.Path, spec *corev1.PodSpec, kind string) {
	check.OneOf(&r.Report, at.Child("restartPolicy"), spec.RestartPolicy, corev1.RestartPolicyAlways)
	if spec.ActiveDeadlineSeconds != nil {
		r.Forbidden(at.Child("activeDeadlineSeconds"), "activeDeadlineSeconds in "+kind+" is not Supported")
	}
}

var templatePath = field.NewPath("spec", "template")

// namedPods warns of a name that is used in the names of pods, and so in their host names.
func namedPods(name string) []string {
	if messages := validation.IsDNS1123Label(name); len(messages) > 0 {
		return []string{fmt.Sprintf("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: %v", messages)}
	}
	return nil
}

// orPointer gives *field a value of its own if it has none.
func orPointer[T any](field **T, value T) {
	if *field == nil {
		*field = &value
	}
}

func isTrue(p *bool) bool { return p != nil && *p }

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
