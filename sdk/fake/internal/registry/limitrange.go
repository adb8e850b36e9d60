package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// LimitRanges bound what the containers, pods and claims of their namespaces ask for. They are shown by name and time of creation, as on a
// real server.
var LimitRanges = &Resource{
	Version: "v1", Kind: "LimitRange", Name: "limitranges", Singular: "limitrange", ShortNames: []string{"limits"}, Namespaced: true,
	New:     func() store.Object { return &corev1.LimitRange{} },
	NewList: func() runtime.Object { return &corev1.LimitRangeList{} },
	Columns: DefaultColumns,
	Cells:   DefaultCells,
}
