package crd

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is dropped is named, wherever it is.
func TestCoerce(t *testing.T) {
	k := defined(t, `
type: object
properties:
  list: {type: array, items: {type: object, properties: {a: {type: string}}}}
  free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {bound: {type: object, properties: {a: {type: string}}}}}
  values: {type: object, additionalProperties: {type: object, properties: {a: {type: string}}}}
  pod: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}
`)
	for name, row := range map[string]struct {
		spec    string
		want    any
		unknown []string
	}{
		"in items": {
			`{list: [{a: x}, {b: x}]}`,
			map[string]any{"list": []any{map[string]any{"a": "x"}, map[string]any{}}}, []string{"spec.list[1].b"},
		},
		"in the values of a map": {
			`{values: {k: {b: x}}}`,
			map[string]any{"values": map[string]any{"k": map[string]any{}}}, []string{"spec.values.k.b"},
		},
		"not where anything goes, but below it where not": {
			`{free: {x: 1, bound: {b: x}}}`,
			map[string]any{"free": map[string]any{"x": int64(1), "bound": map[string]any{}}}, []string{"spec.free.bound.b"},
		},
		"in the metadata of an embedded object": {
			`{pod: {apiVersion: v1, kind: Pod, metadata: {name: x, nam: y}, spec: {z: 1}}}`,
			map[string]any{"pod": map[string]any{"apiVersion": "v1", "kind": "Pod", "metadata": map[string]any{"name": "x"}, "spec": map[string]any{"z": int64(1)}}},
			[]string{"spec.pod.metadata.nam"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			obj := thing(t, row.spec)
			unknown, err := k.Versions[0].Coerce(obj)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, obj.Object["spec"]); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(row.unknown, unknown); diff != "" {
				t.Errorf("unknown (-want +got):\n%s", diff)
			}
		})
	}
}

// Metadata of a wrong type is an error, as it is for kinds with Go types.
func TestCoerceRefuses(t *testing.T) {
	k := defined(t, `{type: object}`)
	obj := thing(t, `{}`)
	obj.Object["metadata"] = map[string]any{"labels": "x"}
	if _, err := k.Versions[0].Coerce(obj); err == nil {
		t.Error("labels may be a text")
	}
}
