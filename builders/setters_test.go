package builders_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	b "github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Every setter is called, on an empty builder and on one whose every field is set, and must do what its documentation says: put
// what it is given where the field is that it links to, and nothing anywhere else.
func TestSettersSetTheirField(t *testing.T) {
	setters := 0
	for _, f := range generated(t) {
		owner, name := f.field()
		if owner == "" {
			continue
		}
		setters++
		k := named(t, f.builder)
		method, _ := k.builder.MethodByName(f.name)
		for on, base := range map[string]reflect.Value{"empty": reflect.Zero(k.builder), "full": call(k.from, filled(k.api(), 1))} {
			args := []reflect.Value{base}
			for i := 1; i < method.Type.NumIn(); i++ {
				args = append(args, sample(method.Type.In(i)))
			}
			before, changed := unchecked(base).Elem(), call(method.Func, args...)
			after := unchecked(changed).Elem()
			if diff := cmp.Diff([]string{owner + "." + name}, changes(before, after, owner, name)); diff != "" {
				t.Errorf("%sBuilder.%s, %s: fields changed (-want, +got):\n%s", f.builder, f.name, on, diff)
				continue
			}
			was, _ := find(before, owner, name)
			is, _ := find(after, owner, name)
			if !holds(was, is, args[1:]) {
				t.Errorf("%sBuilder.%s, %s: %v does not become %v with %v", f.builder, f.name, on, was, is, args[1:])
			}
			if err := changed.MethodByName("Err").Call(nil)[0]; !err.IsNil() {
				t.Errorf("%sBuilder.%s, %s: %v", f.builder, f.name, on, err)
			}
		}
	}
	t.Log(setters, "setters of", len(kinds), "builders")
}

// A constructor is the empty builder with its parameters set by the setters that they are named for.
func TestConstructorsSetTheirParameters(t *testing.T) {
	for _, f := range generated(t) {
		k, ok := kindNamed(f.name)
		if f.builder != "" || !ok {
			continue
		}
		want := reflect.Zero(k.builder)
		var args []reflect.Value
		for i, param := range f.params {
			arg := sample(k.new.Type().In(i))
			args = append(args, arg)
			set, ok := k.builder.MethodByName(setterFor(k.builder, param))
			if !ok {
				t.Errorf("%s: nothing sets parameter %s", k.name, param)
				continue
			}
			if set.Type.In(1).Kind() == reflect.String && arg.CanInt() { // the setter of an IntOrString takes the text of a number
				arg = reflect.ValueOf(fmt.Sprint(arg.Interface()))
			}
			want = call(set.Func, want, arg)
		}
		got := unchecked(call(k.new, args...))
		if typeMeta := got.Elem().FieldByName("TypeMeta"); typeMeta.IsValid() {
			if diff := cmp.Diff(metav1.TypeMeta{APIVersion: "v1", Kind: k.name}, typeMeta.Interface()); diff != "" {
				t.Errorf("%s (-want, +got):\n%s", k.name, diff)
			}
			typeMeta.SetZero()
		}
		if diff := cmp.Diff(unchecked(want).Interface(), got.Interface()); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", k.name, diff)
		}
	}
}

// setterFor is the method that a parameter is named for: ip is IP, fsType FSType.
func setterFor(builder reflect.Type, param string) string {
	for i := range builder.NumMethod() {
		if name := builder.Method(i).Name; strings.EqualFold(name, param) {
			return name
		}
	}
	return ""
}

func kindNamed(name string) (kind, bool) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if i < 0 {
		return kind{}, false
	}
	return kinds[i], true
}

func named(t *testing.T, name string) kind {
	t.Helper()
	k, ok := kindNamed(name)
	if !ok {
		t.Fatalf("functions_test.go lacks b.%s", name)
	}
	return k
}

// changes are the fields in which two structs of the API differ, as Owner.Field; it goes into structs that are values, but not
// into the field that is looked for.
func changes(x, y reflect.Value, owner, name string) []string {
	var list []string
	for i := range x.NumField() {
		f := x.Type().Field(i)
		switch {
		case equality.Semantic.DeepEqual(x.Field(i).Interface(), y.Field(i).Interface()):
		case f.Type.Kind() == reflect.Struct && !isLeaf(f.Type) && (x.Type().Name() != owner || f.Name != name):
			list = append(list, changes(x.Field(i), y.Field(i), owner, name)...)
		default:
			list = append(list, x.Type().Name()+"."+f.Name)
		}
	}
	return list
}

func isLeaf(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[resource.Quantity](), reflect.TypeFor[metav1.Time](), reflect.TypeFor[intstr.IntOrString]():
		return true
	}
	return false
}

// find is the field name of the struct owner in v, or in one of the structs that v holds as values.
func find(v reflect.Value, owner, name string) (reflect.Value, bool) {
	if v.Type().Name() == owner {
		return v.FieldByName(name), true
	}
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Struct && !isLeaf(f.Type()) {
			if found, ok := find(f, owner, name); ok {
				return found, true
			}
		}
	}
	return reflect.Value{}, false
}

// holds reports whether a field that was one value is what a setter makes of it with args: lists have grown by all of the last
// argument, maps have one entry more or are merged, all else is replaced.
func holds(was, is reflect.Value, args []reflect.Value) bool {
	switch {
	case is.Kind() == reflect.Slice && is.Type().Elem().Kind() != reflect.Uint8:
		added := args[0]
		if is.Len() != was.Len()+added.Len() || !same(was, is.Slice(0, was.Len())) {
			return false
		}
		for i := range added.Len() {
			if !represents(is.Index(was.Len()+i), added.Index(i)) {
				return false
			}
		}
		return true
	case is.Kind() == reflect.Map:
		entries := args[0]
		if len(args) == 2 {
			entries = reflect.MakeMap(reflect.MapOf(args[0].Type(), args[1].Type()))
			entries.SetMapIndex(args[0], args[1])
		}
		for k, e := range is.Seq2() {
			if given := entries.MapIndex(k); given.IsValid() && !represents(e, given) || !given.IsValid() && !same(e, was.MapIndex(k)) {
				return false
			}
		}
		return is.Len() == was.Len()+entries.Len()
	case is.Kind() == reflect.Pointer:
		return represents(is.Elem(), args[0])
	}
	return represents(is, args[0])
}

func same(x, y reflect.Value) bool { return equality.Semantic.DeepEqual(x.Interface(), y.Interface()) }

// represents reports whether a value of the API is what an argument stands for.
func represents(api, arg reflect.Value) bool {
	switch got := api.Interface().(type) {
	case resource.Quantity:
		return got.String() == arg.String()
	case metav1.Time:
		return got.Time.Equal(arg.Interface().(time.Time))
	case intstr.IntOrString:
		return got.String() == arg.String()
	case corev1.PodTemplateSpec:
		pod := arg.Interface().(b.PodBuilder).Unchecked()
		return equality.Semantic.DeepEqual(corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec}, got)
	}
	if arg.Kind() == reflect.Interface { // a union: one member is set, and is what its builder makes
		var members []any
		for i := range api.NumField() {
			if !api.Field(i).IsNil() {
				members = append(members, api.Field(i).Interface())
			}
		}
		return len(members) == 1 && equality.Semantic.DeepEqual(members[0], unchecked(arg.Elem()).Interface())
	}
	if _, ok := kindOf(arg.Type()); ok {
		return equality.Semantic.DeepEqual(api.Interface(), unchecked(arg).Elem().Interface())
	}
	if api.Kind() == reflect.Struct && api.NumField() == 1 { // unwrapped
		api = api.Field(0)
	}
	return equality.Semantic.DeepEqual(api.Interface(), arg.Interface())
}

// sample is an argument that no filled object has, and that a quantity can be.
func sample(t reflect.Type) reflect.Value {
	v := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.String:
		v.SetString("4711")
	case reflect.Int32, reflect.Int64:
		v.SetInt(4711)
	case reflect.Uint8:
		v.SetUint(47)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Map:
		v.Set(reflect.MakeMap(t))
		v.SetMapIndex(sample(t.Key()), sample(t.Elem()))
	case reflect.Slice:
		v.Set(reflect.Append(v, sample(t.Elem()), sample(t.Elem())))
	case reflect.Interface:
		v.Set(sample(members(t)[0].builder))
	case reflect.Struct:
		if t == reflect.TypeFor[time.Time]() {
			return reflect.ValueOf(time.Unix(4711, 0))
		}
		k, _ := kindOf(t)
		return call(k.from, filled(k.api(), 2))
	}
	return v
}
