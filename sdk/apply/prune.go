package apply

import (
	"fmt"
	"reflect"

	"github.com/podwright/podwright/sdk/internal/intent"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// prune takes out of to, which was decoded from the JSON of from, what that JSON says only because it comes from Go, and
// what the server sets. Whether something is empty is judged in to, by what it would render: there nearly all is a pointer.
func prune(from, to reflect.Value) error {
	from, to = reflect.Indirect(from), reflect.Indirect(to)
	if !from.IsValid() || !to.IsValid() || from.Kind() != to.Kind() || !intent.HoldsStructs(from.Type()) {
		return nil
	}
	switch from.Kind() {
	case reflect.Struct:
		return pruneStruct(from, to)
	case reflect.Slice:
		for i := range min(from.Len(), to.Len()) {
			if err := prune(from.Index(i), to.Index(i)); err != nil {
				return err
			}
		}
	case reflect.Map:
		return pruneMap(from, to)
	}
	return nil
}

func pruneStruct(from, to reflect.Value) error {
	isMetadata := from.Type() == reflect.TypeFor[metav1.ObjectMeta]()
	for _, p := range pairsOf(from.Type(), to.Type()) {
		f, err := from.FieldByIndexErr(p.from.Index)
		if err != nil { // it is in an embedded pointer that is nil
			continue
		}
		if p.to.Index == nil {
			if isMetadata || f.IsZero() {
				continue
			}
			return fmt.Errorf("%s of %s is set, but %s has no such field", p.from.Name, typeName(from.Type()), typeName(to.Type()))
		}
		t, err := to.FieldByIndexErr(p.to.Index)
		if err != nil {
			continue
		}
		if err := prune(f, t); err != nil {
			return err
		}
		if p.from.OmittedStruct && t.Kind() == reflect.Pointer && (f.IsZero() || rendersEmpty(t)) {
			t.SetZero()
		}
	}
	if isMetadata {
		unset(to, intent.ServerSet...)
	}
	return nil
}

// pruneMap prunes copies of a map's values, which cannot be changed in place.
func pruneMap(from, to reflect.Value) error {
	for keys := from.MapRange(); keys.Next(); {
		if !keys.Key().CanConvert(to.Type().Key()) {
			return nil
		}
		key := keys.Key().Convert(to.Type().Key())
		value := to.MapIndex(key)
		if !value.IsValid() {
			continue
		}
		pruned := reflect.New(value.Type()).Elem()
		pruned.Set(value)
		if err := prune(keys.Value(), pruned); err != nil {
			return err
		}
		to.SetMapIndex(key, pruned)
	}
	return nil
}

// unset empties members of a struct, where it has them.
func unset(v reflect.Value, names ...string) {
	for _, name := range names {
		if m := member(v, name); m.IsValid() {
			m.SetZero()
		}
	}
}

// rendersEmpty reports whether the JSON of what v points to is {}.
func rendersEmpty(v reflect.Value) bool {
	v = reflect.Indirect(v)
	return v.IsValid() && v.Kind() == reflect.Struct && !intent.IsLeaf(v.Type()) && isUnset(v)
}

// isUnset reports whether omitempty leaves v out, or would if it could leave out structs.
func isUnset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !isUnset(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}
