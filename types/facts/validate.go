package facts

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Validate reports where obj, and all below it, is not what its facts declare, in the order of the structs' fields, lists in
// their order and maps in that of their keys. nil is that all is well. obj, best a pointer to a struct, does not change;
// it should have its defaults (see [Default]). Validate may run at once for one object.
//
// What is wrong is said as k8s.io/apimachinery/pkg/api/validate says it, and of patterns and repeated items as the API
// server does for custom resources. Of what is wrong with a value itself, the first thing is said; of a list that is too
// long, nothing is said about its items.
//
//   - A required field is missing if it is nil, an empty text or a time that is zero. Of other values, zero is one, and a
//     struct is held against its own facts.
//   - Any other field is left out, and so always right, if it is zero or nil. A struct is left out as well if all
//     that it has are defaults.
//   - Limits count where they fit the field, or what it points to: numbers, texts, lists and maps.
//
// Metadata is not looked into, as it has rules of its own: callers check it. Neither are structs whose JSON is not that of
// their fields, and values of interface types. Where values stand in each other a thousand deep, as those do that contain
// themselves, this is all that is said. A table with a limit that is no number, or with a pattern that is no regular
// expression, panics when the first object with it comes.
func Validate(obj any) field.ErrorList {
	v := reflect.ValueOf(obj)
	if !v.IsValid() {
		return nil
	}
	p := planOf(v.Type())
	if !p.checks {
		return nil
	}
	var r report
	r.value(p, v)
	if r.deep {
		r.trail = r.trail[:min(1, len(r.trail))]
		detail := fmt.Sprintf("must not be nested more than %d levels deep", maxDepth)
		return field.ErrorList{field.Invalid(r.path(), field.OmitValueType{}, detail)}
	}
	return r.errors
}

// A report is one run of Validate.
type report struct {
	errors field.ErrorList
	trail  []place // from the object to the value that is looked at
	depth  int
	deep   bool // all is over: see maxDepth
}

// A place leads from a value to one in it: the field of a name, the item of a map, or that of a list.
type place struct {
	name  string
	isKey bool
	index int
}

func (r *report) path() *field.Path {
	var path *field.Path
	for _, at := range r.trail {
		switch {
		case at.isKey:
			path = path.Key(at.name)
		case at.name != "":
			path = path.Child(at.name)
		default:
			path = path.Index(at.index)
		}
	}
	return path
}

// add notes a problem, if it is one.
func (r *report) add(problem *field.Error) {
	if problem != nil {
		r.errors = append(r.errors, problem)
	}
}

// value looks at what stands in v. The facts of the field that has v are done with.
func (r *report) value(p *plan, v reflect.Value) {
	if r.depth++; r.depth > maxDepth {
		r.deep = true
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !r.deep {
			r.value(p.elem, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := 0; i < v.Len() && !r.deep; i++ {
			r.item(p.elem, v.Index(i), place{index: i})
		}
	case reflect.Map:
		for _, key := range sortedKeys(v) {
			r.item(p.elem, v.MapIndex(key), place{name: textOf(key), isKey: true})
		}
	case reflect.Struct:
		for _, u := range p.unions {
			r.add(u.check(r, v))
		}
		for i := 0; i < len(p.checked) && !r.deep; i++ {
			r.field(p.checked[i], v)
		}
	default:
		r.add(oneOf(r, v, p.values))
	}
	r.depth--
}

func (r *report) item(p *plan, v reflect.Value, at place) {
	if r.deep {
		return
	}
	r.trail = append(r.trail, at)
	r.value(p, v)
	r.leave()
}

// leave takes the last place off the trail, but for what is too deep: the trail says where that was.
func (r *report) leave() {
	if !r.deep {
		r.trail = r.trail[:len(r.trail)-1]
	}
}

func (r *report) field(s *step, outer reflect.Value) {
	v, ok := s.of(outer)
	if !ok {
		return
	}
	r.trail = append(r.trail, place{name: s.name})
	switch {
	case s.required && v.IsZero():
		r.add(field.Required(r.path(), ""))
	case !s.optional || s.isSet(v):
		r.present(s, v)
	}
	r.leave()
}

// present looks at a field that is there.
func (r *report) present(s *step, v reflect.Value) {
	inner := reflect.Indirect(v)
	for _, check := range s.checks {
		problem := check(r, inner)
		if problem == nil {
			continue
		}
		r.add(problem)
		if problem.Type == field.ErrorTypeTooMany || isScalar(inner.Kind()) {
			return
		}
		break
	}
	if s.list != nil {
		s.list.check(r, inner)
	}
	if s.next.checks {
		r.value(s.next, v)
	}
}

// isSet says whether a field has a value of its own, which a struct has not that is as Default makes it.
func (s *step) isSet(v reflect.Value) bool {
	if v.IsZero() {
		return false
	}
	return !s.next.blank.IsValid() || !reflect.DeepEqual(v.Interface(), s.next.blank.Elem().Interface())
}

// isScalar says whether nothing stands in values of that kind.
func isScalar(k reflect.Kind) bool {
	switch k {
	case reflect.Struct, reflect.Map, reflect.Slice, reflect.Array:
		return false
	}
	return true
}

// sortedKeys are the keys of a map in the order of their texts.
func sortedKeys(m reflect.Value) []reflect.Value {
	return slices.SortedFunc(slices.Values(m.MapKeys()), func(a, b reflect.Value) int { return cmp.Compare(textOf(a), textOf(b)) })
}

// textOf is a scalar as JSON writes it, without quotes.
func textOf(v reflect.Value) string { return fmt.Sprint(plain(v)) }
