package openapi

import (
	"crypto/sha512"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	openapi_v3 "github.com/google/gnostic-models/openapiv3"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"google.golang.org/protobuf/proto"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// MediaTypeProtobuf is what a client asks for that wants the form of [DocumentProtobuf].
const MediaTypeProtobuf = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"

// ErrNotServed is what asking for a document of a group version answers that the table does not have.
var ErrNotServed = errors.New("openapi: no such group version")

// Index is what /openapi/v3 answers: where the document of each group version is. The hash is that of the body, in
// hexadecimal; in quotes it makes the ETag header.
func Index(t *registry.Table) (body []byte, hash string, err error) {
	type location struct {
		ServerRelativeURL string `json:"serverRelativeURL"`
	}
	index := struct {
		Paths map[string]location `json:"paths"`
	}{map[string]location{}}
	for _, r := range t.Rows() {
		path := root(r.GroupVersion())
		if _, ok := index.Paths[path]; ok {
			continue
		}
		_, hash, err := Document(t, path)
		if err != nil {
			return nil, "", err
		}
		index.Paths[path] = location{"/openapi/v3/" + path + "?hash=" + hash}
	}
	body, err = json.Marshal(index)
	if err != nil {
		return nil, "", fmt.Errorf("encode the OpenAPI index: %w", err)
	}
	return body, hashOf(body), nil
}

// Document is what /openapi/v3/PATH answers, for a path such as api/v1 or apis/apps/v1, and its hash as [Index] names
// it. An unknown path is [ErrNotServed]. The body is shared: do not write to it.
func Document(t *registry.Table, path string) (body []byte, hash string, err error) {
	b, err := find(t, path)
	if err != nil {
		return nil, "", err
	}
	doc, err := b.json()
	return doc.body, doc.hash, err
}

// DocumentProtobuf is [Document] in the protobuf form of gnostic, for clients that ask for [MediaTypeProtobuf]. The
// hash is that of the JSON form.
func DocumentProtobuf(t *registry.Table, path string) (body []byte, hash string, err error) {
	b, err := find(t, path)
	if err != nil {
		return nil, "", err
	}
	doc, err := b.protobuf()
	return doc.body, doc.hash, err
}

// built is a document in both forms, each made when it is first asked for.
type built struct {
	json, protobuf func() (encoded, error)
}

type encoded struct {
	body []byte
	hash string
}

func find(t *registry.Table, path string) (*built, error) {
	var rows []*registry.Resource
	for _, r := range t.Rows() {
		if root(r.GroupVersion()) == path {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrNotServed, path)
	}
	key, custom := keyOf(rows)
	return cached(key, custom, func() *built {
		b := &built{}
		b.json = sync.OnceValues(func() (encoded, error) { return encodeJSON(rows) })
		b.protobuf = sync.OnceValues(func() (encoded, error) { return encodeProtobuf(b) })
		return b
	}), nil
}

func encodeJSON(rows []*registry.Resource) (encoded, error) {
	gv := rows[0].GroupVersion()
	body, err := json.Marshal(describe(gv, rows))
	if err != nil {
		return encoded{}, fmt.Errorf("encode the OpenAPI document of %s: %w", gv, err)
	}
	return encoded{body, hashOf(body)}, nil
}

func encodeProtobuf(b *built) (encoded, error) {
	doc, err := b.json()
	if err != nil {
		return encoded{}, err
	}
	parsed, err := openapi_v3.ParseDocument(doc.body)
	if err != nil {
		return encoded{}, fmt.Errorf("read back an OpenAPI document: %w", err)
	}
	body, err := proto.MarshalOptions{Deterministic: true}.Marshal(parsed)
	if err != nil {
		return encoded{}, fmt.Errorf("encode an OpenAPI document as protobuf: %w", err)
	}
	return encoded{body, doc.hash}, nil
}

func describe(gv schema.GroupVersion, rows []*registry.Resource) *spec3.OpenAPI {
	d := &document{gv: gv, schemas: schemas{}, paths: map[string]*spec3.Path{}}
	d.addDiscovery()
	for _, r := range rows {
		d.addResource(r)
	}
	return &spec3.OpenAPI{
		Version:    "3.0.0",
		Info:       &spec.Info{InfoProps: spec.InfoProps{Title: "Kubernetes", Version: "1.37"}},
		Paths:      &spec3.Paths{Paths: d.paths},
		Components: &spec3.Components{Schemas: d.schemas, SecuritySchemes: spec3.SecuritySchemes{"BearerToken": bearerToken}},
	}
}

var bearerToken = &spec3.SecurityScheme{SecuritySchemeProps: spec3.SecuritySchemeProps{
	Type: "apiKey", Name: "authorization", In: "header", Description: "Bearer Token authentication",
}}

func hashOf(body []byte) string { return fmt.Sprintf("%X", sha512.Sum512(body)) }
