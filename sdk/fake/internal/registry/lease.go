package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	coordinationv1 "k8s.io/api/coordination/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Leases are what controllers elect their leaders with.
var Leases = &Resource{
	Group: "coordination.k8s.io", Version: "v1", Kind: "Lease", Name: "leases", Singular: "lease", Namespaced: true,
	New:     func() store.Object { return &coordinationv1.Lease{} },
	NewList: func() runtime.Object { return &coordinationv1.LeaseList{} },
	PrepareCreate: func(obj store.Object) { // CoordinatedLeaderElection is off
		spec := &obj.(*coordinationv1.Lease).Spec
		spec.Strategy, spec.PreferredHolder = nil, nil
	},
	PrepareUpdate: func(obj, _ store.Object) {
		spec := &obj.(*coordinationv1.Lease).Spec
		spec.Strategy, spec.PreferredHolder = nil, nil
	},
	Columns: leaseColumns,
	Cells:   leaseCells,
}
