package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/store"
)

// TestTable holds lists against a sorted slice of keys, through more objects than a page holds, in whatever order they come and go.
func TestTable(t *testing.T) {
	namespaces := []string{"", "a", "a-b", "a0", "ab", "b"} // the dash sorts before the slash, the digit after it
	random := rand.New(rand.NewPCG(1, 2))
	for _, tc := range []struct {
		order string
		next  func(i int) int
	}{
		{"ascending", func(i int) int { return i }},
		{"descending", func(i int) int { return 9999 - i }},
		{"random", func(int) int { return random.IntN(10_000) }},
	} {
		t.Run(tc.order, func(t *testing.T) {
			s := store.New(1)
			kept := map[string]store.Object{}
			for i := range 4000 {
				obj := configMap(namespaces[i%len(namespaces)], fmt.Sprintf("%04d", tc.next(i)))
				k := obj.Namespace + "/" + obj.Name
				if err := s.Create(maps, obj); (err == nil) != (kept[k] == nil) {
					t.Fatalf("create %s: %v", k, err)
				}
				if kept[k] == nil {
					kept[k] = obj
				}
			}
			compareTable(t, s, kept, namespaces)
			for _, k := range sortedKeys(kept) {
				if random.IntN(10) < 9 {
					must(t, s.Delete(maps, kept[k], configMap(kept[k].GetNamespace(), kept[k].GetName())))
					delete(kept, k)
				}
			}
			compareTable(t, s, kept, namespaces)
		})
	}
}

func sortedKeys(kept map[string]store.Object) []string {
	var keys []string
	for k := range kept {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func compareTable(t *testing.T, s *store.Store, kept map[string]store.Object, namespaces []string) {
	t.Helper()
	for _, namespace := range namespaces {
		want := sortedKeys(kept)
		if namespace != "" {
			want = slices.DeleteFunc(want, func(k string) bool { return kept[k].GetNamespace() != namespace })
		}
		var got []string
		objs, _ := s.List(maps, namespace)
		for _, o := range objs {
			got = append(got, o.GetNamespace()+"/"+o.GetName())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("namespace %q (-want +got):\n%s", namespace, diff)
		}
	}
	for k, obj := range kept {
		if got, err := s.Get(maps, obj.GetNamespace(), obj.GetName()); got != obj {
			t.Fatalf("get %s: %v, %v", k, got, err)
		}
	}
}

// TestIdleWatcherHoldsNoLog: a watcher to whom nothing happens moves on with the log, so that what it passed over can be freed.
func TestIdleWatcherHoldsNoLog(t *testing.T) {
	s := store.New(8)
	w, err := s.Watch(0, secrets)
	must(t, err)
	defer w.Close()
	<-w.Ready() // as at the beginning of every watch
	for i := range 100 {
		must(t, s.Create(maps, configMap("a", fmt.Sprint(i))))
		select {
		case <-w.Ready():
			if _, ok, err := w.Poll(); ok || err != nil {
				t.Fatalf("poll = %v, %v", ok, err)
			}
		default:
		}
		if behind := s.Version() - w.Version(); behind > 8 {
			t.Fatalf("%d writes behind", behind)
		}
	}
}
