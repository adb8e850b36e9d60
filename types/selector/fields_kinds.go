package selector

import (
	"cmp"
	"strconv"

	"github.com/podwright/podwright/types/internal/rules"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The field labels that most kinds have.
const (
	fieldName      = "metadata.name"
	fieldNamespace = "metadata.namespace"
)

type fieldGetter = func(metav1.Object) string

// metadata are the fields of kinds without a row, as runtime.DefaultMetaV1FieldSelectorConversion has it.
var metadata = map[string]fieldGetter{
	fieldName:      metav1.Object.GetName,
	fieldNamespace: metav1.Object.GetNamespace,
}

// fieldRow is what selectors may say of one kind.
type fieldRow struct {
	fields  map[string]fieldGetter
	aliases map[string]string // of fields that were called otherwise once
	unknown string            // the format of the error about any other field
}

// fieldsOf is the row of a kind: one of those here, or one that another package has left.
func fieldsOf(kind schema.GroupVersionKind) (fieldRow, bool) {
	if row, ok := selectable[kind]; ok {
		row.unknown = "field label not supported: %s"
		return row, true
	}
	f, ok := rules.FieldsOf(kind)
	return fieldRow{fields: f.Values, unknown: f.Unknown}, ok
}

// selectable are the kinds of core/v1 that have fields of their own: which, as in the AddFieldLabelConversions of
// pkg/apis/core/v1, and with which values, as in the ToSelectableFields of each kind's pkg/registry/core. Kinds without
// namespaces do not know the label metadata.namespace.
var selectable = map[schema.GroupVersionKind]fieldRow{
	core("Pod"): {
		fields: map[string]fieldGetter{
			fieldName:                  metav1.Object.GetName,
			fieldNamespace:             metav1.Object.GetNamespace,
			"spec.nodeName":            of(func(p *corev1.Pod) string { return p.Spec.NodeName }),
			"spec.restartPolicy":       of(func(p *corev1.Pod) string { return string(p.Spec.RestartPolicy) }),
			"spec.schedulerName":       of(func(p *corev1.Pod) string { return p.Spec.SchedulerName }),
			"spec.serviceAccountName":  of(func(p *corev1.Pod) string { return p.Spec.ServiceAccountName }),
			"spec.hostNetwork":         of(func(p *corev1.Pod) string { return strconv.FormatBool(p.Spec.HostNetwork) }),
			"status.phase":             of(func(p *corev1.Pod) string { return string(p.Status.Phase) }),
			"status.podIP":             of(podIP),
			"status.podIPs":            of(func(*corev1.Pod) string { return "" }), // a label that no pod has a value of
			"status.nominatedNodeName": of(func(p *corev1.Pod) string { return p.Status.NominatedNodeName }),
		},
		aliases: map[string]string{"spec.host": "spec.nodeName"},
	},
	core("ReplicationController"): {fields: map[string]fieldGetter{
		fieldName:         metav1.Object.GetName,
		fieldNamespace:    metav1.Object.GetNamespace,
		"status.replicas": of(func(rc *corev1.ReplicationController) string { return strconv.Itoa(int(rc.Status.Replicas)) }),
	}},
	core("Node"): {fields: map[string]fieldGetter{
		fieldName:            metav1.Object.GetName,
		"spec.unschedulable": of(func(n *corev1.Node) string { return strconv.FormatBool(n.Spec.Unschedulable) }),
	}},
	core("Namespace"): {fields: map[string]fieldGetter{
		fieldName:      metav1.Object.GetName,
		"status.phase": of(func(n *corev1.Namespace) string { return string(n.Status.Phase) }),
	}},
	core("Secret"): {fields: map[string]fieldGetter{
		fieldName:      metav1.Object.GetName,
		fieldNamespace: metav1.Object.GetNamespace,
		"type":         of(func(s *corev1.Secret) string { return string(s.Type) }),
	}},
	core("Service"): {fields: map[string]fieldGetter{
		fieldName:        metav1.Object.GetName,
		fieldNamespace:   metav1.Object.GetNamespace,
		"spec.clusterIP": of(func(s *corev1.Service) string { return s.Spec.ClusterIP }),
		"spec.type":      of(func(s *corev1.Service) string { return string(s.Spec.Type) }),
	}},
	core("Event"): {fields: map[string]fieldGetter{
		fieldName:                        metav1.Object.GetName,
		fieldNamespace:                   metav1.Object.GetNamespace,
		"involvedObject.kind":            of(func(e *corev1.Event) string { return e.InvolvedObject.Kind }),
		"involvedObject.namespace":       of(func(e *corev1.Event) string { return e.InvolvedObject.Namespace }),
		"involvedObject.name":            of(func(e *corev1.Event) string { return e.InvolvedObject.Name }),
		"involvedObject.uid":             of(func(e *corev1.Event) string { return string(e.InvolvedObject.UID) }),
		"involvedObject.apiVersion":      of(func(e *corev1.Event) string { return e.InvolvedObject.APIVersion }),
		"involvedObject.resourceVersion": of(func(e *corev1.Event) string { return e.InvolvedObject.ResourceVersion }),
		"involvedObject.fieldPath":       of(func(e *corev1.Event) string { return e.InvolvedObject.FieldPath }),
		"reason":                         of(func(e *corev1.Event) string { return e.Reason }),
		"reportingComponent":             of(func(e *corev1.Event) string { return e.ReportingController }),
		"source":                         of(func(e *corev1.Event) string { return cmp.Or(e.Source.Component, e.ReportingController) }),
		"type":                           of(func(e *corev1.Event) string { return e.Type }),
	}},
}

func core(kind string) schema.GroupVersionKind { return corev1.SchemeGroupVersion.WithKind(kind) }

// of makes a getter of one that knows the type.
func of[T metav1.Object](get func(T) string) fieldGetter {
	return func(obj metav1.Object) string { return get(obj.(T)) }
}

// podIP is the first of the pod's addresses: of the two fields the older one counts, as in Convert_v1_PodStatus_To_core_PodStatus.
func podIP(p *corev1.Pod) string {
	if p.Status.PodIP == "" && len(p.Status.PodIPs) > 0 {
		return p.Status.PodIPs[0].IP
	}
	return p.Status.PodIP
}
