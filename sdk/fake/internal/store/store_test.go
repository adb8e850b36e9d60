package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	maps    = schema.GroupResource{Resource: "configmaps"}
	secrets = schema.GroupResource{Resource: "secrets"}
)

func configMap(namespace, name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func names(objs []store.Object) string {
	var all []string
	for _, o := range objs {
		all = append(all, o.GetNamespace()+"/"+o.GetName())
	}
	return strings.Join(all, " ")
}

func TestListIsSortedAsInEtcd(t *testing.T) {
	s := store.New(100)
	for _, n := range []string{"b/a", "a-b/x", "a/z", "a/b", "a/a-b"} {
		namespace, name, _ := strings.Cut(n, "/")
		must(t, s.Create(maps, configMap(namespace, name)))
	}
	all, version := s.List(maps, "")
	if got, want := names(all), "a-b/x a/a-b a/b a/z b/a"; got != want {
		t.Errorf("all = %s, want %s", got, want)
	}
	if version != 5 {
		t.Errorf("version = %d, want 5", version)
	}
	one, _ := s.List(maps, "a")
	if got, want := names(one), "a/a-b a/b a/z"; got != want {
		t.Errorf("of namespace a = %s, want %s", got, want)
	}
	if none, _ := s.List(secrets, ""); len(none) != 0 {
		t.Errorf("of another resource = %s", names(none))
	}
}

func TestWritesCompareAndSwap(t *testing.T) {
	s := store.New(100)
	first := configMap("a", "x")
	must(t, s.Create(maps, first))
	if err := s.Create(maps, configMap("a", "x")); !errors.Is(err, store.ErrExists) {
		t.Errorf("second create = %v", err)
	}
	second := first.DeepCopy()
	must(t, s.Update(maps, first, second))
	if err := s.Update(maps, first, first.DeepCopy()); !errors.Is(err, store.ErrConflict) {
		t.Errorf("update of an old version = %v", err)
	}
	if err := s.Delete(maps, first, first.DeepCopy()); !errors.Is(err, store.ErrConflict) {
		t.Errorf("delete of an old version = %v", err)
	}
	must(t, s.Delete(maps, second, second.DeepCopy()))
	if err := s.Update(maps, second, second.DeepCopy()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("update of what is gone = %v", err)
	}
	if _, err := s.Get(maps, "a", "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("get of what is gone = %v", err)
	}
	if first.ResourceVersion != "1" || second.ResourceVersion != "2" {
		t.Errorf("versions %s and %s, want 1 and 2", first.ResourceVersion, second.ResourceVersion)
	}
}

// Who writes may have read the object in another form: what watchers see of its old state is what was stored.
func TestTheOldStateIsTheStoredOne(t *testing.T) {
	s := store.New(100)
	first := configMap("a", "x")
	must(t, s.Create(maps, first))
	w, err := s.Watch(1, maps)
	must(t, err)
	defer w.Close()
	second := first.DeepCopy()
	must(t, s.Update(maps, &metav1.PartialObjectMetadata{ObjectMeta: first.ObjectMeta}, second))
	must(t, s.Delete(maps, &metav1.PartialObjectMetadata{ObjectMeta: second.ObjectMeta}, second.DeepCopy()))
	for _, want := range []store.Object{first, second} {
		if e, _, err := w.Poll(); err != nil || e.Old != want {
			t.Errorf("old state %v, %v, want %v", e.Old, err, want)
		}
	}
}

// events reads what a watcher has, as TYPE name@version.
func events(t *testing.T, w *store.Watcher) string {
	t.Helper()
	var all []string
	for {
		e, ok, err := w.Poll()
		must(t, err)
		if !ok {
			return strings.Join(all, " ")
		}
		all = append(all, fmt.Sprintf("%s %s@%d", e.Type, e.Object.GetName(), e.Version))
	}
}

func TestWatchFromAnyKeptVersion(t *testing.T) {
	s := store.New(3)
	x := configMap("a", "x")
	must(t, s.Create(maps, x))                      // 1
	must(t, s.Create(secrets, configMap("a", "s"))) // 2
	must(t, s.Update(maps, x, x.DeepCopy()))        // 3
	current, _ := s.Get(maps, "a", "x")
	must(t, s.Delete(maps, current, current.DeepCopyObject().(store.Object))) // 4
	for _, tc := range []struct {
		after uint64
		want  string
		err   error
	}{
		{0, "", store.ErrExpired},
		{1, "MODIFIED x@3 DELETED x@4", nil},
		{3, "DELETED x@4", nil},
		{4, "", nil},
		{5, "", store.ErrFuture},
	} {
		t.Run(fmt.Sprint("after ", tc.after), func(t *testing.T) {
			w, err := s.Watch(tc.after, maps)
			if !errors.Is(err, tc.err) {
				t.Fatalf("Watch = %v, want %v", err, tc.err)
			}
			if err != nil {
				return
			}
			defer w.Close()
			if got := events(t, w); got != tc.want {
				t.Errorf("events = %q, want %q", got, tc.want)
			}
		})
	}
}

// A watcher that is behind keeps what it has not read, however much the log has dropped since.
func TestSlowWatcherLosesNothing(t *testing.T) {
	s := store.New(1)
	w, err := s.Watch(0, maps)
	must(t, err)
	defer w.Close()
	for i := range 10 {
		must(t, s.Create(maps, configMap("a", fmt.Sprint("x", i))))
	}
	if got := strings.Count(events(t, w), "ADDED"); got != 10 {
		t.Errorf("%d events, want 10", got)
	}
}

func TestListAt(t *testing.T) {
	s := store.New(100)
	x := configMap("a", "x")
	must(t, s.Create(maps, x))                   // 1
	must(t, s.Create(maps, configMap("b", "y"))) // 2
	y := x.DeepCopy()
	must(t, s.Update(maps, x, y))                // 3
	must(t, s.Delete(maps, y, y.DeepCopy()))     // 4
	must(t, s.Create(maps, configMap("a", "z"))) // 5
	for version, want := range []string{"", "a/x@1", "a/x@1 b/y@2", "a/x@3 b/y@2", "b/y@2", "a/z@5 b/y@2"} {
		objs, err := s.ListAt(maps, "", uint64(version))
		must(t, err)
		var got []string
		for _, o := range objs {
			got = append(got, fmt.Sprintf("%s/%s@%s", o.GetNamespace(), o.GetName(), o.GetResourceVersion()))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("at %d: %v, want %s", version, got, want)
		}
	}
	if _, err := s.ListAt(maps, "", 6); !errors.Is(err, store.ErrFuture) {
		t.Errorf("at 6: %v", err)
	}
}

func TestNextWaitsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := store.New(10)
		w, err := s.Watch(0, maps)
		must(t, err)
		defer w.Close()
		ctx, cancel := context.WithCancelCause(t.Context())
		got := make(chan error)
		go func() {
			_, err := w.Next(ctx)
			got <- err
			_, err = w.Next(ctx)
			got <- err
			_, err = w.Next(context.Background())
			got <- err
		}()
		synctest.Wait() // it waits
		must(t, s.Create(secrets, configMap("a", "other")))
		must(t, s.Create(maps, configMap("a", "x")))
		if err := <-got; err != nil {
			t.Errorf("Next = %v", err)
		}
		cause := errors.New("enough")
		cancel(cause)
		if err := <-got; !errors.Is(err, cause) {
			t.Errorf("Next after the context ended = %v", err)
		}
		s.Close()
		if err := <-got; !errors.Is(err, store.ErrClosed) {
			t.Errorf("Next of a closed store = %v", err)
		}
		if _, err := s.Watch(0, maps); !errors.Is(err, store.ErrClosed) {
			t.Errorf("Watch of a closed store = %v", err)
		}
	})
}

// Writers race, and every watcher sees every version once, in order.
func TestConcurrentWritersAndWatchers(t *testing.T) {
	const writers, writes, watchers = 4, 200, 4
	s := store.New(10)
	var readers, all sync.WaitGroup
	for range watchers {
		w, err := s.Watch(0, maps)
		must(t, err)
		readers.Go(func() {
			defer w.Close()
			for want := uint64(1); want <= writers*writes; want++ {
				e, err := w.Next(t.Context())
				if err != nil || e.Version != want {
					t.Errorf("event %d, %v; want %d", e.Version, err, want)
					return
				}
			}
		})
	}
	for i := range writers {
		all.Go(func() {
			for j := range writes {
				if err := s.Create(maps, configMap("a", fmt.Sprintf("%d-%d", i, j))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	readers.Wait()
}

func TestCreateWhile(t *testing.T) {
	s := store.New(10)
	parent := configMap("a", "parent")
	must(t, s.Create(secrets, parent))
	must(t, s.CreateWhile(secrets, parent, maps, configMap("a", "x")))
	must(t, s.Update(secrets, parent, parent.DeepCopy()))
	if err := s.CreateWhile(secrets, parent, maps, configMap("a", "y")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("after the parent changed = %v", err)
	}
	if err := s.CreateWhile(secrets, configMap("a", "nobody"), maps, configMap("a", "y")); !errors.Is(err, store.ErrConflict) {
		t.Errorf("without the parent = %v", err)
	}
}

func TestForgetEndsTheHistory(t *testing.T) {
	s := store.New(10)
	for _, name := range []string{"a", "b"} {
		must(t, s.Create(maps, configMap("n", name)))
	}
	s.Forget()
	if _, err := s.Watch(1, maps); !errors.Is(err, store.ErrExpired) {
		t.Errorf("a watch from before: %v, want ErrExpired", err)
	}
	w, err := s.Watch(2, maps)
	must(t, err)
	defer w.Close()
	must(t, s.Create(maps, configMap("n", "c")))
	if e, ok, err := w.Poll(); !ok || err != nil || e.Object.GetName() != "c" {
		t.Errorf("a watch from then on: %v, %v, %v", e, ok, err)
	}
}
