package registry

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var resourceQuotaColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Request", Type: "string", Description: "What is used and what may be used, but for limits."},
	{Name: "Limit", Type: "string", Description: "What the limits of all containers come to, and may come to."},
	ageColumn,
}

// resourceQuotaCells go by the status: what nobody has counted is not shown.
func resourceQuotaCells(obj store.Object) []any {
	q := obj.(*corev1.ResourceQuota)
	var requests, limits []string
	for _, name := range slices.Sorted(maps.Keys(q.Status.Hard)) {
		used, hard := q.Status.Used[name], q.Status.Hard[name]
		cell := fmt.Sprintf("%s: %s/%s", name, used.String(), hard.String())
		if strings.HasPrefix(string(name), "limits.") {
			limits = append(limits, cell)
			continue
		}
		requests = append(requests, cell)
	}
	return []any{q.Name, strings.Join(requests, ", "), strings.Join(limits, ", "), age(q)}
}
