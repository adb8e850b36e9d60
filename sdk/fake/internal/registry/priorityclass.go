package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// The priority classes that every cluster has.
const (
	SystemNodeCritical    = "system-node-critical"
	SystemClusterCritical = "system-cluster-critical"
)

// PriorityClasses give pods that name them a priority.
var PriorityClasses = &Resource{
	Group: "scheduling.k8s.io", Version: "v1", Kind: "PriorityClass", Name: "priorityclasses", Singular: "priorityclass", ShortNames: []string{"pc"},
	New:     func() store.Object { return &schedulingv1.PriorityClass{} },
	NewList: func() runtime.Object { return &schedulingv1.PriorityClassList{} },
	Spec:    func(store.Object) any { return nil }, // the first generation is the last

	Immortal: []string{SystemNodeCritical, SystemClusterCritical}, ImmortalText: "this is a system priority class and cannot be deleted",
	Columns: priorityClassColumns,
	Cells:   priorityClassCells,
}
