package descriptor_test

import (
	"errors"
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"

	"github.com/podwright/podwright/types/descriptor"
)

func ExampleEncode() {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "crane", UID: "5b1c", ResourceVersion: "7"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "crane", Image: "heejeong/crane"}}, NodeName: "minikube"},
		Status:     corev1.PodStatus{Phase: corev1.PodRunning},
	}
	print(descriptor.Encode(pod, descriptor.Clean()))
	// Output:
	// apiVersion: v1
	// kind: Pod
	// metadata:
	//   name: crane
	// spec:
	//   containers:
	//   - image: heejeong/crane
	//     name: crane
}

func TestEncodeForms(t *testing.T) {
	a := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Data: map[string]string{"k": "<yes>", "l": "yes"}}
	b := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "b"}}
	tests := []struct {
		rule    string
		objects []descriptor.Object
		opts    []descriptor.EncodeOption
		want    string
	}{
		{"YAML documents, sorted keys, quotes where YAML 1.1 needs them", []descriptor.Object{a, b}, nil,
			"apiVersion: v1\ndata:\n  k: <yes>\n  l: \"yes\"\nkind: ConfigMap\nmetadata:\n  name: a\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: b\n"},
		{"nothing is an empty text", nil, nil, ""},
		{"several objects make a JSON List", []descriptor.Object{b}, []descriptor.EncodeOption{descriptor.JSON()}, `{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": "b"
            }
        }
    ],
    "kind": "List"
}
`},
		{"nothing is an empty JSON List", nil, []descriptor.EncodeOption{descriptor.JSON()},
			"{\n    \"apiVersion\": \"v1\",\n    \"items\": [],\n    \"kind\": \"List\"\n}\n"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			got, err := descriptor.EncodeAll(test.objects, test.opts...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if a.Kind != "" {
		t.Error("Encode wrote the kind into the object")
	}
}

func TestEncodeRefuses(t *testing.T) {
	if _, err := descriptor.Encode(nil); err == nil {
		t.Error("nil is no error")
	}
	if _, err := descriptor.Encode((*corev1.Pod)(nil)); err == nil {
		t.Error("a nil pointer is no error")
	}
	if _, err := descriptor.Encode(&appsv1.Deployment{}); !errors.Is(err, descriptor.ErrKind) {
		t.Errorf("a type without a kind: %v", err)
	}
	if _, err := descriptor.Encode(&appsv1.Deployment{TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}}); err != nil {
		t.Errorf("a type that names its own kind: %v", err)
	}
}

// TestRoundTripLaw holds for objects with every field set: what is written reads back equal, in both formats.
func TestRoundTripLaw(t *testing.T) {
	for _, gvk := range descriptor.Kinds() {
		for seed := range int64(3) {
			want := filled(t, gvk.Kind, seed)
			if want == nil {
				continue
			}
			want.GetObjectKind().SetGroupVersionKind(gvk)
			for _, opts := range [][]descriptor.EncodeOption{nil, {descriptor.JSON()}} {
				text, err := descriptor.Encode(want, opts...)
				if err != nil {
					t.Fatal(err)
				}
				got, err := descriptor.Decode(text)
				if err != nil {
					t.Fatalf("%s seed %d: %v\n%s", gvk.Kind, seed, err, text)
				}
				if !equality.Semantic.DeepEqual(want, got) {
					t.Errorf("%s seed %d (-want +got):\n%s", gvk.Kind, seed, cmp.Diff(want, got))
				}
			}
		}
	}
}

// filled makes an object with random values in every field, or nil for kinds that this test knows no Go type of.
func filled(t *testing.T, kind string, seed int64) descriptor.Object {
	t.Helper()
	types := map[string]descriptor.Object{
		"Pod": &corev1.Pod{}, "ReplicationController": &corev1.ReplicationController{}, "Node": &corev1.Node{}, "Service": &corev1.Service{},
		"Namespace": &corev1.Namespace{}, "Event": &corev1.Event{}, "ConfigMap": &corev1.ConfigMap{}, "Secret": &corev1.Secret{},
		"ServiceAccount": &corev1.ServiceAccount{}, "PersistentVolumeClaim": &corev1.PersistentVolumeClaim{}, "PodTemplate": &corev1.PodTemplate{},
	}
	obj, ok := types[kind]
	if !ok {
		return nil
	}
	randfill.NewWithSeed(seed).RandSource(rand.NewSource(seed)).NilChance(0).NumElements(1, 2).MaxDepth(30).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = *resource.NewMilliQuantity(c.Int63n(1e6), resource.DecimalSI)
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Time{Time: time.Unix(c.Int63n(1e9), 0)} },
		func(v *metav1.MicroTime, c randfill.Continue) {
			*v = metav1.MicroTime{Time: time.UnixMicro(c.Int63n(1e15))}
		},
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31()) },
		func(v *metav1.FieldsV1, _ randfill.Continue) { v.Raw = []byte(`{"f:a":{}}`) },
		func(v *runtime.RawExtension, _ randfill.Continue) { v.Raw = []byte(`{"a":1}`) },
	).Fill(obj)
	return obj
}
