package registry

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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

// Replicas are what the scale subresource of an object is about.
type Replicas struct {
	Desired  **int32 // in its spec
	Current  int32
	Selector string // of its pods, as text
}

// SetReplicas sets what the scale subresource of an object sets.
func (r *Resource) SetReplicas(obj store.Object, n int32) error {
	if r.ReplicasPath == nil {
		*r.Replicas(obj).Desired = &n
		return nil
	}
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return fmt.Errorf("setting replicas of a %T, which has no Go type of its own", obj)
	}
	return unstructured.SetNestedField(u.Object, int64(n), r.ReplicasPath...)
}

// scale is the subresource of the kinds that have replicas.
var scale = Subresource{Name: "scale", Kind: "Scale", Group: "autoscaling", Version: "v1", Verbs: []string{"get", "patch", "update"}}

// selectorText is a selector as the scale shows it. One that is invalid was never stored.
func selectorText(s *metav1.LabelSelector) string {
	parsed, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return "<invalid>"
	}
	return parsed.String()
}
