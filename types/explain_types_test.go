package types

import (
	"reflect"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// rows and columns are lists and maps of themselves.
type (
	rows    []rows
	columns map[string]*columns
)

func TestTypeName(t *testing.T) {
	for _, tt := range []struct {
		rule string
		t    reflect.Type
		want string
	}{
		{"an object goes by its name", reflect.TypeFor[corev1.PodSpec](), "PodSpec"},
		{"a pointer is what it points to", reflect.TypeFor[**corev1.PodSpec](), "PodSpec"},
		{"lists and maps say so", reflect.TypeFor[map[string][]*corev1.Container](), "map[string][]Container"},
		{"keys are text on the wire", reflect.TypeFor[map[int]bool](), "map[string]boolean"},
		{"a named string is a string", reflect.TypeFor[corev1.PullPolicy](), "string"},
		{"a named map is a map", reflect.TypeFor[corev1.ResourceList](), "map[string]Quantity"},
		{"what has two forms goes by its name", reflect.TypeFor[*intstr.IntOrString](), "IntOrString"},
		{"what has one form is that", reflect.TypeFor[metav1.MicroTime](), "string"},
		{"so is a time of Go", reflect.TypeFor[time.Time](), "string"},
		{"a field set says that it is an object", reflect.TypeFor[*metav1.FieldsV1](), "FieldsV1"},
		{"bytes are text", reflect.TypeFor[map[string][]byte](), "map[string]string"},
		{"whole numbers", reflect.TypeFor[[]uint16](), "[]integer"},
		{"other numbers", reflect.TypeFor[float32](), "number"},
		{"anything is an object", reflect.TypeFor[any](), "Object"},
		{"so is a struct without a name", reflect.TypeFor[struct{ X int }](), "Object"},
		{"a list of itself ends", reflect.TypeFor[rows](), "[]Object"},
		{"a map of itself ends", reflect.TypeFor[columns](), "map[string]Object"},
	} {
		if got := typeName(tt.t); got != tt.want {
			t.Errorf("%s: %v is %s, want %s", tt.rule, tt.t, got, tt.want)
		}
	}
}

func TestObjectIn(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		t, want reflect.Type
	}{
		{"through pointers, lists and maps", reflect.TypeFor[map[string][]*corev1.Pod](), reflect.TypeFor[corev1.Pod]()},
		{"a quantity has no fields", reflect.TypeFor[resource.Quantity](), nil},
		{"nor has a time", reflect.TypeFor[metav1.Time](), nil},
		{"nor has a time of Go", reflect.TypeFor[time.Time](), nil},
		{"nor has text", reflect.TypeFor[string](), nil},
		{"nor has anything", reflect.TypeFor[any](), nil},
		{"nor has a list of itself", reflect.TypeFor[rows](), nil},
	} {
		if got := objectIn(tt.t); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.rule, got, tt.want)
		}
	}
}
