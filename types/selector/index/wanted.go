package index

import (
	"hash/maphash"
	"slices"
)

// wanted is a set that is being looked for or made.
type wanted struct {
	sum     uint64
	record  []uint32
	missing []missing // labels that no set has
}

// missing is a label that has no id yet.
type missing struct {
	at         int // in the record
	key, value string
	hash       uint32
	namespace  bool // it is value, and no label
}

// want says that a set is wanted.
func (t *sets) want(namespace string, labels map[string]string) {
	w := &t.wanted
	w.sum, w.record = 0, w.record[:0]
	if namespace != "" {
		h := t.hashOfNamespace(namespace)
		id, ok := t.namespaceBy(h, namespace)
		w.sum = h
		w.add(id, ok, missing{value: namespace, hash: fold(h), namespace: true})
	}
	for key, value := range labels {
		h := t.hashOf(key, value)
		id, ok := t.valueBy(h, key, value)
		w.sum += h
		w.add(id, ok, missing{key: key, value: value, hash: fold(h)})
	}
	t.order(w.record)
}

func (w *wanted) add(id uint32, ok bool, label missing) {
	if !ok {
		label.at = len(w.record)
		w.missing = append(w.missing, label)
	}
	w.record = append(w.record, id)
}

// order sorts the labels of a record, if all have ids.
func (t *sets) order(record []uint32) {
	if len(t.wanted.missing) == 0 {
		_, labels := t.split(record)
		slices.Sort(labels)
	}
}

// supply gives ids to the labels that have none, and returns the record. Each must get a set at once.
func (t *sets) supply() []uint32 {
	w := &t.wanted
	if len(w.missing) == 0 {
		return w.record
	}
	for _, m := range w.missing {
		if m.namespace {
			w.record[m.at] = t.addValue(namespaceKey, t.clone(m.value), m.hash)
		} else {
			w.record[m.at] = t.addLabel(m.key, m.value, m.hash)
		}
	}
	clear(w.missing)
	w.missing = w.missing[:0]
	t.order(w.record)
	return w.record
}

// A change is a label of a set that is to have another value.
type change struct {
	at    int // in the record
	value string
}

// A likeness is what labels have in common with those of a set.
type likeness uint8

const (
	other  likeness = iota
	akin            // some values differ
	equals          // nothing does
)

// mostChanges is how many values may differ.
const mostChanges = 4

// compare compares labels with those of a set, and says in changes what differs. It looks each key up in the map, which is cheaper than to
// hash all of them.
func (t *sets) compare(set uint32, namespace string, labels map[string]string) likeness {
	t.changes = t.changes[:0]
	record := t.record(set)
	id, ids := t.split(record)
	if len(ids) != len(labels) || (namespace != "") != (id != nil) || id != nil && t.values[id[0]].text != namespace {
		return other
	}
	for i, id := range ids {
		v := &t.values[id]
		text, ok := labels[t.keys[v.key].name]
		switch {
		case !ok:
			return other
		case text == v.text:
		case len(t.changes) == mostChanges:
			return other
		default:
			t.changes = append(t.changes, change{len(record) - len(ids) + i, text})
		}
	}
	if len(t.changes) > 0 {
		return akin
	}
	return equals
}

// wantAkin says that a set is wanted that differs from another one by what compare found.
func (t *sets) wantAkin(set uint32) {
	w := &t.wanted
	w.sum, w.record = t.sums[set], append(w.record[:0], t.record(set)...)
	for i := range t.changes {
		c := &t.changes[i]
		v := &t.values[w.record[c.at]]
		key := t.keys[v.key].name
		ofKey := maphash.String(t.seed, key)
		h := mix(ofKey, maphash.String(t.seed, c.value))
		w.sum += h - mix(ofKey, maphash.String(t.seed, v.text))
		id, ok := t.valueBy(h, key, c.value)
		if !ok {
			w.missing = append(w.missing, missing{at: c.at, key: key, value: c.value, hash: fold(h)})
		}
		w.record[c.at] = id
	}
	clear(t.changes)
	t.order(w.record)
}
