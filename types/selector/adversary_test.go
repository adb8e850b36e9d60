package selector

import (
	"fmt"
	"math"
	"runtime"
	"sort"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/labels"
)

// numbered is n keys or values in order.
func numbered(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("k%06d", i)
	}
	return list
}

// orders are those that bad sorting algorithms are slow at.
var orders = []struct {
	name  string
	order func(i, n int) int
}{
	{"sorted", func(i, n int) int { return i }},
	{"reversed", func(i, n int) int { return n - 1 - i }},
	{"shuffled", func(i, n int) int { return (i * 7919) % n }},
	{"organ pipe", func(i, n int) int { return min(i, n-1-i) }},
	{"all the same", func(i, n int) int { return 0 }},
	{"two", func(i, n int) int { return i % 2 }},
	{"sawtooth", func(i, n int) int { return i % 100 }},
}

// Large selectors are read as upstream reads them, and match alike.
func TestLargeSelectors(t *testing.T) {
	const n = 10_000
	names := numbered(n)
	for _, o := range orders {
		t.Run(o.name, func(t *testing.T) {
			parts := make([]string, n)
			for i := range parts {
				parts[i] = names[o.order(i, n)]
			}
			list := strings.Join(parts, ",")
			for _, text := range []string{list, "key in (" + list + ")", "key notin (" + list + "),key!=x"} {
				want, got := must(labels.Parse(text)), MustParse(text)
				if want.String() != got.String() {
					t.Fatal("the texts differ")
				}
				for _, set := range []map[string]string{nil, {"key": names[0]}, {"key": names[n/2]}, {"key": "other"}} {
					if got.Matches(set) != want.Matches(labels.Set(set)) {
						t.Errorf("matches %v: %t", set, got.Matches(set))
					}
				}
			}
		})
	}
}

// Requirements of one key stand in upstream's order, which from 13 requirements on is that of an unstable sort.
func TestOrderOfEqualKeys(t *testing.T) {
	for _, o := range orders {
		for _, n := range []int{2, 12, 13, 14, 49, 50, 51, 200, 1000} {
			for _, keys := range []int{1, 2, 3, n/2 + 1} {
				names, parts := numbered(n), make([]string, n)
				for i := range parts {
					parts[i] = fmt.Sprintf("%s=%d", names[o.order(i, n)*keys/n], i)
				}
				text := strings.Join(parts, ",")
				if want, got := must(labels.Parse(text)), MustParse(text); want.String() != got.String() {
					t.Errorf("%s, %d requirements of %d keys: %q, want %q", o.name, n, keys, got, want)
				}
			}
		}
	}
}

// counted counts what sorting does.
type counted struct {
	byKey
	operations *int
}

func (c counted) Less(i, j int) bool { *c.operations++; return c.byKey.Less(i, j) }
func (c counted) Swap(i, j int)      { *c.operations++; c.byKey.Swap(i, j) }

// No order of keys takes more than a few n log n comparisons and swaps.
func TestSortingIsBounded(t *testing.T) {
	for _, o := range orders {
		for _, n := range []int{100, 1000, 10_000, 100_000} {
			names, list := numbered(n), make([]Requirement, n)
			for i := range list {
				list[i].key = names[o.order(i, n)]
			}
			operations := 0
			sort.Sort(counted{list, &operations})
			if limit := 4 * float64(n) * math.Log2(float64(n)); float64(operations) > limit {
				t.Errorf("%s: %d operations for %d keys, want at most %.0f", o.name, operations, n, limit)
			}
		}
	}
}

// Texts of a megabyte that try to be expensive: Parse and upstream agree about them, and ten times the text takes ten times
// the memory and not a hundred.
func TestLargeTexts(t *testing.T) {
	texts := []struct{ name, one string }{
		{"blanks", " "}, {"a long key", "k"}, {"a long prefix", "p."}, {"commas", ","}, {"opened", "("}, {"closed", ")"}, {"negated", "!"},
		{"equal", "="}, {"keys", "k,"}, {"lists", "k in (a,b),"}, {"lists without an end", "k in (a,"}, {"empty lists", "k in (),"},
		{"odd bytes", "\xff"}, {"NUL", "\x00"}, {"numbers", "k>1,"},
	}
	for _, tt := range texts {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Repeat(tt.one, 1_000_000/len(tt.one))
			tenth := text[:100_000/len(tt.one)*len(tt.one)]
			for _, text := range []string{tenth, "a=b," + tenth, tenth + "k", "k in (" + tenth + ")"} {
				_, wantErr := labels.Parse(text)
				if _, err := Parse(text); (err == nil) != (wantErr == nil) {
					t.Errorf("error %.100v, want %.100v", err, wantErr)
				}
				if _, err := ParseStrict(text); (err != nil) != (wantErr != nil || strings.Contains(text, "\x00")) {
					t.Errorf("ParseStrict: error %.100v, want %.100v", err, wantErr)
				}
			}
			small, large := memoryOf(tenth+"k"), memoryOf(text+"k")
			if large > 20*small+1<<20 {
				t.Errorf("a tenth of the text takes %d bytes, and all of it %d", small, large)
			}
		})
	}
}

// memoryOf is how much memory the reading of a text uses.
func memoryOf(text string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _ = Parse(text)
	_, _ = ParseStrict(text)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// A large list of values is searched, not walked: the labels of an object may be looked up in it once a microsecond.
func TestLargeListsAreSearched(t *testing.T) {
	names := numbered(10_000)
	r := In("key", names...)
	for i := range 1000 {
		value := names[i*7919%len(names)]
		if !r.Accepts(value, true) || r.Accepts(value+"x", true) {
			t.Fatalf("%s is not found", value)
		}
	}
	if !r.isSorted() || len(r.more) <= searched {
		t.Error("the list is not one to be searched")
	}
}
