package descriptor

import (
	"fmt"
	"reflect"
	"sort"
	"strings"
	"sync"

	"github.com/podwright/podwright/types/internal/closest"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// builtin is made on first use, so that importing the package costs nothing. It is never written after that.
var builtin = sync.OnceValue(func() *runtime.Scheme {
	s := runtime.NewScheme()
	for _, add := range groups {
		if err := add(s); err != nil {
			panic("descriptor: registering the built-in kinds: " + err.Error())
		}
	}
	return s
})

// Kinds lists the kinds that are known without [WithScheme], sorted by group, version and kind.
func Kinds() []schema.GroupVersionKind {
	var list []schema.GroupVersionKind
	for gvk, t := range builtin().AllKnownTypes() {
		if isObject(t) {
			list = append(list, gvk)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].String() < list[j].String() })
	return list
}

// kinds is the schemes to look in, the user's before the built-in one.
type kinds struct{ schemes []*runtime.Scheme }

func (k *kinds) add(s *runtime.Scheme) {
	if s != nil {
		k.schemes = append(k.schemes, s)
	}
}

func (k *kinds) all() []*runtime.Scheme {
	return append(k.schemes[:len(k.schemes):len(k.schemes)], builtin())
}

// typeOf finds the Go type of a kind.
func (k *kinds) typeOf(gvk schema.GroupVersionKind) (reflect.Type, bool) {
	for _, s := range k.all() {
		if t, ok := s.AllKnownTypes()[gvk]; ok {
			return t, true
		}
	}
	return nil, false
}

// kindOf finds the kind of a Go type; a type registered under several versions counts as the first by name.
func (k *kinds) kindOf(t reflect.Type) (schema.GroupVersionKind, bool) {
	obj, ok := reflect.New(t).Interface().(runtime.Object)
	if !ok {
		return schema.GroupVersionKind{}, false
	}
	for _, s := range k.all() {
		gvks, _, err := s.ObjectKinds(obj)
		if err == nil && len(gvks) > 0 {
			sort.Slice(gvks, func(i, j int) bool { return gvks[i].String() < gvks[j].String() })
			return gvks[0], true
		}
	}
	return schema.GroupVersionKind{}, false
}

// unknown says what is wrong with a kind that no scheme has, and what was probably meant.
func (k *kinds) unknown(gvk schema.GroupVersionKind) error {
	sameKind, sameVersion := map[string]bool{}, map[string]bool{}
	for _, s := range k.all() {
		for known := range s.AllKnownTypes() {
			if known.Version == runtime.APIVersionInternal {
				continue
			}
			if known.Kind == gvk.Kind {
				sameKind[known.GroupVersion().String()] = true
			}
			if known.GroupVersion() == gvk.GroupVersion() {
				sameVersion[known.Kind] = true
			}
		}
	}
	hint := "register its type with WithScheme"
	if versions := sorted(sameKind); len(versions) > 0 {
		hint = fmt.Sprintf("%s is in %s", gvk.Kind, strings.Join(versions, ", "))
	} else if near := closest.To(gvk.Kind, sorted(sameVersion)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Errorf("%w: no kind %q is known in version %q; %s", ErrKind, gvk.Kind, gvk.GroupVersion(), hint)
}

// listItem is the element type of a list kind, or nil if t is not one. Elements of v1 List have any kind.
func listItem(t reflect.Type) reflect.Type {
	if t.Kind() != reflect.Struct || !reflect.PointerTo(t).Implements(runtimeObject) || isObject(t) {
		return nil
	}
	items, ok := t.FieldByName("Items")
	if !ok || items.Type.Kind() != reflect.Slice {
		return nil
	}
	return items.Type.Elem()
}

var (
	runtimeObject = reflect.TypeFor[runtime.Object]()
	object        = reflect.TypeFor[Object]()
	rawExtension  = reflect.TypeFor[runtime.RawExtension]()
)

func isObject(t reflect.Type) bool { return reflect.PointerTo(t).Implements(object) }

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}
