package facts

import (
	"cmp"
	"fmt"
	"reflect"

	kjson "sigs.k8s.io/json"
)

// Default fills in, in place, the fields of what obj points to, and of all below it, whose facts have a Default and that
// are unset: zero, or nil for pointers, lists and maps. What is set stays, so a second call changes nothing. Pointers, lists
// and maps that it sets belong to obj alone. Implied defaults count in objects of Kubernetes' own types alone: of a custom
// resource the server knows no more than its schema declares.
//
// Only what exists is filled in: of a pointer to a struct that is nil and has no default, nothing is made. Structs whose
// JSON is not that of their fields, and metadata, are not looked into, and neither are values of interface types.
//
// A nil obj stays as it is; anything but a pointer is a programmer's mistake and panics. So does a table whose default does
// not fit its field, when the first object with it comes. Values that contain themselves are left half done.
//
// Objects that are defaulted already cost no allocation. Default may run at once for different objects.
func Default(obj any) {
	v := reflect.ValueOf(obj)
	if !v.IsValid() {
		return
	}
	if v.Kind() != reflect.Pointer {
		panic(fmt.Sprintf("facts: defaults of %T: not a pointer", obj))
	}
	p := planOf(v.Type())
	if p.fills {
		var f filling
		f.value(p, v)
	}
}

// A filling is one run of Default.
type filling struct {
	depth int
	sets  int  // how many fields were set so far
	deep  bool // all is over: see maxDepth
}

func (f *filling) value(p *plan, v reflect.Value) {
	if f.depth++; f.depth > maxDepth {
		f.deep = true
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !f.deep {
			f.value(p.elem, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && !f.deep; i++ {
			f.value(p.elem, v.Index(i))
		}
	case reflect.Map:
		if !f.deep {
			f.items(p, v)
		}
	case reflect.Struct:
		for i := 0; i < len(p.filled) && !f.deep; i++ {
			f.field(p.filled[i], v)
		}
	}
	f.depth--
}

func (f *filling) field(s *step, outer reflect.Value) {
	v, ok := s.of(outer)
	if !ok {
		return
	}
	if s.preset != nil && v.IsZero() {
		s.preset.set(v)
		f.sets++
	}
	if s.next.fills {
		f.value(s.next, v)
	}
}

// A pair is an item of a map outside of it: what is in a map cannot be changed in place.
type pair struct{ key, value reflect.Value }

// newPair is for items of the map type t.
func newPair(t reflect.Type) *pair {
	return &pair{reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()}
}

// items fills in what a map has. It puts back what has changed, so that a map that needs nothing is not written to.
func (f *filling) items(p *plan, m reflect.Value) {
	if m.Len() == 0 {
		return
	}
	item := p.spare.Get().(*pair)
	for all := m.MapRange(); all.Next() && !f.deep; {
		item.value.SetIterValue(all)
		before := f.sets
		f.value(p.elem, item.value)
		if f.sets != before {
			item.key.SetIterKey(all)
			m.SetMapIndex(item.key, item.value)
		}
	}
	item.key.SetZero()
	item.value.SetZero()
	p.spare.Put(item)
}

// A preset is the value of a field that is left out.
type preset struct {
	json  []byte
	value reflect.Value
	flat  bool // value, or what it points to, has nothing in it that two fields must not share
}

// presetOf reads the default of a field. nil is that there is none, or one that is as good as none.
func presetOf(known Field, m member) *preset {
	text := cmp.Or(known.Default, known.Implied)
	if text == "" {
		return nil
	}
	value := reflect.New(m.typ)
	problems, err := kjson.UnmarshalStrict([]byte(text), value.Interface())
	if err == nil && len(problems) > 0 {
		err = problems[0]
	}
	if err != nil {
		panic(fmt.Sprintf("facts: default of %s.%s: %v", nameOf(m.owner), m.name, err))
	}
	value = value.Elem()
	if value.IsZero() {
		return nil
	}
	return &preset{json: []byte(text), value: value, flat: isFlat(reflect.Indirect(value))}
}

// isFlat says whether a copy of v shares nothing with v.
func isFlat(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.Struct:
		for _, f := range v.Fields() {
			if !isFlat(f) {
				return false
			}
		}
	case reflect.Array:
		return v.IsZero()
	}
	return true
}

func (d *preset) set(v reflect.Value) {
	switch {
	case d.flat && v.Kind() == reflect.Pointer:
		made := reflect.New(v.Type().Elem())
		made.Elem().Set(d.value.Elem())
		v.Set(made)
	case d.flat:
		v.Set(d.value)
	default: // The text was read without an error before.
		_ = kjson.UnmarshalCaseSensitivePreserveInts(d.json, v.Addr().Interface())
	}
}
