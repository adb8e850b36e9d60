package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ResourceQuotas bound what all objects of their namespaces come to: admission refuses what is too much, and a controller counts.
var ResourceQuotas = withStatus(&Resource{
	Version: "v1", Kind: "ResourceQuota", Name: "resourcequotas", Singular: "resourcequota", ShortNames: []string{"quota"}, Namespaced: true,
	New:           func() store.Object { return &corev1.ResourceQuota{} },
	NewList:       func() runtime.Object { return &corev1.ResourceQuotaList{} },
	ReturnDeleted: true,
	Columns:       resourceQuotaColumns,
	Cells:         resourceQuotaCells,
}, func(q *corev1.ResourceQuota) (*corev1.ResourceQuotaSpec, *corev1.ResourceQuotaStatus) {
	return &q.Spec, &q.Status
})
