package descriptor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"
)

// Object is any typed Kubernetes object with metadata: *corev1.Pod and its like.
type Object interface {
	metav1.Object
	runtime.Object
}

// Decode reads the one object that data holds. None and several are errors of [ErrCount]; a List of one is one.
// See the package documentation for the errors.
func Decode(data []byte, opts ...DecodeOption) (Object, error) {
	return newDecoder(opts).one(data, nil)
}

// DecodeAll reads all objects that data holds, in order: several documents, and the items of every List and PodList and the like
// in the List's place. Documents that are empty or hold only comments are skipped, so that data without any object is an
// empty result and no error. When anything is wrong with any object, no object is returned.
func DecodeAll(data []byte, opts ...DecodeOption) ([]Object, error) {
	d := newDecoder(opts)
	objects := d.all(data, nil)
	if err := d.problems.err(); err != nil {
		return nil, err
	}
	return objects, nil
}

// DecodeInto reads the one object that data holds as a T. Another kind is an error of [ErrKind]. A missing apiVersion or
// kind is taken from T, as the API server takes them from the URL. T's own kind need not be registered, but then apiVersion and kind are not checked.
//
//	pod, err := descriptor.DecodeInto[corev1.Pod](data)
func DecodeInto[T any, P interface {
	*T
	Object
}](data []byte, opts ...DecodeOption) (P, error) {
	obj, err := newDecoder(opts).one(data, reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return obj.(P), nil
}

// decoder is the state of one call.
type decoder struct {
	problems problems
	kinds    kinds
	lax      bool
}

func newDecoder(opts []DecodeOption) *decoder {
	d := &decoder{}
	for _, o := range opts {
		o.decodeWith(d)
	}
	return d
}

func (d *decoder) one(data []byte, want reflect.Type) (Object, error) {
	objects := d.all(data, want)
	if len(d.problems.list) == 0 && len(objects) != 1 {
		hint := ""
		if len(objects) > 1 {
			hint = "; use DecodeAll"
		}
		d.problems.add(position{1, 0}, "", fmt.Errorf("%w: the text holds %d%s", ErrCount, len(objects), hint))
	}
	if err := d.problems.err(); err != nil {
		return nil, err
	}
	return objects[0], nil
}

// all reads every object; want, if not nil, is the type they all must have.
func (d *decoder) all(data []byte, want reflect.Type) []Object {
	text, at, err := normalise(data)
	if err != nil {
		d.problems.add(*at, "", err)
		return nil
	}
	var objects []Object
	for _, doc := range split(text) {
		values, failed := parse(doc)
		if failed != nil {
			d.problems.add(failed.at, failed.path, failed.err)
			continue
		}
		for _, p := range values {
			if p.value != nil { // a document that is null is as good as empty
				objects = append(objects, d.object(p.value, p.spot, "", want)...)
			}
		}
	}
	return objects
}

// parse reads a document as JSON if it looks like it. Flow-style YAML looks so too, hence the second try; if that
// fails as well, it is the JSON error that helps.
func parse(doc document) ([]parsed, *syntaxError) {
	if !looksLikeJSON(withoutMarker(doc.text)) {
		p, err := parseYAML(doc)
		return []parsed{p}, err
	}
	values, failed := parseJSON(doc)
	if failed != nil {
		if p, err := parseYAML(doc); err == nil {
			return []parsed{p}, nil
		}
	}
	return values, failed
}

// object reads one object, or the items of one list. want is the type to assume, or nil; an item of a typed list has one.
func (d *decoder) object(v any, s spot, at path, want reflect.Type) []Object {
	fields, ok := v.(map[string]any)
	if !ok {
		d.problems.add(s.position, at, fmt.Errorf("%w: %s where an object with apiVersion and kind belongs", ErrSyntax, describe(v)))
		return nil
	}
	t, gvk, ok := d.typeFor(fields, s, at, want)
	if !ok {
		return nil
	}
	if item := listItem(t); item != nil && want == nil {
		return d.list(fields, s, at, t, item)
	}
	before := len(d.problems.list)
	d.check(v, s, at, t)
	if len(d.problems.list) > before {
		return nil
	}
	obj, ok := reflect.New(t).Interface().(Object)
	if !ok {
		d.problems.add(s.position, at, fmt.Errorf("%w: %s is not an object with metadata", ErrKind, gvk.Kind))
		return nil
	}
	if err := fill(obj, v); err != nil {
		d.problems.add(s.position, at, fmt.Errorf("%w: %w", ErrWrongType, err))
		return nil
	}
	if !gvk.Empty() {
		obj.GetObjectKind().SetGroupVersionKind(gvk)
	}
	return []Object{obj}
}

func (d *decoder) check(v any, s spot, at path, t reflect.Type) {
	c := checker{&d.problems, d.lax}
	c.check(v, s, t, at)
	if !d.lax {
		c.repeated(s, at, map[*tree]bool{})
	}
}

// fill decodes as the API server does: names are case-sensitive, integers stay integers.
func fill(into any, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return kjson.UnmarshalCaseSensitivePreserveInts(bytes.TrimSpace(text), into)
}

// list reads the items of a list, and holds the rest of it against the list's own type.
func (d *decoder) list(fields map[string]any, s spot, at path, t, item reflect.Type) []Object {
	if item == rawExtension {
		item = nil
	}
	rest, items := map[string]any{}, fields["items"]
	for name, v := range fields {
		if name != "items" {
			rest[name] = v
		}
	}
	c := checker{&d.problems, d.lax}
	c.check(rest, s, t, at)
	if !d.lax && s.tree != nil {
		c.repeated(spot{s.position, s.tree.without("items")}, at, map[*tree]bool{})
	}
	elements, ok := items.([]any)
	if !ok && items != nil {
		c.wrong(s.field("items"), at.field("items"), describe(items)+" where a list belongs")
	}
	var objects []Object
	for i, v := range elements {
		objects = append(objects, d.object(v, s.field("items").item(i), at.field("items").index(i), item)...)
	}
	return objects
}

// typeFor finds the Go type that fields name, and reports what is wrong with the name.
func (d *decoder) typeFor(fields map[string]any, s spot, at path, want reflect.Type) (t reflect.Type, gvk schema.GroupVersionKind, ok bool) {
	version, ok1 := d.text(fields, s, at, "apiVersion")
	kind, ok2 := d.text(fields, s, at, "kind")
	if !ok1 || !ok2 {
		return nil, gvk, false
	}
	if want != nil {
		known, registered := d.kinds.kindOf(want)
		if !registered {
			return want, schema.FromAPIVersionAndKind(version, kind), true
		}
		if version == "" {
			version = known.GroupVersion().String()
		}
		if kind == "" {
			kind = known.Kind
		}
	}
	for name, text := range map[string]string{"apiVersion": version, "kind": kind} {
		if text == "" {
			d.problems.add(s.position, at.field(name), fmt.Errorf("%w: missing", ErrKind))
			ok1 = false
		}
	}
	gv, err := schema.ParseGroupVersion(version)
	if err != nil {
		d.problems.add(s.field("apiVersion").position, at.field("apiVersion"), fmt.Errorf("%w: %w", ErrKind, err))
		ok1 = false
	}
	if !ok1 {
		return nil, gvk, false
	}
	gvk = gv.WithKind(kind)
	if t, ok = d.kinds.typeOf(gvk); !ok {
		d.problems.add(s.field("kind").position, at.field("kind"), d.kinds.unknown(gvk))
		return nil, gvk, false
	}
	if want != nil && t != want {
		d.problems.add(s.field("kind").position, at.field("kind"), fmt.Errorf("%w: %s %s where a %s belongs", ErrKind, version, kind, want.Name()))
		return nil, gvk, false
	}
	return t, gvk, true
}

// text reads a string field of an object whose type is not known yet; a missing one is "".
func (d *decoder) text(fields map[string]any, s spot, at path, name string) (string, bool) {
	switch v := fields[name].(type) {
	case nil:
		return "", true
	case string:
		return v, true
	default:
		d.problems.add(s.field(name).position, at.field(name), fmt.Errorf("%w: %s where a string belongs", ErrWrongType, describe(v)))
		return "", false
	}
}
