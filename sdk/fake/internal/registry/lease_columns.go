package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var leaseColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Holder", Type: "string", Description: coordinationv1.LeaseSpec{}.SwaggerDoc()["holderIdentity"]},
	ageColumn,
}

func leaseCells(obj store.Object) []any {
	l := obj.(*coordinationv1.Lease)
	return []any{l.Name, ptr.Deref(l.Spec.HolderIdentity, ""), age(l)}
}
