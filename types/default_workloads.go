package types

import (
	"math"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// templateOf is the pod template of a kind that controllers make pods of, nil for all others.
func templateOf(obj runtime.Object) *corev1.PodTemplateSpec {
	switch obj := obj.(type) {
	case *appsv1.Deployment:
		return &obj.Spec.Template
	case *appsv1.ReplicaSet:
		return &obj.Spec.Template
	case *appsv1.StatefulSet:
		return &obj.Spec.Template
	case *appsv1.DaemonSet:
		return &obj.Spec.Template
	case *batchv1.Job:
		return &obj.Spec.Template
	case *batchv1.CronJob:
		return &obj.Spec.JobTemplate.Spec.Template
	}
	return nil
}

// defaultWorkload sets what of these kinds depends on other fields.
func defaultWorkload(obj runtime.Object) {
	switch obj := obj.(type) {
	case *appsv1.Deployment:
		defaultDeployment(&obj.Spec.Strategy)
	case *appsv1.StatefulSet:
		defaultStatefulSet(&obj.Spec)
	case *appsv1.DaemonSet:
		defaultDaemonSet(obj)
	case *batchv1.Job:
		defaultJob(obj)
	case *autoscalingv2.HorizontalPodAutoscaler:
		defaultAutoscaler(&obj.Spec)
	}
	maybe(templateOf(obj), func(t *corev1.PodTemplateSpec) { defaultPodSpec(&t.Spec) })
}

// defaultDeployment is SetDefaults_Deployment: a rolling update moves a quarter of the pods at a time.
func defaultDeployment(strategy *appsv1.DeploymentStrategy) {
	if strategy.Type == appsv1.RollingUpdateDeploymentStrategyType {
		orPointer(&strategy.RollingUpdate, appsv1.RollingUpdateDeployment{})
		orPointer(&strategy.RollingUpdate.MaxUnavailable, intstr.FromString("25%"))
		orPointer(&strategy.RollingUpdate.MaxSurge, intstr.FromString("25%"))
	}
}

// defaultStatefulSet is SetDefaults_StatefulSet. Who names the strategy, but not how it rolls, leaves that open.
func defaultStatefulSet(spec *appsv1.StatefulSetSpec) {
	strategy := &spec.UpdateStrategy
	if strategy.Type == "" {
		strategy.Type = appsv1.RollingUpdateStatefulSetStrategyType
		orPointer(&strategy.RollingUpdate, appsv1.RollingUpdateStatefulSetStrategy{})
	}
	if strategy.Type == appsv1.RollingUpdateStatefulSetStrategyType {
		maybe(strategy.RollingUpdate, func(u *appsv1.RollingUpdateStatefulSetStrategy) {
			orPointer(&u.Partition, 0)
			orPointer(&u.MaxUnavailable, intstr.FromInt32(1))
		})
	}
	each(spec.VolumeClaimTemplates, defaultClaim)
}

// defaultDaemonSet is SetDefaults_DaemonSet, and the count of its templates, which apps/v1 keeps in an annotation: the conversion from
// the internal version writes it, Convert_apps_DaemonSet_To_v1_DaemonSet.
func defaultDaemonSet(ds *appsv1.DaemonSet) {
	strategy := &ds.Spec.UpdateStrategy
	if strategy.Type == appsv1.RollingUpdateDaemonSetStrategyType {
		orPointer(&strategy.RollingUpdate, appsv1.RollingUpdateDaemonSet{})
		orPointer(&strategy.RollingUpdate.MaxUnavailable, intstr.FromInt32(1))
		orPointer(&strategy.RollingUpdate.MaxSurge, intstr.FromInt32(0))
	}
	if ds.Annotations[appsv1.DeprecatedTemplateGeneration] == "" {
		if ds.Annotations == nil {
			ds.Annotations = map[string]string{}
		}
		ds.Annotations[appsv1.DeprecatedTemplateGeneration] = "1"
	}
}

// defaultJob is SetDefaults_Job: one pod, unless the number of them is left open on purpose.
func defaultJob(job *batchv1.Job) {
	spec := &job.Spec
	if spec.Completions == nil && spec.Parallelism == nil {
		orPointer(&spec.Completions, 1)
	}
	orPointer(&spec.Parallelism, 1)
	if spec.BackoffLimitPerIndex != nil {
		orPointer(&spec.BackoffLimit, math.MaxInt32)
	}
	orPointer(&spec.BackoffLimit, 6)
	orPointer(&spec.CompletionMode, batchv1.NonIndexedCompletion)
	orPointer(&spec.Suspend, false)
	orPointer(&spec.ManualSelector, false)
	if spec.Template.Labels != nil && len(job.Labels) == 0 {
		job.Labels = copyMap(spec.Template.Labels)
	}
	if spec.PodFailurePolicy != nil {
		orPointer(&spec.PodReplacementPolicy, batchv1.Failed)
	}
	orPointer(&spec.PodReplacementPolicy, batchv1.TerminatingOrFailed)
}

// defaultAutoscaler is SetDefaults_HorizontalPodAutoscaler and, for a behavior that is given, SetDefaults_HorizontalPodAutoscalerBehavior.
func defaultAutoscaler(spec *autoscalingv2.HorizontalPodAutoscalerSpec) {
	orPointer(&spec.MinReplicas, 1)
	if len(spec.Metrics) == 0 {
		spec.Metrics = []autoscalingv2.MetricSpec{{
			Type: autoscalingv2.ResourceMetricSourceType,
			Resource: &autoscalingv2.ResourceMetricSource{
				Name:   corev1.ResourceCPU,
				Target: autoscalingv2.MetricTarget{Type: autoscalingv2.UtilizationMetricType, AverageUtilization: new(int32(80))},
			},
		}}
	}
	if b := spec.Behavior; b != nil {
		double := autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PercentScalingPolicy, Value: 100, PeriodSeconds: 15}
		four := autoscalingv2.HPAScalingPolicy{Type: autoscalingv2.PodsScalingPolicy, Value: 4, PeriodSeconds: 15}
		defaultScaling(&b.ScaleUp, four, double)
		orPointer(&b.ScaleUp.StabilizationWindowSeconds, 0)
		defaultScaling(&b.ScaleDown, double)
	}
}

func defaultScaling(rules **autoscalingv2.HPAScalingRules, policies ...autoscalingv2.HPAScalingPolicy) {
	orPointer(rules, autoscalingv2.HPAScalingRules{})
	orPointer(&(*rules).SelectPolicy, autoscalingv2.MaxChangePolicySelect)
	if (*rules).Policies == nil {
		(*rules).Policies = policies
	}
}
