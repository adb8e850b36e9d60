package facts

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A member is a field of a struct as JSON has it: the fields of a struct that is embedded without a name are members of
// the outer one.
type member struct {
	name  string
	typ   reflect.Type
	owner reflect.Type // the struct that declares it, whose facts tell of it
	index []int        // as reflect.Value.FieldByIndex takes it
	omits bool         // JSON leaves it out when it is empty
}

// membersOf lists the members of a struct in the order of declaration. Of those of one name the least deeply embedded
// counts, as encoding/json has it, and of equals the first.
func membersOf(t reflect.Type) []member {
	var all []member
	collect(&all, t, nil, nil)
	if !slices.ContainsFunc(all, func(m member) bool { return len(m.index) > 1 }) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(m member) bool {
		return slices.ContainsFunc(all, func(other member) bool {
			nearer := len(other.index) - len(m.index)
			return other.name == m.name && (nearer < 0 || nearer == 0 && slices.Compare(other.index, m.index) < 0)
		})
	})
}

// collect goes into structs that are embedded in each other; outer are those it stands in, so that it comes to an end.
func collect(all *[]member, t reflect.Type, index []int, outer []reflect.Type) {
	if slices.Contains(outer, t) {
		return
	}
	outer = append(slices.Clone(outer), t)
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(index), i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if embedded := pointee(f.Type); f.Anonymous && name == "" && embedded.Kind() == reflect.Struct {
			collect(all, embedded, at, outer)
			continue
		}
		if tag == "-" || !f.IsExported() {
			continue
		}
		if name == "" {
			name = f.Name
		}
		omits := slices.ContainsFunc(strings.Split(options, ","), func(o string) bool { return o == "omitempty" || o == "omitzero" })
		*all = append(*all, member{name: name, typ: f.Type, owner: t, index: at, omits: omits})
	}
}

// of returns the member of a struct, and whether it exists: nothing is embedded where a pointer is nil.
func (m *member) of(v reflect.Value) (reflect.Value, bool) {
	if len(m.index) == 1 {
		return v.Field(m.index[0]), true
	}
	for i, at := range m.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return v, false
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v, true
}

func pointee(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// isClosed says whether facts do not look into t: its JSON is not that of its fields, as with quantities and times, or it is
// the metadata of an object, which has rules of its own.
func isClosed(t reflect.Type) bool {
	if t == reflect.TypeFor[metav1.ObjectMeta]() || t == reflect.TypeFor[metav1.ListMeta]() {
		return true
	}
	pointer := reflect.PointerTo(t)
	return pointer.Implements(reflect.TypeFor[json.Marshaler]()) || pointer.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// lacksZero says whether the zero value of t stands for nothing: it is nil, or JSON writes it as null or "". A zero number is
// a number like any other.
func lacksZero(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return true
	case reflect.String:
		return true
	case reflect.Struct:
		text, err := json.Marshal(reflect.New(t).Interface())
		return err == nil && (string(text) == "null" || string(text) == `""`)
	}
	return false
}
