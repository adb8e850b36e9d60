package crd

import (
	"maps"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// What the strategies of custom resources do with an object before it is validated, see customResourceStrategy and statusStrategy.

func content(obj store.Object) map[string]any { return obj.(*unstructured.Unstructured).Object }

// PrepareCreate drops the status of a kind whose status is a part of its own.
func (v *Version) PrepareCreate(obj store.Object) {
	if v.HasStatus() {
		delete(content(obj), "status")
	}
}

// PrepareUpdate keeps it.
func (v *Version) PrepareUpdate(obj, old store.Object) {
	if !v.HasStatus() {
		return
	}
	if status, ok := content(old)["status"]; ok {
		content(obj)["status"] = status
	} else {
		delete(content(obj), "status")
	}
}

// PrepareStatus lets an update of the status change nothing else, metadata included.
func PrepareStatus(obj, old store.Object) {
	status, ok := content(obj)["status"]
	fields := obj.GetManagedFields()
	u := obj.(*unstructured.Unstructured)
	u.Object = old.DeepCopyObject().(*unstructured.Unstructured).Object
	u.SetManagedFields(fields)
	if ok {
		u.Object["status"] = status
	} else {
		delete(u.Object, "status")
	}
}

// Generated is what counts as a new generation: all but metadata. A status that is a part of its own never differs here.
func (v *Version) Generated(obj store.Object) any {
	rest := maps.Clone(content(obj))
	delete(rest, "metadata")
	return rest
}

// Replicas is what the scale subresource shows of an object of a kind that has it: what is not there is nothing, as
// scaleFromCustomResource has it. desired is nil if the object does not say.
func (v *Version) Replicas(obj store.Object) (desired *int32, current int32, selector string) {
	scale := v.Scale()
	if n, ok, err := unstructured.NestedInt64(content(obj), fieldsOf(scale.SpecReplicasPath)...); ok && err == nil {
		desired = new(int32(n))
	}
	n, _, _ := unstructured.NestedInt64(content(obj), fieldsOf(scale.StatusReplicasPath)...)
	if path := scale.LabelSelectorPath; path != nil && *path != "" {
		selector, _, _ = unstructured.NestedString(content(obj), fieldsOf(*path)...)
	}
	return desired, int32(n), selector
}

// ReplicasPath is where the scale subresource of the version sets replicas.
func (v *Version) ReplicasPath() []string { return fieldsOf(v.Scale().SpecReplicasPath) }

// fieldsOf takes a simple JSON path such as .spec.replicas apart.
func fieldsOf(path string) []string { return strings.Split(strings.TrimPrefix(path, "."), ".") }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
