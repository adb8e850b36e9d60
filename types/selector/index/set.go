package index

import "slices"

// sets are the label sets that objects have, each once, with their namespaces: the namespace is part of what makes two sets
// the same.
type sets struct {
	dictionary
	address []uint32 // by set: where in pages its value ids are; noList if the id is free
	sums    []uint64 // the hashes of its labels, added
	count   []uint32 // how many objects have it
	pages   pages
	byHash  slots
	free    []uint32
	retired retired
	handles handles
	wanted  wanted
	changes []change
	gone    []uint32 // value ids
	come    []uint32
}

func newSets(o options) sets {
	return sets{dictionary: newDictionary(o), pages: newPages(), byHash: newSlots(o.capacity)}
}

// record returns the value ids of a set.
func (t *sets) record(set uint32) []uint32 { return t.pages.at(t.address[set]) }

// isFree reports whether there is no such set.
func (t *sets) isFree(set uint32) bool { return t.address[set] == noList }

// split parts the record of a set into its namespace, of which there is one id or none, and its labels, whose ids are in order.
func (t *sets) split(record []uint32) (namespace, labels []uint32) {
	if len(record) > 0 && t.values[record[0]].key == namespaceKey {
		return record[:1], record[1:]
	}
	return nil, record
}

// namespaceOf is the namespace of a set.
func (t *sets) namespaceOf(set uint32) string {
	if id, _ := t.split(t.record(set)); id != nil {
		return t.values[id[0]].text
	}
	return ""
}

// find finds the set that is wanted.
func (t *sets) find() (set uint32, ok bool) {
	w := &t.wanted
	if len(w.missing) > 0 {
		return 0, false
	}
	p := t.byHash.seek(fold(w.sum))
	for {
		set, ok := p.next()
		if !ok || slices.Equal(t.record(set), w.record) {
			return set, ok
		}
	}
}

// create adds the set that is wanted, and that find did not find.
func (t *sets) create() uint32 {
	set := uint32(len(t.address))
	if n := len(t.free); n > 0 {
		set, t.free = t.free[n-1], t.free[:n-1]
	} else {
		t.address = append(t.address, noList)
		t.sums = append(t.sums, 0)
		t.count = append(t.count, 0)
	}
	record := t.supply()
	for _, id := range record {
		v := &t.values[id]
		v.sets.add(set)
		t.keys[v.key].sets.add(set)
	}
	t.address[set] = t.pages.put(record)
	t.sums[set] = t.wanted.sum
	t.byHash.put(fold(t.wanted.sum), set)
	return set
}

// drop frees a set, which has no objects.
func (t *sets) drop(set uint32) {
	for _, id := range t.record(set) {
		v := &t.values[id]
		v.sets.remove(set)
		t.keys[v.key].sets.remove(set)
		t.dropUnused(id)
	}
	t.pages.drop(t.address[set])
	t.address[set] = noList
	t.byHash.drop(fold(t.sums[set]), set)
	t.handles.forget(set)
	t.free = append(t.free, set)
}

// rewrite makes a set the one that is wanted, and that find did not find. Only what differs is touched.
func (t *sets) rewrite(set uint32) {
	old, record := t.record(set), t.supply()
	gone, come := t.differing(old, record)
	for _, id := range gone {
		v := &t.values[id]
		v.sets.remove(set)
		v.objects -= t.count[set]
		if k := &t.keys[v.key]; !t.hasKey(come, v.key) {
			k.sets.remove(set)
			k.objects -= t.count[set]
		}
	}
	for _, id := range come {
		v := &t.values[id]
		v.sets.add(set)
		v.objects += t.count[set]
		if k := &t.keys[v.key]; !t.hasKey(gone, v.key) {
			k.sets.add(set)
			k.objects += t.count[set]
		}
	}
	for _, id := range gone {
		t.dropUnused(id)
	}
	t.restate(set, record)
}

// restate stores what a set has become.
func (t *sets) restate(set uint32, record []uint32) {
	if old := t.record(set); len(old) == len(record) {
		copy(old, record)
	} else {
		t.pages.drop(t.address[set])
		t.address[set] = t.pages.put(record)
	}
	t.byHash.drop(fold(t.sums[set]), set)
	t.byHash.put(fold(t.wanted.sum), set)
	t.sums[set] = t.wanted.sum
	t.handles.forget(set)
}

// differing returns the ids that one of two records has alone. The results are good until the next call.
func (t *sets) differing(old, record []uint32) (gone, come []uint32) {
	t.gone, t.come = t.gone[:0], t.come[:0]
	from, a := t.split(old)
	to, b := t.split(record)
	if !slices.Equal(from, to) {
		t.gone, t.come = append(t.gone, from...), append(t.come, to...)
	}
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			t.gone, a = append(t.gone, a[0]), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			t.come, b = append(t.come, b[0]), b[1:]
		default:
			a, b = a[1:], b[1:]
		}
	}
	return t.gone, t.come
}

// hasKey reports whether one of the labels is of a key.
func (t *sets) hasKey(ids []uint32, key uint32) bool {
	return slices.ContainsFunc(ids, func(id uint32) bool { return t.values[id].key == key })
}

// dropUnused forgets a label if no set has it.
func (t *sets) dropUnused(id uint32) {
	if t.values[id].sets.n == 0 {
		t.dropValue(id)
	}
}

// enter and leave count an object more and less of a set.
func (t *sets) enter(set uint32) {
	t.count[set]++
	for _, id := range t.record(set) {
		v := &t.values[id]
		v.objects++
		t.keys[v.key].objects++
	}
}

func (t *sets) leave(set uint32) {
	t.count[set]--
	for _, id := range t.record(set) {
		v := &t.values[id]
		v.objects--
		t.keys[v.key].objects--
	}
}

// shift counts an object that has gone from one set to another: only what differs.
func (t *sets) shift(from, to uint32) {
	t.count[from]--
	t.count[to]++
	gone, come := t.differing(t.record(from), t.record(to))
	for _, id := range gone {
		v := &t.values[id]
		v.objects--
		t.keys[v.key].objects--
	}
	for _, id := range come {
		v := &t.values[id]
		v.objects++
		t.keys[v.key].objects++
	}
}

// number is how many sets there are, with and without objects.
func (t *sets) number() int { return len(t.address) - len(t.free) }
