package workloads_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
)

func TestReplicaSetErrors(t *testing.T) {
	refuses[appsv1.ReplicaSet](t, []made{
		{"a replica set", selected, nil},
		{"it selects the template's pods", named + "spec: {selector: {matchLabels: {app: z}}, " + pods + "}", []string{
			"spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template `labels`"}},
		{"they are started again", named + "spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {restartPolicy: Never, activeDeadlineSeconds: 5, containers: [{name: c, image: c}]}}}", []string{
			`spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"`,
			"spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"}},
	})
	refusesChange[appsv1.ReplicaSet](t, []changed{
		{"the selector stays", selected, "matchLabels: {app: a}", "matchExpressions: [{key: app, operator: Exists}]", []string{
			`spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable`}},
	})
}
