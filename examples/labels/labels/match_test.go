package labels

import (
	"maps"
	"testing"

	"github.com/podwright/podwright/types/selector"
	upstream "k8s.io/apimachinery/pkg/labels"
)

// matchers are the selectors of the vocabulary in all their forms.
var matchers = []struct {
	text     string
	selector selector.Selector
	match    func(map[string]string) bool
	word     func(Word) bool
}{
	{UIText, UISelector, MatchUI, MatchUIWord},
	{BackendText, BackendSelector, MatchBackend, MatchBackendWord},
	{BuyingText, BuyingSelector, MatchBuying, MatchBuyingWord},
	{CanaryText, CanarySelector, MatchCanary, MatchCanaryWord},
	{PreviewText, PreviewSelector, MatchPreview, MatchPreviewWord},
	{StableBackendText, StableBackendSelector, MatchStableBackend, MatchStableBackendWord},
	{UnreleasedText, UnreleasedSelector, MatchUnreleased, MatchUnreleasedWord},
	{StableUIText, StableUISelector, MatchStableUI, MatchStableUIWord},
	{CanaryUIText, CanaryUISelector, MatchCanaryUI, MatchCanaryUIWord},
}

// all calls f with every way to label a pod: each key missing, of each value, empty, and of a value that is not the vocabulary's,
// alone and with a label of somebody else.
func all(f func(map[string]string)) {
	apps, rels := []string{"", "gui"}, []string{"", "Stable"}
	for _, app := range App.Values() {
		apps = append(apps, string(app))
	}
	for _, rel := range Rel.Values() {
		rels = append(rels, string(rel))
	}
	for _, others := range []map[string]string{{}, {"tier": "web"}} {
		for i := range len(apps) + 1 {
			for j := range len(rels) + 1 {
				m := maps.Clone(others)
				if i > 0 {
					m[string(App)] = apps[i-1]
				}
				if j > 0 {
					m[string(Rel)] = rels[j-1]
				}
				f(m)
			}
		}
	}
}

// What is generated selects what the API server selects, from maps and from words.
func TestMatchersAreUpstreams(t *testing.T) {
	for _, m := range matchers {
		theirs, err := upstream.Parse(m.text)
		if err != nil {
			t.Fatal(err)
		}
		all(func(labels map[string]string) {
			want := theirs.Matches(upstream.Set(labels))
			if m.match(labels) != want || m.word(WordOf(labels)) != want || m.selector.Matches(labels) != want {
				t.Errorf("%s and %v: map %t, word %t, selector %t, want %t",
					m.text, labels, m.match(labels), m.word(WordOf(labels)), m.selector.Matches(labels), want)
			}
		})
	}
}

func TestNilIsNoLabels(t *testing.T) {
	for _, m := range matchers {
		want := m.selector.Matches(nil)
		if m.match(nil) != want || m.word(WordOf(nil)) != want || m.word(Labels{}.Word()) != want {
			t.Errorf("%s: map %t, word %t, Labels %t, want %t", m.text, m.match(nil), m.word(WordOf(nil)), m.word(Labels{}.Word()), want)
		}
	}
}

// FromMap takes apart what Map puts together, and loses nothing.
func TestFromMapIsLossless(t *testing.T) {
	all(func(labels map[string]string) {
		l, rest := FromMap(labels)
		back := l.Map()
		maps.Copy(back, rest)
		if !maps.Equal(labels, back) {
			t.Errorf("%v became %v and %v", labels, l, rest)
		}
		if again, none := FromMap(l.Map()); again != l || none != nil {
			t.Errorf("%v became %v and %v", l, again, none)
		}
		if l.Word() != WordOf(l.Map()) {
			t.Errorf("%v: the word of Labels is not that of its Map", l)
		}
		if want := upstream.Set(l.Map()).String(); l.String() != want {
			t.Errorf("String %q, want %q", l, want)
		}
	})
}
