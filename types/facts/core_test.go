package facts

import (
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/apitesting/fuzzer"
	"k8s.io/apimachinery/pkg/api/equality"
	metafuzzer "k8s.io/apimachinery/pkg/apis/meta/fuzzer"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
)

// The laws hold for every kind of core/v1, filled at random from one seed.
func TestCore(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	var kinds []reflect.Type
	for _, kind := range scheme.KnownTypes(corev1.SchemeGroupVersion) {
		kinds = append(kinds, kind)
	}
	slices.SortFunc(kinds, func(a, b reflect.Type) int { return strings.Compare(a.String(), b.String()) })
	fill := fuzzer.FuzzerFor(metafuzzer.Funcs, rand.NewSource(1), serializer.NewCodecFactory(scheme)).NilChance(0.3).MaxDepth(12)
	for _, kind := range kinds {
		t.Run(kind.Name(), func(t *testing.T) {
			obj := reflect.New(kind).Interface().(runtime.Object)
			fill.Fill(obj)
			before := obj.DeepCopyObject()
			Validate(obj)
			if !equality.Semantic.DeepEqual(before, obj) {
				t.Errorf("Validate changed its argument:\n%s", cmp.Diff(before, obj))
			}
			Default(obj)
			once := obj.DeepCopyObject()
			Default(obj)
			if !equality.Semantic.DeepEqual(once, obj) {
				t.Errorf("a second call of Default changed something:\n%s", cmp.Diff(once, obj))
			}
		})
	}
}

func BenchmarkPod(b *testing.B) {
	container := corev1.Container{Name: "a", Image: "b:1", Ports: []corev1.ContainerPort{{ContainerPort: 80}}, LivenessProbe: &corev1.Probe{}}
	pod := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{container, container}, Volumes: make([]corev1.Volume, 4)}}
	Default(pod)
	b.Run("default", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Default(pod)
		}
	})
	b.Run("validate", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Validate(pod)
		}
	})
	b.Run("first use", func(b *testing.B) {
		for b.Loop() {
			Register(nil)
			Default(pod)
		}
	})
}
