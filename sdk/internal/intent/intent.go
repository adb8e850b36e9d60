package intent

import (
	"encoding/json"
	"fmt"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ServerSet are the members of metadata that only the server sets.
var ServerSet = []string{
	"uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
	"managedFields", "selfLink",
}

// Of returns the JSON of obj, a pointer to a struct, as maps and lists, without what is in it only because it comes from
// Go, and without the named members of metadata, of the object and of templates in it. Nothing in it is shared with obj.
func Of(obj any, unset ...string) (map[string]any, error) {
	data, err := json.Marshal(obj)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	if err := json.Unmarshal(data, &said); err != nil {
		return nil, fmt.Errorf("the JSON of %T is no object: %w", obj, err)
	}
	pruner{unset}.prune(reflect.ValueOf(obj), said)
	return said, nil
}

type pruner struct{ unset []string }

// prune takes out of said, which is the JSON of v, what says nothing.
func (p pruner) prune(v reflect.Value, said any) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if said == nil || !HoldsStructs(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		if members, ok := said.(map[string]any); ok {
			p.pruneStruct(v, members)
		}
	case reflect.Slice:
		if items, ok := said.([]any); ok {
			for i := range min(v.Len(), len(items)) {
				p.prune(v.Index(i), items[i])
			}
		}
	case reflect.Map:
		if values, ok := said.(map[string]any); ok {
			for keys := v.MapRange(); keys.Next(); {
				p.prune(keys.Value(), values[keys.Key().String()])
			}
		}
	}
}

func (p pruner) pruneStruct(v reflect.Value, members map[string]any) {
	for _, f := range Fields(v.Type()) {
		field, err := v.FieldByIndexErr(f.Index)
		if err != nil { // it is in an embedded pointer that is nil
			continue
		}
		if f.MayPrune {
			p.prune(field, members[f.Name])
		}
		if saysNothing(f, field, members[f.Name]) {
			delete(members, f.Name)
		}
	}
	if v.Type() == reflect.TypeFor[metav1.ObjectMeta]() {
		for _, name := range p.unset {
			delete(members, name)
		}
	}
}

// saysNothing reports whether a member is there only because encoding/json cannot leave it out. An empty list or map says
// nothing either, since no apply configuration could say it.
func saysNothing(f Field, v reflect.Value, said any) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	return said == nil || f.OmittedStruct && (v.IsZero() || isEmpty(v, said))
}

// isEmpty reports whether a struct renders as {}.
func isEmpty(v reflect.Value, said any) bool {
	members, ok := said.(map[string]any)
	return ok && len(members) == 0 && !IsLeaf(v.Type())
}
