package index

import (
	"math/rand/v2"
	"testing"
)

// What is put is found until it is dropped, even if many hashes are equal or close, and the table shrinks again.
func TestSlots(t *testing.T) {
	for _, hashes := range []int{3, 100, 1 << 30} {
		r := rand.New(rand.NewPCG(uint64(hashes), 3))
		s := newSlots(0)
		have := map[uint32]uint32{} // by id
		for round := range 20_000 {
			id := uint32(r.IntN(500))
			if hash, ok := have[id]; ok {
				s.drop(hash, id)
				delete(have, id)
			} else if round < 15_000 {
				have[id] = uint32(r.IntN(hashes))
				s.put(have[id], id)
			}
		}
		if s.n != len(have) {
			t.Fatalf("%d hashes: %d, want %d", hashes, s.n, len(have))
		}
		for id, hash := range have {
			if !finds(s, hash, id) {
				t.Fatalf("%d hashes: %d is lost", hashes, id)
			}
		}
		for id, hash := range have {
			s.drop(hash, id)
		}
		if len(s.cells) > 8*fewestCells {
			t.Errorf("%d hashes: %d cells for nothing", hashes, len(s.cells))
		}
	}
}

func finds(s slots, hash, id uint32) bool {
	p := s.seek(hash)
	for {
		switch found, ok := p.next(); {
		case !ok:
			return false
		case found == id:
			return true
		}
	}
}
