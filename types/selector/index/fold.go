package index

import "slices"

// folding is what terms of very many values come to: a > over a million values, or a list of ten thousand. To merge such a term chunk
// by chunk would visit all its postings for each chunk; so each is made one row of bits beforehand, and these are merged into
// one, in the memory of two rows for however many terms.
type folding struct {
	active bool
	folded []uint64
	union  []uint64
}

// manyPostings is from how many postings on a term is folded.
const manyPostings = 64

// fold merges the terms of many values.
func (q *query) fold() {
	for i := range q.terms {
		e := &q.terms[i]
		if e.postings() <= manyPostings {
			continue
		}
		e.isFolded = true
		q.union = zeros(q.union, q.wordsOfAll())
		for j := range e.postings() {
			e.posting(q.t, j).setBits(q.union)
		}
		q.foldIn(e.negative)
	}
}

func (q *query) foldIn(negative bool) {
	switch {
	case q.active && negative:
		mergeWords(andNot, q.folded, q.union)
	case q.active:
		mergeWords(and, q.folded, q.union)
	default:
		q.active = true
		q.folded = append(q.folded[:0], q.union...)
		if negative {
			for i := range q.folded {
				q.folded[i] = ^q.folded[i]
			}
		}
	}
}

// zeros returns n words that are 0, in the memory of list if that is enough.
func zeros(list []uint64, n int) []uint64 {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// setBits sets the bits of all ids.
func (p *posting) setBits(to []uint64) {
	switch {
	case p.n == 0:
	case p.n == 1:
		to[p.one>>6] |= 1 << (p.one & 63)
	case p.more.chunks == nil:
		for _, id := range p.more.small {
			to[id>>6] |= 1 << (id & 63)
		}
	default:
		for i := range p.more.chunks {
			from := i * chunkWords
			p.mergeInto(i, or, to[from:min(from+chunkWords, len(to))], nil)
		}
	}
}
