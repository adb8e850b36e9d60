package openapi

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// modelOf is what a kind without a Go type is called: its group backwards, version and kind.
func modelOf(gvk schema.GroupVersionKind) string {
	host := strings.Split(gvk.Group, ".")
	slices.Reverse(host)
	return strings.Join(append(host, gvk.Version, gvk.Kind), ".")
}

// object refers to the schema of a row's objects: what a definition says, or what the Go type says.
func (d *document) object(r *registry.Resource) *spec.Schema {
	if r.Schema == nil {
		return d.kind(r.GroupVersionKind(), newObject(r))
	}
	name := modelOf(r.GroupVersionKind())
	d.schemas.of(reflect.TypeFor[metav1.ObjectMeta]()) // which the schema refers to
	d.schemas[name] = r.Schema
	return spec.RefSchema(refPrefix + name)
}

// list refers to the schema of a row's lists.
func (d *document) list(r *registry.Resource) *spec.Schema {
	if r.Schema == nil {
		return d.kind(r.ListGroupVersionKind(), newList(r))
	}
	name := modelOf(r.ListGroupVersionKind())
	if d.schemas[name] == nil {
		d.schemas[name] = d.listOf(r)
		d.tagKind(name, r.ListGroupVersionKind())
	}
	return spec.RefSchema(refPrefix + name)
}

func (d *document) listOf(r *registry.Resource) *spec.Schema {
	typeMeta, list := metav1.TypeMeta{}.SwaggerDoc(), r.ListGroupVersionKind()
	meta := d.schemas.of(reflect.TypeFor[metav1.ListMeta]())
	items := spec.ArrayProperty(d.object(r)).WithDescription(fmt.Sprintf("List of %s. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md", r.Name))
	return typed("object", "").
		WithDescription(fmt.Sprintf("%s is a list of %s", list.Kind, r.Kind)).
		WithRequired("items").
		SetProperty("apiVersion", *spec.StringProperty().WithDescription(typeMeta["apiVersion"])).
		SetProperty("kind", *spec.StringProperty().WithDescription(typeMeta["kind"])).
		SetProperty("items", *items).
		SetProperty("metadata", *meta.WithDescription("Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"))
}

// forOldClients is a schema of a definition as Swagger can say it and its clients can read it: alternatives are left out, and of what may
// be null or have any field nothing is said, as ToStructuralOpenAPIV2 has it.
func forOldClients(s *spec.Schema) *spec.Schema {
	if s == nil {
		return nil
	}
	old := *s
	old.AllOf, old.AnyOf, old.OneOf, old.Not = nil, nil, nil, nil
	any, _ := s.Extensions.GetBool("x-kubernetes-preserve-unknown-fields")
	if s.Nullable || any {
		old.Type, old.Nullable, old.Properties, old.Items, old.AdditionalProperties, old.Required = nil, false, nil, nil, nil, nil
		return &old
	}
	if s.Items != nil {
		old.Items = &spec.SchemaOrArray{Schema: forOldClients(s.Items.Schema)}
	}
	if s.AdditionalProperties != nil {
		old.AdditionalProperties = &spec.SchemaOrBool{Allows: s.AdditionalProperties.Allows, Schema: forOldClients(s.AdditionalProperties.Schema)}
	}
	if s.Properties != nil {
		old.Properties = make(map[string]spec.Schema, len(s.Properties))
		for name, p := range s.Properties {
			old.Properties[name] = *forOldClients(&p)
		}
	}
	return &old
}
