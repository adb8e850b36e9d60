package openapi

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// document is one group version's document in the making.
type document struct {
	gv      schema.GroupVersion
	schemas schemas
	paths   map[string]*spec3.Path
}

// root is the path that everything of the group version is under.
func root(gv schema.GroupVersion) string {
	if gv.Group == "" {
		return "api/" + gv.Version
	}
	return "apis/" + gv.Group + "/" + gv.Version
}

// addDiscovery describes the resource list that the root itself answers.
func (d *document) addDiscovery() {
	d.paths["/"+root(d.gv)+"/"] = &spec3.Path{PathProps: spec3.PathProps{Get: &spec3.Operation{OperationProps: spec3.OperationProps{
		Tags:        []string{d.tag()},
		Description: "get available resources",
		OperationId: "get" + d.groupName() + "APIResources",
		Responses:   answers(d.meta(reflect.TypeFor[metav1.APIResourceList]()), objectTypes, http.StatusOK),
	}}}}
}

// addResource describes the paths of a row: its collection, its objects and their subresources.
func (d *document) addResource(r *registry.Resource) {
	collection := "/" + root(d.gv) + "/" + r.Name
	all := collection
	target := operation{d: d, r: r, gvk: r.GroupVersionKind(), schema: d.object(r), name: r.Kind}
	if r.Namespaced {
		collection = "/" + root(d.gv) + "/namespaces/{namespace}/" + r.Name
		target.scope, target.in = "Namespaced", []*spec3.Parameter{namespaceParameter}
	}
	if r.Namespaced && r.Can("list") {
		anywhere := target
		anywhere.scope, anywhere.in = "", nil
		anywhere.name += "ForAllNamespaces"
		d.addPath(all, spec3.PathProps{Get: anywhere.list()})
	}
	d.addPath(collection, spec3.PathProps{
		Get: given(r.Can("list"), target.list), Post: given(r.Can("create"), target.create), Delete: given(r.Can("deletecollection"), target.deleteAll),
	})
	target.in = append(slices.Clone(target.in), nameParameter(r.Kind))
	d.addPath(collection+"/{name}", spec3.PathProps{
		Get: given(r.Can("get"), target.get), Put: given(r.Can("update"), target.update),
		Patch: given(r.Can("patch"), target.patch), Delete: given(r.Can("delete"), target.delete),
	})
	for i := range r.Subresources {
		d.addSubresource(collection+"/{name}/"+r.Subresources[i].Name, target, &r.Subresources[i])
	}
}

func (d *document) addSubresource(path string, target operation, s *registry.Subresource) {
	r := target.r
	target.sub = s.Name
	target.gvk = schema.GroupVersionKind{Group: cmp.Or(s.Group, r.Group), Version: cmp.Or(s.Version, r.Version), Kind: cmp.Or(s.Kind, r.Kind)}
	target.name += strings.ToUpper(s.Name[:1]) + s.Name[1:]
	if options := optionsOf(target.gvk, s.Name); options != nil {
		target.in = append(target.in, parametersOf(options)...)
		d.addPath(path, target.stream(s))
		if s.Connect {
			target.name += "WithPath"
			target.in = append(slices.Clone(target.in), pathParameter)
			d.addPath(path+"/{path}", target.stream(s))
		}
		return
	}
	if target.gvk != r.GroupVersionKind() {
		target.schema = d.kind(target.gvk, nil)
	}
	d.addPath(path, spec3.PathProps{
		Get: given(s.Can("get"), target.get), Post: given(s.Can("create"), target.create), Put: given(s.Can("update"), target.update),
		Patch: given(s.Can("patch"), target.patch), Delete: given(s.Can("delete"), target.delete),
	})
}

// addPath adds a path unless it can do nothing at all.
func (d *document) addPath(path string, props spec3.PathProps) {
	p := &spec3.Path{PathProps: props}
	if len(operationsOf(p)) > 0 {
		hoist(p)
		d.paths[path] = p
	}
}

func given(can bool, describe func() *spec3.Operation) *spec3.Operation {
	if !can {
		return nil
	}
	return describe()
}

// optionsOf is the type whose fields are the query parameters of a subresource that is no object but a stream or a
// text, or nil for all others.
func optionsOf(gvk schema.GroupVersionKind, subresource string) reflect.Type {
	if gvk.Kind == "Pod" && subresource == "log" {
		gvk.Kind = "PodLogOptions" // whose answer discovery calls a Pod
	}
	if !strings.HasSuffix(gvk.Kind, "Options") || !scheme.Scheme.Recognizes(gvk) {
		return nil
	}
	return typeOf(gvk)
}

// typeOf is the Go type of a kind, or nil if client-go does not know the kind.
func typeOf(gvk schema.GroupVersionKind) reflect.Type {
	obj, err := scheme.Scheme.New(gvk)
	if err != nil {
		return nil
	}
	return reflect.TypeOf(obj).Elem()
}

// newObject is the Go type of a row's objects, or nil for a row without any.
func newObject(r *registry.Resource) reflect.Type {
	if r.New == nil {
		return nil
	}
	return reflect.TypeOf(r.New()).Elem()
}

// newList is the Go type of a row's lists, or nil for a row without any.
func newList(r *registry.Resource) reflect.Type {
	if r.NewList == nil {
		return nil
	}
	list := r.NewList()
	if list == nil {
		return nil
	}
	return reflect.TypeOf(list).Elem()
}

// kind refers to the schema of a kind, made from t or, without it, from the type that client-go has. A kind of no Go
// type of its own is an object of any form.
func (d *document) kind(gvk schema.GroupVersionKind, t reflect.Type) *spec.Schema {
	if t == nil || t.PkgPath() == unstructuredPackage {
		t = typeOf(gvk)
	}
	if t == nil {
		return d.unknownKind(gvk)
	}
	ref := d.schemas.of(t)
	d.tagKind(modelName(t), gvk)
	return ref
}

// meta refers to the schema of a type that serves all groups. Its kind is said to be this document's, as upstream says.
func (d *document) meta(t reflect.Type) *spec.Schema {
	gvk := d.gv.WithKind(t.Name())
	if t.Name() == "APIResourceList" || t.Name() == "Status" {
		gvk = schema.GroupVersionKind{Version: "v1", Kind: t.Name()}
	}
	return d.kind(gvk, t)
}

const unstructuredPackage = "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

func (d *document) unknownKind(gvk schema.GroupVersionKind) *spec.Schema {
	name := modelOf(gvk)
	if d.schemas[name] == nil {
		d.schemas[name] = typed("object", "")
		extend(d.schemas[name], "x-kubernetes-preserve-unknown-fields", true)
	}
	d.tagKind(name, gvk)
	return spec.RefSchema(refPrefix + name)
}

// tagKind notes of which kind a schema is. Clients look schemas up by it.
func (d *document) tagKind(name string, gvk schema.GroupVersionKind) {
	extend(d.schemas[name], gvkExtension, []any{map[string]any{"group": gvk.Group, "kind": gvk.Kind, "version": gvk.Version}})
}

const (
	gvkExtension    = "x-kubernetes-group-version-kind"
	actionExtension = "x-kubernetes-action"
)

// groupName is the group and version in operation ids: CoreV1, AppsV1, AuthenticationV1.
func (d *document) groupName() string {
	group, _, _ := strings.Cut(cmp.Or(d.gv.Group, "core"), ".")
	return strings.ToUpper(group[:1]) + group[1:] + strings.ToUpper(d.gv.Version[:1]) + d.gv.Version[1:]
}

func (d *document) tag() string {
	group, _, _ := strings.Cut(cmp.Or(d.gv.Group, "core"), ".")
	return fmt.Sprintf("%s_%s", group, d.gv.Version)
}
