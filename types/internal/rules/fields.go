package rules

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Fields are what field selectors may say of one kind.
type Fields struct {
	// Values finds the value of each field; name and namespace are among them if they are selectable.
	Values map[string]func(metav1.Object) string
	// Unknown is the format of the error about any other field.
	Unknown string
}

var selectable = map[schema.GroupVersionKind]Fields{}

// RegisterFields adds what is selectable of a kind. It panics if the kind has some already.
func RegisterFields(kind schema.GroupVersionKind, f Fields) {
	if _, ok := selectable[kind]; ok {
		panic(fmt.Sprintf("rules: the fields of %s are registered twice", kind))
	}
	selectable[kind] = f
}

// FieldsOf finds what is selectable of a kind.
func FieldsOf(kind schema.GroupVersionKind) (Fields, bool) {
	f, ok := selectable[kind]
	return f, ok
}
