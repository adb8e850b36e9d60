package selector

import (
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// fuzzFor is how long each random test goes on: PODWRIGHT_FUZZ, such as 10m, or a second.
var fuzzFor = func() time.Duration {
	if d, err := time.ParseDuration(os.Getenv("PODWRIGHT_FUZZ")); err == nil {
		return d
	}
	return time.Second
}()

// randomly runs f again and again, each time with other random numbers, the same in each run of the test.
func randomly(t *testing.T, f func(t *testing.T, r *random)) {
	t.Parallel()
	hash := fnv.New64()
	hash.Write([]byte(t.Name()))
	tries := 0
	for start := time.Now(); time.Since(start) < fuzzFor && !t.Failed(); tries++ {
		f(t, &random{rand.New(rand.NewPCG(hash.Sum64(), uint64(tries)))})
	}
	t.Logf("%d tries", tries)
}

type random struct{ *rand.Rand }

func (r *random) pick(list []string) string { return list[r.IntN(len(list))] }

func (r *random) often() bool { return r.IntN(8) > 0 }

var (
	goodKeys = []string{"a", "b", "c", "d", "in", "notin", "exists", "x.y", "a.b/c", "example.com/name", "A_b", "1", strings.Repeat("k", 63)}
	oddKeys  = []string{"", "-a", "a-", "a/b/c", "/a", "a/", "A/b", "a..b/c", "é", "a\x00b", strings.Repeat("k", 64), "a b", "a=b", `"a"`}

	goodValues = []string{"", "a", "b", "c", "in", "notin", "1", "2", "007", "10", "9223372036854775807", "x.y-z_w", strings.Repeat("v", 63)}
	oddValues  = []string{"-1", "+2", " 2", "2.0", "1_0_", "9223372036854775808", "a,b=c", "=a", "a b", "a/b", "é", "\xff", "\x00", "!", "(a)", strings.Repeat("v", 64)}
)

func (r *random) key() string {
	if r.often() {
		return r.pick(goodKeys)
	}
	return r.pick(oddKeys)
}

func (r *random) value() string {
	if r.often() {
		return r.pick(goodValues)
	}
	return r.pick(oddValues)
}

func (r *random) values(n int) []string {
	list := make([]string, r.IntN(n))
	for i := range list {
		list[i] = r.value()
	}
	return list
}

func (r *random) blanks() string {
	return r.pick([]string{"", "", "", " ", "  ", "\t", "\r\n"})
}

// text is mostly a selector, sometimes with one thing wrong, and sometimes just its words in any order.
func (r *random) text() string {
	if r.IntN(5) == 0 {
		return r.soup()
	}
	var parts []string
	for range r.IntN(4) + r.IntN(2)*r.IntN(20) {
		parts = append(parts, r.requirement())
	}
	text := strings.Join(parts, r.blanks()+","+r.blanks())
	if r.IntN(6) == 0 && text != "" { // a byte is lost, or another
		at := r.IntN(len(text))
		text = text[:at] + r.pick([]string{"", ",", "(", ")", "!", "=", ">", " ", "\x00", "-", "a"}) + text[at+1:]
	}
	return r.blanks() + text + r.blanks()
}

func (r *random) requirement() string {
	key, gap := r.pick(goodKeys), r.blanks()
	if r.IntN(20) == 0 {
		key = r.key()
	}
	switch r.IntN(7) {
	case 0:
		return key
	case 1:
		return "!" + gap + key
	case 2:
		return key + gap + r.pick([]string{">", "<"}) + r.blanks() + r.pick([]string{"1", "007", "22", "9223372036854775807", "-1", "a", ""})
	case 3, 4:
		values := r.values(5)
		return key + " " + r.blanks() + r.pick([]string{"in", "notin"}) + gap + "(" + gap + strings.Join(values, r.blanks()+",") + gap + ")"
	}
	return key + gap + r.pick([]string{"=", "==", "!="}) + r.blanks() + r.pick(goodValues)
}

func (r *random) soup() string {
	var b strings.Builder
	for range r.IntN(8) {
		b.WriteString(r.pick([]string{"in", "notin", "not", "a", "b", "1", "(", ")", ",", "!", "=", "==", "!=", ">", "<", " ", "\t", "\x00", "é", "a/b", "-"}))
		b.WriteString(r.blanks())
	}
	return b.String()
}

// set is labels, sometimes none and sometimes such as no API server takes.
func (r *random) set() map[string]string {
	if r.IntN(20) == 0 {
		return nil
	}
	set := map[string]string{}
	for range r.IntN(6) {
		set[r.key()] = r.value()
	}
	return set
}

// validSet is labels that an API server takes.
func (r *random) validSet() map[string]string {
	set := map[string]string{}
	for range r.IntN(5) {
		set[r.pick(goodKeys)] = r.pick(goodValues)
	}
	return set
}

// labelSelector has at most one label that is wrong: of several, upstream reports any.
func (r *random) labelSelector() *metav1.LabelSelector {
	s := &metav1.LabelSelector{MatchLabels: r.validSet()}
	if r.IntN(10) == 0 {
		s.MatchLabels[r.key()] = r.pick(goodValues)
	} else if keys := slices.Sorted(maps.Keys(s.MatchLabels)); len(keys) > 0 && r.IntN(10) == 0 {
		s.MatchLabels[r.pick(keys)] = r.value()
	}
	for range r.IntN(4) {
		e := metav1.LabelSelectorRequirement{Key: r.pick(goodKeys)}
		if r.IntN(20) == 0 {
			e.Key = r.key()
		}
		e.Operator = metav1.LabelSelectorOperator(r.pick([]string{"In", "In", "NotIn", "Exists", "DoesNotExist"}))
		if r.IntN(30) == 0 {
			e.Operator = metav1.LabelSelectorOperator(r.pick([]string{"in", "Gt", ""}))
		}
		wantsValues := e.Operator == metav1.LabelSelectorOpIn || e.Operator == metav1.LabelSelectorOpNotIn
		for range 1 + r.IntN(12) {
			e.Values = append(e.Values, r.pick(goodValues))
		}
		if r.IntN(20) == 0 {
			e.Values = r.values(4)
		}
		if !wantsValues && r.often() {
			e.Values = nil
		}
		s.MatchExpressions = append(s.MatchExpressions, e)
	}
	return s
}
