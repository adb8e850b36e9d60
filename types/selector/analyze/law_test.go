package analyze

import (
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/podwright/podwright/types/selector"
)

// universes are the labels that the laws are checked for.
var universes = []struct {
	name    string
	options []Option
}{
	{"valid", nil},
	{"raw", []Option{Raw()}},
	{"vocabulary", []Option{Vocabulary(map[string][]string{"x": {"a", "b", "1", "02", "7", "-1", "a"}, "y": {"", "2"}})}},
	{"vocabulary of one key", []Option{Vocabulary(map[string][]string{"y": {"0", "1", "2", "3", "a"}})}},
	{"key without values", []Option{Vocabulary(map[string][]string{"x": nil})}},
}

// TestLaws holds every function against trying out all labels that can make a difference, for random selectors. The
// environment variable PODWRIGHT_FUZZ says for how long, such as 10m; else it is a fixed number.
func TestLaws(t *testing.T) {
	extra, err := time.ParseDuration(os.Getenv("PODWRIGHT_FUZZ"))
	if err != nil {
		extra = 0
	}
	for i, u := range universes {
		t.Run(u.name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			end := time.Now().Add(extra / time.Duration(len(universes)))
			for n := 0; (n < 2500 || extra > 0 && time.Now().Before(end)) && !t.Failed(); n++ {
				a := randomSelector(random)
				checkLaws(t, a, relative(random, a), u.options...)
			}
		})
	}
}

var (
	namedValues = []string{
		"", "a", "b", "ab", "0", "1", "2", "02", "3", "007", "9223372036854775807", "9223372036854775808", "-1", "+2", "a b", "-",
	}
	namedBounds = []int64{0, 1, 2, 3, 4, -1, -2, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1}
	namedKeys   = []string{"x", "x", "x", "x", "x", "x", "y", "y", "y", "y", "-invalid"}
)

// few picks one of a list, mostly of its first items, so that selectors have something in common.
func few[T any](r *rand.Rand, list []T) T { return list[min(r.IntN(len(list)), r.IntN(len(list)))] }

func randomSelector(r *rand.Rand) selector.Selector {
	var list []selector.Requirement
	for range r.IntN(5) {
		list = append(list, randomRequirement(r))
	}
	if len(list) == 0 && r.IntN(4) == 0 {
		return []selector.Selector{selector.Nothing(), selector.All()}[r.IntN(2)]
	}
	return selector.Selector{}.And(list...)
}

func randomRequirement(r *rand.Rand) selector.Requirement {
	key, value := few(r, namedKeys), func() string { return few(r, namedValues) }
	switch r.IntN(17) {
	case 0, 1:
		return selector.Has(key)
	case 2:
		return selector.Missing(key)
	case 3, 4:
		return selector.Eq(key, value())
	case 5, 6:
		return selector.NotEq(key, value())
	case 7, 8, 9:
		return selector.In(key, value(), value(), value(), value())
	case 10, 11:
		return selector.NotIn(key, value(), value())
	case 12, 13:
		return selector.Gt(key, few(r, namedBounds))
	case 14, 15:
		return selector.Lt(key, few(r, namedBounds))
	}
	if r.IntN(8) == 0 {
		return selector.In(key) // nothing meets a list without values
	}
	return selector.MustParse("x==1").At(0).Requirement()
}

// relative is another selector, or one much like a.
func relative(r *rand.Rand, a selector.Selector) selector.Selector {
	list := slices.Collect(a.Requirements())
	switch r.IntN(4) {
	case 0:
		return a.And(randomRequirement(r))
	case 1:
		if len(list) > 0 {
			list[r.IntN(len(list))] = randomRequirement(r)
			return selector.Selector{}.And(list...)
		}
	}
	return randomSelector(r)
}

// checkLaws fails unless all that is said about a and b is so, and is consistent.
func checkLaws(t *testing.T, a, b selector.Selector, options ...Option) {
	t.Helper()
	all := everyLabels(universeOf(options), a, b)
	inA, inB := selected(a, all), selected(b, all)
	var satisfiable, overlaps bool
	implies, equivalent := true, true
	for i := range all {
		satisfiable = satisfiable || inA[i]
		overlaps = overlaps || inA[i] && inB[i]
		implies = implies && (!inA[i] || inB[i])
		equivalent = equivalent && inA[i] == inB[i]
	}
	for _, law := range []struct {
		name      string
		got, want bool
	}{
		{"Satisfiable(a)", Satisfiable(a, options...), satisfiable},
		{"Overlaps(a, b)", Overlaps(a, b, options...), overlaps},
		{"Overlaps(b, a)", Overlaps(b, a, options...), overlaps},
		{"Implies(a, b)", Implies(a, b, options...), implies},
		{"Equivalent(a, b)", Equivalent(a, b, options...), equivalent},
	} {
		if law.got != law.want {
			t.Errorf("%s is %t, want %t: a %q, b %q", law.name, law.got, law.want, a, b)
		}
	}
	checkWitness(t, a, b, overlaps, options)
	checkSimplify(t, a, b, equivalent, all, options)
	checkIntersect(t, a, b, all, options)
	checkContradiction(t, a, satisfiable, all, options)
	for i := range min(len(all), 20) {
		checkExplain(t, a, all[i], satisfiable, options)
	}
}

func selected(s selector.Selector, all []map[string]string) []bool {
	is := make([]bool, len(all))
	for i, labels := range all {
		is[i] = s.Matches(labels)
	}
	return is
}

// everyLabels returns labels of a universe that are enough to tell apart whatever the selectors tell apart: each key is
// missing, or has a value of the vocabulary, a value that is named, one that is not, or a number at a bound.
func everyLabels(u universe, selectors ...selector.Selector) []map[string]string {
	values := map[string]map[string]bool{}
	for _, s := range selectors {
		for r := range s.Requirements() {
			if values[r.Key()] == nil {
				values[r.Key()] = map[string]bool{"other": true}
			}
			for _, v := range r.Values() {
				values[r.Key()][v] = true
			}
		}
	}
	for _, s := range selectors {
		for r := range s.Requirements() {
			bound, ok := r.Number()
			if !ok {
				continue
			}
			for _, n := range []int64{bound, bound + 1, bound - 1, 0, math.MinInt64, math.MaxInt64} { // which may overflow to any other
				of := values[r.Key()]
				of[unnamed63(of, n)] = true
			}
		}
	}
	all := []map[string]string{{}}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		there := slices.Sorted(maps.Keys(values[key]))
		words, known := u.words[key]
		switch {
		case known:
			there = words
		case !u.raw:
			there = slices.DeleteFunc(there, func(v string) bool { return !selector.IsValue(v) || !selector.IsKey(key) })
		}
		for _, labels := range slices.Clone(all) {
			for _, v := range there {
				more := maps.Clone(labels)
				more[key] = v
				all = append(all, more)
			}
		}
	}
	return all
}

// unnamed63 spells a number as none of the values does, if it can be done with up to 63 digits.
func unnamed63(values map[string]bool, n int64) string {
	sign, digits := "", strconv.FormatInt(n, 10)
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for values[sign+digits] && len(digits) < 63 {
		digits = "0" + digits
	}
	return sign + digits
}
