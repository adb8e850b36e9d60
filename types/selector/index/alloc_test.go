package index

import (
	"fmt"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/types/selector"
)

// What is asked often allocates nothing.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector allocates: nothing is measured")
		return
	}
	pods := fleet(20_000, distributions[1])
	x := indexOf(pods)
	out := make([]*corev1.Pod, 0, len(pods))
	one := pods[4711]
	key, set := keyOf(one), x.Labels(keyOf(one))
	other := map[string]string{"name": one.Labels["name"], "env": "elsewhere"}
	reverse := NewSelectors[int]()
	for i := range 1000 {
		reverse.Set(i, one.Namespace, selector.MustParse(fmt.Sprintf("name=app-%d,env in (prod,qa),!none", i)))
	}
	ids := make([]int, 0, 100)
	unique := 0
	lone := map[string]string{"name": "x", "env": "prod", uniqueKey: "web-x"}
	values := []string{"v1", "v2"}
	for _, text := range questions {
		s := selector.MustParse(text)
		matcher := x.Compile(s)
		for call, run := range map[string]func(){
			"List":       func() { out = x.List(s, out[:0]) },
			"ListIn":     func() { out = x.ListIn(one.Namespace, s, out[:0]) },
			"Count":      func() { x.Count(s) },
			"Any":        func() { x.Any(s) },
			"MatchesSet": func() { matcher.MatchesSet(set) },
		} {
			noAllocations(t, call+" "+text, run)
		}
	}
	for call, run := range map[string]func(){
		"Match":        func() { ids = reverse.Match(one.Namespace, one.Labels, ids[:0]) },
		"MatchSet":     func() { ids = reverse.MatchSet(set, ids[:0]) },
		"Get":          func() { x.Get(key) },
		"Labels":       func() { x.Labels(key) },
		"Set the same": func() { x.Set(key, one.Namespace, one.Labels, one) },
		"Set and back": func() {
			x.Set(key, one.Namespace, other, one)
			x.Set(key, one.Namespace, one.Labels, one)
		},
		"Set of what nobody else has": func() {
			unique++
			lone["version"] = values[unique%2]
			x.Set(key, one.Namespace, lone, one)
		},
	} {
		noAllocations(t, call, run)
	}
}

func noAllocations(t *testing.T, what string, run func()) {
	t.Helper()
	if n := testing.AllocsPerRun(200, run); n != 0 {
		t.Errorf("%s: %.1f allocations", what, n)
	}
}
