package index

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// A posting has what was added and not removed, whichever form it takes, and says so in each way it can be read.
func TestPosting(t *testing.T) {
	for _, c := range []struct {
		rule  string
		below int // which ids
		most  int // how many at a time
	}{
		{"none and one", 5, 2},
		{"a list", 3000, 900},
		{"chunks of lists", 1 << 20, 5000},
		{"chunks of bits", 1 << 17, 40_000},
		{"one chunk, all of it", 1 << 12, 1 << 12},
	} {
		r := rand.New(rand.NewPCG(1, uint64(c.below)))
		var p posting
		have := map[uint32]bool{}
		for range 4 {
			for len(have) < c.most-c.most/10 {
				id := uint32(r.IntN(c.below))
				p.add(id)
				have[id] = true
			}
			comparePosting(t, c.rule, &p, have, c.below)
			for id := range have {
				if r.IntN(30) > 0 {
					p.remove(id)
					p.remove(id)
					delete(have, id)
				}
			}
			comparePosting(t, c.rule, &p, have, c.below)
		}
		for id := range have {
			p.remove(id)
		}
		if p.n != 0 || len(p.appendTo(nil)) != 0 {
			t.Errorf("%s: not empty at the end", c.rule)
		}
	}
}

func comparePosting(t *testing.T, rule string, p *posting, have map[uint32]bool, below int) {
	t.Helper()
	want := slices.Sorted(maps.Keys(have))
	var inBatches []uint32
	for i := range p.batches() {
		inBatches = append(inBatches, p.batch(i, nil)...)
	}
	bits := make([]uint64, (below+63)/64)
	p.setBits(bits)
	if int(p.n) != len(want) || !slices.Equal(p.appendTo(nil), want) || !slices.Equal(inBatches, want) ||
		!slices.Equal(appendBits(nil, 0, bits, countBits(bits)), want) {
		t.Fatalf("%s: %d ids, want %d", rule, p.n, len(want))
	}
	for id := range uint32(min(below, 4000)) {
		if p.has(id) != have[id] {
			t.Fatalf("%s: has(%d)", rule, id)
		}
	}
}

// Merging is what it is for sets, whichever form the posting takes.
func TestMerge(t *testing.T) {
	const below = 1 << 17
	for _, size := range []int{0, 1, 100, 2000, 30_000} {
		r := rand.New(rand.NewPCG(uint64(size), 7))
		var p posting
		for range size {
			p.add(uint32(r.IntN(below)))
		}
		with := make([]uint64, below/64)
		for i := range with {
			with[i] = r.Uint64()
		}
		for _, how := range []merge{or, and, andNot} {
			got := slices.Clone(with)
			spare := make([]uint64, chunkWords)
			for i := range below / chunkBits {
				p.mergeInto(i, how, got[i*chunkWords:(i+1)*chunkWords], spare)
			}
			for id := range uint32(below) {
				before, has := with[id>>6]>>(id&63)&1 != 0, p.has(id)
				want := [...]bool{or: before || has, and: before && has, andNot: before && !has}[how]
				if got[id>>6]>>(id&63)&1 != 0 != want {
					t.Fatalf("size %d, merge %d, id %d: want %v", size, how, id, want)
				}
			}
		}
	}
}
