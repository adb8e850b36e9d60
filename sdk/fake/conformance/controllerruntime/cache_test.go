package controllerruntime

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	clientfeatures "k8s.io/client-go/features"
	clientfeaturestesting "k8s.io/client-go/features/testing"
	toolscache "k8s.io/client-go/tools/cache"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// forms are the ways in which a cache holds an object.
var forms = []struct {
	name string
	new  func() client.Object
}{
	{"typed", func() client.Object { return &corev1.ConfigMap{} }},
	{"unstructured", func() client.Object {
		u := &unstructured.Unstructured{}
		u.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
		return u
	}},
	{"metadata", func() client.Object {
		m := &metav1.PartialObjectMetadata{}
		m.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
		return m
	}},
}

// A cache fills by one streaming list or by a list and a watch, in each form, and follows every change. The test is not
// parallel, since client-go's feature gates belong to the process.
func TestCache(t *testing.T) {
	for _, streaming := range []bool{true, false} {
		t.Run(fmt.Sprintf("streaming lists %t", streaming), func(t *testing.T) {
			clientfeaturestesting.SetFeatureDuringTest(t, clientfeatures.WatchListClient, streaming)
			for _, form := range forms {
				t.Run(form.name, func(t *testing.T) {
					eachWay(t, func(w *world) { followsChanges(w, form.new, streaming) }, fake.APIOnly())
				})
			}
		})
	}
}

func followsChanges(w *world, form func() client.Object, streaming bool) {
	asked := &requests{}
	w.config.Wrap(asked.wrap)
	m := w.manager(ctrl.Options{Client: client.Options{Cache: &client.CacheOptions{Unstructured: true}}})
	informer, err := m.GetCache().GetInformer(w.ctx, form())
	ok(w.t, err)
	events := eventsOf(w, informer)
	direct := w.client()
	a := configMap("a")
	a.Labels = map[string]string{"seen": "yes"}
	ok(w.t, direct.Create(w.ctx, a))
	w.start(m)
	equal(w.t, "add a", receive(w, events, "an event"))

	got := form()
	ok(w.t, m.GetClient().Get(w.ctx, client.ObjectKeyFromObject(a), got))
	equal(w.t, a.UID, got.GetUID())
	a.Data = map[string]string{"k": "v"}
	ok(w.t, direct.Update(w.ctx, a))
	equal(w.t, "update a", receive(w, events, "an event"))
	ok(w.t, m.GetClient().Get(w.ctx, client.ObjectKeyFromObject(a), got))
	equal(w.t, a.ResourceVersion, got.GetResourceVersion())
	ok(w.t, direct.Delete(w.ctx, a))
	equal(w.t, "delete a", receive(w, events, "an event"))
	if err := m.GetClient().Get(w.ctx, client.ObjectKeyFromObject(a), got); client.IgnoreNotFound(err) != nil || err == nil {
		w.t.Errorf("get after the delete: %v", err)
	}
	if lists, streams := asked.counts(); (lists == 0) != streaming || (streams > 0) != streaming {
		w.t.Errorf("%d lists and %d streaming lists", lists, streams)
	}
}

// eventsOf sends what the cache tells about objects whose name is one letter.
func eventsOf(w *world, informer cache.Informer) <-chan string {
	events := make(chan string, 100)
	say := func(verb string, obj any) {
		if o := obj.(client.Object); len(o.GetName()) == 1 {
			events <- verb + " " + o.GetName()
		}
	}
	_, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    func(obj any) { say("add", obj) },
		UpdateFunc: func(_, obj any) { say("update", obj) },
		DeleteFunc: func(obj any) {
			if unseen, ok := obj.(toolscache.DeletedFinalStateUnknown); ok { // missed, and found out by a list
				obj = unseen.Obj
			}
			say("delete", obj)
		},
	})
	ok(w.t, err)
	return events
}

// requests counts how config maps are listed.
type requests struct {
	mu             sync.Mutex
	lists, streams int
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func (r *requests) wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		query := req.URL.Query()
		if req.Method == http.MethodGet && strings.HasSuffix(req.URL.Path, "/configmaps") {
			r.mu.Lock()
			switch {
			case query.Get("sendInitialEvents") == "true":
				r.streams++
			case query.Get("watch") == "":
				r.lists++
			}
			r.mu.Unlock()
		}
		return next.RoundTrip(req)
	})
}

func (r *requests) counts() (lists, streams int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lists, r.streams
}

// A cache of selected objects forgets what is no longer selected.
func TestCacheSelects(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{Cache: cache.Options{ByObject: map[client.Object]cache.ByObject{
			&corev1.ConfigMap{}: {Label: labels.SelectorFromSet(labels.Set{"tier": "front"})},
			&corev1.Pod{}:       {Field: fields.OneTermEqualSelector("spec.nodeName", "minikube")},
			&corev1.Secret{}:    {Namespaces: map[string]cache.Config{"default": {}, "kube-system": {}}},
		}}})
		direct := w.client()
		labelled, other := configMap("a"), configMap("b")
		labelled.Labels = map[string]string{"tier": "front"}
		here, nowhere := pod("a"), pod("b")
		here.Spec.NodeName = "minikube"
		near, next, far := secret("default", "a"), secret("kube-system", "b"), secret("kube-public", "c")
		for _, obj := range []client.Object{labelled, other, here, nowhere, near, next, far} {
			ok(w.t, direct.Create(w.ctx, obj))
		}
		informer, err := m.GetCache().GetInformer(w.ctx, &corev1.ConfigMap{})
		ok(w.t, err)
		events := eventsOf(w, informer)
		w.start(m)
		for _, tc := range []struct {
			list client.ObjectList
			want []string
		}{
			{&corev1.ConfigMapList{}, []string{"default/a"}},
			{&corev1.PodList{}, []string{"default/a"}},
			{&corev1.SecretList{}, []string{"default/a", "kube-system/b"}},
		} {
			equal(w.t, tc.want, namesOf(w, m.GetClient(), tc.list))
		}
		equal(w.t, "add a", receive(w, events, "an event"))
		labelled.Labels = nil
		ok(w.t, direct.Update(w.ctx, labelled))
		equal(w.t, "delete a", receive(w, events, "an event"))
		other.Labels = map[string]string{"tier": "front"}
		ok(w.t, direct.Update(w.ctx, other))
		equal(w.t, "add b", receive(w, events, "an event"))
		equal(w.t, []string{"default/b"}, namesOf(w, m.GetClient(), &corev1.ConfigMapList{}))
	}, fake.APIOnly())
}

// A cache answers field selectors from its indexes, and refuses others.
func TestCacheIndexes(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		ok(w.t, m.GetFieldIndexer().IndexField(w.ctx, &corev1.Pod{}, "image", func(o client.Object) []string {
			var images []string
			for _, c := range o.(*corev1.Pod).Spec.Containers {
				images = append(images, c.Image)
			}
			return images
		}))
		direct := w.client()
		one, two := pod("one"), pod("two")
		two.Spec.Containers = append(two.Spec.Containers, corev1.Container{Name: "log", Image: "log:1"})
		ok(w.t, direct.Create(w.ctx, one))
		ok(w.t, direct.Create(w.ctx, two))
		w.start(m)
		for image, want := range map[string][]string{"web:1": {"default/one", "default/two"}, "log:1": {"default/two"}, "none": nil} {
			equal(w.t, want, namesOf(w, m.GetClient(), &corev1.PodList{}, client.MatchingFields{"image": image}, client.InNamespace("default")))
		}
		if err := m.GetClient().List(w.ctx, &corev1.PodList{}, client.MatchingFields{"spec.nodeName": "minikube"}); err == nil {
			w.t.Error("a field without an index is answered")
		}
	}, fake.APIOnly())
}

// A client that is told so reads its own writes through the cache, deletions too.
func TestCacheShowsOwnWrites(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{Client: client.Options{Cache: &client.CacheOptions{EnableReadYourWritesConsistency: new(true)}}})
		w.start(m)
		receive(w, m.Elected(), "the start")
		c := m.GetClient()
		for range 20 {
			cm := configMap("own")
			ok(w.t, c.Create(w.ctx, cm))
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), cm))
			cm.Data = map[string]string{"k": "v"}
			ok(w.t, c.Update(w.ctx, cm))
			read := configMap("own")
			ok(w.t, c.Get(w.ctx, client.ObjectKeyFromObject(cm), read))
			equal(w.t, cm.Data, read.Data)
			ok(w.t, c.Delete(w.ctx, cm))
			if err := c.Get(w.ctx, client.ObjectKeyFromObject(cm), read); client.IgnoreNotFound(err) != nil || err == nil {
				w.t.Fatalf("get after the delete: %v", err)
			}
		}
	}, fake.APIOnly())
}

// namesOf lists, and returns the sorted keys: a cache has no order.
func namesOf(w *world, c client.Reader, list client.ObjectList, opts ...client.ListOption) []string {
	w.t.Helper()
	ok(w.t, c.List(w.ctx, list, opts...))
	var names []string
	ok(w.t, meta.EachListItem(list, func(obj runtime.Object) error {
		names = append(names, client.ObjectKeyFromObject(obj.(client.Object)).String())
		return nil
	}))
	slices.Sort(names)
	return names
}
