package descriptor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// Encode writes obj as YAML, or as the options say. A missing apiVersion and kind are filled in from the scheme; obj
// itself is not changed. Keys come sorted, so equal objects make equal texts.
func Encode(obj Object, opts ...EncodeOption) ([]byte, error) {
	e := newEncoder(opts)
	fields, err := e.fields(obj)
	if err != nil {
		return nil, err
	}
	return e.text(fields)
}

// EncodeAll writes objects as one YAML text with a document each, or as a JSON List. No objects are an empty text, or an empty
// List. [DecodeAll] reads both back.
func EncodeAll(objects []Object, opts ...EncodeOption) ([]byte, error) {
	e := newEncoder(opts)
	documents, items := [][]byte{}, []any{}
	for i, obj := range objects {
		fields, err := e.fields(obj)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		text, err := e.text(fields)
		if err != nil {
			return nil, fmt.Errorf("object %d: %w", i, err)
		}
		documents, items = append(documents, text), append(items, fields)
	}
	if e.json {
		return e.text(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	}
	return bytes.Join(documents, []byte("---\n")), nil
}

// encoder is the state of one call.
type encoder struct {
	kinds       kinds
	json, clean bool
}

func newEncoder(opts []EncodeOption) *encoder {
	e := &encoder{}
	for _, o := range opts {
		o.encodeWith(e)
	}
	return e
}

// fields is obj as JSON has it, with its kind, and cleaned if asked for. Numbers keep their digits.
func (e *encoder) fields(obj Object) (map[string]any, error) {
	if obj == nil || reflect.ValueOf(obj).Kind() == reflect.Pointer && reflect.ValueOf(obj).IsNil() {
		return nil, errors.New("encoding: the object is nil")
	}
	gvk, err := e.kind(obj)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(obj)
	if err != nil {
		return nil, fmt.Errorf("encoding %s %q: %w", gvk.Kind, obj.GetName(), err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	fields := map[string]any{}
	if err := dec.Decode(&fields); err != nil {
		return nil, fmt.Errorf("encoding %s %q: %w", gvk.Kind, obj.GetName(), err)
	}
	fields["apiVersion"], fields["kind"] = gvk.GroupVersion().String(), gvk.Kind
	if e.clean {
		clean(fields)
	}
	return fields, nil
}

// kind is obj's own, or that of its Go type.
func (e *encoder) kind(obj Object) (schema.GroupVersionKind, error) {
	if gvk := obj.GetObjectKind().GroupVersionKind(); gvk.Kind != "" && gvk.Version != "" {
		return gvk, nil
	}
	gvk, ok := e.kinds.kindOf(reflect.TypeOf(obj).Elem())
	if !ok {
		return gvk, fmt.Errorf("encoding %q: %w: %T has no apiVersion and kind; set them or register its type with WithScheme", obj.GetName(), ErrKind, obj)
	}
	return gvk, nil
}

// text writes fields in the encoder's format, ending with a newline.
func (e *encoder) text(fields map[string]any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if e.json {
		enc.SetIndent("", "    ")
	}
	if err := enc.Encode(fields); err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	if e.json {
		return b.Bytes(), nil
	}
	return yaml.JSONToYAML(b.Bytes())
}
