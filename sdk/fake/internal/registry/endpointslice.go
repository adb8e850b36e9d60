package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// EndpointSlices say where the pods of a service are. Nobody here keeps them.
var EndpointSlices = &Resource{
	Group: "discovery.k8s.io", Version: "v1", Kind: "EndpointSlice", Name: "endpointslices", Singular: "endpointslice", Namespaced: true,
	New:     func() store.Object { return &discoveryv1.EndpointSlice{} },
	NewList: func() runtime.Object { return &discoveryv1.EndpointSliceList{} },
	Spec: func(obj store.Object) any { // all but the metadata, and of these the labels
		s := obj.(*discoveryv1.EndpointSlice)
		return []any{s.AddressType, s.Endpoints, s.Ports, s.Labels}
	},
	Columns: endpointSliceColumns,
	Cells:   endpointSliceCells,
}
