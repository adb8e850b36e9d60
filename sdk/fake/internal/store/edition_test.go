package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/store"
)

// encoderOf counts its calls; what it makes says which one made it.
func encoderOf(count *atomic.Int64) func(store.Object) (store.Encoding, error) {
	return func(obj store.Object) (store.Encoding, error) {
		return store.Encoding{Whole: fmt.Append(nil, obj.GetName(), " ", count.Add(1))}, nil
	}
}

func TestEditionIsEncodedOnceAForm(t *testing.T) {
	e := store.NewEdition(configMap("a", "x"))
	if e.Has("json") {
		t.Error("a new edition has an encoding")
	}
	var asJSON, asProtobuf atomic.Int64
	var readers sync.WaitGroup
	for range 100 {
		readers.Go(func() {
			for form, count := range map[string]*atomic.Int64{"json": &asJSON, "protobuf": &asProtobuf} {
				got, err := e.Encoding(form, encoderOf(count))
				if err != nil || string(got.Whole) != "x 1" {
					t.Errorf("%s = %q, %v", form, got.Whole, err)
				}
			}
		})
	}
	readers.Wait()
	if !e.Has("json") || !e.Has("protobuf") || e.Has("yaml") {
		t.Error("it does not know what it has")
	}
}

func TestEditionKeepsAnError(t *testing.T) {
	e := store.NewEdition(configMap("a", "x"))
	broken := errors.New("broken")
	for range 2 {
		_, err := e.Encoding("json", func(store.Object) (store.Encoding, error) {
			err := broken
			broken = errors.New("called again")
			return store.Encoding{}, err
		})
		if err == nil || err.Error() != "broken" {
			t.Errorf("error = %v", err)
		}
	}
}

// A reader who comes after an encoder panicked must not take nothing for the encoding.
func TestEditionWhoseEncoderPanicked(t *testing.T) {
	e := store.NewEdition(configMap("a", "x"))
	func() {
		defer func() { _ = recover() }()
		_, _ = e.Encoding("json", func(store.Object) (store.Encoding, error) { panic("encoder") })
	}()
	if _, err := e.Encoding("json", encoderOf(new(atomic.Int64))); err == nil {
		t.Error("no error")
	}
}

func TestViewIsMadeOnceAKey(t *testing.T) {
	e := store.NewEdition(configMap("a", "x"))
	var count atomic.Int64
	var readers sync.WaitGroup
	views := make([]*store.Edition, 100)
	for i := range views {
		readers.Go(func() {
			views[i] = e.View(i%2, func(obj store.Object) store.Object { return configMap("a", fmt.Sprint(obj.GetName(), count.Add(1))) })
		})
	}
	readers.Wait()
	for i, v := range views {
		if v != views[i%2] {
			t.Fatalf("view %d is another", i)
		}
	}
	if views[0] == views[1] || count.Load() != 2 {
		t.Errorf("%d views were made of two keys", count.Load())
	}
}

// TestEditionIsShared: whoever reads a version, by whatever way, reads the same edition.
func TestEditionIsShared(t *testing.T) {
	s := store.New(100)
	w, err := s.Watch(0, maps)
	must(t, err)
	defer w.Close()
	first := configMap("a", "x")
	must(t, s.Create(maps, first))
	created, err := s.Edition(maps, "a", "x")
	must(t, err)
	must(t, s.Create(maps, configMap("b", "y")))
	other, err := s.Edition(maps, "b", "y")
	must(t, err)
	version := s.Version()
	listed, _ := s.Editions(maps, "a")
	all, began, err := s.EditionsAndWatch(maps, "")
	must(t, err)
	began.Close()
	next := func() *store.Edition {
		event, err := w.Next(context.Background())
		must(t, err)
		return event.Edition
	}

	second := first.DeepCopy()
	must(t, s.Update(maps, first, second))
	updated, err := s.Edition(maps, "a", "x")
	must(t, err)
	must(t, s.Delete(maps, second, second.DeepCopy()))
	then, err := s.EditionsAt(maps, "", version)
	must(t, err)
	later, err := s.EditionsAt(maps, "a", version+1)
	must(t, err)

	for _, tc := range []struct {
		way       string
		want, got *store.Edition
	}{
		{"list of a namespace", created, listed[0]},
		{"list before a watch", created, all[0]},
		{"event of a creation", created, next()},
		{"event of another object", other, next()},
		{"event of an update", updated, next()},
		{"list of the past, before an update", created, then[0]},
		{"list of the past, before a deletion", updated, later[0]},
	} {
		if tc.want != tc.got {
			t.Errorf("%s: another edition", tc.way)
		}
	}
	if updated == created || updated.Object != store.Object(second) {
		t.Error("an update is no edition of its own")
	}
	if _, err := s.Edition(maps, "a", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the deletion: %v", err)
	}
}
