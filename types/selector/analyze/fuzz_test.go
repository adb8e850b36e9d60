package analyze

import (
	"testing"

	"github.com/podwright/podwright/types/selector"
)

var seeds = []string{
	"", "a", "!a", "a=", "a!=b", "a==b", "a in (b,c),a!=c", "a notin (b,c),a", "a>1,a<3,a!=2", "a>1,a<3,a!=02", "a<0", "a>9223372036854775807",
	"a=007,a>6", "a,!a", "a=b,a=c,d", "a in (1,02,x),a>1", "app=web,env in (prod,qa),!canary", "a>0,a<2,a notin (1,01,001)",
}

// FuzzOverlaps holds all that is said about two selectors against trying out labels.
func FuzzOverlaps(f *testing.F) {
	for _, a := range seeds {
		for _, b := range seeds {
			f.Add(a, b)
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, okX := parseFew(a)
		y, okY := parseFew(b)
		if !okX || !okY || combinations(x, y) > 5000 {
			return
		}
		checkLaws(t, x, y)
		checkLaws(t, x, y, Raw())
	})
}

// FuzzSimplify does so for one selector, with and without a vocabulary of its own values.
func FuzzSimplify(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := parseFew(text)
		if !ok || combinations(s) > 5000 {
			return
		}
		words := map[string][]string{}
		for r := range s.Requirements() {
			words[r.Key()] = append(words[r.Key()], append(r.Values(), "5")...)
		}
		for _, options := range [][]Option{nil, {Raw()}, {Vocabulary(words)}} {
			checkLaws(t, s, Simplify(s, options...), options...)
		}
	})
}

// parseFew parses selectors whose sets of requirements can all be tried.
func parseFew(text string) (selector.Selector, bool) {
	s, err := selector.Parse(text)
	return s, err == nil && s.Len() <= 7
}

// combinations is at least how many labels everyLabels returns.
func combinations(selectors ...selector.Selector) int {
	values := map[string]int{}
	for _, s := range selectors {
		for r := range s.Requirements() {
			values[r.Key()] += 2 + len(r.Values())
			if isNumeric(r) {
				values[r.Key()] += 6
			}
		}
	}
	n := 1
	for _, v := range values {
		if n *= v; n > 1_000_000 {
			break
		}
	}
	return n
}
