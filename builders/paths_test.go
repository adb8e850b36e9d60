package builders_test

import (
	"reflect"
	"strings"
	"testing"
)

// A problem of what a setter is given gets the path on the wire of the field that it sets, as the API's struct tags spell it.
func TestProblemsHaveThePathOfTheirField(t *testing.T) {
	tested := 0
	for _, f := range generated(t) {
		owner, name := f.field()
		if owner == "" {
			continue
		}
		k := named(t, f.builder)
		method, _ := k.builder.MethodByName(f.name)
		args, at := []reflect.Value{reflect.Zero(k.builder)}, ""
		last := method.Type.In(method.Type.NumIn() - 1)
		switch {
		case method.Type.NumIn() == 3:
			args, at = append(args, sample(method.Type.In(1))), "[4711]"
		case method.Type.IsVariadic():
			last, at = last.Elem(), "[0]"
		}
		arg, problem := troubled(last, 6)
		if !arg.IsValid() {
			continue
		}
		if method.Type.IsVariadic() {
			arg = reflect.Append(reflect.Zero(reflect.SliceOf(last)), arg)
		}
		got, ok := firstProblem(call(method.Func, append(args, arg)...))
		if !ok && last.Kind() == reflect.String { // no quantity, so any text will do
			continue
		}
		tested++
		if want := join(wire(k.api(), owner, name)+at, problem); got != want {
			t.Errorf("%sBuilder.%s: a problem is at %q, want %q", f.builder, f.name, got, want)
		}
	}
	if tested < 30 {
		t.Errorf("only %d setters could be tested", tested)
	}
}

// troubled is an argument with a problem and the path of the problem in it, nothing if it cannot have any.
func troubled(t reflect.Type, depth int) (reflect.Value, string) {
	switch {
	case t.Kind() == reflect.Interface:
		return reflect.Zero(t), ""
	case t == reflect.TypeFor[string]():
		return reflect.ValueOf("no quantity"), ""
	case depth == 0:
		return reflect.Value{}, ""
	}
	if _, ok := kindOf(t); !ok {
		return reflect.Value{}, ""
	}
	for _, m := range changers(t, "With", "Edit") {
		in := []reflect.Value{reflect.Zero(t)}
		for i := 1; i < m.Type.NumIn(); i++ {
			of := m.Type.In(i)
			if m.Type.IsVariadic() {
				of = of.Elem()
			}
			arg, _ := troubled(of, depth-1)
			if !arg.IsValid() {
				arg = sample(of)
			}
			if m.Type.IsVariadic() {
				arg = reflect.Append(reflect.Zero(reflect.SliceOf(of)), arg)
			}
			in = append(in, arg)
		}
		if builder := call(m.Func, in...); builder.IsValid() {
			if path, ok := firstProblem(builder); ok {
				return builder, path
			}
		}
	}
	return reflect.Value{}, ""
}

// firstProblem is the path of the first problem that a builder was told.
func firstProblem(builder reflect.Value) (string, bool) {
	err, _ := builder.MethodByName("Err").Call(nil)[0].Interface().(error)
	list := problems(err)
	if len(list) == 0 {
		return "", false
	}
	for _, kind := range []string{"Required value", "Invalid value"} {
		if path, _, ok := strings.Cut(list[0], kind); ok {
			return strings.TrimSuffix(path, ": "), true
		}
	}
	return list[0], true
}

// wire is the path of a field of the struct owner in t or in the structs that t holds as values, with the names that JSON gives them.
func wire(t reflect.Type, owner, name string) string {
	for i := range t.NumField() {
		f := t.Field(i)
		on, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case t.Name() == owner && f.Name == name:
			return on
		case f.Type.Kind() == reflect.Struct && !isLeaf(f.Type):
			if _, ok := find(reflect.Zero(f.Type), owner, name); ok {
				return join(on, wire(f.Type, owner, name))
			}
		}
	}
	return ""
}

func join(path, name string) string {
	if path == "" || name == "" || name[0] == '[' {
		return path + name
	}
	return path + "." + name
}
