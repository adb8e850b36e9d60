package registry

import (
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/crd"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// CustomResources are the rows that a definition of a kind brings: one for each version that is served or stored, under the names that
// were accepted. A definition that is not established brings none. It belongs to the rows from then on.
func CustomResources(d *apiextensionsv1.CustomResourceDefinition) ([]*Resource, error) {
	if !crd.IsEstablished(d) {
		return nil, nil
	}
	kind, err := crd.Compile(d)
	if err != nil {
		return nil, err
	}
	var rows []*Resource
	for _, v := range kind.Versions {
		if v.Spec.Served || v.Spec.Storage {
			rows = append(rows, customResource(kind, v))
		}
	}
	return rows, nil
}

// customPatches are all patches but the strategic one, which needs a Go type.
var customPatches = []types.PatchType{types.JSONPatchType, types.MergePatchType, types.ApplyYAMLPatchType}

// customVerbs are all verbs, in the order in which discovery lists them for these kinds.
var customVerbs = []string{"delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"}

func customResource(kind *crd.Kind, v *crd.Version) *Resource {
	names := kind.Definition.Status.AcceptedNames
	r := &Resource{
		Group: kind.Definition.Spec.Group, Version: v.Spec.Name, Kind: names.Kind, ListKind: names.ListKind,
		Name: names.Plural, Singular: names.Singular, ShortNames: names.ShortNames, Categories: names.Categories,
		Namespaced: kind.Namespaced(),
		Verbs:      customVerbs,
		New:        func() store.Object { return &unstructured.Unstructured{Object: map[string]any{}} },
		NewList:    func() runtime.Object { return &unstructured.UnstructuredList{Object: map[string]any{}} },
		Stored:     v.Spec.Storage, Unserved: !v.Spec.Served,
		Coerce:          v.Coerce,
		Default:         v.SetDefaults,
		Validate:        v.Errors,
		ValidateUpdate:  v.UpdateErrors,
		Warnings:        crd.Warnings,
		PrepareCreate:   v.PrepareCreate,
		PrepareUpdate:   v.PrepareUpdate,
		Spec:            v.Generated,
		VersionRequired: true,
		Made:            new(sync.Map),
		MergeType:       kind.MergeType,
		Schema:          v.Schema(),
		Selectable:      v.Selectable(),
		PatchTypes:      customPatches,
		Columns:         v.Columns(),
		Cells:           v.Cells,
		Refusal:         kind.Refusal(),
		Unavailable:     v.Unavailable(),
		Deprecation:     v.Deprecation(),
	}
	if kind.Converts() {
		r.Show, r.Keep = v.Show, func(obj store.Object) store.Object {
			kept := obj.DeepCopyObject().(store.Object)
			v.Keep(kept)
			return kept
		}
	}
	addCustomSubresources(r, v)
	return r
}

func addCustomSubresources(r *Resource, v *crd.Version) {
	if v.HasStatus() {
		r.ResetFields = []string{"status"}
		r.Subresources = append(r.Subresources, Subresource{
			Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"metadata", "spec"},
			PrepareUpdate: crd.PrepareStatus, ValidateUpdate: v.StatusErrors,
		})
	}
	if v.Scale() != nil {
		r.ReplicasPath = v.ReplicasPath()
		r.Replicas = func(obj store.Object) Replicas {
			desired, current, selector := v.Replicas(obj)
			return Replicas{&desired, current, selector}
		}
		r.Subresources = append(r.Subresources, scale)
	}
}

// SameService says whether two states of one generation of a definition bring the same rows: the same names are accepted, and it is
// neither established nor terminated in between.
func SameService(a, b *apiextensionsv1.CustomResourceDefinition) bool {
	return crd.IsEstablished(a) == crd.IsEstablished(b) && crd.IsTerminating(a) == crd.IsTerminating(b) &&
		equality.Semantic.DeepEqual(a.Status.AcceptedNames, b.Status.AcceptedNames)
}

// CustomKind is the kind that a definition defines, once its names are accepted.
func CustomKind(d *apiextensionsv1.CustomResourceDefinition) schema.GroupKind {
	return schema.GroupKind{Group: d.Spec.Group, Kind: d.Spec.Names.Kind}
}
