package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// PodDisruptionBudgets say how many pods evictions must leave. A controller counts them.
var PodDisruptionBudgets = withStatus(&Resource{
	Group: "policy", Version: "v1", Kind: "PodDisruptionBudget", Name: "poddisruptionbudgets", Singular: "poddisruptionbudget",
	ShortNames: []string{"pdb"}, Namespaced: true,
	New:     func() store.Object { return &policyv1.PodDisruptionBudget{} },
	NewList: func() runtime.Object { return &policyv1.PodDisruptionBudgetList{} },
	Spec:    func(obj store.Object) any { return &obj.(*policyv1.PodDisruptionBudget).Spec },
	Columns: disruptionBudgetColumns,
	Cells:   disruptionBudgetCells,
}, func(b *policyv1.PodDisruptionBudget) (*policyv1.PodDisruptionBudgetSpec, *policyv1.PodDisruptionBudgetStatus) {
	return &b.Spec, &b.Status
})
