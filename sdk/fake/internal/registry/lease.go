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
	Columns: leaseColumns,
	Cells:   leaseCells,
}
