package types

import corev1 "k8s.io/api/core/v1"

// eventCreate is ValidateEventCreate for the core group, whose events may have any name that can stand in a URL.
func (r *report) eventCreate(e *corev1.Event) {
	r.event(e)
	r.CommonCreate(&e.ObjectMeta, true)
}

// event is all that an event of the core group must pass, on creation and update.
func (r *report) event(e *corev1.Event) { r.Event(e, "reportingComponent") }
