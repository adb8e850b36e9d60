package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Scales says how the scale subresource is shown. It is no resource of its own: no table serves it.
var Scales = &Resource{
	Group: "autoscaling", Version: "v1", Kind: "Scale", Name: "scales", Singular: "scale", Namespaced: true,
	New:     func() store.Object { return &autoscalingv1.Scale{} },
	NewList: func() runtime.Object { return nil },
	Columns: []metav1.TableColumnDefinition{
		{Name: "Name", Type: "string", Description: metaDoc["name"]},
		{Name: "Desired", Type: "integer", Description: autoscalingv1.ScaleSpec{}.SwaggerDoc()["replicas"]},
		{Name: "Available", Type: "integer", Description: autoscalingv1.ScaleStatus{}.SwaggerDoc()["replicas"]},
		ageColumn,
	},
	Cells: func(obj store.Object) []any {
		scale := obj.(*autoscalingv1.Scale)
		return []any{scale.Name, int64(scale.Spec.Replicas), int64(scale.Status.Replicas), age(scale)}
	},
}
