package builders_test

import (
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types/descriptor"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"
)

// filled is a pointer to a t every field of which is set, as a seed wants it.
func filled(t reflect.Type, seed int64) reflect.Value {
	obj := reflect.New(t)
	randfill.NewWithSeed(seed).RandSource(rand.NewSource(seed)).NilChance(0).NumElements(1, 2).MaxDepth(30).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = *resource.NewMilliQuantity(c.Int63n(1e6), resource.DecimalSI)
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Unix(c.Int63n(1e9), 0) },
		func(v *metav1.MicroTime, c randfill.Continue) {
			*v = metav1.MicroTime{Time: time.Unix(c.Int63n(1e9), 0)}
		},
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31n(1e4)) },
		func(v *bool, c randfill.Continue) { *v = false }, // so that true is a change
	).Fill(obj.Interface())
	return obj
}

func TestFromKeepsEverything(t *testing.T) {
	for _, k := range kinds {
		for seed := range int64(5) {
			obj := filled(k.api(), seed)
			builder := call(k.from, obj)
			if got := unchecked(builder); !reflect.DeepEqual(obj.Interface(), got.Interface()) {
				t.Errorf("%sFrom (-want, +got):\n%s", k.name, cmp.Diff(obj.Interface(), got.Interface()))
			}
			if err := builder.MethodByName("Err").Call(nil)[0]; !err.IsNil() {
				t.Errorf("%sFrom: %v", k.name, err)
			}
		}
	}
}

// Kubernetes ships one object of every kind in which every field is set.
func TestFromKeepsKubernetesOwnTestData(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	tested := 0
	for _, k := range kinds {
		if _, ok := k.api().FieldByName("TypeMeta"); !ok {
			continue
		}
		tested++
		t.Run(k.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "HEAD", "core.v1."+k.name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			obj, err := descriptor.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			got := unchecked(call(k.from, reflect.ValueOf(obj))).Interface()
			if !equality.Semantic.DeepEqual(obj, got) || !reflect.DeepEqual(obj, got) {
				t.Errorf("(-want, +got):\n%s", cmp.Diff(obj, got))
			}
		})
	}
	if tested != 7 {
		t.Errorf("%d kinds were tested, want 7", tested)
	}
}
