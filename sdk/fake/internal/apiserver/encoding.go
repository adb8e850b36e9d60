package apiserver

import (
	"bytes"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// A version of an object is encoded once in each form that somebody asks for, and kept with the version: answers and watch events hold
// it whole, lists are put together from parts of it. What is not kept is what depends on more than the version, as a table does, which
// tells ages, and what a person reads once: YAML and indented JSON.

// wire is how a format's bytes are put together from bytes of it.
type wire struct {
	// item finds the part of an encoded object that stands in a list, or returns nil.
	item func(whole []byte, obj runtime.Object) []byte
	// frame appends a watch event with an encoded object.
	frame func(to []byte, kind string, whole []byte) []byte
	// list makes what stands around the items of a list, given one of the same kind that is empty, or says that it cannot.
	list func(f *format, empty runtime.Object, m *metav1.ListMeta, items [][]byte) (around, bool)
}

var wires = map[string]*wire{
	runtime.ContentTypeJSON:     {jsonItem, jsonFrame, jsonList},
	runtime.ContentTypeProtobuf: {protobufItem, protobufFrame, protobufList},
}

// kept is the name of the form in which an edition is encoded for this client, or "" if it is not one that is kept.
func (want wanted) kept() string {
	switch {
	case want.format.wire == nil || want.pretty || want.as == asTable:
		return ""
	case want.as == "":
		return want.format.mediaType
	case want.version == "v1":
		return want.format.mediaType + ";metadata" // alone or as an item
	}
	return ""
}

// encoding is that of an edition in the form that is kept under a name.
func (want wanted) encoding(form string, e *store.Edition) (store.Encoding, error) {
	return e.Encoding(form, want.encodeAlone)
}

func (want wanted) encodeAlone(obj store.Object) (store.Encoding, error) {
	var formed runtime.Object = obj
	if want.as != "" {
		formed = want.partial(obj)
	}
	whole, err := want.format.encodeExact(formed)
	if err != nil {
		return store.Encoding{}, want.format.cannot(formed, err)
	}
	return store.Encoding{Whole: whole, Item: want.format.wire.item(whole, formed)}, nil
}

// editionOf is the edition of an object that was read or written, or one of its own for what was not stored or is no longer current.
func (s *Server) editionOf(r *registry.Resource, obj store.Object) *store.Edition {
	e, err := s.api.Store.Edition(r.StoreKey(), obj.GetNamespace(), obj.GetName())
	if err != nil || e.Object != obj {
		return store.NewEdition(obj)
	}
	return e
}

// document is an edition in JSON, to be patched. It is not kept for that alone, since a patch makes the edition old.
func document(e *store.Edition) ([]byte, error) {
	want := wanted{format: jsonFormat}
	if form := want.kept(); e.Has(form) {
		enc, err := want.encoding(form, e)
		return enc.Whole, err
	}
	return jsonFormat.encode(e.Object, false)
}

// buffers are what objects are encoded into. A large one is let go, or the pool would hold it for long.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const largeBuffer = 256 << 10

func release(b *bytes.Buffer) {
	if b.Cap() <= largeBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// encodeExact is encode without indentation, in a slice with no room to spare, since it is kept.
func (f *format) encodeExact(obj runtime.Object) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer release(b)
	if err := f.encodeTo(b, obj, false); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}
