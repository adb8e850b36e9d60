package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/runtime"
)

// HorizontalPodAutoscalers are kept as objects: nothing scales.
var HorizontalPodAutoscalers = withStatus(&Resource{
	Group: "autoscaling", Version: "v2", Kind: "HorizontalPodAutoscaler", Name: "horizontalpodautoscalers", Singular: "horizontalpodautoscaler",
	ShortNames: []string{"hpa"}, Categories: []string{"all"}, Namespaced: true,
	New:     func() store.Object { return &autoscalingv2.HorizontalPodAutoscaler{} },
	NewList: func() runtime.Object { return &autoscalingv2.HorizontalPodAutoscalerList{} },
	Spec:    func(obj store.Object) any { return &obj.(*autoscalingv2.HorizontalPodAutoscaler).Spec },
	Columns: autoscalerColumns,
	Cells:   autoscalerCells,
}, func(a *autoscalingv2.HorizontalPodAutoscaler) (*autoscalingv2.HorizontalPodAutoscalerSpec, *autoscalingv2.HorizontalPodAutoscalerStatus) {
	return &a.Spec, &a.Status
})
