package store_test

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// An observer knows of a change before whoever made it and before those who watch.
func TestObserve(t *testing.T) {
	s := store.New(10)
	var seen []watch.EventType
	s.Observe(maps, func(e store.Event) { seen = append(seen, e.Type) })
	obj := configMap("default", "a")
	for i, step := range []func() error{
		func() error { return s.Create(maps, obj) },
		func() error { return s.Update(maps, obj, configMap("default", "a")) },
		func() error { return s.Create(secrets, configMap("default", "b")) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
		if want := min(i+1, 2); len(seen) != want {
			t.Fatalf("step %d: %d events were seen, want %d", i, len(seen), want)
		}
	}
}

// A watcher that includes another resource sees what comes after where it is, and nothing twice.
func TestInclude(t *testing.T) {
	s := store.New(10)
	w, err := s.Watch(0, maps)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, step := range []struct {
		r    schema.GroupResource
		name string
	}{{maps, "a"}, {secrets, "b"}, {maps, "c"}} {
		if err := s.Create(step.r, configMap("default", step.name)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for {
		e, ok, err := w.Poll()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		got = append(got, e.Object.GetName())
		w.Include(secrets, maps)
	}
	if len(got) != 3 || got[1] != "b" {
		t.Errorf("got %v, want a, b and c", got)
	}
}
