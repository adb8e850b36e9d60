package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/crd"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

type definition = apiextensionsv1.CustomResourceDefinition

// CustomResourceDefinitions define kinds. What one of them defines is served as long as it is there, see [CustomResources]; its own
// deletion waits until the objects of its kind are gone.
var CustomResourceDefinitions = &Resource{
	Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition",
	Name: "customresourcedefinitions", Singular: "customresourcedefinition", ShortNames: []string{"crd", "crds"},
	Categories:      []string{"api-extensions"},
	VersionRequired: true,
	New:             func() store.Object { return &definition{} },
	NewList:         func() runtime.Object { return &apiextensionsv1.CustomResourceDefinitionList{} },
	Default:         func(obj store.Object) { apiextensionsv1.SetObjectDefaults_CustomResourceDefinition(obj.(*definition)) },
	Validate:        func(obj store.Object) field.ErrorList { return crd.Errors(obj.(*definition)) },
	ValidateUpdate: func(obj, old store.Object) field.ErrorList {
		return crd.UpdateErrors(obj.(*definition), old.(*definition))
	},
	Warnings: func(obj, old store.Object) []string {
		was, _ := old.(*definition)
		return crd.DefinitionWarnings(obj.(*definition), was)
	},
	PrepareCreate: func(obj store.Object) {
		d := obj.(*definition)
		d.Status = apiextensionsv1.CustomResourceDefinitionStatus{}
		crd.Store(d)
	},
	PrepareUpdate: func(obj, old store.Object) {
		d := obj.(*definition)
		d.Status = *old.(*definition).Status.DeepCopy()
		crd.Store(d)
	},
	Settle: func(obj store.Object, others []store.Object) {
		all := make([]*definition, len(others))
		for i, o := range others {
			all[i] = o.(*definition)
		}
		crd.Establish(obj.(*definition), all, metav1.Now().Rfc3339Copy())
	},
	Spec: func(obj store.Object) any { return &obj.(*definition).Spec },
	// A definition is marked and stays, even if nothing holds it: what empties the kind lets it go.
	Held:          func(obj store.Object) bool { return len(obj.GetFinalizers()) > 0 },
	PrepareDelete: func(obj store.Object) { crd.Terminate(obj.(*definition), metav1.Now().Rfc3339Copy()) },
	Subresources: []Subresource{{
		Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"},
		PrepareUpdate: func(obj, old store.Object) { obj.(*definition).Spec = old.(*definition).Spec },
		ValidateUpdate: func(obj, old store.Object) field.ErrorList {
			return crd.StatusErrors(obj.(*definition), old.(*definition))
		},
	}},
	ResetFields: []string{"status"},
}
