package registry

import (
	"maps"

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
	Default: func(obj store.Object) { keepStringData(obj.(*corev1.Secret)) },
	Columns: secretColumns,
	Cells:   secretCells,
}

// keepStringData moves stringData into data, over what is there, as Convert_v1_Secret_To_core_Secret does.
func keepStringData(s *corev1.Secret) {
	if len(s.StringData) > 0 {
		data := make(map[string][]byte, len(s.Data)+len(s.StringData))
		maps.Copy(data, s.Data)
		for k, v := range s.StringData {
			data[k] = []byte(v)
		}
		s.Data = data
	}
	s.StringData = nil
}

// ServiceAccounts are who pods act as.
var ServiceAccounts = &Resource{
	Version: "v1", Kind: "ServiceAccount", Name: "serviceaccounts", Singular: "serviceaccount", ShortNames: []string{"sa"}, Namespaced: true,
	New:           func() store.Object { return &corev1.ServiceAccount{} },
	NewList:       func() runtime.Object { return &corev1.ServiceAccountList{} },
	ReturnDeleted: true,
	Subresources:  []Subresource{{Name: "token", Kind: "TokenRequest", Group: "authentication.k8s.io", Version: "v1", Verbs: []string{"create"}}},
	Columns:       serviceAccountColumns,
	Cells:         serviceAccountCells,
}
