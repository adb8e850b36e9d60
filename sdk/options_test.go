package sdk_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
)

// widget is a custom kind.
type widget struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Size              int `json:"size"`
}

func (w *widget) DeepCopyObject() runtime.Object {
	c := *w
	c.ObjectMeta = *w.ObjectMeta.DeepCopy()
	return &c
}

// A scheme of the user's own makes custom kinds usable, as JSON, beside the built-in ones.
func TestWithSchemeAndFieldManager(t *testing.T) {
	group := schema.GroupVersion{Group: "example.com", Version: "v1"}
	scheme := runtime.NewScheme()
	scheme.AddKnownTypeWithName(group.WithKind("Widget"), &widget{})
	metav1.AddToGroupVersion(scheme, group)
	if err := corev1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := &server{t: t, answers: map[string][]http.HandlerFunc{}}
		l := newListener()
		h := &http.Server{Handler: s}
		served := make(chan error)
		go func() { served <- h.Serve(l) }()
		transport := &http.Transport{DialContext: l.dial}
		defer func() {
			transport.CloseIdleConnections()
			h.Close()
			<-served
		}()
		c, err := sdk.New(&rest.Config{Host: "http://cluster.invalid", Transport: transport, QPS: -1}, sdk.WithScheme(scheme), sdk.FieldManager("tests"))
		ok(t, err)
		s.on("GET /apis/example.com/v1", object(&metav1.APIResourceList{
			APIResources: []metav1.APIResource{{Name: "widgets", Kind: "Widget", Namespaced: true}},
		}))
		s.on("POST /apis/example.com/v1/namespaces/default/widgets", object(&widget{
			TypeMeta: metav1.TypeMeta{APIVersion: "example.com/v1", Kind: "Widget"}, ObjectMeta: metav1.ObjectMeta{Name: "w"}, Size: 4,
		}))
		s.on("POST /api/v1/namespaces/default/pods", object(pod("app", "1")))

		w := &widget{ObjectMeta: metav1.ObjectMeta{Name: "w"}, Size: 3}
		ok(t, c.Create(t.Context(), w))
		equal(t, "size", 4, w.Size)
		ok(t, c.Create(t.Context(), pod("app", "")))

		asks := s.asks()
		equal(t, "request", "POST /apis/example.com/v1/namespaces/default/widgets?fieldManager=tests", asks[1].Line)
		equal(t, "content type of the custom kind", "application/json", asks[1].ContentType)
		equal(t, "request", "POST /api/v1/namespaces/default/pods?fieldManager=tests", asks[2].Line)
		equal(t, "content type of the built-in kind", "application/vnd.kubernetes.protobuf", asks[2].ContentType)
	})
}
