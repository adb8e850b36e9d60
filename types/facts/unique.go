package facts

import (
	"encoding/json"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A unique is a list whose items differ: in some of their fields, or in all that they are.
type unique struct {
	keys []member // none for a set
}

// uniqueOf is nil for lists whose items may repeat, and for maps of items that have not the fields.
func uniqueOf(known Field, t reflect.Type) *unique {
	t = pointee(t)
	if t.Kind() != reflect.Slice {
		return nil
	}
	switch known.List {
	case "set":
		return &unique{}
	case "map":
		item := pointee(t.Elem())
		if item.Kind() != reflect.Struct {
			return nil
		}
		keys := slices.DeleteFunc(membersOf(item), func(m member) bool { return !slices.Contains(known.Keys, m.name) })
		if len(keys) > 0 {
			return &unique{keys}
		}
	}
	return nil
}

// check reports what is there already, once for each that repeats, as ValidateListSetsAndMaps does for custom resources.
// Items that are nil are not compared.
func (u *unique) check(r *report, list reflect.Value) {
	if list.Len() < 2 {
		return
	}
	times := make(map[any]int, list.Len())
	for i := range list.Len() {
		item := reflect.Indirect(list.Index(i))
		if !item.IsValid() {
			continue
		}
		value := u.identity(item)
		text := alike(value)
		times[text]++
		if times[text] == 2 {
			r.trail = append(r.trail, place{index: i})
			r.add(field.Duplicate(r.path(), value))
			r.leave()
		}
	}
}

// identity is what tells an item apart: all of it, or its keys. Those that JSON leaves out are no part of it.
func (u *unique) identity(item reflect.Value) any {
	if len(u.keys) == 0 {
		return plain(item)
	}
	keys := make(map[string]any, len(u.keys))
	for i := range u.keys {
		k := &u.keys[i]
		v, ok := k.of(item)
		if !ok || v.IsZero() && (k.omits || v.Kind() == reflect.Pointer) {
			continue
		}
		keys[k.name] = plain(reflect.Indirect(v))
	}
	return keys
}

// asJSON is the text of a value that Go cannot compare. As a type of its own it is never equal to a text that is a value.
type asJSON string

// alike returns what is equal to another such value if both values are the same in JSON.
func alike(value any) any {
	switch value.(type) {
	case string, int64, uint64, float64, bool:
		return value
	}
	text, err := json.Marshal(value)
	if err != nil {
		return new(byte) // equal to nothing: there is no JSON in which the two could be the same
	}
	return asJSON(text)
}
