package types

import (
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// workload checks the kinds of apps/v1 on creation, and reports whether obj is one.
func (r *report) workload(obj runtime.Object) bool {
	switch obj := obj.(type) {
	case *appsv1.Deployment:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
		r.deploymentSpec(&obj.Spec)
	case *appsv1.ReplicaSet:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
		r.replicaSetSpec(&obj.Spec)
	case *appsv1.StatefulSet:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSLabel)
		r.statefulSetSpec(&obj.Spec)
	case *appsv1.DaemonSet:
		r.metadata(&obj.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
		r.daemonSetSpec(&obj.Spec)
	default:
		return false
	}
	return true
}

// workloadUpdate checks an update of the same kinds: the spec as on creation, and what of it never changes.
func (r *report) workloadUpdate(obj, old runtime.Object) bool {
	at := field.NewPath("spec")
	immutable := func(value, was any, name string) {
		r.add(apivalidation.ValidateImmutableField(value, was, at.Child(name))...)
	}
	switch obj := obj.(type) {
	case *appsv1.Deployment:
		was := old.(*appsv1.Deployment)
		r.metadataUpdate(&obj.ObjectMeta, &was.ObjectMeta)
		r.deploymentSpec(&obj.Spec)
		immutable(obj.Spec.Selector, was.Spec.Selector, "selector")
	case *appsv1.ReplicaSet:
		was := old.(*appsv1.ReplicaSet)
		r.metadataUpdate(&obj.ObjectMeta, &was.ObjectMeta)
		r.replicaSetSpec(&obj.Spec)
		immutable(obj.Spec.Selector, was.Spec.Selector, "selector")
	case *appsv1.StatefulSet:
		was := old.(*appsv1.StatefulSet)
		r.metadataUpdate(&obj.ObjectMeta, &was.ObjectMeta)
		r.statefulSetSpec(&obj.Spec)
		immutable(obj.Spec.Selector, was.Spec.Selector, "selector")
		immutable(obj.Spec.VolumeClaimTemplates, was.Spec.VolumeClaimTemplates, "volumeClaimTemplates")
		immutable(obj.Spec.ServiceName, was.Spec.ServiceName, "serviceName")
		immutable(obj.Spec.PodManagementPolicy, was.Spec.PodManagementPolicy, "podManagementPolicy")
	case *appsv1.DaemonSet:
		was := old.(*appsv1.DaemonSet)
		r.metadataUpdate(&obj.ObjectMeta, &was.ObjectMeta)
		immutable(obj.Spec.Selector, was.Spec.Selector, "selector")
		r.daemonSetSpec(&obj.Spec)
	default:
		return false
	}
	return true
}

// deploymentSpec is ValidateDeploymentSpec.
func (r *report) deploymentSpec(spec *appsv1.DeploymentSpec) {
	at := field.NewPath("spec")
	r.count(at.Child("replicas"), spec.Replicas)
	r.requiredSelector(at.Child("selector"), spec.Selector, "deployment")
	r.selectedTemplate(at, spec.Selector, &spec.Template, "ReplicaSet")
	r.deploymentStrategy(at.Child("strategy"), &spec.Strategy)
	r.nonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.count(at.Child("revisionHistoryLimit"), spec.RevisionHistoryLimit)
	r.count(at.Child("progressDeadlineSeconds"), spec.ProgressDeadlineSeconds)
	if p := spec.ProgressDeadlineSeconds; p != nil && *p <= spec.MinReadySeconds {
		r.invalid(at.Child("progressDeadlineSeconds"), *p, "must be greater than minReadySeconds")
	}
}

// replicaSetSpec is ValidateReplicaSetSpec, whose words about an empty selector are a deployment's.
func (r *report) replicaSetSpec(spec *appsv1.ReplicaSetSpec) {
	at := field.NewPath("spec")
	r.count(at.Child("replicas"), spec.Replicas)
	r.nonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.requiredSelector(at.Child("selector"), spec.Selector, "deployment")
	r.selectedTemplate(at, spec.Selector, &spec.Template, "ReplicaSet")
}

// count wants a number that is given not to be negative.
func (r *report) count(at *field.Path, n *int32) {
	maybe(n, func(n *int32) { r.nonNegative(at, int64(*n)) })
}

func (r *report) requiredSelector(at *field.Path, s *metav1.LabelSelector, kind string) {
	if s == nil {
		r.required(at, "")
		return
	}
	r.labelSelector(at, s)
	r.selectsSome(at, s, kind)
}

func (r *report) selectsSome(at *field.Path, s *metav1.LabelSelector, kind string) {
	if s != nil && len(s.MatchLabels)+len(s.MatchExpressions) == 0 {
		r.invalid(at, s, "empty selector is invalid for "+kind)
	}
}

// selectedTemplate is ValidatePodTemplateSpecForReplicaSet.
func (r *report) selectedTemplate(at *field.Path, s *metav1.LabelSelector, t *corev1.PodTemplateSpec, kind string) {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		r.invalid(at.Child("selector"), s, "invalid label selector")
		return
	}
	if !selector.Empty() {
		r.selects(at.Child("template"), selector, t)
	}
	r.podTemplate(at.Child("template"), t)
	r.runsForever(at.Child("template", "spec"), &t.Spec, kind)
}

func (r *report) selects(at *field.Path, selector labels.Selector, t *corev1.PodTemplateSpec) {
	if !selector.Matches(labels.Set(t.Labels)) {
		r.invalid(at.Child("metadata", "labels"), t.Labels, "`selector` does not match template `labels`")
	}
}

// runsForever wants pods that are started again and again.
func (r *report) runsForever(at *field.Path, spec *corev1.PodSpec, kind string) {
	oneOf(r, at.Child("restartPolicy"), spec.RestartPolicy, corev1.RestartPolicyAlways)
	if spec.ActiveDeadlineSeconds != nil {
		r.forbidden(at.Child("activeDeadlineSeconds"), "activeDeadlineSeconds in "+kind+" is not Supported")
	}
}

// deploymentStrategy is ValidateDeploymentStrategy.
func (r *report) deploymentStrategy(at *field.Path, s *appsv1.DeploymentStrategy) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == appsv1.RecreateDeploymentStrategyType && s.RollingUpdate != nil:
		r.forbidden(rolling, "may not be specified when strategy `type` is 'Recreate'")
	case s.Type == appsv1.RecreateDeploymentStrategyType:
	case s.Type != appsv1.RollingUpdateDeploymentStrategyType:
		r.add(field.NotSupported(at, s, []appsv1.DeploymentStrategyType{appsv1.RecreateDeploymentStrategyType, appsv1.RollingUpdateDeploymentStrategyType}))
	case s.RollingUpdate == nil:
		r.required(rolling, "this should be defaulted and never be nil")
	default:
		down, more := amount(s.RollingUpdate.MaxUnavailable), amount(s.RollingUpdate.MaxSurge)
		r.intOrPercent(rolling.Child("maxUnavailable"), down)
		r.intOrPercent(rolling.Child("maxSurge"), more)
		if amountOf(down) == 0 && amountOf(more) == 0 {
			r.invalid(rolling.Child("maxUnavailable"), down, "may not be 0 when `maxSurge` is 0")
		}
		r.atMostAll(rolling.Child("maxUnavailable"), down)
	}
}

// statefulSetSpec is ValidateStatefulSetSpec, but for the volumes that its claim templates bring into being: a template may mount
// what they name.
func (r *report) statefulSetSpec(spec *appsv1.StatefulSetSpec) {
	at := field.NewPath("spec")
	if p := spec.PodManagementPolicy; p != appsv1.OrderedReadyPodManagement && p != appsv1.ParallelPodManagement {
		r.invalid(at.Child("podManagementPolicy"), p, "must be 'OrderedReady' or 'Parallel'")
	}
	r.statefulSetStrategy(at.Child("updateStrategy"), &spec.UpdateStrategy)
	r.count(at.Child("replicas"), spec.Replicas)
	r.nonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	maybe(spec.Ordinals, func(o *appsv1.StatefulSetOrdinals) { r.nonNegative(at.Child("ordinals.start"), int64(o.Start)) })
	if spec.ServiceName != "" {
		r.messages(at.Child("serviceName"), spec.ServiceName, validation.IsDNS1123Label(spec.ServiceName))
	}
	r.requiredSelector(at.Child("selector"), spec.Selector, "statefulset")
	selector, err := metav1.LabelSelectorAsSelector(spec.Selector)
	if err != nil {
		r.invalid(at.Child("selector"), spec.Selector, "")
	} else {
		if !selector.Empty() {
			r.selects(at.Child("template"), selector, &spec.Template)
		}
		r.podTemplate(at.Child("template"), withClaims(spec))
	}
	r.runsForever(at.Child("template", "spec"), &spec.Template.Spec, "StatefulSet")
}

// withClaims is the template as the controller will use it: with a volume for each claim, and a host name and subdomain that are
// the controller's.
func withClaims(spec *appsv1.StatefulSetSpec) *corev1.PodTemplateSpec {
	t := spec.Template.DeepCopy()
	t.Spec.Hostname, t.Spec.Subdomain = "", ""
	var volumes []corev1.Volume
	claimed := map[string]bool{}
	for _, c := range spec.VolumeClaimTemplates {
		claimed[c.Name] = true
		volumes = append(volumes, corev1.Volume{Name: c.Name, VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: c.Name},
		}})
	}
	for _, v := range t.Spec.Volumes {
		if !claimed[v.Name] {
			volumes = append(volumes, v)
		}
	}
	t.Spec.Volumes = volumes
	return t
}

func (r *report) statefulSetStrategy(at *field.Path, s *appsv1.StatefulSetUpdateStrategy) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == "":
		r.required(at, "")
	case s.Type == appsv1.OnDeleteStatefulSetStrategyType && s.RollingUpdate != nil:
		r.invalid(rolling, s.RollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")
	case s.Type == appsv1.OnDeleteStatefulSetStrategyType:
	case s.Type != appsv1.RollingUpdateStatefulSetStrategyType:
		r.invalid(at, s, "must be 'RollingUpdate' or 'OnDelete'")
	case s.RollingUpdate != nil:
		r.count(rolling.Child("partition"), s.RollingUpdate.Partition)
		maybe(s.RollingUpdate.MaxUnavailable, func(down *intstr.IntOrString) {
			r.intOrPercent(rolling.Child("maxUnavailable"), *down)
			if amountOf(*down) == 0 {
				r.invalid(rolling.Child("maxUnavailable"), *down, "cannot be 0")
			}
			r.atMostAll(rolling.Child("maxUnavailable"), *down)
		})
	}
}

// daemonSetSpec is ValidateDaemonSetSpec.
func (r *report) daemonSetSpec(spec *appsv1.DaemonSetSpec) {
	at := field.NewPath("spec")
	r.labelSelector(at.Child("selector"), spec.Selector)
	if selector, err := metav1.LabelSelectorAsSelector(spec.Selector); err == nil {
		r.selects(at.Child("template"), selector, &spec.Template)
	}
	r.selectsSome(at.Child("selector"), spec.Selector, "daemonset")
	r.podTemplate(at.Child("template"), &spec.Template)
	r.runsForever(at.Child("template", "spec"), &spec.Template.Spec, "DaemonSet")
	r.nonNegative(at.Child("minReadySeconds"), int64(spec.MinReadySeconds))
	r.daemonSetStrategy(at.Child("updateStrategy"), &spec.UpdateStrategy)
	r.count(at.Child("revisionHistoryLimit"), spec.RevisionHistoryLimit)
}

func (r *report) daemonSetStrategy(at *field.Path, s *appsv1.DaemonSetUpdateStrategy) {
	rolling := at.Child("rollingUpdate")
	switch {
	case s.Type == appsv1.OnDeleteDaemonSetStrategyType:
	case s.Type != appsv1.RollingUpdateDaemonSetStrategyType:
		r.add(field.NotSupported(at, s, []appsv1.DaemonSetUpdateStrategyType{appsv1.RollingUpdateDaemonSetStrategyType, appsv1.OnDeleteDaemonSetStrategyType}))
	case s.RollingUpdate == nil:
		r.required(rolling, "")
	default:
		down, more := amount(s.RollingUpdate.MaxUnavailable), amount(s.RollingUpdate.MaxSurge)
		r.intOrPercent(rolling.Child("maxUnavailable"), down)
		r.intOrPercent(rolling.Child("maxSurge"), more)
		r.atMostAll(rolling.Child("maxUnavailable"), down)
		r.atMostAll(rolling.Child("maxSurge"), more)
		switch {
		case amountOf(down) != 0 && amountOf(more) != 0:
			r.invalid(rolling.Child("maxSurge"), more, "may not be set when maxUnavailable is non-zero")
		case amountOf(down) == 0 && amountOf(more) == 0:
			r.required(rolling.Child("maxUnavailable"), "cannot be 0 when maxSurge is 0")
		}
	}
}

// amount is a number of pods or a share of them; none is zero.
func amount(p *intstr.IntOrString) intstr.IntOrString {
	if p == nil {
		return intstr.IntOrString{}
	}
	return *p
}

// amountOf is the number, or the share in percent, as getIntOrPercentValue has it.
func amountOf(a intstr.IntOrString) int {
	if a.Type == intstr.String && len(validation.IsValidPercent(a.StrVal)) == 0 {
		percent, _ := strconv.Atoi(strings.TrimSuffix(a.StrVal, "%"))
		return percent
	}
	return a.IntValue()
}

// intOrPercent is ValidatePositiveIntOrPercent.
func (r *report) intOrPercent(at *field.Path, a intstr.IntOrString) {
	if a.Type == intstr.String {
		r.messages(at, a, validation.IsValidPercent(a.StrVal))
		return
	}
	r.nonNegative(at, int64(a.IntValue()))
}

// atMostAll is IsNotMoreThan100Percent.
func (r *report) atMostAll(at *field.Path, a intstr.IntOrString) {
	if a.Type == intstr.String && len(validation.IsValidPercent(a.StrVal)) == 0 && amountOf(a) > 100 {
		r.invalid(at, a, "must not be greater than 100%")
	}
}
