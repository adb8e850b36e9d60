package sdk

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// StatusCondition holds for an object of any kind whose status.conditions has one of that type and status: a deployment that is
// "Available", a job that is "Complete", a kind of your own that is "Ready". The type is compared without regard to case. A condition
// that is of an older generation than the object does not count: of who says by observedGeneration, its own or the status's, which one it is of.
// As kubectl wait --for=condition does. A pod that has ended without it is an [ErrEnded].
func StatusCondition(t string, status metav1.ConditionStatus) Condition {
	name := "condition " + t
	if status != metav1.ConditionTrue {
		name += "=" + string(status)
	}
	return Condition{name: name, met: func(obj Object) (bool, error) {
		met, err := hasCondition(obj, t, string(status))
		if pod, ok := obj.(*corev1.Pod); ok && !met && err == nil {
			err = ended(pod)
		}
		return met, err
	}}
}

func hasCondition(obj Object, t, status string) (bool, error) {
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(obj)
	if err != nil {
		return false, fmt.Errorf("read the conditions of a %T: %w", obj, err)
	}
	conditions, _, err := unstructured.NestedSlice(fields, "status", "conditions")
	if err != nil {
		return false, fmt.Errorf("read the conditions of a %T: %w", obj, err)
	}
	for _, c := range conditions {
		condition, ok := c.(map[string]any)
		if !ok {
			continue
		}
		has, _, _ := unstructured.NestedString(condition, "type")
		is, _, _ := unstructured.NestedString(condition, "status")
		if strings.EqualFold(has, t) {
			return strings.EqualFold(is, status) && !outdated(obj, fields, condition), nil
		}
	}
	return false, nil
}

// outdated reports whether a condition was found of an older spec than the object has.
func outdated(obj Object, fields, condition map[string]any) bool {
	of, ok, _ := unstructured.NestedInt64(condition, "observedGeneration")
	if !ok {
		of, ok, _ = unstructured.NestedInt64(fields, "status", "observedGeneration")
	}
	return ok && of < obj.GetGeneration()
}
