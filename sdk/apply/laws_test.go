package apply

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	resourcev1 "k8s.io/api/resource/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/randfill"
)

// TestAllFields holds every kind that can be applied against Kubernetes' own objects with every field set: nothing is
// lost but what the documentation lists.
func TestAllFields(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata", "HEAD", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var tried []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		obj, gvk, err := scheme.Codecs.UniversalDeserializer().Decode(data, nil, nil)
		if err != nil || applyconfigurations.ForKind(*gvk) == nil {
			continue // meta's kinds, lists, and answers such as TokenReview
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		tried = append(tried, name)
		t.Run(name, func(t *testing.T) {
			want := generic(t, string(data))
			delete(want, "status")
			forget(want)
			if diff := cmp.Diff(want, generic(t, configured(t, obj))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, name := range []string{"core.v1.Pod", "core.v1.ReplicationController", "apps.v1.Deployment"} {
		if !slices.Contains(tried, name) {
			t.Errorf("%s is not among the %d objects", name, len(tried))
		}
	}
}

// forget deletes what the server sets from all metadata in an object.
func forget(v any) {
	switch v := v.(type) {
	case map[string]any:
		if m, ok := v["metadata"].(map[string]any); ok {
			for _, name := range []string{"uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
				"deletionGracePeriodSeconds", "managedFields", "selfLink"} {
				delete(m, name)
			}
		}
		for _, child := range v {
			forget(child)
		}
	case []any:
		for _, child := range v {
			forget(child)
		}
	}
}

// TestWhatIsSaidIsWhatWasMeant decodes the apply configurations of random objects: the same objects come out, less
// metadata of the server's and status. It covers what TestAllFields cannot, fields that are not set.
func TestWhatIsSaidIsWhatWasMeant(t *testing.T) {
	for _, kind := range []runtime.Object{
		&corev1.Pod{}, &corev1.ReplicationController{}, &corev1.Service{}, &corev1.ConfigMap{}, &corev1.Secret{}, &corev1.PersistentVolume{},
		&appsv1.Deployment{}, &appsv1.StatefulSet{}, &batchv1.CronJob{}, &networkingv1.NetworkPolicy{}, &resourcev1.ResourceSlice{},
	} {
		t.Run(reflect.TypeOf(kind).Elem().Name(), func(t *testing.T) {
			for seed := range int64(20) {
				want := kind.DeepCopyObject()
				random(seed, want)
				if status := reflect.ValueOf(want).Elem().FieldByName("Status"); status.IsValid() {
					status.SetZero()
				}
				got := kind.DeepCopyObject()
				if err := json.Unmarshal([]byte(configured(t, want)), got); err != nil {
					t.Fatal(err)
				}
				got.GetObjectKind().SetGroupVersionKind(want.GetObjectKind().GroupVersionKind())
				if !equality.Semantic.DeepEqual(want, got) {
					t.Errorf("seed %d (-want +got):\n%s", seed, cmp.Diff(want, got))
				}
			}
		})
	}
}

func random(seed int64, obj runtime.Object) {
	randfill.NewWithSeed(seed).RandSource(rand.NewSource(seed)).NilChance(0.5).NumElements(1, 3).MaxDepth(20).Funcs(
		func(*metav1.TypeMeta, randfill.Continue) {},
		func(q *resource.Quantity, c randfill.Continue) {
			*q = resource.MustParse(fmt.Sprint(c.Intn(1000), "Mi"))
			_ = q.String() // remembers its text, as one that was decoded does
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Unix(c.Int63n(1e9), 0) },
		func(v *metav1.MicroTime, c randfill.Continue) { v.Time = time.Unix(c.Int63n(1e9), 0) },
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31()) },
		func(v *metav1.FieldsV1, _ randfill.Continue) { v.Raw = []byte(`{"f:a":{}}`) },
		func(v *runtime.RawExtension, _ randfill.Continue) { v.Raw = []byte(`{"a":1}`) },
		// Here a template has no metadata of the server's; TestWhatIsSaid has it.
		func(v *metav1.ObjectMeta, c randfill.Continue) {
			c.Fill(&v.Labels)
			c.Fill(&v.Annotations)
			c.Fill(&v.Name)
		},
	).Fill(obj)
}
