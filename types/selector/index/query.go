package index

import (
	"slices"
	"sync"

	"github.com/podwright/podwright/types/selector"
)

// A query finds the sets that a selector selects, and returns them batch by batch. It is taken from a pool, so that it
// allocates nothing in the long run, and is used under the index's lock. Sets without objects, and ids that are no set, may be among
// those it finds.
type query struct {
	t       *sets
	s       selector.Selector
	terms   []term
	values  []uint32 // of all terms
	method  Method
	driver  int // of terms, -1 if all are negative
	next    int // batch
	batches int
	ids     []uint32 // of a batch
	folding
	has, part, spare words
}

var queries = sync.Pool{New: func() any { return new(query) }}

// query starts a query. namespace "" is all of them.
func (t *sets) query(namespace string, s selector.Selector) *query {
	q := queries.Get().(*query)
	q.t, q.s, q.next, q.active = t, s, 0, false
	q.plan(namespace)
	return q
}

// release gives the query back. What it has returned must not be used any more.
func (q *query) release() {
	q.t, q.s = nil, selector.Selector{}
	queries.Put(q)
}

// plan decides how the question is answered. The smallest term that is not negative drives: if it has few sets, each of them is
// looked at; else the terms are merged as bits, one chunk after the other.
func (q *query) plan(namespace string) {
	q.method, q.batches, q.driver = ByNothing, 0, -1
	if q.resolve(q.t, namespace, q.s) == none {
		return
	}
	for i := range q.terms {
		if e := &q.terms[i]; !e.negative && (q.driver < 0 || e.sets < q.terms[q.driver].sets) {
			q.driver = i
		}
	}
	chunks := (len(q.t.address) + chunkBits - 1) / chunkBits
	switch {
	case len(q.terms) == 0:
		q.method, q.batches = ByAll, chunks
	case q.driver >= 0 && len(q.terms) == 1 && q.terms[0].postings() == 1:
		q.method, q.batches = ByPosting, q.terms[0].posting(q.t, 0).batches()
	case q.driver >= 0 && q.costOfEach() <= q.costOfBits():
		q.method, q.batches = ByCandidates, 1
	default:
		q.method, q.batches = ByBits, chunks
	}
}

// What it costs to look at each set of the driver, and to merge bits: about nanoseconds.
func (q *query) costOfEach() int { return q.terms[q.driver].sets * (1 + 10*(len(q.terms)-1)) }

func (q *query) costOfBits() int {
	postings := 2
	for i := range q.terms {
		postings += min(q.terms[i].postings(), manyPostings)
	}
	return q.wordsOfAll() * postings / 2
}

// wordsOfAll is how many words have a bit for each set.
func (q *query) wordsOfAll() int { return (len(q.t.address) + 63) / 64 }

// batch returns the next sets. It is not ok after the last ones. The sets are good until the next call.
func (q *query) batch() (found []uint32, ok bool) {
	if q.next == q.batches {
		return nil, false
	}
	i := q.next
	q.next++
	switch q.method {
	case ByAll:
		return q.all(i), true
	case ByPosting:
		return q.read(q.terms[0].posting(q.t, 0), i), true
	case ByCandidates:
		return q.candidates(), true
	}
	if i == 0 {
		q.fold()
	}
	return q.bits(i), true
}

// read returns a piece of a posting.
func (q *query) read(p *posting, i int) []uint32 {
	found := p.batch(i, q.ids)
	if p.n == 1 || p.n > 1 && p.more.chunks != nil {
		q.ids = found // which may have grown
	}
	return found
}

func (q *query) all(i int) []uint32 {
	q.ids = q.ids[:0]
	for id := i * chunkBits; id < min((i+1)*chunkBits, len(q.t.address)); id++ {
		q.ids = append(q.ids, uint32(id))
	}
	return q.ids
}

// candidates looks at each set of the driver.
func (q *query) candidates() []uint32 {
	driver := &q.terms[q.driver]
	q.ids = q.ids[:0]
	for i := range driver.postings() {
		q.ids = driver.posting(q.t, i).appendTo(q.ids)
	}
	if len(q.terms) == 1 {
		return q.ids
	}
	q.ids = slices.DeleteFunc(q.ids, func(set uint32) bool { return !q.meets(set) })
	return q.ids
}

// meets reports whether a set of the driver meets the other terms.
func (q *query) meets(set uint32) bool {
	for i := range q.terms {
		if i != q.driver && !q.terms[i].accepts(q.t, q.s, set) {
			return false
		}
	}
	return true
}

// bits merges the terms within chunk i.
func (q *query) bits(i int) []uint32 {
	n := min(chunkWords, q.wordsOfAll()-i*chunkWords)
	has, spare := q.has[:n], q.spare[:n]
	switch {
	case q.active:
		copy(has, q.folded[i*chunkWords:])
	case q.driver >= 0:
		clear(has)
		q.terms[q.driver].merge(q.t, i, or, has, spare)
	default:
		for j := range has {
			has[j] = ^uint64(0)
		}
	}
	for j := range q.terms {
		e := &q.terms[j]
		switch {
		case e.isFolded || j == q.driver && !q.active:
		case e.negative:
			e.merge(q.t, i, andNot, has, spare)
		case e.postings() == 1:
			e.merge(q.t, i, and, has, spare)
		default:
			part := q.part[:n]
			clear(part)
			e.merge(q.t, i, or, part, spare)
			mergeWords(and, has, part)
		}
	}
	if tail := len(q.t.address) - i*chunkBits; tail < n*64 {
		has[n-1] &= 1<<(tail&63) - 1
	}
	q.ids = appendBits(q.ids[:0], uint32(i)<<16, has, countBits(has))
	return q.ids
}

func (e *term) merge(t *sets, i int, how merge, to, spare []uint64) {
	for j := range e.postings() {
		e.posting(t, j).mergeInto(i, how, to, spare)
	}
}
