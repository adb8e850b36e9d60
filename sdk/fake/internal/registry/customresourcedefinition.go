package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// readVerbs are those of a kind that can be read only, and of which there are no objects yet.
var readVerbs = []string{"get", "list", "watch"}

// CustomResourceDefinitions can be read only, and there are none: user-defined kinds are not served yet. kubectl reads
// them before it says that a kind is unknown.
var CustomResourceDefinitions = &Resource{
	Group: "apiextensions.k8s.io", Version: "v1", Kind: "CustomResourceDefinition",
	Name: "customresourcedefinitions", Singular: "customresourcedefinition", ShortNames: []string{"crd", "crds"},
	Categories: []string{"api-extensions"},
	Verbs:      readVerbs,
	New:        func() store.Object { return &unstructured.Unstructured{Object: map[string]any{}} },
	NewList:    func() runtime.Object { return &unstructured.UnstructuredList{} },
}
