package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// lessTemplate takes away what the tests of pods show.
func lessTemplate(obj runtime.Object) runtime.Object {
	switch obj := obj.(type) {
	case *appsv1.Deployment:
		obj.Spec.Template = corev1.PodTemplateSpec{}
	case *appsv1.ReplicaSet:
		obj.Spec.Template = corev1.PodTemplateSpec{}
	case *appsv1.StatefulSet:
		obj.Spec.Template = corev1.PodTemplateSpec{}
	case *appsv1.DaemonSet:
		obj.Spec.Template = corev1.PodTemplateSpec{}
	case *batchv1.Job:
		obj.Spec.Template = corev1.PodTemplateSpec{}
	case *batchv1.CronJob:
		obj.Spec.JobTemplate.Spec.Template = corev1.PodTemplateSpec{}
	}
	return obj
}

func TestDefaultWorkloads(t *testing.T) {
	counted := metav1.ObjectMeta{Annotations: map[string]string{"deprecated.daemonset.template.generation": "1"}}
	quarter, one, none := new(intstr.FromString("25%")), new(intstr.FromInt32(1)), new(intstr.FromInt32(0))
	retain := &appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy{WhenDeleted: "Retain", WhenScaled: "Retain"}
	double := autoscalingv2.HPAScalingPolicy{Type: "Percent", Value: 100, PeriodSeconds: 15}
	four := autoscalingv2.HPAScalingPolicy{Type: "Pods", Value: 4, PeriodSeconds: 15}
	cpu := []autoscalingv2.MetricSpec{{Type: "Resource", Resource: &autoscalingv2.ResourceMetricSource{
		Name: "cpu", Target: autoscalingv2.MetricTarget{Type: "Utilization", AverageUtilization: new(int32(80))},
	}}}
	hundred, two := resource.MustParse("100m"), resource.MustParse("2")
	jobSpec := func(change func(*batchv1.JobSpec)) batchv1.JobSpec {
		spec := batchv1.JobSpec{
			Completions: new(int32(1)), Parallelism: new(int32(1)), BackoffLimit: new(int32(6)), CompletionMode: new(batchv1.NonIndexedCompletion),
			Suspend: new(false), ManualSelector: new(false), PodReplacementPolicy: new(batchv1.TerminatingOrFailed),
		}
		change(&spec)
		return spec
	}
	for _, tt := range []struct {
		rule      string
		obj, want runtime.Object
	}{
		{"a deployment rolls a quarter at a time", &appsv1.Deployment{}, &appsv1.Deployment{Spec: appsv1.DeploymentSpec{
			Replicas: new(int32(1)), RevisionHistoryLimit: new(int32(10)), ProgressDeadlineSeconds: new(int32(600)),
			Strategy: appsv1.DeploymentStrategy{Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateDeployment{MaxUnavailable: quarter, MaxSurge: quarter}},
		}}},
		{"one that recreates does not roll", &appsv1.Deployment{Spec: appsv1.DeploymentSpec{Replicas: new(int32(0)), Strategy: appsv1.DeploymentStrategy{Type: "Recreate"}}},
			&appsv1.Deployment{Spec: appsv1.DeploymentSpec{
				Replicas: new(int32(0)), RevisionHistoryLimit: new(int32(10)), ProgressDeadlineSeconds: new(int32(600)),
				Strategy: appsv1.DeploymentStrategy{Type: "Recreate"},
			}}},
		{"a replica set keeps one pod", &appsv1.ReplicaSet{}, &appsv1.ReplicaSet{Spec: appsv1.ReplicaSetSpec{Replicas: new(int32(1))}}},
		{"a stateful set rolls one by one", &appsv1.StatefulSet{}, &appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{
			Replicas: new(int32(1)), RevisionHistoryLimit: new(int32(10)), PodManagementPolicy: "OrderedReady", PersistentVolumeClaimRetentionPolicy: retain,
			UpdateStrategy: appsv1.StatefulSetUpdateStrategy{
				Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateStatefulSetStrategy{Partition: new(int32(0)), MaxUnavailable: one},
			},
		}}},
		{"unless its strategy is named without saying how",
			&appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: "RollingUpdate"}}},
			&appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{
				Replicas: new(int32(1)), RevisionHistoryLimit: new(int32(10)), PodManagementPolicy: "OrderedReady", PersistentVolumeClaimRetentionPolicy: retain,
				UpdateStrategy: appsv1.StatefulSetUpdateStrategy{Type: "RollingUpdate"},
			}}},
		{"a daemon set counts its templates", &appsv1.DaemonSet{}, &appsv1.DaemonSet{ObjectMeta: counted, Spec: appsv1.DaemonSetSpec{
			RevisionHistoryLimit: new(int32(10)),
			UpdateStrategy:       appsv1.DaemonSetUpdateStrategy{Type: "RollingUpdate", RollingUpdate: &appsv1.RollingUpdateDaemonSet{MaxUnavailable: one, MaxSurge: none}},
		}}},
		{"a job runs one pod", &batchv1.Job{}, &batchv1.Job{Spec: jobSpec(func(*batchv1.JobSpec) {})}},
		{"a parallel one is done when any is", &batchv1.Job{Spec: batchv1.JobSpec{Parallelism: new(int32(3))}},
			&batchv1.Job{Spec: jobSpec(func(s *batchv1.JobSpec) { s.Completions, s.Parallelism = nil, new(int32(3)) })}},
		{"with a limit for each index there is none for all", &batchv1.Job{Spec: batchv1.JobSpec{BackoffLimitPerIndex: new(int32(2))}},
			&batchv1.Job{Spec: jobSpec(func(s *batchv1.JobSpec) { s.BackoffLimitPerIndex, s.BackoffLimit = new(int32(2)), new(int32(1<<31-1)) })}},
		{"with a failure policy only failed pods are replaced", &batchv1.Job{Spec: batchv1.JobSpec{PodFailurePolicy: &batchv1.PodFailurePolicy{}}},
			&batchv1.Job{Spec: jobSpec(func(s *batchv1.JobSpec) {
				s.PodFailurePolicy, s.PodReplacementPolicy = &batchv1.PodFailurePolicy{}, new(batchv1.Failed)
			})}},
		{"a job template gets none of that", &batchv1.CronJob{}, &batchv1.CronJob{Spec: batchv1.CronJobSpec{
			ConcurrencyPolicy: "Allow", Suspend: new(false), SuccessfulJobsHistoryLimit: new(int32(3)), FailedJobsHistoryLimit: new(int32(1)),
		}}},
		{"an autoscaler goes by the processors", &autoscalingv2.HorizontalPodAutoscaler{}, &autoscalingv2.HorizontalPodAutoscaler{
			Spec: autoscalingv2.HorizontalPodAutoscalerSpec{MinReplicas: new(int32(1)), Metrics: cpu},
		}},
		{"a behavior is completed both ways",
			&autoscalingv2.HorizontalPodAutoscaler{Spec: autoscalingv2.HorizontalPodAutoscalerSpec{Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{}}},
			&autoscalingv2.HorizontalPodAutoscaler{Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
				MinReplicas: new(int32(1)), Metrics: cpu,
				Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{
					ScaleUp: &autoscalingv2.HPAScalingRules{
						StabilizationWindowSeconds: new(int32(0)), SelectPolicy: new(autoscalingv2.MaxChangePolicySelect), Policies: []autoscalingv2.HPAScalingPolicy{four, double},
					},
					ScaleDown: &autoscalingv2.HPAScalingRules{SelectPolicy: new(autoscalingv2.MaxChangePolicySelect), Policies: []autoscalingv2.HPAScalingPolicy{double}},
				},
			}}},
		{"a priority class preempts", &schedulingv1.PriorityClass{}, &schedulingv1.PriorityClass{PreemptionPolicy: new(corev1.PreemptLowerPriority)}},
		{"a port of a slice has a name", &discoveryv1.EndpointSlice{Ports: []discoveryv1.EndpointPort{{}}},
			&discoveryv1.EndpointSlice{Ports: []discoveryv1.EndpointPort{{Name: new(""), Protocol: new(corev1.ProtocolTCP)}}}},
		{"a container's limit follows from the most it may have, its request from the limit",
			&corev1.LimitRange{Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{
				Type: "Container", Max: corev1.ResourceList{"cpu": two}, Min: corev1.ResourceList{"cpu": hundred, "memory": hundred}}}}},
			&corev1.LimitRange{Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{
				Type: "Container", Max: corev1.ResourceList{"cpu": two}, Min: corev1.ResourceList{"cpu": hundred, "memory": hundred},
				Default: corev1.ResourceList{"cpu": two}, DefaultRequest: corev1.ResourceList{"cpu": two, "memory": hundred}}}}}},
		{"a pod's does not", &corev1.LimitRange{Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{Type: "Pod", Max: corev1.ResourceList{"cpu": two}}}}},
			&corev1.LimitRange{Spec: corev1.LimitRangeSpec{Limits: []corev1.LimitRangeItem{{Type: "Pod", Max: corev1.ResourceList{"cpu": two}}}}}},
		{"what a quota says is rounded up", &corev1.ResourceQuota{Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{"cpu": resource.MustParse("99500u")}}},
			&corev1.ResourceQuota{Spec: corev1.ResourceQuotaSpec{Hard: corev1.ResourceList{"cpu": hundred}}}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			types.Default(tt.obj)
			if diff := cmp.Diff(tt.want, lessTemplate(tt.obj)); diff != "" {
				t.Errorf("defaults (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDefaultTemplates: whatever makes pods has a pod's defaults in its template.
func TestDefaultTemplates(t *testing.T) {
	spec := corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "c:1"}}}
	want := &corev1.PodTemplate{Template: corev1.PodTemplateSpec{Spec: *spec.DeepCopy()}}
	types.Default(want)
	template := func() corev1.PodTemplateSpec { return corev1.PodTemplateSpec{Spec: *spec.DeepCopy()} }
	deployment, set, stateful, daemons := &appsv1.Deployment{}, &appsv1.ReplicaSet{}, &appsv1.StatefulSet{}, &appsv1.DaemonSet{}
	job, cron := &batchv1.Job{}, &batchv1.CronJob{}
	for _, tt := range []struct {
		obj      runtime.Object
		template *corev1.PodTemplateSpec
	}{
		{deployment, &deployment.Spec.Template},
		{set, &set.Spec.Template},
		{stateful, &stateful.Spec.Template},
		{daemons, &daemons.Spec.Template},
		{job, &job.Spec.Template},
		{cron, &cron.Spec.JobTemplate.Spec.Template},
	} {
		*tt.template = template()
		types.Default(tt.obj)
		if diff := cmp.Diff(want.Template, *tt.template); diff != "" {
			t.Errorf("template of a %T (-want +got):\n%s", tt.obj, diff)
		}
	}
}
