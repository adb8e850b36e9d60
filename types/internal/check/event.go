package check

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Event is legacyValidateEvent: what an event must pass in every version, on creation and update. One with a time of its own (eventTime)
// is of the new form, and says who reports it, in a field that each version calls otherwise.
func (r *Report) Event(e *corev1.Event, reporter string) {
	about, at := e.InvolvedObject.Namespace, field.NewPath("involvedObject", "namespace")
	old := e.EventTime.IsZero()
	matches := about == e.Namespace || about == "" && e.Namespace == metav1.NamespaceDefault
	if !old {
		matches = about != "" || e.Namespace == metav1.NamespaceDefault || e.Namespace == metav1.NamespaceSystem
	}
	if !matches {
		r.Invalid(at, about, "does not match event.namespace")
	}
	if old {
		return
	}
	r.reporter(field.NewPath(reporter), e.ReportingController)
	for _, f := range []struct {
		name, value string
		most        int
	}{{"reportingInstance", e.ReportingInstance, 128}, {"action", e.Action, 128}, {"reason", e.Reason, 128}} {
		r.Present(field.NewPath(f.name), f.value)
		r.atMost(field.NewPath(f.name), f.value, f.most)
	}
	r.atMost(field.NewPath("message"), e.Message, 1024)
}

// reporter is a required name that is looked at even if it is missing.
func (r *Report) reporter(at *field.Path, name string) {
	r.Present(at, name)
	r.Messages(at, name, validation.IsQualifiedName(name))
}

func (r *Report) atMost(at *field.Path, text string, most int) {
	if len(text) > most {
		r.Invalid(at, "", fmt.Sprintf("can have at most %d characters", most))
	}
}
