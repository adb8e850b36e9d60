package kubelet

import (
	"fmt"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// fieldValue is what a fieldRef gives an environment variable, as podFieldSelectorRuntimeValue does.
func (w *worker) fieldValue(pod *corev1.Pod, path string) (string, error) {
	switch path {
	case "metadata.name":
		return pod.Name, nil
	case "metadata.namespace":
		return pod.Namespace, nil
	case "metadata.uid":
		return string(pod.UID), nil
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	case "status.hostIP", "status.hostIPs":
		return w.node.IP.String(), nil
	case "status.podIP", "status.podIPs":
		return w.ip, nil
	}
	if key, ok := subscript(path, "metadata.labels"); ok {
		return pod.Labels[key], nil
	}
	if key, ok := subscript(path, "metadata.annotations"); ok {
		return pod.Annotations[key], nil
	}
	return "", fmt.Errorf("unsupported fieldPath: %s", path)
}

// subscript takes the key out of a path such as metadata.labels['app'].
func subscript(path, of string) (string, bool) {
	rest, ok := strings.CutPrefix(path, of+"['")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "']")
}

// resourceValue is what a resourceFieldRef gives, rounded up to whole divisors, as ExtractContainerResourceValue does.
func (w *worker) resourceValue(pod *corev1.Pod, spec *corev1.Container, ref *corev1.ResourceFieldSelector) (string, error) {
	if ref.ContainerName != "" {
		if spec = specOf(pod, ref.ContainerName); spec == nil {
			return "", fmt.Errorf("container %s not found", ref.ContainerName)
		}
	}
	kind, name, _ := strings.Cut(ref.Resource, ".")
	var amount resource.Quantity
	switch kind {
	case "limits":
		amount = w.limit(pod, spec, corev1.ResourceName(name))
	case "requests":
		amount = spec.Resources.Requests[corev1.ResourceName(name)]
	default:
		return "", fmt.Errorf("unsupported container resource : %s", ref.Resource)
	}
	return strconv.FormatInt(divide(amount, ref.Divisor, name == string(corev1.ResourceCPU)), 10), nil
}

// limit is the limit of a container, or that of its pod if it has none; without both it is all that the node has, as
// defaultPodLimitsForDownwardAPI has it.
func (w *worker) limit(pod *corev1.Pod, spec *corev1.Container, name corev1.ResourceName) resource.Quantity {
	limit := spec.Resources.Limits[name]
	if strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix) {
		return limit // these are never overcommitted
	}
	if limit.IsZero() && pod.Spec.Resources != nil {
		limit = pod.Spec.Resources.Limits[name]
	}
	if limit.IsZero() {
		limit = w.node.resources()[name]
	}
	return limit
}

// divide rounds up. Processors count in thousandths. A divisor of zero is one.
func divide(amount, divisor resource.Quantity, milli bool) int64 {
	if divisor.IsZero() {
		divisor = *resource.NewQuantity(1, resource.DecimalSI)
	}
	a, d := amount.Value(), divisor.Value()
	if milli {
		a, d = amount.MilliValue(), divisor.MilliValue()
	}
	return (a + d - 1) / d
}
