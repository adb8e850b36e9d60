package index

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/analyze"
)

// reverseModel is what Selectors should be, in the simplest way.
type reverseModel struct {
	t     *testing.T
	d     dice
	s     *Selectors[int]
	rules map[int]rule
	sets  []LabelSet // asked before
}

func newReverseModel(t *testing.T, d dice) *reverseModel {
	return &reverseModel{t: t, d: d, s: NewSelectors[int](), rules: map[int]rule{}}
}

func (m *reverseModel) equal(what any, want, got any) {
	m.t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		m.t.Fatalf("%v (-want +got):\n%s", what, diff)
	}
}

func (m *reverseModel) step() {
	switch id := m.d.roll(80); m.d.roll(8) {
	case 0, 1, 2:
		r := rule{namespace: pick(m.d, modelSpaces...)}
		r.ours, r.theirs = anySelector(m.d)
		m.rules[id] = r
		m.s.Set(id, r.namespace, r.ours)
	case 3:
		_, want := m.rules[id]
		m.equal("Delete", want, m.s.Delete(id))
		delete(m.rules, id)
	case 4:
		m.conflicts()
	default:
		m.match()
	}
	m.equal("Len", len(m.rules), m.s.Len())
}

func (m *reverseModel) match() {
	l := NewLabelSet(pick(m.d, modelSpaces...), anyLabels(m.d))
	if len(m.sets) > 0 && m.d.roll(2) == 0 {
		l = pick(m.d, m.sets...)
	}
	if m.sets = append(m.sets, l); len(m.sets) > 20 {
		m.sets = m.sets[1:]
	}
	var want []int
	for id, r := range m.rules {
		if r.selects(l.Namespace(), l.Map()) {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	byMap := m.s.Match(l.Namespace(), l.Map(), nil)
	m.equal("MatchSet", byMap, m.s.MatchSet(l, nil))
	m.equal("MatchSet again", byMap, m.s.MatchSet(l, nil))
	m.equal(labels.Set(l.Map()), want, slices.Sorted(slices.Values(byMap)))
}

func (m *reverseModel) conflicts() {
	want, got := map[[2]int]bool{}, map[[2]int]bool{}
	ids := slices.Sorted(maps.Keys(m.rules))
	for i, a := range ids {
		for _, b := range ids[i+1:] {
			p, q := m.rules[a], m.rules[b]
			if (p.namespace == q.namespace || p.namespace == "" || q.namespace == "") && analyze.Overlaps(p.ours, q.ours) {
				want[[2]int{a, b}] = true
			}
		}
	}
	for a, b := range m.s.Conflicts() {
		pair := [2]int{min(a, b), max(a, b)}
		if got[pair] {
			m.t.Fatalf("%v twice", pair)
		}
		got[pair] = true
	}
	m.equal("Conflicts", want, got)
	m.overlapping(ids)
}

func (m *reverseModel) overlapping(ids []int) {
	namespace := pick(m.d, modelSpaces...)
	s, _ := anySelector(m.d)
	var want []int
	for _, id := range ids {
		r := m.rules[id]
		if (namespace == "" || r.namespace == "" || r.namespace == namespace) && analyze.Overlaps(s, r.ours) {
			want = append(want, id)
		}
	}
	m.equal("Overlapping", want, slices.Sorted(slices.Values(m.s.Overlapping(namespace, s, nil))))
}

// After any changes, Selectors say what trying each selector says.
func TestSelectorsModel(t *testing.T) {
	rounds(t, 10, func(seed uint64) {
		m := newReverseModel(t, &randomDice{rand.New(rand.NewPCG(seed, 2)), 500})
		for m.d.left() {
			m.step()
		}
	})
}

func FuzzSelectors(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		m := newReverseModel(t, &byteDice{data})
		for m.d.left() {
			m.step()
		}
	})
}

// Selectors that came before it was known what is rare are placed anew.
func TestAnchorsAreRare(t *testing.T) {
	s := NewSelectors[int]()
	for i := range 2000 {
		text := fmt.Sprintf("env=prod,name=web-%d", i)
		if i < 50 {
			text = "env=prod,tier=cache" // both are as rare as each other for now
		}
		s.Set(i, "", selector.MustParse(text))
	}
	for i := range s.reverse.anchors {
		if a := &s.reverse.anchors[i]; a.key == "env" && len(a.ids) > 0 {
			t.Errorf("%d selectors wait at %s=%s", len(a.ids), a.key, a.value)
		}
	}
}

// What is deleted leaves nothing behind.
func TestSelectorsAreFreed(t *testing.T) {
	s := NewSelectors[int]()
	for round := range 3 {
		for i := range 1000 {
			s.Set(i, fmt.Sprint("n", i%10), selector.MustParse(fmt.Sprintf("a=x%d-%d,b in (y,z%d),!c,d>%d", round, i, i, i)))
		}
		for i := range 1000 {
			s.Delete(i)
		}
	}
	if got := [...]int{len(s.reverse.spaces), s.reverse.byAnchor.n, len(s.reverse.anchors) - len(s.reverse.freed), len(s.ids)}; got != [4]int{} {
		t.Errorf("left over: %v", got)
	}
	if len(s.reverse.entries) > 1000 || len(s.names) > 1000 {
		t.Errorf("ids are not used again: %d", len(s.reverse.entries))
	}
}

func TestSelectors(t *testing.T) {
	s := NewSelectors[string]()
	s.Set("web", "shop", selector.MustParse("app=web"))
	s.Set("everywhere", "", selector.MustParse("!canary"))
	s.Set("nothing", "shop", selector.Nothing())
	s.Set("all", "shop", selector.All())
	for _, c := range []struct {
		rule      string
		namespace string
		labels    map[string]string
		want      []string
	}{
		{"those of the namespace and of all", "shop", map[string]string{"app": "web"}, []string{"web", "everywhere", "all"}},
		{"not those of another", "office", map[string]string{"app": "web"}, []string{"everywhere"}},
		{"without a namespace, those of all alone", "", map[string]string{"app": "web"}, []string{"everywhere"}},
		{"no labels", "shop", nil, []string{"everywhere", "all"}},
		{"what is excluded", "shop", map[string]string{"canary": ""}, []string{"all"}},
	} {
		if diff := cmp.Diff(c.want, s.Match(c.namespace, c.labels, nil)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
	if namespace, sel, ok := s.Get("web"); namespace != "shop" || sel.String() != "app=web" || !ok {
		t.Errorf("Get: %q %s %v", namespace, sel, ok)
	}
	if s.Delete("nobody") {
		t.Error("what is not there was deleted")
	}
	if got := s.MatchSet(LabelSet{}, nil); !slices.Equal(got, []string{"everywhere"}) {
		t.Errorf("the zero LabelSet: %v", got)
	}
}
