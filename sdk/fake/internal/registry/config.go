package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// ConfigMaps hold what pods are configured with.
var ConfigMaps = &Resource{
	Version: "v1", Kind: "ConfigMap", Name: "configmaps", Singular: "configmap", ShortNames: []string{"cm"}, Namespaced: true,
	New:     func() store.Object { return &corev1.ConfigMap{} },
	NewList: func() runtime.Object { return &corev1.ConfigMapList{} },
	Columns: configMapColumns,
	Cells:   configMapCells,
}

// Secrets hold what should not be seen.
var Secrets = &Resource{
	Version: "v1", Kind: "Secret", Name: "secrets", Singular: "secret", Namespaced: true,
	New:     func() store.Object { return &corev1.Secret{} },
	NewList: func() runtime.Object { return &corev1.SecretList{} },
	Columns: secretColumns,
	Cells:   secretCells,
}

// ServiceAccounts are who pods act as.
var ServiceAccounts = &Resource{
	Version: "v1", Kind: "ServiceAccount", Name: "serviceaccounts", Singular: "serviceaccount", ShortNames: []string{"sa"}, Namespaced: true,
	New:           func() store.Object { return &corev1.ServiceAccount{} },
	NewList:       func() runtime.Object { return &corev1.ServiceAccountList{} },
	ReturnDeleted: true,
	Columns:       serviceAccountColumns,
	Cells:         serviceAccountCells,
}
