package index

import (
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/podwright/podwright/types/selector"
)

// dice are where a random test has its choices from: a random source, or the bytes of a fuzzer. They are used up at some time.
type dice interface {
	roll(n int) int
	left() bool
}

type randomDice struct {
	r *rand.Rand
	n int
}

func (d *randomDice) roll(n int) int { return d.r.IntN(n) }
func (d *randomDice) left() bool     { d.n--; return d.n >= 0 }

type byteDice struct{ data []byte }

func (d *byteDice) roll(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	x := int(d.data[0])
	d.data = d.data[1:]
	return x % n
}
func (d *byteDice) left() bool { return len(d.data) > 0 }

func pick[E any](d dice, list ...E) E { return list[d.roll(len(list))] }

// Labels are few, so that they meet, and include what no API server would store.
var (
	modelKeys   = []string{"a", "b", "c", "n", "example.com/a"}
	modelValues = []string{"", "x", "y", "z", "1", "2", "07", "7", "+5", "-2", "9223372036854775808", " 1"}
	modelSpaces = []string{"", "n1", "n2"}
)

func anyLabels(d dice) map[string]string {
	m := map[string]string{}
	for range d.roll(5) {
		m[pick(d, modelKeys...)] = pick(d, modelValues...)
	}
	if d.roll(8) == 0 {
		m["u"] = fmt.Sprint(d.roll(200))
	}
	return m
}

// anySelector returns a selector as both sides have it.
func anySelector(d dice) (selector.Selector, labels.Selector) {
	switch d.roll(16) {
	case 0:
		return selector.Nothing(), labels.Nothing()
	case 1:
		return selector.All(), labels.Everything()
	case 2:
		return ofObject(d)
	case 3:
		set := anyLabels(d)
		return selector.FromSet(set), labels.SelectorFromSet(set)
	}
	var parts []string
	for range 1 + d.roll(4) {
		parts = append(parts, anyRequirement(d))
	}
	text := strings.Join(parts, ",")
	theirs, err := labels.Parse(text)
	if err != nil {
		panic(err)
	}
	return selector.MustParse(text), theirs
}

func anyRequirement(d dice) string {
	key := pick(d, append(modelKeys, "u", "none")...)
	values := []string{"", "x", "y", "z", "1", "2", "07", "7", "100"}
	switch d.roll(9) {
	case 0:
		return key
	case 1:
		return "!" + key
	case 2:
		return key + "!=" + pick(d, values...)
	case 3:
		return fmt.Sprint(key, ">", d.roll(12)*10)
	case 4:
		return fmt.Sprint(key, "<", d.roll(12)*10)
	case 5:
		return fmt.Sprintf("%s in (%s,%s)", key, pick(d, values...), pick(d, values...))
	case 6:
		return fmt.Sprintf("%s notin (%s,%s)", key, pick(d, values...), pick(d, values...))
	case 7:
		var many []string
		for i := range 70 + d.roll(40) {
			many = append(many, fmt.Sprint(i))
		}
		return fmt.Sprintf("%s %s (%s)", key, pick(d, "in", "notin"), strings.Join(many, ","))
	}
	return key + "=" + pick(d, values...)
}

// ofObject makes a selector of an API object, whose values come in any order and more than once.
func ofObject(d dice) (selector.Selector, labels.Selector) {
	object := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{
		Key:      pick(d, modelKeys...),
		Operator: pick(d, metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn),
		Values:   []string{"y", pick(d, "x", "z"), "x", "y"},
	}}}
	ours, err := selector.FromLabelSelector(object)
	if err != nil {
		panic(err)
	}
	theirs, err := metav1.LabelSelectorAsSelector(object)
	if err != nil {
		panic(err)
	}
	return ours, theirs
}

// thing is an object. Two of one key differ.
type thing struct {
	key    int
	serial int
}

// A model is what an index should be, in the simplest way.
type model struct {
	t         *testing.T
	d         dice
	serial    int
	entries   map[int]Entry[int, *thing]
	join      *Join[int, *thing, string]
	selectors map[string]rule
	views     []*watched
	pairs     map[string]bool // what the join has said
	log       []string
}

// rule is a selector of the model.
type rule struct {
	namespace string
	ours      selector.Selector
	theirs    labels.Selector
}

func (r rule) selects(namespace string, set map[string]string) bool {
	return (r.namespace == "" || r.namespace == namespace) && r.theirs.Matches(labels.Set(set))
}

// watched is a view and what it has said.
type watched struct {
	rule
	view *View[int, *thing]
	has  map[int]bool
}

func newModel(t *testing.T, d dice) *model {
	m := &model{t: t, d: d, entries: map[int]Entry[int, *thing]{}, selectors: map[string]rule{}, pairs: map[string]bool{}}
	m.join = NewJoin(m.matched, m.unmatched)
	return m
}

func (m *model) matched(key int, o *thing, id string) {
	pair := fmt.Sprint(key, " ", id)
	if m.pairs[pair] || o.key != key {
		m.fail("%s is matched twice, or by %v", pair, o)
	}
	m.pairs[pair] = true
}

func (m *model) unmatched(key int, o *thing, id string) {
	pair := fmt.Sprint(key, " ", id)
	if !m.pairs[pair] || o.key != key {
		m.fail("%s is unmatched, but was not matched, or by %v", pair, o)
	}
	delete(m.pairs, pair)
}

func (m *model) fail(format string, args ...any) {
	m.t.Helper()
	m.t.Fatalf("%s\nafter:\n%s", fmt.Sprintf(format, args...), strings.Join(m.log[max(0, len(m.log)-20):], "\n"))
}

// newEntry makes an entry and a map of labels that the caller spoils after it was given away.
func (m *model) newEntry(key int) Entry[int, *thing] {
	m.serial++
	return Entry[int, *thing]{Key: key, Namespace: pick(m.d, modelSpaces...), Labels: anyLabels(m.d), Object: &thing{key, m.serial}}
}

func (m *model) set(e Entry[int, *thing]) {
	m.entries[e.Key] = e
	given := maps.Clone(e.Labels)
	m.join.Set(e.Key, e.Namespace, given, e.Object)
	for key := range given {
		given[key] = "spoilt"
	}
	given["spoilt"] = "too"
}

func (m *model) step() {
	d := m.d
	switch key := d.roll(40); d.roll(16) {
	case 0, 1, 2, 3:
		e := m.newEntry(key)
		m.log = append(m.log, fmt.Sprintf("Set %d %q %v", key, e.Namespace, e.Labels))
		m.set(e)
	case 4: // only one label is changed
		if e, ok := m.entries[key]; ok {
			e = Entry[int, *thing]{key, e.Namespace, maps.Clone(e.Labels), &thing{key, m.serial}}
			e.Labels[pick(d, modelKeys...)] = pick(d, modelValues...)
			m.log = append(m.log, fmt.Sprintf("relabel %d %q %v", key, e.Namespace, e.Labels))
			m.set(e)
		}
	case 5, 6:
		m.log = append(m.log, fmt.Sprintf("Delete %d", key))
		_, want := m.entries[key]
		if got := m.join.Delete(key); got != want {
			m.fail("Delete: %v", got)
		}
		delete(m.entries, key)
	case 7:
		m.replace()
	case 8:
		m.setSelector()
	case 9:
		m.watch()
	case 10:
		m.bulk()
	default:
		m.ask()
	}
	m.compareViews()
	if m.d.roll(8) == 0 {
		invariants(m.t, m.join.Index)
	}
}

func (m *model) replace() {
	if m.d.roll(4) > 0 {
		return
	}
	next := map[int]Entry[int, *thing]{}
	for key, e := range m.entries {
		if key%2 == 0 {
			next[key] = e
		}
	}
	for range m.d.roll(20) {
		e := m.newEntry(m.d.roll(40))
		next[e.Key] = e
	}
	m.log = append(m.log, fmt.Sprintf("Replace by %d", len(next)))
	m.entries = next
	m.join.Replace(maps.Values(next))
}

func (m *model) setSelector() {
	id := pick(m.d, "s1", "s2", "s3", "s4")
	if m.d.roll(4) == 0 {
		m.log = append(m.log, "DeleteSelector "+id)
		_, want := m.selectors[id]
		if got := m.join.DeleteSelector(id); got != want {
			m.fail("DeleteSelector: %v", got)
		}
		delete(m.selectors, id)
		return
	}
	r := rule{namespace: pick(m.d, modelSpaces...)}
	r.ours, r.theirs = anySelector(m.d)
	m.log = append(m.log, fmt.Sprintf("SetSelector %s %q %s", id, r.namespace, r.ours))
	m.selectors[id] = r
	m.join.SetSelector(id, r.namespace, r.ours)
}

func (m *model) watch() {
	if len(m.views) == 3 || len(m.views) > 0 && m.d.roll(3) == 0 {
		m.log = append(m.log, "Close")
		m.views[0].view.Close()
		m.views = m.views[1:]
		return
	}
	w := &watched{has: map[int]bool{}}
	w.namespace = pick(m.d, modelSpaces...)
	w.ours, w.theirs = anySelector(m.d)
	m.log = append(m.log, fmt.Sprintf("Live %q %s", w.namespace, w.ours))
	w.view = m.join.LiveIn(w.namespace, w.ours)
	w.view.Notify(func(key int, o *thing) {
		if w.has[key] || o.key != key {
			m.fail("added twice: %d", key)
		}
		w.has[key] = true
	}, func(key int, o *thing) {
		if !w.has[key] || o.key != key {
			m.fail("removed, but was not there: %d", key)
		}
		delete(w.has, key)
	})
	m.views = append(m.views, w)
}

// bulk adds or removes so many that postings become chunks and lists again.
func (m *model) bulk() {
	if m.d.roll(60) > 0 {
		return
	}
	n := 1500
	m.log = append(m.log, "bulk")
	_, there := m.entries[1000]
	for key := 1000; key < 1000+n; key++ {
		if there {
			m.join.Delete(key)
			delete(m.entries, key)
			continue
		}
		m.serial++
		m.set(Entry[int, *thing]{key, "n1", map[string]string{"u": fmt.Sprint(key), "a": "x", "b": fmt.Sprint(key % 3)}, &thing{key, m.serial}})
	}
}

// keysOf are the keys of what a rule selects, in order.
func (m *model) keysOf(r rule) []int {
	keys := []int{}
	for key, e := range m.entries {
		if r.selects(e.Namespace, e.Labels) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// keysOf checks that objects are those that were set last.
func (m *model) keysIn(list []*thing) []int {
	keys := []int{}
	for _, o := range list {
		if m.entries[o.key].Object != o {
			m.fail("%v is not what was set last", o)
		}
		keys = append(keys, o.key)
	}
	slices.Sort(keys)
	return keys
}

func (m *model) equal(what string, r rule, want, got any) {
	m.t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		m.fail("%s %q in %q by %v (-want +got):\n%s", what, r.ours, r.namespace, m.join.PlanIn(r.namespace, r.ours), diff)
	}
}

func (m *model) ask() {
	r := rule{namespace: pick(m.d, modelSpaces...)}
	r.ours, r.theirs = anySelector(m.d)
	want := m.keysOf(r)
	m.equal("ListIn", r, want, m.keysIn(m.join.ListIn(r.namespace, r.ours, nil)))
	m.equal("CountIn", r, len(want), m.join.CountIn(r.namespace, r.ours))
	m.equal("AnyIn", r, len(want) > 0, m.join.AnyIn(r.namespace, r.ours))
	m.equal("EachIn", r, want, sortedKeys(m.join.EachIn(r.namespace, r.ours)))
	if r.namespace == "" {
		m.equal("Count", r, len(want), m.join.Count(r.ours))
	}
	matcher := m.join.Compile(r.ours)
	for key, e := range m.entries {
		if key >= 1000 {
			continue
		}
		l := m.join.Labels(key)
		want := r.theirs.Matches(labels.Set(e.Labels))
		m.equal("MatchesSet", r, want, matcher.MatchesSet(l))
		m.equal("MatchesSet again", r, want, matcher.MatchesSet(l))
		m.equal("LabelSet", r, true, l.Equal(NewLabelSet(e.Namespace, e.Labels)))
		o, ok := m.join.Get(key)
		m.equal("Get", r, true, ok && o == e.Object)
	}
	m.equal("Len", r, len(m.entries), m.join.Len())
	m.compareValues()
}

func (m *model) compareValues() {
	key := pick(m.d, append(modelKeys, "u", "none")...)
	want := map[string]int{}
	for _, e := range m.entries {
		if v, ok := e.Labels[key]; ok {
			want[v]++
		}
	}
	m.equal("Values of "+key, rule{}, want, maps.Collect(m.join.Values(key)))
}

func (m *model) compareViews() {
	for _, w := range m.views {
		want := m.keysOf(w.rule)
		m.equal("View", w.rule, want, slices.Sorted(maps.Keys(w.has)))
		m.equal("View.Len", w.rule, len(want), w.view.Len())
		m.equal("View.List", w.rule, want, m.keysIn(w.view.List(nil)))
		m.equal("View.Each", w.rule, want, sortedKeys(w.view.Each()))
	}
	pairs := map[string]bool{}
	for id, r := range m.selectors {
		want := m.keysOf(r)
		m.equal("ObjectsOf "+id, r, want, m.keysIn(m.join.ObjectsOf(id, nil)))
		m.equal("CountOf "+id, r, len(want), m.join.CountOf(id))
		for _, key := range want {
			pairs[fmt.Sprint(key, " ", id)] = true
		}
	}
	m.equal("Join", rule{}, pairs, m.pairs)
	m.compareObject(m.d.roll(40))
}

func (m *model) compareObject(key int) {
	want := []string{}
	if e, ok := m.entries[key]; ok {
		for id, r := range m.selectors {
			if r.selects(e.Namespace, e.Labels) {
				want = append(want, id)
			}
		}
	}
	slices.Sort(want)
	got := m.join.SelectorsOf(key, []string{})
	slices.Sort(got)
	m.equal(fmt.Sprint("SelectorsOf ", key), rule{}, want, got)
}

func sortedKeys[T any](seq iter.Seq2[int, T]) []int {
	keys := []int{}
	for key := range seq {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// rounds runs a random test with one seed after the other: some, or as long as PODWRIGHT_FUZZ says, such as 10m.
func rounds(t *testing.T, some int, run func(seed uint64)) {
	more := func(seed int) bool { return seed < some }
	if text := os.Getenv("PODWRIGHT_FUZZ"); text != "" {
		length, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		end := time.Now().Add(length)
		more = func(int) bool { return time.Now().Before(end) }
	}
	for seed := 0; more(seed); seed++ {
		run(uint64(seed))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// After any changes, an index says what a scan with apimachinery's selectors says.
func TestModel(t *testing.T) {
	rounds(t, 6, func(seed uint64) {
		m := newModel(t, &randomDice{rand.New(rand.NewPCG(seed, 1)), 400})
		for m.d.left() {
			m.step()
		}
	})
}

func FuzzIndex(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		m := newModel(t, &byteDice{data})
		for m.d.left() {
			m.step()
		}
	})
}
