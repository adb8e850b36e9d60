package registry

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var autoscalerColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Reference", Type: "string", Description: autoscalerDoc["scaleTargetRef"]},
	{Name: "Targets", Type: "string", Description: autoscalerDoc["metrics"]},
	{Name: "MinPods", Type: "string", Description: autoscalerDoc["minReplicas"]},
	{Name: "MaxPods", Type: "string", Description: autoscalerDoc["maxReplicas"]},
	{Name: "Replicas", Type: "string", Description: autoscalingv2.HorizontalPodAutoscalerStatus{}.SwaggerDoc()["currentReplicas"]},
	ageColumn,
}

var autoscalerDoc = autoscalingv2.HorizontalPodAutoscalerSpec{}.SwaggerDoc()

func autoscalerCells(obj store.Object) []any {
	a := obj.(*autoscalingv2.HorizontalPodAutoscaler)
	least := cellUnset
	if a.Spec.MinReplicas != nil {
		least = strconv.Itoa(int(*a.Spec.MinReplicas))
	}
	return []any{
		a.Name, a.Spec.ScaleTargetRef.Kind + "/" + a.Spec.ScaleTargetRef.Name, metricsCell(a.Spec.Metrics, a.Status.CurrentMetrics),
		least, int64(a.Spec.MaxReplicas), int64(a.Status.CurrentReplicas), age(a),
	}
}

// metricsCell shows the first two metrics, and how many more there are, as formatHPAMetrics does.
func metricsCell(specs []autoscalingv2.MetricSpec, statuses []autoscalingv2.MetricStatus) string {
	const most = 2
	var cells []string
	for i, spec := range specs {
		var status autoscalingv2.MetricStatus
		if i < len(statuses) {
			status = statuses[i]
		}
		cells = append(cells, metricCell(spec, status))
	}
	switch {
	case len(cells) == 0:
		return cellNone
	case len(cells) > most:
		return fmt.Sprintf("%s + %d more...", strings.Join(cells[:most], ", "), len(cells)-most)
	}
	return strings.Join(cells, ", ")
}

// metricCell is what a metric is and what it should be. The status of another type than the spec's counts as unknown.
func metricCell(spec autoscalingv2.MetricSpec, status autoscalingv2.MetricStatus) string {
	current := &autoscalingv2.MetricValueStatus{}
	switch {
	case spec.External != nil && spec.Type == autoscalingv2.ExternalMetricSourceType:
		if status.External != nil {
			current = &status.External.Current
		}
		return valueCell(spec.External.Target, current)
	case spec.Object != nil && spec.Type == autoscalingv2.ObjectMetricSourceType:
		if status.Object != nil {
			current = &status.Object.Current
		}
		return valueCell(spec.Object.Target, current)
	case spec.Pods != nil && spec.Type == autoscalingv2.PodsMetricSourceType:
		if status.Pods != nil {
			current = &status.Pods.Current
		}
		return quantityCell(current.AverageValue) + "/" + quantityCell(spec.Pods.Target.AverageValue)
	case spec.Resource != nil && spec.Type == autoscalingv2.ResourceMetricSourceType:
		if status.Resource != nil {
			current = &status.Resource.Current
		}
		return resourceCell(spec.Resource.Name, spec.Resource.Target, current)
	case spec.ContainerResource != nil && spec.Type == autoscalingv2.ContainerResourceMetricSourceType:
		if status.ContainerResource != nil {
			current = &status.ContainerResource.Current
		}
		return resourceCell(spec.ContainerResource.Name, spec.ContainerResource.Target, current)
	}
	return "<unknown type>"
}

func valueCell(target autoscalingv2.MetricTarget, current *autoscalingv2.MetricValueStatus) string {
	if target.AverageValue != nil {
		return quantityCell(current.AverageValue) + "/" + quantityCell(target.AverageValue) + " (avg)"
	}
	return quantityCell(current.Value) + "/" + quantityCell(target.Value)
}

func resourceCell(name corev1.ResourceName, target autoscalingv2.MetricTarget, current *autoscalingv2.MetricValueStatus) string {
	is, want := percentCell(current.AverageUtilization, cellUnknown), percentCell(target.AverageUtilization, "<auto>")
	if target.AverageValue != nil {
		is, want = quantityCell(current.AverageValue), quantityCell(target.AverageValue)
	}
	return fmt.Sprintf("%s: %s/%s", name, is, want)
}

func quantityCell(q *resource.Quantity) string {
	if q == nil {
		return cellUnknown
	}
	return q.String()
}

func percentCell(n *int32, none string) string {
	if n == nil {
		return none
	}
	return fmt.Sprintf("%d%%", *n)
}
