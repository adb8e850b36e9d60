package index

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

func TestIndexEdges(t *testing.T) {
	x := New[string, int]()
	x.Set("cluster", "", map[string]string{"a": ""}, 1)
	x.Set("n1", "n1", map[string]string{"a": ""}, 2)
	x.Set("bare", "n1", nil, 3)
	for _, c := range []struct {
		rule      string
		namespace string
		s         selector.Selector
		want      []int
	}{
		{"everything", "", selector.All(), []int{1, 2, 3}},
		{"the zero selector is everything", "", selector.Selector{}, []int{1, 2, 3}},
		{"nothing", "", selector.Nothing(), nil},
		{"nothing in a namespace", "n1", selector.Nothing(), nil},
		{"a namespace", "n1", selector.All(), []int{2, 3}},
		{"a namespace without objects", "n2", selector.All(), nil},
		{"a label in a namespace", "n1", selector.MustParse("a"), []int{2}},
		{"an empty value is a value", "", selector.MustParse("a="), []int{1, 2}},
		{"no value is none", "", selector.MustParse("a!="), []int{3}},
		{"a missing key", "", selector.MustParse("!a"), []int{3}},
		{"a key that nobody has", "", selector.MustParse("b"), nil},
		{"a key that nobody lacks", "", selector.MustParse("!b"), []int{1, 2, 3}},
		{"a contradiction", "", selector.MustParse("a,!a"), nil},
		{"the zero requirement selects nothing", "", selector.Selector{}.And(selector.Requirement{}), nil},
		{"not even beside others", "", selector.MustParse("a").And(selector.Requirement{}), nil},
		{"a namespace is no label", "", selector.FromSet(map[string]string{"": "n1"}), nil},
	} {
		got := x.ListIn(c.namespace, c.s, nil)
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
		if n := x.CountIn(c.namespace, c.s); n != len(c.want) || x.AnyIn(c.namespace, c.s) != (n > 0) {
			t.Errorf("%s: counted %d", c.rule, n)
		}
	}
	if diff := cmp.Diff(map[string]int{"n1": 2}, maps.Collect(x.Namespaces())); diff != "" {
		t.Errorf("namespaces (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"a": 2}, maps.Collect(x.Keys())); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got := x.List(selector.MustParse("!a"), []int{7}); !slices.Equal(got, []int{7, 3}) {
		t.Errorf("List does not append: %v", got)
	}
	if _, ok := x.Get("nobody"); ok || x.Delete("nobody") || x.Labels("nobody") != (LabelSet{}) {
		t.Error("there is somebody who is not")
	}
}

// A namespace, and a label whose key is empty, are not mistaken for each other.
func TestEmptyKey(t *testing.T) {
	x := New[int, int]()
	x.Set(1, "n1", nil, 1)
	x.Set(2, "", map[string]string{"": "n1"}, 2)
	x.Set(3, "n1", map[string]string{"": "n1"}, 3)
	s := selector.FromSet(map[string]string{"": "n1"})
	if got := [...]int{x.Count(s), x.CountIn("n1", s), x.CountIn("n1", selector.All()), x.sets.number()}; got != [...]int{2, 1, 2, 3} {
		t.Errorf("got %v", got)
	}
}

// When all objects are gone, or have other labels, nothing of the labels is left.
func TestFreed(t *testing.T) {
	x := New[int, string]()
	for round := range 4 {
		for i := range 3000 {
			x.Set(i, fmt.Sprint("n", i%7+round), map[string]string{fmt.Sprint("key-", i%50+round*50): fmt.Sprint(i), "round": fmt.Sprint(round)}, "")
		}
	}
	for i := range 3000 {
		x.Set(i, "", nil, "")
	}
	most := leastRetired + 3000/16
	d := &x.sets.dictionary
	if sets := x.sets.number(); sets > most+1 || len(d.values)-len(d.freeValue) > 3*most || d.byPair.n > 3*most {
		t.Errorf("%d sets and %d labels are left", sets, d.byPair.n)
	}
	if len(x.sets.address) > 2*3000+mostRetired {
		t.Errorf("ids of sets are not used again: %d", len(x.sets.address))
	}
	for i := range 3000 {
		x.Delete(i)
	}
	if x.Len() != 0 || len(x.sets.address) != 0 || x.sets.byHash.n != 0 || x.Count(selector.All()) != 0 {
		t.Errorf("%d sets are left of nothing", len(x.sets.address))
	}
	x.Set(1, "", web, "again")
	if x.Count(selector.MustParse("app=web")) != 1 {
		t.Error("an index that was empty does not work")
	}
}

// Labels that come and go find the set that they had, as long as it is remembered.
func TestRetired(t *testing.T) {
	x := New[int, int]()
	for i := range 10 {
		x.Set(i, "", map[string]string{"app": "web"}, i)
	}
	for i := range 1000 {
		x.Set(1, "", map[string]string{"app": "web", "on": fmt.Sprint(i % 2)}, i)
		x.Set(1, "", web, i)
	}
	if n := x.sets.number(); n != 3 {
		t.Errorf("%d sets, want 3", n)
	}
	if n := len(x.sets.retired.queue); n > 2*mostRetired {
		t.Errorf("the queue is %d long", n)
	}
}

// A set that has an object again is not forgotten when its turn has come.
func TestRetiredAndBack(t *testing.T) {
	x := New[int, int]()
	x.Set(1, "", web, 1)
	x.Delete(1)
	x.Set(1, "", web, 2)
	for i := range 3 * mostRetired {
		x.Set(2, "", map[string]string{"id": fmt.Sprint(i)}, i)
		x.Delete(2)
	}
	if got := x.List(selector.MustParse("app=web"), nil); !slices.Equal(got, []int{2}) {
		t.Errorf("got %v", got)
	}
	invariants(t, x)
}

func TestCloneStrings(t *testing.T) {
	text := strings.Repeat("x", 100)
	for _, c := range []struct {
		rule string
		opts []Option
		want bool
	}{{"kept", nil, true}, {"copied", []Option{CloneStrings()}, false}} {
		x := New[int, int](c.opts...)
		x.Set(1, "", map[string]string{text[:5]: text[5:9]}, 1)
		v, _ := x.Labels(1).Get("xxxxx")
		if got := unsafe.StringData(v) == unsafe.StringData(text[5:9]); got != c.want {
			t.Errorf("%s: %v", c.rule, got)
		}
	}
}

func TestReplaceUsesTheIndex(t *testing.T) {
	x := New[string, int](Capacity(10))
	x.Set("a", "", web, 1)
	x.Replace(func(yield func(Entry[string, int]) bool) {
		n, _ := x.Get("a")
		_ = yield(Entry[string, int]{Key: "b", Object: n}) && yield(Entry[string, int]{Key: "b", Object: n + 1})
	})
	if diff := cmp.Diff(map[string]int{"b": 2}, maps.Collect(x.Each(selector.All()))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range x.Each(selector.All()) {
		x.Delete("b") // while it is gone through
	}
	if x.Len() != 0 {
		t.Error("not deleted")
	}
}
