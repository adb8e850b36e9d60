package openapi

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/spec3"
)

// parametersOf are the query parameters that the fields of an options type stand for. Fields that no query parameter
// can carry are left out.
func parametersOf(t reflect.Type) []*spec3.Parameter {
	var out []*spec3.Parameter
	docs := swaggerDoc(t)
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		kind := indirect(t.Field(i).Type)
		if kind.Kind() == reflect.Slice {
			kind = kind.Elem() // given several times
		}
		p, ok := primitives[kind.Kind()]
		if name == "" || name == "-" || !ok {
			continue
		}
		out = append(out, parameter("query", name, docs[name], p.name))
	}
	return out
}

// What the verbs take.
var (
	listParameters   = parametersOf(reflect.TypeFor[metav1.ListOptions]())
	createParameters = parametersOf(reflect.TypeFor[metav1.CreateOptions]())
	updateParameters = parametersOf(reflect.TypeFor[metav1.UpdateOptions]())
	patchParameters  = parametersOf(reflect.TypeFor[metav1.PatchOptions]())
	deleteParameters = parametersOf(reflect.TypeFor[metav1.DeleteOptions]())

	// deleteAllParameters choose what to delete as a list does, but cannot watch it.
	deleteAllParameters = slices.DeleteFunc(union(listParameters, deleteParameters), func(p *spec3.Parameter) bool {
		return p.Name == "watch" || p.Name == "allowWatchBookmarks"
	})

	prettyParameter    = parameter("query", "pretty", "If 'true', the answer is indented for people to read.", "string")
	namespaceParameter = parameter("path", "namespace", "The namespace that the object is in.", "string")
	pathParameter      = parameter("path", "path", "What is asked for there.", "string")
)

func nameParameter(kind string) *spec3.Parameter {
	return parameter("path", "name", "name of the "+kind, "string")
}

func parameter(in, name, description, typeName string) *spec3.Parameter {
	schema := typed(typeName, "")
	schema.UniqueItems = true // odd, but what upstream says of every parameter
	return &spec3.Parameter{ParameterProps: spec3.ParameterProps{
		Name: name, In: in, Description: description, Required: in == "path", Schema: schema,
	}}
}

// union is all parameters of both, the first of each name.
func union(a, b []*spec3.Parameter) []*spec3.Parameter {
	out := slices.Clone(a)
	for _, p := range b {
		if !hasParameter(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func hasParameter(parameters []*spec3.Parameter, p *spec3.Parameter) bool {
	return slices.ContainsFunc(parameters, func(q *spec3.Parameter) bool { return q.Name == p.Name && q.In == p.In })
}

func sortParameters(parameters []*spec3.Parameter) {
	slices.SortFunc(parameters, func(a, b *spec3.Parameter) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.In, b.In))
	})
}

// hoist moves to the path what all its operations take, as upstream does, so that each parameter is said once.
func hoist(path *spec3.Path) {
	operations := operationsOf(path)
	if len(operations) == 0 {
		return
	}
	var common []*spec3.Parameter
	for _, p := range operations[0].Parameters {
		everywhere := func(o *spec3.Operation) bool { return hasParameter(o.Parameters, p) }
		if !slices.ContainsFunc(operations, func(o *spec3.Operation) bool { return !everywhere(o) }) {
			common = append(common, p)
		}
	}
	for _, o := range operations {
		o.Parameters = slices.DeleteFunc(o.Parameters, func(p *spec3.Parameter) bool { return hasParameter(common, p) })
		sortParameters(o.Parameters)
	}
	sortParameters(common)
	path.Parameters = common
}

func operationsOf(path *spec3.Path) []*spec3.Operation {
	all := []*spec3.Operation{path.Get, path.Put, path.Post, path.Delete, path.Patch, path.Options, path.Head}
	return slices.DeleteFunc(all, func(o *spec3.Operation) bool { return o == nil })
}
