package podfs

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/apimachinery/pkg/util/validation"
)

// ResourceValue tells what a resourceFieldRef of a pod is, which takes knowing the node.
type ResourceValue func(ref *corev1.ResourceFieldSelector) (string, error)

// DownwardPayload is what a downwardAPI volume shows of its pod, as downwardapi.CollectData does. Every item that has a
// problem is in the error. resource may be nil if no item needs it.
func DownwardPayload(
	pod *corev1.Pod, items []corev1.DownwardAPIVolumeFile, defaultMode *int32, resource ResourceValue,
) (Payload, error) {
	if defaultMode == nil {
		return nil, errNoMode
	}
	payload := make(Payload, len(items))
	var problems []error
	for i := range items {
		value, err := downwardValue(pod, &items[i], resource)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		payload[path.Clean(items[i].Path)] = PayloadFile{Data: []byte(value), Mode: fileMode(items[i].Mode, defaultMode)}
	}
	return payload, utilerrors.NewAggregate(problems)
}

func downwardValue(pod *corev1.Pod, item *corev1.DownwardAPIVolumeFile, resource ResourceValue) (string, error) {
	switch {
	case item.FieldRef != nil:
		return FieldValue(pod, item.FieldRef.FieldPath)
	case item.ResourceFieldRef != nil && resource == nil:
		return "", errors.New("resourceFieldRef: nothing here knows the resources of containers")
	case item.ResourceFieldRef != nil:
		return resource(item.ResourceFieldRef)
	}
	return "", nil
}

// FieldValue is a field of an object's metadata, as fieldpath.ExtractFieldPathAsString gives it: name, namespace, uid,
// all labels or annotations, or one of them by its key.
func FieldValue(object metav1.Object, fieldPath string) (string, error) {
	if of, key, ok := subscript(fieldPath); ok {
		return keyedValue(object, fieldPath, of, key)
	}
	switch fieldPath {
	case "metadata.annotations":
		return FormatMap(object.GetAnnotations()), nil
	case "metadata.labels":
		return FormatMap(object.GetLabels()), nil
	case "metadata.name":
		return object.GetName(), nil
	case "metadata.namespace":
		return object.GetNamespace(), nil
	case "metadata.uid":
		return string(object.GetUID()), nil
	}
	return "", fmt.Errorf("unsupported fieldPath: %v", fieldPath)
}

func keyedValue(object metav1.Object, fieldPath, of, key string) (string, error) {
	values, name := object.GetLabels(), key
	switch of {
	case "metadata.annotations":
		values, name = object.GetAnnotations(), strings.ToLower(key)
	case "metadata.labels":
	default:
		return "", fmt.Errorf("fieldPath %q does not support subscript", fieldPath)
	}
	if problems := validation.IsQualifiedName(name); len(problems) > 0 {
		return "", fmt.Errorf("invalid key subscript in %s: %s", fieldPath, strings.Join(problems, ";"))
	}
	return values[key], nil
}

// subscript takes metadata.labels['app'] apart.
func subscript(fieldPath string) (of, key string, ok bool) {
	inner, ok := strings.CutSuffix(fieldPath, "']")
	if !ok {
		return "", "", false
	}
	of, key, ok = strings.Cut(inner, "['")
	return of, key, ok && of != ""
}

// FormatMap writes labels or annotations as the downward API does: key="value", one a line, sorted.
func FormatMap(m map[string]string) string {
	lines := make([]string, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		lines = append(lines, key+"="+strconv.Quote(m[key]))
	}
	return strings.Join(lines, "\n")
}
