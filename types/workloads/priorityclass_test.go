package workloads_test

import (
	"testing"

	schedulingv1 "k8s.io/api/scheduling/v1"
)

func TestPriorityClassErrors(t *testing.T) {
	refuses[schedulingv1.PriorityClass](t, []made{
		{"a user's priority has a bound", "metadata: {name: a}\nvalue: 1000000001", []string{
			"value: Forbidden: maximum allowed value of a user defined priority is 1000000000"}},
		{"the system's classes are known", "metadata: {name: system-node-critical}\nvalue: 2000001000", nil},
		{"and have their values", "metadata: {name: system-node-critical}\nvalue: 1", []string{
			"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: value of system-node-critical PriorityClass must be 2000001000"}},
		{"no others begin like them", "metadata: {name: system-a}\nvalue: 1", []string{
			"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-a is not a known system priority class"}},
	})
	const class = "metadata: {name: a, resourceVersion: '1'}\nvalue: 1\npreemptionPolicy: Never"
	refusesChange[schedulingv1.PriorityClass](t, []changed{
		{"its value stays", class, "value: 1", "value: 2", []string{"value: Forbidden: may not be changed in an update."}},
		{"and its policy", class, "Never", "PreemptLowerPriority", []string{`preemptionPolicy: Invalid value: "PreemptLowerPriority": field is immutable`}},
	})
}
