package v1

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/randfill"
)

// A copy is equal to what it is of, and shares no memory with it.
func TestDeepCopy(t *testing.T) {
	b := &Bakery{}
	randfill.NewWithSeed(1).NilChance(0).NumElements(1, 2).MaxDepth(12).Fill(b)
	c, ok := b.DeepCopyObject().(*Bakery)
	if !ok {
		t.Fatalf("DeepCopyObject is a %T", b.DeepCopyObject())
	}
	if diff := cmp.Diff(b, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if path := shared(reflect.ValueOf(b), reflect.ValueOf(c)); path != "" {
		t.Errorf("both share %s", path)
	}
	var none *Bakery
	if none.DeepCopy() != nil {
		t.Error("a copy of nil is not nil")
	}
}

// shared is the path to memory that both values refer to, "" if there is none.
func shared(a, b reflect.Value) string {
	switch a.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice:
		if !a.IsNil() && a.Pointer() == b.Pointer() {
			return "this " + a.Type().String()
		}
	}
	switch a.Kind() {
	case reflect.Pointer:
		if !a.IsNil() {
			return shared(a.Elem(), b.Elem())
		}
	case reflect.Slice:
		for i := range a.Len() {
			if path := shared(a.Index(i), b.Index(i)); path != "" {
				return path
			}
		}
	case reflect.Struct:
		for i := range a.NumField() {
			if !a.Type().Field(i).IsExported() {
				continue
			}
			if path := shared(a.Field(i), b.Field(i)); path != "" {
				return a.Type().Field(i).Name + ": " + path
			}
		}
	}
	return ""
}
