package index

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

// A LabelSet stays as it is, whatever becomes of the object, the map and the set's place in the index.
func TestLabelSetIsImmutable(t *testing.T) {
	x := New[int, int]()
	given := map[string]string{"a": "1", "b": "2"}
	x.Set(1, "n1", given, 1)
	l := x.Labels(1)
	given["a"] = "spoilt"
	x.Set(1, "n2", map[string]string{"a": "3"}, 1) // the set of one object becomes another
	for i := range 3000 {
		x.Set(2, "", map[string]string{"a": fmt.Sprint(i)}, 2)
	}
	if want := NewLabelSet("n1", map[string]string{"a": "1", "b": "2"}); !l.Equal(want) {
		t.Errorf("it has become %v in %q", l.Map(), l.Namespace())
	}
	if got := x.Labels(1); !got.Equal(NewLabelSet("n2", map[string]string{"a": "3"})) {
		t.Errorf("the object has %v in %q", got.Map(), got.Namespace())
	}
}

// A set whose id is used again has the labels of its own time.
func TestLabelSetOfAnIDUsedAgain(t *testing.T) {
	x := New[int, int]()
	for i := range 3 * mostRetired {
		x.Set(1, "", map[string]string{"id": fmt.Sprint(i)}, i)
		if got, _ := x.Labels(1).Get("id"); got != fmt.Sprint(i) {
			t.Fatalf("%d has the label %s", i, got)
		}
		x.Delete(1)
	}
	if n := len(x.sets.handles.bySet); n > mostRetired {
		t.Errorf("%d label sets are kept", n)
	}
}

func TestLabelSet(t *testing.T) {
	x := New[int, int]()
	many := map[string]string{}
	for i := range 40 {
		many[fmt.Sprint("k", i)] = fmt.Sprint(i)
	}
	x.Set(1, "", many, 1)
	x.Set(2, "", maps.Clone(many), 2)
	x.Set(3, "n1", many, 3)
	l := x.Labels(1)
	if l != x.Labels(2) || l == x.Labels(3) || l.Equal(x.Labels(3)) {
		t.Error("== is not as promised")
	}
	if diff := cmp.Diff(many, l.Map()); diff != "" {
		t.Errorf("Map (-want +got):\n%s", diff)
	}
	var keys []string
	for key, value := range l.All() {
		keys = append(keys, key)
		if got, ok := l.Get(key); !ok || got != value || many[key] != value {
			t.Errorf("%s is %q and %q", key, got, value)
		}
	}
	if _, ok := l.Get("none"); ok || !slices.IsSorted(keys) || len(keys) != l.Len() {
		t.Errorf("keys are %v", keys)
	}
	l.Map()["k1"] = "spoilt"
	if v, _ := l.Get("k1"); v != "1" {
		t.Error("Map is not a copy")
	}
	var zero LabelSet
	if zero.Len() != 0 || zero.Map() != nil || !zero.Equal(NewLabelSet("", nil)) {
		t.Error("the zero value has labels")
	}
}

// A Matcher is right about the zero value, about a set that it is asked about again, and about sets that share a place in its memory.
func TestMatcher(t *testing.T) {
	x := New[int, int]()
	for text, ofZero := range map[string]bool{"a=1": false, "!a": true, "": true, "a!=1": true} {
		m := x.Compile(selector.MustParse(text))
		var sets []LabelSet
		for i := range 3 * leastMemo {
			sets = append(sets, NewLabelSet("", map[string]string{"a": fmt.Sprint(i % 3)}))
		}
		for range 2 {
			if m.MatchesSet(LabelSet{}) != ofZero {
				t.Errorf("%q: wrong about the zero value", text)
			}
			for _, l := range sets {
				if m.MatchesSet(l) != l.Matches(m.Selector()) {
					t.Errorf("%q: wrong about %v", text, l.Map())
				}
			}
		}
	}
}
