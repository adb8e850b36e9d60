package workloads_test

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/types"
)

func TestDefaultDeployment(t *testing.T) {
	quarter := new(intstr.FromString("25%"))
	for _, tt := range []struct {
		rule      string
		obj, want appsv1.DeploymentStrategy
	}{
		{"a deployment rolls a quarter at a time", appsv1.DeploymentStrategy{},
			appsv1.DeploymentStrategy{Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateDeployment{MaxUnavailable: quarter, MaxSurge: quarter}}},
		{"one that recreates does not roll", appsv1.DeploymentStrategy{Type: "Recreate"}, appsv1.DeploymentStrategy{Type: "Recreate"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			d := &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Strategy: tt.obj}}
			types.Default(d)
			equal(t, tt.want, d.Spec.Strategy)
		})
	}
}

func TestDeploymentErrors(t *testing.T) {
	refuses[appsv1.Deployment](t, []made{
		{"a deployment", selected, nil},
		{"a selector is required", named + "spec: {" + pods + "}", []string{
			"spec.selector: Required value",
			"spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template `labels`"}},
		{"an empty one is too wide", named + "spec: {selector: {}, " + pods + "}", []string{
			"spec.selector: Invalid value: {}: empty selector is invalid for deployment"}},
		{"numbers are not negative", selected + "  replicas: -1\n  minReadySeconds: -1\n  revisionHistoryLimit: -1", []string{
			"spec.replicas: Invalid value: -1: must be greater than or equal to 0",
			"spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
			"spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"}},
		{"progress takes longer than to be ready", selected + "  minReadySeconds: 600", []string{
			"spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"}},
		{"who recreates does not roll", selected + "  strategy: {type: Recreate, rollingUpdate: {}}", []string{
			"spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"}},
		{"there is no third way", selected + "  strategy: {type: Odd}", []string{
			`spec.strategy: Unsupported value: {"Type":"Odd","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"`}},
		{"something must move", selected + "  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}", []string{
			"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0"}},
		{"and no more than all", selected + "  strategy: {rollingUpdate: {maxUnavailable: 101%}}", []string{
			`spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%`}},
	})
}

func TestDeploymentUpdates(t *testing.T) {
	refusesChange[appsv1.Deployment](t, []changed{
		{"replicas change", selected + "  replicas: 1", "replicas: 1", "replicas: 2", nil},
		{"the selector stays", selected, "matchLabels: {app: a}", "matchExpressions: [{key: app, operator: Exists}]", []string{
			`spec.selector: Invalid value: {"matchExpressions":[{"key":"app","operator":"Exists"}]}: field is immutable`}},
	})
}

func TestDeploymentStatus(t *testing.T) {
	old := decoded[appsv1.Deployment](t, selected+"status: {collisionCount: 2}")
	obj := decoded[appsv1.Deployment](t, selected+"status: {replicas: 1, readyReplicas: 2, availableReplicas: 3, collisionCount: 1}")
	equal(t, []string{
		"status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
		"status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas",
		"status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas",
		"status.collisionCount: Invalid value: 1: cannot be decremented",
	}, lines(types.StatusUpdateErrors(obj, old)))
}

func TestDeploymentWarnings(t *testing.T) {
	odd := decoded[appsv1.Deployment](t, "metadata: {name: a.b, namespace: b, generation: 1}\nspec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {nodeSelector: {beta.kubernetes.io/os: linux}}}}")
	old := odd.DeepCopy()
	label := `spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead`
	equal(t, []string{"metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]", label},
		types.Warnings(odd))
	equal(t, []string(nil), types.UpdateWarnings(odd, old))
	odd.Generation = 2
	equal(t, []string{label}, types.UpdateWarnings(odd, old))
}
