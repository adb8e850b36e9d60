package apiserver

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime"
)

// TestEncodedOnce counts how often a version is encoded for a thousand watches, and then for lists and for those who get it.
func TestEncodedOnce(t *testing.T) {
	for name, want := range forms() {
		if want.kept() == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var count atomic.Int64
			want.format = counted(want.format, &count)
			s := store.New(10)
			gr := registry.Pods.GroupResource()
			old := randomObject(registry.Pods, 1)
			if err := s.Create(gr, old); err != nil {
				t.Fatal(err)
			}
			streams := make([]eventStream, 1000)
			for i := range streams {
				streams[i] = watching(t, s, want)
			}
			if err := s.Update(gr, old, changed(old)); err != nil {
				t.Fatal(err)
			}
			done := make(chan error)
			for _, stream := range streams {
				go func() { done <- stream.drain() }()
			}
			for range streams {
				if err := <-done; err != nil {
					t.Fatal(err)
				}
			}
			counts(t, "a thousand watches", 1, &count)

			editions, _ := s.Editions(gr, "")
			list := want
			if list.as != "" {
				list.as = asMetadataList
			}
			for range 3 {
				if _, err := writeItems(httptest.NewRecorder(), list, list.kept(), registry.Pods, page{editions: editions}); err != nil {
					t.Fatal(err)
				}
			}
			if want.format.mediaType == runtime.ContentTypeJSON {
				count.Add(-3) // the empty lists
			}
			counts(t, "three lists after that", 1, &count)
		})
	}
}

// TestEncodedOnceWhenLeft is about the state that watches are shown of an object when it leaves their selection.
func TestEncodedOnceWhenLeft(t *testing.T) {
	var count atomic.Int64
	want := wanted{format: counted(jsonFormat, &count)}
	s := store.New(10)
	gr := registry.Pods.GroupResource()
	old := randomObject(registry.Pods, 1)
	old.SetLabels(map[string]string{"app": "web"})
	if err := s.Create(gr, old); err != nil {
		t.Fatal(err)
	}
	var streams []eventStream
	for range 10 {
		stream := watching(t, s, want)
		var err error
		if stream.selection, err = newSelection(target{resource: registry.Pods}, map[string][]string{"labelSelector": {"app=web"}}); err != nil {
			t.Fatal(err)
		}
		streams = append(streams, stream)
	}
	left := changed(old)
	left.SetLabels(nil)
	if err := s.Update(gr, old, left); err != nil {
		t.Fatal(err)
	}
	last := old.DeepCopyObject().(store.Object)
	last.SetResourceVersion(left.GetResourceVersion())
	event := bytes.Replace(codecEvent(t, jsonFormat, last), []byte("MODIFIED"), []byte("DELETED"), 1)
	for _, stream := range streams {
		if err := stream.drain(); err != nil {
			t.Fatal(err)
		}
		equal(t, "event", event, stream.out.out.(*httptest.ResponseRecorder).Body.Bytes())
	}
	counts(t, "ten watches", 1, &count)
}

// watching is a watch of all pods from now on.
func watching(t *testing.T, s *store.Store, want wanted) eventStream {
	t.Helper()
	source, err := s.Watch(s.Version(), registry.Pods.GroupResource())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(source.Close)
	sel, err := newSelection(target{resource: registry.Pods}, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := newEventWriter(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), want, registry.Pods)
	return eventStream{out: out, selection: sel, source: source}
}

func changed(obj store.Object) store.Object {
	c := obj.DeepCopyObject().(store.Object)
	c.SetAnnotations(map[string]string{"changed": "yes"})
	return c
}

func counts(t *testing.T, what string, want int64, got *atomic.Int64) {
	t.Helper()
	if got.Load() != want {
		t.Errorf("%s: encoded %d times, want %d", what, got.Load(), want)
	}
}

// counted is a format that counts what it encodes.
func counted(f *format, count *atomic.Int64) *format {
	c := *f
	c.info.Serializer = countingSerializer{f.info.Serializer, count}
	return &c
}

type countingSerializer struct {
	runtime.Serializer
	count *atomic.Int64
}

func (s countingSerializer) Encode(obj runtime.Object, w io.Writer) error {
	s.count.Add(1)
	return s.Serializer.Encode(obj, w)
}
