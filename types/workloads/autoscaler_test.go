package workloads_test

import (
	"testing"

	autoscalingv2 "k8s.io/api/autoscaling/v2"

	"github.com/podwright/podwright/types"
)

func TestDefaultAutoscaler(t *testing.T) {
	double := autoscalingv2.HPAScalingPolicy{Type: "Percent", Value: 100, PeriodSeconds: 15}
	four := autoscalingv2.HPAScalingPolicy{Type: "Pods", Value: 4, PeriodSeconds: 15}
	most := new(autoscalingv2.MaxChangePolicySelect)
	a := &autoscalingv2.HorizontalPodAutoscaler{}
	types.Default(a)
	equal(t, autoscalingv2.HorizontalPodAutoscalerSpec{
		MinReplicas: new(int32(1)), Metrics: []autoscalingv2.MetricSpec{{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{
			Name: "cpu", Target: autoscalingv2.MetricTarget{Type: "Utilization", AverageUtilization: new(int32(80))},
		}}},
	}, a.Spec)
	a.Spec.Behavior = &autoscalingv2.HorizontalPodAutoscalerBehavior{}
	types.Default(a)
	equal(t, &autoscalingv2.HorizontalPodAutoscalerBehavior{
		ScaleUp:   &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: new(int32(0)), SelectPolicy: most, Policies: []autoscalingv2.HPAScalingPolicy{four, double}},
		ScaleDown: &autoscalingv2.HPAScalingRules{SelectPolicy: most, Policies: []autoscalingv2.HPAScalingPolicy{double}},
	}, a.Spec.Behavior)
}

func TestAutoscalerErrors(t *testing.T) {
	const target = "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: a}"
	refuses[autoscalingv2.HorizontalPodAutoscaler](t, []made{
		{"it has a target, and bounds, which the server notices last", named, []string{
			"spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
			"spec.scaleTargetRef.kind: Required value", "spec.scaleTargetRef.name: Required value",
			"spec.scaleTargetRef.apiVersion: Invalid value: \"\": apiVersion must specify API group",
			"spec.maxReplicas: Required value"}},
		{"who scales to nothing needs a measure from outside", named + "spec: {minReplicas: 0, maxReplicas: 1, " + target + "}", []string{
			"spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas"}},
		{"a metric has one source", named + "spec: {maxReplicas: 1, metrics: [{type: Pods, resource: {name: cpu, target: {type: Utilization, averageUtilization: 1}}}], " + target + "}", []string{
			"spec.metrics[0].pods: Required value: must populate information for the given metric source"}},
		{"and not two", named + "spec: {maxReplicas: 1, metrics: [{type: Resource, pods: {}, resource: {name: cpu, target: {type: Utilization, averageUtilization: 1}}}], " + target + "}", []string{
			"spec.metrics[0].pods.metric.name: Required value: must specify a metric name",
			"spec.metrics[0].pods.target.type: Required value: must specify a metric target type",
			"spec.metrics[0].pods.target.type: Invalid value: \"\": must be either Utilization, Value, or AverageValue",
			"spec.metrics[0].pods.target.averageValue: Required value: must specify a positive target averageValue",
			"spec.metrics[0].pods: Forbidden: must populate the given metric source only"}},
		{"changes are counted over half an hour at most", named + "spec: {maxReplicas: 1, behavior: {scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 1801}]}}, " + target + "}", []string{
			"spec.behavior.scaleUp.policies[0].periodSeconds: Invalid value: 1801: must be less than or equal to 1800"}},
	})
	refusesChange[autoscalingv2.HorizontalPodAutoscaler](t, []changed{
		{"a target that is of no group may stay so", named + "spec: {maxReplicas: 1, scaleTargetRef: {kind: Deployment, name: a}}", "maxReplicas: 1", "maxReplicas: 2", nil},
	})
}
