package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	openapi_v2 "github.com/google/gnostic-models/openapiv2"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// MediaTypeV2Protobuf is what a client asks for that wants the form of [V2Protobuf].
const MediaTypeV2Protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"

// V2 is what /openapi/v2 answers: one Swagger document of all group versions, for clients that find no v3 document of
// a kind. It says what the v3 documents say, as far as Swagger can. The body is shared: do not write to it.
func V2(t *registry.Table) (body []byte, hash string, err error) {
	doc, err := findV2(t).json()
	return doc.body, doc.hash, err
}

// V2Protobuf is [V2] in the protobuf form of gnostic. The hash is that of the JSON form.
func V2Protobuf(t *registry.Table) (body []byte, hash string, err error) {
	doc, err := findV2(t).protobuf()
	return doc.body, doc.hash, err
}

func findV2(t *registry.Table) *built {
	rows := t.Rows()
	key, custom := keyOf(rows)
	return cached("v2\n"+key, custom, func() *built {
		b := &built{}
		b.json = sync.OnceValues(func() (encoded, error) { return encodeV2(rows) })
		b.protobuf = sync.OnceValues(func() (encoded, error) { return encodeV2Protobuf(b) })
		return b
	})
}

func encodeV2(rows []*registry.Resource) (encoded, error) {
	body, err := json.Marshal(swagger(rows))
	if err != nil {
		return encoded{}, fmt.Errorf("encode the OpenAPI v2 document: %w", err)
	}
	return encoded{body, hashOf(body)}, nil
}

func encodeV2Protobuf(b *built) (encoded, error) {
	doc, err := b.json()
	if err != nil {
		return encoded{}, err
	}
	parsed, err := openapi_v2.ParseDocument(doc.body)
	if err != nil {
		return encoded{}, fmt.Errorf("read back the OpenAPI v2 document: %w", err)
	}
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(parsed)
	if err != nil {
		return encoded{}, fmt.Errorf("encode the OpenAPI v2 document as protobuf: %w", err)
	}
	return encoded{body, doc.hash}, nil
}

// swagger joins the v3 documents of all group versions.
func swagger(rows []*registry.Resource) *spec.Swagger {
	byVersion := map[schema.GroupVersion][]*registry.Resource{}
	var versions []schema.GroupVersion
	for _, r := range rows {
		gv := r.GroupVersion()
		if byVersion[gv] == nil {
			versions = append(versions, gv)
		}
		byVersion[gv] = append(byVersion[gv], r)
	}
	s := &spec.Swagger{SwaggerProps: spec.SwaggerProps{
		Swagger:     "2.0",
		Info:        &spec.Info{InfoProps: spec.InfoProps{Title: "Kubernetes", Version: "v1.37.2"}},
		Paths:       &spec.Paths{Paths: map[string]spec.PathItem{}},
		Definitions: spec.Definitions{},
	}}
	for _, gv := range versions {
		v3 := describe(gv, byVersion[gv])
		for _, r := range byVersion[gv] {
			if r.Schema != nil {
				v3.Components.Schemas[modelOf(r.GroupVersionKind())] = forOldClients(r.Schema)
			}
		}
		for name, schema := range v3.Components.Schemas {
			s.Definitions[name] = *oldSchema(schema)
		}
		for path, item := range v3.Paths.Paths {
			s.Paths.Paths[path] = oldPath(item)
		}
	}
	return s
}

func oldPath(p *spec3.Path) spec.PathItem {
	return spec.PathItem{PathItemProps: spec.PathItemProps{
		Get: oldOperation(p.Get), Put: oldOperation(p.Put), Post: oldOperation(p.Post), Delete: oldOperation(p.Delete),
		Options: oldOperation(p.Options), Head: oldOperation(p.Head), Patch: oldOperation(p.Patch),
		Parameters: oldParameters(p.Parameters),
	}}
}

func oldOperation(o *spec3.Operation) *spec.Operation {
	if o == nil {
		return nil
	}
	old := &spec.Operation{
		VendorExtensible: o.VendorExtensible,
		OperationProps: spec.OperationProps{
			ID: o.OperationId, Tags: o.Tags, Description: o.Description, Schemes: []string{"https"},
			Consumes: []string{"*/*"}, Parameters: oldParameters(o.Parameters),
			Responses: &spec.Responses{ResponsesProps: spec.ResponsesProps{StatusCodeResponses: map[int]spec.Response{}}},
		},
	}
	if o.RequestBody != nil {
		old.Consumes = mediaTypes(o.RequestBody.Content)
		old.Parameters = append(old.Parameters, spec.Parameter{ParamProps: spec.ParamProps{
			Name: "body", In: "body", Required: true, Schema: contentSchema(o.RequestBody.Content),
		}})
	}
	if o.Responses == nil {
		return old
	}
	for code, r := range o.Responses.StatusCodeResponses {
		old.Responses.StatusCodeResponses[code] = spec.Response{ResponseProps: spec.ResponseProps{
			Description: r.Description, Schema: contentSchema(r.Content),
		}}
		if len(r.Content) > 0 {
			old.Produces = mediaTypes(r.Content)
		}
	}
	return old
}

func mediaTypes(content map[string]*spec3.MediaType) []string {
	return slices.Sorted(maps.Keys(content))
}

// contentSchema is the schema of a body, which is the same in every media type.
func contentSchema(content map[string]*spec3.MediaType) *spec.Schema {
	for _, mediaType := range mediaTypes(content) {
		if s := content[mediaType].Schema; s != nil {
			return oldSchema(s)
		}
	}
	return nil
}

func oldParameters(parameters []*spec3.Parameter) []spec.Parameter {
	var old []spec.Parameter
	for _, p := range parameters {
		q := spec.Parameter{ParamProps: spec.ParamProps{Name: p.Name, In: p.In, Description: p.Description, Required: p.Required}}
		q.UniqueItems = true
		if p.Schema != nil && len(p.Schema.Type) > 0 {
			q.Type = p.Schema.Type[0]
		}
		old = append(old, q)
	}
	return old
}

// oldSchema says in Swagger what a v3 schema says. What Swagger has no words for is left out: a choice of types reads
// as a string, a reference with a default as the reference.
func oldSchema(s *spec.Schema) *spec.Schema {
	if s == nil {
		return nil
	}
	old := *s
	if len(s.AllOf) == 1 {
		old.Ref, old.AllOf = s.AllOf[0].Ref, nil
	}
	if len(s.OneOf) > 0 {
		old.OneOf, old.Type = nil, spec.StringOrArray{"string"}
	}
	old.Ref = oldRef(old.Ref)
	if s.Items != nil {
		old.Items = &spec.SchemaOrArray{Schema: oldSchema(s.Items.Schema)}
	}
	if s.AdditionalProperties != nil {
		old.AdditionalProperties = &spec.SchemaOrBool{Allows: s.AdditionalProperties.Allows, Schema: oldSchema(s.AdditionalProperties.Schema)}
	}
	if s.Properties != nil {
		old.Properties = make(map[string]spec.Schema, len(s.Properties))
		for name, p := range s.Properties {
			old.Properties[name] = *oldSchema(&p)
		}
	}
	return &old
}

// oldRef points into definitions instead of components.
func oldRef(ref spec.Ref) spec.Ref {
	name, ok := strings.CutPrefix(ref.String(), "#/components/schemas/")
	if !ok {
		return ref
	}
	return spec.MustCreateRef("#/definitions/" + name)
}
