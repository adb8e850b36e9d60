package apiserver

import (
	"bytes"
	"fmt"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/streaming"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/randfill"
)

// bakeries are a kind without a Go type.
var bakeries = &registry.Resource{
	Group: "example.com", Version: "v1", Kind: "Bakery", Name: "bakeries", Namespaced: true,
	New:     func() store.Object { return &unstructured.Unstructured{} },
	NewList: func() runtime.Object { return &unstructured.UnstructuredList{} },
}

// kinds are those that lists are made of.
func kinds() []*registry.Resource {
	kinds := []*registry.Resource{bakeries}
	for _, r := range registry.Served {
		if r.Can("list") {
			kinds = append(kinds, r)
		}
	}
	return kinds
}

// forms are the ways to ask for what is kept.
func forms() map[string]wanted {
	all := map[string]wanted{}
	for _, f := range formats {
		if f.wire == nil {
			continue
		}
		all[f.mediaType] = wanted{format: f}
		all[f.mediaType+" metadata"] = wanted{format: f, as: asMetadata, version: "v1"}
		all[f.mediaType+" metadata v1beta1"] = wanted{format: f, as: asMetadata, version: "v1beta1"}
	}
	return all
}

// TestWhatIsPutTogether holds every answer and event that is made of kept encodings against what the codec makes of the whole.
func TestWhatIsPutTogether(t *testing.T) {
	for _, r := range kinds() {
		t.Run(r.Kind, func(t *testing.T) {
			for name, want := range forms() {
				if untyped(r) && want.format.mediaType == runtime.ContentTypeProtobuf && want.as == "" {
					continue // there is no such form
				}
				t.Run(name, func(t *testing.T) {
					for n := range 4 {
						checkAnswers(t, r, want, randomEditions(r, n))
					}
				})
			}
		})
	}
}

func checkAnswers(t *testing.T, r *registry.Resource, want wanted, editions []*store.Edition) {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, e := range editions {
		formed, err := want.form(req, r, e.Object)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "event", codecEvent(t, want.format, formed), eventOf(t, r, want, e))
		if form := want.kept(); form != "" {
			enc, err := want.encoding(form, e)
			if err != nil || enc.Item == nil {
				t.Errorf("item of %s: %v", enc.Whole, err)
			}
			equal(t, "object", codec(t, want.format, formed), enc.Whole)
		}
	}
	m := metav1.ListMeta{ResourceVersion: "12", Continue: `<"items":[]>`, RemainingItemCount: new(int64(3))}
	if want.as != "" {
		want.as = asMetadataList
	}
	p := page{editions: editions, meta: m}
	list, err := want.formList(req, r, p.objects(), m)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	if err := writeList(w, req, want, r, p); err != nil {
		t.Fatal(err)
	}
	equal(t, "list", codec(t, want.format, list), w.Body.Bytes())
}

func equal(t *testing.T, what string, want, got []byte) {
	t.Helper()
	if !bytes.Equal(want, got) {
		t.Errorf("%s (-codec +ours):\n%s", what, cmp.Diff(fmt.Sprintf("%q", want), fmt.Sprintf("%q", got)))
	}
}

func codec(t *testing.T, f *format, obj runtime.Object) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.info.Serializer.Encode(obj, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// codecEvent frames an event as apimachinery's own watch server does.
func codecEvent(t *testing.T, f *format, obj runtime.Object) []byte {
	t.Helper()
	var b bytes.Buffer
	stream := f.info.StreamSerializer
	event := &metav1.WatchEvent{Type: "MODIFIED", Object: runtime.RawExtension{Raw: codec(t, f, obj)}}
	if err := streaming.NewEncoder(stream.Framer.NewFrameWriter(&b), stream.Serializer).Encode(event); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func eventOf(t *testing.T, r *registry.Resource, want wanted, e *store.Edition) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	if r.Keep != nil {
		e = store.NewEdition(r.Keep(e.Object.DeepCopyObject().(store.Object)))
	}
	out := newEventWriter(w, httptest.NewRequest(http.MethodGet, "/", nil), want, r)
	if err := out.edition(watch.Modified, e); err != nil {
		t.Fatal(err)
	}
	return w.Body.Bytes()
}

// TestWhatIsKept says what a version holds after requests of each kind.
func TestWhatIsKept(t *testing.T) {
	a := api.New(registry.NewTable(registry.Core...), 1)
	s := &Server{api: a}
	const (
		inJSON     = "application/json"
		inProtobuf = "application/vnd.kubernetes.protobuf"
		inYAML     = "application/yaml"
		metadata   = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
		table      = ";as=Table;g=meta.k8s.io;v=v1"
		watched    = "somebody watches"
	)
	for _, tc := range []struct {
		method, path, accept, body string
		form                       string
		has                        bool
	}{
		{http.MethodPost, "", inYAML, `{"metadata":{"name":"a"}}`, inYAML, false},
		{http.MethodGet, "/a", inJSON + table, "", inJSON, false},
		{http.MethodGet, "/a?pretty=1", inJSON, "", inJSON, false},
		{http.MethodGet, "/a", inJSON + metadata, "", inJSON, false},
		{http.MethodGet, "/a", inJSON, "", inJSON, true},
		{http.MethodGet, "", inProtobuf, "", inProtobuf, true},
		{http.MethodPatch, "/a", inProtobuf, `{"metadata":{"labels":{"x":"y"}}}`, inJSON, false}, // a new version
		{http.MethodPatch, "/a", inJSON, `{"metadata":{"labels":{"x":"y"}}}`, inJSON, false},     // the same one
		{watched, "", inJSON, "", inJSON, false},
		{http.MethodPatch, "/a", inProtobuf, `{"metadata":{"labels":{"x":"y"}}}`, inProtobuf, false},
		{http.MethodPatch, "/a?dryRun=All", inJSON, `{"metadata":{"labels":{"x":"z"}}}`, inJSON, false},
		{http.MethodPatch, "/a", inJSON, `{"metadata":{"labels":{"x":"y"}}}`, inJSON, true},
	} {
		if tc.method == watched {
			defer s.watched.enter(registry.Namespaces, tc.accept)()
			continue
		}
		req := httptest.NewRequest(tc.method, "/api/v1/namespaces"+tc.path, strings.NewReader(tc.body))
		req.Header.Set("Accept", tc.accept)
		req.Header.Set("Content-Type", inJSON)
		if tc.method == http.MethodPatch {
			req.Header.Set("Content-Type", "application/merge-patch+json")
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code >= http.StatusBadRequest {
			t.Fatalf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
		kept, err := a.Store.Edition(registry.Namespaces.GroupResource(), "", "a")
		if err != nil {
			t.Fatal(err)
		}
		if kept.Has(tc.form) != tc.has {
			t.Errorf("after %s %s as %s: %s is kept: %v, want %v", tc.method, tc.path, tc.accept, tc.form, !tc.has, tc.has)
		}
	}
}

func untyped(r *registry.Resource) bool {
	_, ok := r.New().(*unstructured.Unstructured)
	return ok
}

func randomEditions(r *registry.Resource, n int) []*store.Edition {
	editions := make([]*store.Edition, n)
	for i := range editions {
		editions[i] = store.NewEdition(randomObject(r, int64(i+n)))
	}
	return editions
}

// randomObject is one with fields filled in, and texts with what JSON and HTML escape.
func randomObject(r *registry.Resource, seed int64) store.Object {
	obj := r.New()
	if u, ok := obj.(*unstructured.Unstructured); ok {
		var err error
		if u.Object, err = runtime.DefaultUnstructuredConverter.ToUnstructured(randomObject(registry.Pods, seed)); err != nil {
			panic(err)
		}
	} else {
		random(seed).Fill(obj)
	}
	obj.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	obj.SetName(fmt.Sprintf("</\"items\":[]\u2028%d>", seed))
	return obj
}

func random(seed int64) *randfill.Filler {
	return randfill.NewWithSeed(seed).RandSource(rand.NewSource(seed)).NilChance(0.4).NumElements(1, 2).MaxDepth(12).Funcs(
		func(*metav1.TypeMeta, randfill.Continue) {},
		func(q *resource.Quantity, c randfill.Continue) {
			*q = resource.MustParse(fmt.Sprint(c.Intn(1000), "Mi"))
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Unix(c.Int63n(1e9), 0) },
		func(v *metav1.MicroTime, c randfill.Continue) { v.Time = time.Unix(c.Int63n(1e9), 0) },
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31()) },
		func(v *metav1.FieldsV1, _ randfill.Continue) { v.Raw = []byte(`{"f:a":{}}`) },
		func(v *runtime.RawExtension, _ randfill.Continue) { v.Raw = []byte(`{"a":"<1>"}`) },
	)
}
