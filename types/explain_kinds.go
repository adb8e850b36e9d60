package types

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/internal/closest"
	corev1 "k8s.io/api/core/v1"
)

// explainedKind is a kind and what a path may call it. The singular is the kind in small letters.
type explainedKind struct {
	of     reflect.Type
	plural string
	short  string
}

func (k explainedKind) singular() string { return strings.ToLower(k.of.Name()) }

// explainedKinds are all of core/v1 that discovery lists.
var explainedKinds = []explainedKind{
	{reflect.TypeFor[corev1.Binding](), "bindings", ""},
	{reflect.TypeFor[corev1.ComponentStatus](), "componentstatuses", "cs"},
	{reflect.TypeFor[corev1.ConfigMap](), "configmaps", "cm"},
	{reflect.TypeFor[corev1.Endpoints](), "endpoints", "ep"},
	{reflect.TypeFor[corev1.Event](), "events", "ev"},
	{reflect.TypeFor[corev1.LimitRange](), "limitranges", "limits"},
	{reflect.TypeFor[corev1.Namespace](), "namespaces", "ns"},
	{reflect.TypeFor[corev1.Node](), "nodes", "no"},
	{reflect.TypeFor[corev1.PersistentVolume](), "persistentvolumes", "pv"},
	{reflect.TypeFor[corev1.PersistentVolumeClaim](), "persistentvolumeclaims", "pvc"},
	{reflect.TypeFor[corev1.Pod](), "pods", "po"},
	{reflect.TypeFor[corev1.PodTemplate](), "podtemplates", ""},
	{reflect.TypeFor[corev1.ReplicationController](), "replicationcontrollers", "rc"},
	{reflect.TypeFor[corev1.ResourceQuota](), "resourcequotas", "quota"},
	{reflect.TypeFor[corev1.Secret](), "secrets", ""},
	{reflect.TypeFor[corev1.Service](), "services", "svc"},
	{reflect.TypeFor[corev1.ServiceAccount](), "serviceaccounts", "sa"},
}

// findExplainedKind finds a kind by its plural or singular in any case, or by its short name as it is: so do kubectl's
// DefaultRESTMapper and shortcutExpander.
func findExplainedKind(name string) (explainedKind, error) {
	lower := strings.ToLower(name)
	for _, k := range explainedKinds {
		if lower == k.plural || lower == k.singular() || name == k.short && name != "" {
			return k, nil
		}
	}
	problem := fmt.Sprintf("no kind of core/v1 is called %q", name)
	if near := nearestKind(name); near != "" {
		problem += fmt.Sprintf(", did you mean %q?", near)
	}
	return explainedKind{}, fmt.Errorf("%s", problem)
}

// nearestKind is the singular of the kind that name comes closest to by any of its names, the longer ones first.
func nearestKind(name string) string {
	var singular, plural, short []string
	for _, k := range explainedKinds {
		singular, plural, short = append(singular, k.singular()), append(plural, k.plural), append(short, k.short)
	}
	near := closest.To(name, slices.Concat(singular, plural, short))
	for i := range explainedKinds {
		if near != "" && (near == singular[i] || near == plural[i] || near == short[i]) {
			return singular[i]
		}
	}
	return ""
}
