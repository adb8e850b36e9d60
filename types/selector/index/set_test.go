package index

import (
	"fmt"
	"slices"
	"testing"
)

// invariants checks what an index says about itself: that labels are shared, and that what is counted is there.
func invariants[K comparable, T any](t *testing.T, x *Index[K, T]) {
	t.Helper()
	s := &x.sets
	seen := map[string]bool{}
	objects, sets := map[uint32]uint32{}, map[uint32]uint32{}
	for set := range uint32(len(s.address)) {
		if s.isFree(set) {
			continue
		}
		record := s.record(set)
		if seen[fmt.Sprint(record)] {
			t.Fatalf("there are two sets of %v", s.appendLabels(nil, set))
		}
		seen[fmt.Sprint(record)] = true
		sum := uint64(0)
		for _, id := range record {
			objects[id] += s.count[set]
			sets[id]++
			sum += s.hashOfID(id)
		}
		_, labels := s.split(record)
		found, ids := x.members.of(set, s.count[set])
		if sum != s.sums[set] || !slices.IsSorted(labels) || len(found) != int(s.count[set]) || len(ids) != len(found) {
			t.Fatalf("set %d of %v is not in order", set, s.appendLabels(nil, set))
		}
	}
	for id, v := range s.values {
		if v.objects != objects[uint32(id)] || v.sets.n != sets[uint32(id)] {
			t.Fatalf("%q: %d objects and %d sets, want %d and %d", v.text, v.objects, v.sets.n, objects[uint32(id)], sets[uint32(id)])
		}
	}
	keysAreCounted(t, s)
	if s.byHash.n != s.number() || s.byPair.n != len(s.values)-len(s.freeValue) || s.byKey.n != len(s.keys)-1-len(s.freeKeys) {
		t.Fatal("a table has more or less than there is")
	}
}

func keysAreCounted(t *testing.T, s *sets) {
	t.Helper()
	for _, k := range s.keys {
		objects, sets := uint32(0), uint32(0)
		for _, id := range k.values {
			objects += s.values[id].objects
			sets += s.values[id].sets.n
		}
		if k.objects != objects || k.sets.n != sets {
			t.Fatalf("key %q: %d objects and %d sets, want %d and %d", k.name, k.objects, k.sets.n, objects, sets)
		}
	}
}

func (d *dictionary) hashOfID(id uint32) uint64 {
	v := &d.values[id]
	if v.key == namespaceKey {
		return d.hashOfNamespace(v.text)
	}
	return d.hashOf(d.keys[v.key].name, v.text)
}
