package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var priorityClassColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Value", Type: "integer", Description: priorityClassDoc["value"]},
	{Name: "Global-Default", Type: "boolean", Description: priorityClassDoc["globalDefault"]},
	ageColumn,
	{Name: "PreemptionPolicy", Type: "string", Description: priorityClassDoc["preemptionPolicy"]},
}

var priorityClassDoc = schedulingv1.PriorityClass{}.SwaggerDoc()

func priorityClassCells(obj store.Object) []any {
	pc := obj.(*schedulingv1.PriorityClass)
	return []any{pc.Name, int64(pc.Value), pc.GlobalDefault, age(pc), string(ptr.Deref(pc.PreemptionPolicy, ""))}
}
