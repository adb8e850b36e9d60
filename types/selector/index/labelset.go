package index

import (
	"cmp"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/podwright/podwright/types/selector"
)

// A LabelSet is a namespace and labels that never change. It is small, and safe for concurrent use; the zero value has no labels. Those that [Index.Labels] returns are equal by == while objects with these labels stay in the index, whichever
// objects it is asked for; equal labels otherwise are compared by [LabelSet.Equal].
type LabelSet struct {
	p      *labelSet
	serial uint64 // never used twice, so that what is known about a set can be kept by it; 0 for the zero value
}

type labelSet struct {
	namespace string
	labels    []label // by key
}

type label struct{ key, value string }

var serials atomic.Uint64

// NewLabelSet returns a set that is in no index. The map is copied; nil is no labels.
func NewLabelSet(namespace string, labels map[string]string) LabelSet {
	p := &labelSet{namespace: namespace, labels: make([]label, 0, len(labels))}
	for key, value := range labels {
		p.labels = append(p.labels, label{key, value})
	}
	p.arrange()
	return LabelSet{p, serials.Add(1)}
}

func (p *labelSet) arrange() { arrange(p.labels) }

func arrange(list []label) {
	slices.SortFunc(list, func(a, b label) int { return cmp.Compare(a.key, b.key) })
}

// Namespace is the namespace, "" if there is none.
func (l LabelSet) Namespace() string {
	if l.p == nil {
		return ""
	}
	return l.p.namespace
}

// Len is the number of labels.
func (l LabelSet) Len() int { return len(l.list()) }

func (l LabelSet) list() []label {
	if l.p == nil {
		return nil
	}
	return l.p.labels
}

// Get returns the value of a key, and whether there is one.
func (l LabelSet) Get(key string) (value string, ok bool) { return valueOf(l.list(), key) }

// searched is from how many labels on a list is worth a binary search.
const searched = 12

func valueOf(list []label, key string) (string, bool) {
	if len(list) > searched {
		i, ok := slices.BinarySearchFunc(list, key, func(l label, key string) int { return cmp.Compare(l.key, key) })
		if !ok {
			return "", false
		}
		return list[i].value, true
	}
	for i := range list {
		if list[i].key == key {
			return list[i].value, true
		}
	}
	return "", false
}

// All yields keys and values in the order of the keys.
func (l LabelSet) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, e := range l.list() {
			if !yield(e.key, e.value) {
				return
			}
		}
	}
}

// Map returns the labels as a map of the caller's own, which is nil if there are none.
func (l LabelSet) Map() map[string]string {
	if l.Len() == 0 {
		return nil
	}
	m := make(map[string]string, l.Len())
	for key, value := range l.All() {
		m[key] = value
	}
	return m
}

// Matches reports whether s selects the labels. The namespace does not count. For a selector that is asked more than once, see
// [Index.Compile].
func (l LabelSet) Matches(s selector.Selector) bool { return s.MatchesFunc(l.Get) }

// Equal reports whether both have the same namespace and labels.
func (l LabelSet) Equal(o LabelSet) bool {
	return l == o || l.Namespace() == o.Namespace() && slices.Equal(l.list(), o.list())
}

// handles are the LabelSets that were asked for.
type handles struct {
	mu    sync.Mutex // readers of the index make them
	bySet map[uint32]LabelSet
}

// forget is told that a set has other labels or none, under the index's write lock.
func (h *handles) forget(set uint32) {
	if len(h.bySet) > 0 {
		delete(h.bySet, set)
	}
}

// labelSet returns the LabelSet of a set, always the same.
func (t *sets) labelSet(set uint32) LabelSet {
	t.handles.mu.Lock()
	defer t.handles.mu.Unlock()
	l, ok := t.handles.bySet[set]
	if !ok {
		l = LabelSet{&labelSet{t.namespaceOf(set), t.appendLabels(nil, set)}, serials.Add(1)}
		l.p.arrange()
		if t.handles.bySet == nil {
			t.handles.bySet = map[uint32]LabelSet{}
		}
		t.handles.bySet[set] = l
	}
	return l
}

// appendLabels appends the labels of a set, in no order.
func (t *sets) appendLabels(to []label, set uint32) []label {
	_, ids := t.split(t.record(set))
	for _, id := range ids {
		v := &t.values[id]
		to = append(to, label{t.keys[v.key].name, v.text})
	}
	return to
}
