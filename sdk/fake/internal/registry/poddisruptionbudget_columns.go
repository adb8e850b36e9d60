package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var disruptionBudgetColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Min Available", Type: "string", Description: disruptionBudgetDoc["minAvailable"]},
	{Name: "Max Unavailable", Type: "string", Description: disruptionBudgetDoc["maxUnavailable"]},
	{Name: "Allowed Disruptions", Type: "integer", Description: policyv1.PodDisruptionBudgetStatus{}.SwaggerDoc()["disruptionsAllowed"]},
	ageColumn,
}

var disruptionBudgetDoc = policyv1.PodDisruptionBudgetSpec{}.SwaggerDoc()

func disruptionBudgetCells(obj store.Object) []any {
	b := obj.(*policyv1.PodDisruptionBudget)
	return []any{b.Name, amountCell(b.Spec.MinAvailable), amountCell(b.Spec.MaxUnavailable), int64(b.Status.DisruptionsAllowed), age(b)}
}

// amountCell is a number or a share of pods, of which a budget has one only.
func amountCell(amount *intstr.IntOrString) string {
	if amount == nil {
		return "N/A"
	}
	return amount.String()
}
