package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// operation is what all verbs on one path have in common.
type operation struct {
	d      *document
	r      *registry.Resource
	gvk    schema.GroupVersionKind // of what is sent and answered
	schema *spec.Schema            // of the same
	scope  string                  // Namespaced or nothing
	name   string                  // the kind and the subresource, as in operation ids
	sub    string                  // the subresource
	in     []*spec3.Parameter      // what the path takes, whatever the verb
}

// The media types that objects and watches come in.
var (
	objectTypes = []string{"application/json", "application/yaml", "application/vnd.kubernetes.protobuf"}
	listTypes   = append(slices.Clone(objectTypes), "application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch")
	anyType     = []string{"*/*"}
)

// allPatches are the patches of kinds that do not say which they take.
var allPatches = []types.PatchType{types.JSONPatchType, types.MergePatchType, types.StrategicMergePatchType, types.ApplyYAMLPatchType}

func (o operation) list() *spec3.Operation {
	description, media := "list objects of kind "+o.r.Kind, objectTypes
	if o.r.Can("watch") {
		description, media = "list or watch objects of kind "+o.r.Kind, listTypes
	}
	list := o.d.list(o.r)
	return o.verb("list", "list*", description, listParameters, nil, answers(list, media, http.StatusOK))
}

func (o operation) create() *spec3.Operation {
	description := "create " + withArticle(o.gvk.Kind)
	if o.sub != "" {
		description = "create " + o.sub + " of " + withArticle(o.r.Kind)
	}
	return o.verb("post", "create*", description, createParameters, body(o.schema, true, anyType...),
		answers(o.schema, objectTypes, http.StatusOK, http.StatusCreated, http.StatusAccepted))
}

func (o operation) get() *spec3.Operation {
	return o.verb("get", "read*", "read "+o.subject(), nil, nil, answers(o.schema, objectTypes, http.StatusOK))
}

func (o operation) update() *spec3.Operation {
	return o.verb("put", "replace*", "replace "+o.subject(), updateParameters, body(o.schema, true, anyType...),
		answers(o.schema, objectTypes, http.StatusOK, http.StatusCreated))
}

// patch tells clients which patches to send: kubectl apply sends a merge patch where it finds no strategic one.
func (o operation) patch() *spec3.Operation {
	kinds := o.r.PatchTypes
	if kinds == nil {
		kinds = allPatches
	}
	var media []string
	for _, kind := range kinds {
		media = append(media, string(kind))
	}
	patch := o.d.schemas.of(reflect.TypeFor[metav1.Patch]())
	return o.verb("patch", "patch*", "partially update "+o.subject(), patchParameters, body(patch, true, media...),
		answers(o.schema, objectTypes, http.StatusOK, http.StatusCreated))
}

func (o operation) delete() *spec3.Operation {
	answer := o.schema
	if !o.r.ReturnDeleted {
		answer = o.d.meta(reflect.TypeFor[metav1.Status]())
	}
	return o.verb("delete", "delete*", "delete "+withArticle(o.r.Kind), deleteParameters, o.deleteBody(),
		answers(answer, objectTypes, http.StatusOK, http.StatusAccepted))
}

func (o operation) deleteAll() *spec3.Operation {
	return o.verb("deletecollection", "delete*Collection", "delete collection of "+o.r.Kind, deleteAllParameters, o.deleteBody(),
		answers(o.d.meta(reflect.TypeFor[metav1.Status]()), objectTypes, http.StatusOK))
}

func (o operation) deleteBody() *spec3.RequestBody {
	return body(o.d.meta(reflect.TypeFor[metav1.DeleteOptions]()), false, anyType...)
}

// stream describes the verbs of a subresource that answers no object: a log is read, all others are connected to.
func (o operation) stream(s *registry.Subresource) spec3.PathProps {
	if s.Name == "log" {
		return spec3.PathProps{Get: o.verb("get", "read*", "read "+o.subject(), nil, nil,
			answers(typed("string", ""), append([]string{"text/plain"}, objectTypes...), http.StatusOK))}
	}
	connect := func(method string) func() *spec3.Operation {
		return func() *spec3.Operation {
			op := o.verb("connect", "connect*"+method, "connect "+strings.ToUpper(method)+" requests to "+o.sub+" of "+o.r.Kind, nil, nil,
				answers(typed("string", ""), anyType, http.StatusOK))
			op.Parameters = slices.DeleteFunc(op.Parameters, func(p *spec3.Parameter) bool { return p == prettyParameter })
			return op
		}
	}
	return spec3.PathProps{
		Get: given(s.Can("get"), connect("Get")), Post: given(s.Can("create"), connect("Post")), Put: given(s.Can("update"), connect("Put")),
		Patch: given(s.Can("patch"), connect("Patch")), Delete: given(s.Can("delete"), connect("Delete")),
		Options: given(s.Connect, connect("Options")), Head: given(s.Connect, connect("Head")),
	}
}

// verb puts an operation together. The action is what clients read; the id, in which a star stands for the group
// version, is what generators of clients name methods by.
func (o operation) verb(action, id, description string, parameters []*spec3.Parameter, request *spec3.RequestBody, responses *spec3.Responses) *spec3.Operation {
	op := &spec3.Operation{OperationProps: spec3.OperationProps{
		Tags: []string{o.d.tag()}, Description: description,
		OperationId: strings.Replace(id, "*", o.d.groupName(), 1) + o.scope + o.name,
		Parameters:  union(union(o.in, []*spec3.Parameter{prettyParameter}), parameters),
		RequestBody: request, Responses: responses,
	}}
	op.Extensions = spec.Extensions{
		actionExtension: action,
		gvkExtension:    map[string]any{"group": o.gvk.Group, "version": o.gvk.Version, "kind": o.gvk.Kind},
	}
	return op
}

// subject is "the specified Pod" or "status of the specified Pod".
func (o operation) subject() string {
	if o.sub == "" {
		return "the specified " + o.r.Kind
	}
	return o.sub + " of the specified " + o.r.Kind
}

func withArticle(kind string) string {
	switch {
	case strings.HasSuffix(kind, "s") && !strings.HasSuffix(kind, "ss"):
		return kind // a plural: Endpoints
	case strings.ContainsRune("AEIOU", rune(kind[0])):
		return "an " + kind
	}
	return "a " + kind
}

func body(schema *spec.Schema, required bool, media ...string) *spec3.RequestBody {
	return &spec3.RequestBody{RequestBodyProps: spec3.RequestBodyProps{Content: content(schema, media), Required: required}}
}

// answers say the same schema for every good status, and that a client without credentials gets none of them.
func answers(schema *spec.Schema, media []string, statuses ...int) *spec3.Responses {
	codes := map[int]*spec3.Response{
		http.StatusUnauthorized: {ResponseProps: spec3.ResponseProps{Description: http.StatusText(http.StatusUnauthorized)}},
	}
	for _, status := range statuses {
		codes[status] = &spec3.Response{ResponseProps: spec3.ResponseProps{Description: http.StatusText(status), Content: content(schema, media)}}
	}
	return &spec3.Responses{ResponsesProps: spec3.ResponsesProps{StatusCodeResponses: codes}}
}

func content(schema *spec.Schema, media []string) map[string]*spec3.MediaType {
	out := map[string]*spec3.MediaType{}
	for _, m := range media {
		out[m] = &spec3.MediaType{MediaTypeProps: spec3.MediaTypeProps{Schema: schema}}
	}
	return out
}
