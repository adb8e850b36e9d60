package index

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

var web = map[string]string{"app": "web"}

// What a callback changes is told after what it was called for, and by nobody else.
func TestNotifyMayChangeTheIndex(t *testing.T) {
	x := New[string, int]()
	var heard []string
	v := x.Live(selector.MustParse("app=web"))
	v.Notify(func(key string, n int) {
		heard = append(heard, "+"+key)
		if n < 3 {
			x.Set(fmt.Sprint("web-", n+1), "", web, n+1)
			x.Delete(key)
			heard = append(heard, "end of "+key)
		}
	}, func(key string, _ int) { heard = append(heard, "-"+key) })
	x.Set("web-1", "", web, 1)
	want := []string{"+web-1", "end of web-1", "+web-2", "end of web-2", "-web-1", "+web-3", "-web-2"}
	if diff := cmp.Diff(want, heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Notify tells of what is there, and takes the place of what was given before.
func TestNotifyAgain(t *testing.T) {
	x := New[string, int]()
	x.Set("web-1", "", web, 1)
	v := x.Live(selector.MustParse("app=web"))
	var heard []string
	say := func(word string) func(string, int) {
		return func(key string, _ int) { heard = append(heard, word+" "+key) }
	}
	v.Notify(say("first"), nil)
	v.Notify(say("second"), say("gone"))
	x.Set("web-1", "", web, 2) // stays, so nothing is said
	x.Set("web-1", "", nil, 3)
	if diff := cmp.Diff([]string{"first web-1", "second web-1", "gone web-1"}, heard); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A view that is closed is empty and silent, even about what has happened.
func TestClose(t *testing.T) {
	x := New[string, int]()
	v := x.Live(selector.All())
	heard := 0
	v.Notify(func(string, int) {
		heard++
		v.Close()
		v.Close()
		v.Notify(func(string, int) { t.Error("a closed view speaks") }, nil)
	}, func(string, int) { t.Error("a closed view tells of what left it") })
	x.Replace(slices.Values([]Entry[string, int]{{Key: "a"}, {Key: "b"}, {Key: "c"}}))
	x.Set("d", "", nil, 4)
	if heard != 1 || v.Len() != 0 || len(v.List(nil)) != 0 || v.Has("a") {
		t.Errorf("heard %d, has %d", heard, v.Len())
	}
	if x.watches.number() != 0 || x.watches.lists != nil {
		t.Error("the index still keeps the view")
	}
}

// A callback that panics does not silence the others for good.
func TestNotifyPanics(t *testing.T) {
	x := New[string, int]()
	heard := 0
	x.Live(selector.All()).Notify(func(key string, _ int) {
		if heard++; key == "bad" {
			panic(key)
		}
	}, nil)
	func() {
		defer func() { _ = recover() }()
		x.Set("bad", "", nil, 1)
	}()
	x.Set("good", "", nil, 2)
	if heard != 2 || x.Len() != 2 {
		t.Errorf("heard %d", heard)
	}
}

// Views are found by what they ask for, so that many of them cost an update little, and a view that is opened late has all.
func TestManyViews(t *testing.T) {
	x := New[int, int]()
	var views []*View[int, int]
	for i := range 500 {
		if i == 250 {
			for j := range 2000 {
				x.Set(j, "", map[string]string{"name": fmt.Sprint("web-", j%500)}, j)
			}
		}
		views = append(views, x.Live(selector.MustParse(fmt.Sprint("name=web-", i))))
	}
	for i, v := range views {
		if v.Len() != 4 || !v.Has(i) || v.Has(i+1) || v.Selector().String() != fmt.Sprint("name=web-", i) {
			t.Fatalf("%d has %v", i, v.List(nil))
		}
		v.Close()
	}
	if n := x.watches.reverse.byAnchor.n; n != 0 {
		t.Errorf("%d anchors are left", n)
	}
}
