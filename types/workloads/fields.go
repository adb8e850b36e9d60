package workloads

import (
	"strconv"

	"github.com/podwright/podwright/types/internal/rules"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Jobs and events are the kinds here that have fields of their own for field selectors: those of jobs as JobToSelectableFields has it.
func init() {
	rules.RegisterFields(batchv1.SchemeGroupVersion.WithKind("Job"), rules.Fields{
		Unknown: "field label %q not supported for Job",
		Values: map[string]func(metav1.Object) string{
			"metadata.name":      metav1.Object.GetName,
			"metadata.namespace": metav1.Object.GetNamespace,
			"status.successful": func(obj metav1.Object) string {
				return strconv.Itoa(int(obj.(*batchv1.Job).Status.Succeeded))
			},
		},
	})
}

// Events of this version have the fields of those of the core group for field selectors, but for the source, as
// AddFieldLabelConversionsForEvent has it. A server selects among events as it keeps them, which is in the core group's version, so both
// types are looked into.
func init() {
	of := func(newer func(*eventsv1.Event) string, older func(*corev1.Event) string) func(metav1.Object) string {
		return func(obj metav1.Object) string {
			if e, ok := obj.(*corev1.Event); ok {
				return older(e)
			}
			return newer(obj.(*eventsv1.Event))
		}
	}
	regarding := func(get func(*corev1.ObjectReference) string) func(metav1.Object) string {
		return of(func(e *eventsv1.Event) string { return get(&e.Regarding) }, func(e *corev1.Event) string { return get(&e.InvolvedObject) })
	}
	rules.RegisterFields(eventsv1.SchemeGroupVersion.WithKind("Event"), rules.Fields{
		Unknown: "field label not supported: %s",
		Values: map[string]func(metav1.Object) string{
			"metadata.name":             metav1.Object.GetName,
			"metadata.namespace":        metav1.Object.GetNamespace,
			"regarding.kind":            regarding(func(o *corev1.ObjectReference) string { return o.Kind }),
			"regarding.namespace":       regarding(func(o *corev1.ObjectReference) string { return o.Namespace }),
			"regarding.name":            regarding(func(o *corev1.ObjectReference) string { return o.Name }),
			"regarding.uid":             regarding(func(o *corev1.ObjectReference) string { return string(o.UID) }),
			"regarding.apiVersion":      regarding(func(o *corev1.ObjectReference) string { return o.APIVersion }),
			"regarding.resourceVersion": regarding(func(o *corev1.ObjectReference) string { return o.ResourceVersion }),
			"regarding.fieldPath":       regarding(func(o *corev1.ObjectReference) string { return o.FieldPath }),
			"reason": of(func(e *eventsv1.Event) string { return e.Reason },
				func(e *corev1.Event) string { return e.Reason }),
			"reportingController": of(func(e *eventsv1.Event) string { return e.ReportingController },
				func(e *corev1.Event) string { return e.ReportingController }),
			"type": of(func(e *eventsv1.Event) string { return e.Type },
				func(e *corev1.Event) string { return e.Type }),
		},
	})
}
