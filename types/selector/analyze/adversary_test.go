package analyze

import (
	"strconv"
	"strings"
	"testing"

	"github.com/podwright/podwright/types/selector"
)

// adversaries are selectors of one key with many requirements and values, which take the time of sorting them: for 10,000 some
// milliseconds, where comparing each with each would take seconds. See BenchmarkAdversaries.
func adversaries(n int) []adversary {
	values, backwards := make([]string, n), make([]string, n)
	excluded, numbers := make([]selector.Requirement, 0, 2*n), make([]selector.Requirement, 0, 2*n)
	for i := range n {
		values[i] = "v" + strconv.Itoa(i)
		backwards[n-1-i] = values[i]
		excluded = append(excluded, selector.NotEq("x", values[i]), selector.Has("x"))
		spelled := strings.Repeat("0", i%63) + "1"
		numbers = append(numbers, selector.NotEq("x", spelled+strings.Repeat("0", i/63%2)), selector.Gt("x", 0))
	}
	and := selector.Selector{}.And
	return []adversary{
		{"exclusions", and(excluded...), true, 0},
		{"each value excluded", and(excluded...).And(selector.In("x", values...)), false, n + 1},
		{"two long lists", and(selector.In("x", values...), selector.NotIn("x", backwards...)), false, 2},
		{"lists that share one", and(selector.In("x", values...), selector.In("x", append(backwards[:n/2:n/2], "v0")...)), true, 0},
		{"spellings", and(numbers...).And(selector.Lt("x", 10)), true, 0},
		{"all spellings", and(numbers...).And(selector.Lt("x", 2)), false, 65},
		{"the same again", and(make([]selector.Requirement, n)...), false, 1},
	}
}

type adversary struct {
	rule        string
	s           selector.Selector
	satisfiable bool
	clashing    int // requirements
}

func TestAdversaries(t *testing.T) {
	for _, a := range adversaries(10_000) {
		if got := Satisfiable(a.s); got != a.satisfiable {
			t.Errorf("%s: satisfiable is %t", a.rule, got)
		}
		if got := Overlaps(a.s, a.s); got != a.satisfiable {
			t.Errorf("%s: overlapping itself is %t", a.rule, got)
		}
		if !Equivalent(a.s, a.s) || !Equivalent(a.s, Simplify(a.s)) || !Equivalent(a.s, Intersect(a.s, a.s)) {
			t.Errorf("%s: it is not equivalent to itself", a.rule)
		}
		if got := len(Contradiction(a.s)); got != a.clashing {
			t.Errorf("%s: %d requirements contradict each other, want %d", a.rule, got, a.clashing)
		}
		labels, ok := Witness(a.s, a.s)
		if ok != a.satisfiable || ok && !a.s.Matches(labels) {
			t.Errorf("%s: the witness is %v, %t", a.rule, labels, ok)
		}
		e := Explain(a.s, map[string]string{"x": "v"})
		if lines := 1 + strings.Count(e.String(), "\n"); lines != max(1, len(e.Unmet)+min(1, a.clashing)) {
			t.Errorf("%s: %d lines explain %d requirements", a.rule, lines, len(e.Unmet))
		}
	}
}

func BenchmarkAdversaries(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		for _, a := range adversaries(n) {
			b.Run(a.rule+"/"+strconv.Itoa(n), func(b *testing.B) {
				for b.Loop() {
					Overlaps(a.s, a.s)
					Implies(a.s, a.s)
					Contradiction(a.s)
				}
			})
		}
	}
}
