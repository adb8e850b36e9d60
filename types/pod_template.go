package types

import (
	"github.com/podwright/podwright/types/facts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// DefaultPodTemplate fills in, in place, the defaults of a pod template wherever it stands: in the spec of a Deployment, or in that
// of a kind of one's own. [Default] does so for the kinds it knows. nil is left alone, and a second call changes nothing.
func DefaultPodTemplate(t *corev1.PodTemplateSpec) {
	if t != nil {
		facts.Default(t)
		defaultPodSpec(&t.Spec)
	}
}

// PreparePodTemplate drops from t, in place, the fields of features that are off in v1.37, as DropDisabledTemplateFields does, unless
// old, the template before an update, uses the feature already. old is nil on creation; nil t is left alone.
func PreparePodTemplate(t, old *corev1.PodTemplateSpec) {
	if t == nil {
		return
	}
	var was *corev1.PodSpec
	maybe(old, func(old *corev1.PodTemplateSpec) { was = &old.Spec })
	dropDisabled(&t.Spec, was)
}

// PodTemplateErrors lists what the API server would refuse in a pod template that stands at a path, as ValidatePodTemplateSpec does.
// t must have its defaults, see [DefaultPodTemplate], and must not be nil. What a controller demands of its template beside that
// (a restart policy, labels that its selector selects) is its kind's own rule.
func PodTemplateErrors(at *field.Path, t *corev1.PodTemplateSpec) field.ErrorList {
	r := &report{}
	r.podTemplate(at, t)
	return r.Errors
}

// PodTemplateWarnings lists what the API server would warn of in a pod template that stands at a path, as GetWarningsForPodTemplate
// does. nil has no warnings.
func PodTemplateWarnings(at *field.Path, t *corev1.PodTemplateSpec) []string {
	if t == nil {
		return nil
	}
	w := &warnings{}
	w.pod(at, t.Annotations, &t.Spec)
	return w.texts
}
