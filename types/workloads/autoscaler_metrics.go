package workloads

import (
	"slices"

	"github.com/podwright/podwright/types/internal/check"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// metrics is validateMetrics: who scales to nothing needs a measure that does not come from the pods.
func (r *report) metrics(at *field.Path, spec, old *autoscalingv2.HorizontalPodAutoscalerSpec) {
	rule := anyGroup
	if old != nil && slices.ContainsFunc(old.Metrics, isMisnamed) {
		rule = anyVersion
	}
	outside := false
	for i := range spec.Metrics {
		m := &spec.Metrics[i]
		r.metric(at.Index(i), m, rule)
		outside = outside || m.Type == autoscalingv2.ObjectMetricSourceType || m.Type == autoscalingv2.ExternalMetricSourceType
	}
	if n := spec.MinReplicas; n != nil && *n == 0 && !outside {
		r.Forbidden(at, "must specify at least one Object or External metric to support scaling to zero replicas")
	}
}

func isMisnamed(m autoscalingv2.MetricSpec) bool {
	return m.Type == autoscalingv2.ObjectMetricSourceType && m.Object != nil && versionError(&m.Object.DescribedObject, anyGroup) != nil
}

// metricTypes are those there are, sorted as in the server's message.
var metricTypes = []autoscalingv2.MetricSourceType{
	autoscalingv2.ContainerResourceMetricSourceType, autoscalingv2.ExternalMetricSourceType, autoscalingv2.ObjectMetricSourceType,
	autoscalingv2.PodsMetricSourceType, autoscalingv2.ResourceMetricSourceType,
}

// A source is one of the fields of a metric, of which the one that the type names is to be set.
type source struct {
	of    autoscalingv2.MetricSourceType
	name  string
	set   bool
	check func(at *field.Path)
}

// metric is validateMetricSpec, which looks into the first source that is set. It says twice that it does not know a type.
func (r *report) metric(at *field.Path, m *autoscalingv2.MetricSpec, rule versionRule) {
	if m.Type == "" {
		r.Required(at.Child("type"), "must specify a metric source type")
	}
	check.OneOf(&r.Report, at.Child("type"), m.Type, metricTypes...)
	sources := []source{
		{autoscalingv2.ObjectMetricSourceType, "object", m.Object != nil, func(at *field.Path) { r.objectMetric(at, m.Object, rule) }},
		{autoscalingv2.ExternalMetricSourceType, "external", m.External != nil, func(at *field.Path) { r.externalMetric(at, m.External) }},
		{autoscalingv2.PodsMetricSourceType, "pods", m.Pods != nil, func(at *field.Path) { r.podsMetric(at, m.Pods) }},
		{autoscalingv2.ResourceMetricSourceType, "resource", m.Resource != nil, func(at *field.Path) { r.resourceMetric(at, m.Resource) }},
		{autoscalingv2.ContainerResourceMetricSourceType, "containerResource", m.ContainerResource != nil,
			func(at *field.Path) { r.containerMetric(at, m.ContainerResource) }},
	}
	var set []source
	for _, s := range sources {
		if s.set {
			set = append(set, s)
		}
	}
	if len(set) > 0 {
		set[0].check(at.Child(set[0].name))
	}
	r.namedSource(at, m.Type, sources, set)
}

// namedSource wants the source that the type names, and no other.
func (r *report) namedSource(at *field.Path, of autoscalingv2.MetricSourceType, sources, set []source) {
	named := slices.IndexFunc(sources, func(s source) bool { return s.of == of })
	if named < 0 {
		check.OneOf(&r.Report, at.Child("type"), of, metricTypes...)
	} else if !sources[named].set {
		r.Required(at.Child(sources[named].name), "must populate information for the given metric source")
	}
	if len(set) == 1 {
		return
	}
	slices.SortFunc(set, func(a, b source) int { // the server goes through a map
		if a.name < b.name {
			return -1
		}
		return 1
	})
	for _, s := range set {
		if s.of != of {
			r.Forbidden(at.Child(s.name), "must populate the given metric source only")
		}
	}
}

func (r *report) objectMetric(at *field.Path, m *autoscalingv2.ObjectMetricSource, rule versionRule) {
	r.reference(at.Child("describedObject"), &m.DescribedObject, rule)
	r.metricName(at, &m.Metric)
	r.metricTarget(at.Child("target"), &m.Target)
	if m.Target.Value == nil && m.Target.AverageValue == nil {
		r.Required(at.Child("target", "averageValue"), "must set either a target value or averageValue")
	}
}

func (r *report) externalMetric(at *field.Path, m *autoscalingv2.ExternalMetricSource) {
	r.metricName(at, &m.Metric)
	r.metricTarget(at.Child("target"), &m.Target)
	switch value, each := m.Target.Value != nil, m.Target.AverageValue != nil; {
	case !value && !each:
		r.Required(at.Child("target", "averageValue"), "must set either a target value for metric or a per-pod target")
	case value && each:
		r.Forbidden(at.Child("target", "value"), "may not set both a target value for metric and a per-pod target")
	}
}

func (r *report) podsMetric(at *field.Path, m *autoscalingv2.PodsMetricSource) {
	r.metricName(at, &m.Metric)
	r.metricTarget(at.Child("target"), &m.Target)
	if m.Target.AverageValue == nil {
		r.Required(at.Child("target", "averageValue"), "must specify a positive target averageValue")
	}
}

func (r *report) resourceMetric(at *field.Path, m *autoscalingv2.ResourceMetricSource) {
	if m.Name == "" {
		r.Required(at.Child("name"), "must specify a resource name")
	}
	r.resourceTarget(at.Child("target"), &m.Target)
}

func (r *report) containerMetric(at *field.Path, m *autoscalingv2.ContainerResourceMetricSource) {
	if m.Name == "" {
		r.Required(at.Child("name"), "must specify a resource name")
	} else {
		r.ContainerResourceName(at.Child("name"), m.Name)
	}
	if m.Container == "" {
		r.Required(at.Child("container"), "must specify a container")
	} else {
		r.Messages(at.Child("container"), m.Container, validation.IsDNS1123Label(m.Container))
	}
	r.resourceTarget(at.Child("target"), &m.Target)
}

func (r *report) resourceTarget(at *field.Path, t *autoscalingv2.MetricTarget) {
	r.metricTarget(at, t)
	switch share, value := t.AverageUtilization != nil, t.AverageValue != nil; {
	case !share && !value:
		r.Required(at.Child("averageUtilization"), "must set either a target raw value or a target utilization")
	case share && value:
		r.Forbidden(at.Child("averageValue"), "may not set both a target raw value and a target utilization")
	}
}

// metricName is validateMetricIdentifier.
func (r *report) metricName(at *field.Path, m *autoscalingv2.MetricIdentifier) {
	name := at.Child("metric", "name")
	if m.Name == "" {
		r.Required(name, "must specify a metric name")
		return
	}
	r.Messages(name, m.Name, path.IsValidPathSegmentName(m.Name))
}

// metricTarget is validateMetricTarget.
func (r *report) metricTarget(at *field.Path, t *autoscalingv2.MetricTarget) {
	if t.Type == "" {
		r.Required(at.Child("type"), "must specify a metric target type")
	}
	switch t.Type {
	case autoscalingv2.UtilizationMetricType, autoscalingv2.ValueMetricType, autoscalingv2.AverageValueMetricType:
	default:
		r.Invalid(at.Child("type"), t.Type, "must be either Utilization, Value, or AverageValue")
	}
	positive := func(name string, q *resource.Quantity) {
		if q != nil && q.Sign() != 1 {
			r.Invalid(at.Child(name), q, "must be positive")
		}
	}
	positive("value", t.Value)
	positive("averageValue", t.AverageValue)
	if n := t.AverageUtilization; n != nil && *n < 1 {
		r.Invalid(at.Child("averageUtilization"), *n, "must be greater than 0")
	}
}
