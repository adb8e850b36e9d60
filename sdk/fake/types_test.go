package fake_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Widget is a kind as the author of an operator writes it.
type Widget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              WidgetSpec   `json:"spec,omitempty"`
	Status            WidgetStatus `json:"status,omitempty"`
}

// WidgetSpec is what a Widget should be.
type WidgetSpec struct {
	Size     *int32                 `json:"size,omitempty"`
	Port     intstr.IntOrString     `json:"port,omitempty"`
	Template corev1.PodTemplateSpec `json:"template,omitempty"`
	Tags     map[string]string      `json:"tags"`
	Until    *metav1.Time           `json:"until,omitempty"`
	Parent   *WidgetSpec            `json:"parent,omitempty"`
}

// WidgetStatus is what it is.
type WidgetStatus struct {
	Ready int32 `json:"ready,omitempty"`
}

// DeepCopyObject copies as far as this test goes.
func (w *Widget) DeepCopyObject() runtime.Object {
	c := *w
	return &c
}

// Gadget is a kind without a namespace and without a status.
type Gadget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
}

// DeepCopyObject copies as far as this test goes.
func (g *Gadget) DeepCopyObject() runtime.Object {
	c := *g
	return &c
}

var (
	shopVersion = schema.GroupVersion{Group: "shop.example.com", Version: "v1"}
	widgets     = shopVersion.WithResource("widgets")
)

func shopScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	s.AddKnownTypes(shopVersion, &Widget{}, &Gadget{})
	s.AddTypeDefaultingFunc(&Widget{}, func(obj any) {
		if w := obj.(*Widget); w.Spec.Size == nil {
			w.Spec.Size = new(int32(1))
		}
	})
	return s
}

// A Go type is a kind: with its fields, its status and the defaults of its scheme.
func TestTypes(t *testing.T) {
	client := dynamicClient(t, fake.RunT(t, fake.Types(shopScheme(), &Widget{})))
	ws := client.Resource(widgets).Namespace("default")
	widget := func(spec string) *unstructured.Unstructured {
		return fromYAML(t, "apiVersion: shop.example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: "+spec)
	}
	_, err := ws.Create(t.Context(), widget(`{sise: 1}`), metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
	if err == nil || !strings.Contains(err.Error(), `unknown field "spec.sise"`) {
		t.Errorf("a field that the type does not have: %v", err)
	}
	if _, err = ws.Create(t.Context(), widget(`{size: big}`), metav1.CreateOptions{}); !apierrors.IsInvalid(err) {
		t.Errorf("a field of another type: %v", err)
	}
	w, err := ws.Create(t.Context(), widget(`{port: http, tags: null, until: "2026-01-02T03:04:05Z", parent: {size: 3}, template: {spec: {containers: [{name: a, image: b}]}}}`), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if at(w, "spec.size") != int64(1) || at(w, "spec.port") != "http" || at(w, "spec.parent.size") != int64(3) {
		t.Errorf("spec: %v", at(w, "spec"))
	}
	if w.Object["status"] = map[string]any{"ready": int64(1)}; w.GetGeneration() != 1 {
		t.Errorf("generation %d", w.GetGeneration())
	}
	if w, err = ws.UpdateStatus(t.Context(), w, metav1.UpdateOptions{}); err != nil || at(w, "status.ready") != int64(1) {
		t.Errorf("status: %v, %v", w, err)
	}
}

// All kinds of a scheme are served if none is named, and what cannot be known of a kind can be said.
func TestTypesNames(t *testing.T) {
	for name, row := range map[string]struct {
		option fake.Option
		want   map[string]string // plural and scope by kind
	}{
		"all of a scheme": {fake.Types(shopScheme()), map[string]string{"Widget": "widgets Namespaced", "Gadget": "gadgets Namespaced"}},
		"cluster-scoped":  {fake.Types(shopScheme(), fake.ClusterScoped(&Gadget{})), map[string]string{"Gadget": "gadgets Cluster"}},
		"named":           {fake.Types(shopScheme(), fake.Plural("gadgetry", fake.ClusterScoped(&Gadget{}))), map[string]string{"Gadget": "gadgetry Cluster"}},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := dynamicClient(t, fake.RunT(t, row.option)).Resource(definitions).List(t.Context(), metav1.ListOptions{})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{}
			for i := range list.Items {
				d := &list.Items[i]
				got[at(d, "spec.names.kind").(string)] = at(d, "spec.names.plural").(string) + " " + at(d, "spec.scope").(string)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("definitions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypesErrors(t *testing.T) {
	lonely := runtime.NewScheme()
	lonely.AddKnownTypes(schema.GroupVersion{Group: "shop", Version: "v1"}, &Gadget{})
	for name, row := range map[string]struct {
		option fake.Option
		want   string
	}{
		"no scheme":          {fake.Types(nil, &Gadget{}), "start cluster: define kinds of Go types: the scheme is nil"},
		"a type of no kind":  {fake.Types(runtime.NewScheme(), &Gadget{}), "start cluster: define a kind of Go type *fake_test.Gadget"},
		"a group of no host": {fake.Types(lonely, &Gadget{}), `spec.group: Invalid value: "shop": should be a domain with at least one dot`},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := fake.Start(row.option); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v\nwant %s", err, row.want)
			}
		})
	}
}
