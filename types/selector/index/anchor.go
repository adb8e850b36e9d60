package index

import (
	"hash/maphash"
	"slices"

	"k8s.io/apimachinery/pkg/selection"

	"github.com/podwright/podwright/types/selector"
)

// An anchor is a label, or the presence of a key, that selectors of a namespace name, and those of them that wait there.
type anchor struct {
	space      *space
	key, value string
	presence   bool
	mentions   int      // in how many requirements
	ids        []uint32 // of selectors
	limit      int      // when there are more mentions, the selectors are placed anew
}

const (
	// manyMentions is how many requirements may name an anchor before it is looked whether there are rarer ones by now.
	manyMentions = 16
	// mostAlternatives is up to how many values a requirement has an anchor for each; one that lists more waits for its key.
	mostAlternatives = 64
)

func (r *reverse) hash(sp *space, ofKey uint64, value string) uint32 {
	return fold(mix(ofKey, maphash.String(r.seed, value)) + sp.salt)
}

func (r *reverse) hashOfKey(sp *space, ofKey uint64) uint32 { return fold(mix(ofKey, 1) + sp.salt) }

// anchor finds an anchor, nil if there is none.
func (r *reverse) anchor(hash uint32, sp *space, key, value string, presence bool) *anchor {
	p := r.byAnchor.seek(hash)
	for {
		id, ok := p.next()
		if !ok {
			return nil
		}
		if a := &r.anchors[id]; a.is(sp, key, value, presence) {
			return a
		}
	}
}

func (a *anchor) is(sp *space, key, value string, presence bool) bool {
	return a.space == sp && a.presence == presence && a.key == key && a.value == value
}

// A kind is what a requirement has to do with anchors.
type kind uint8

const (
	needsNothing kind = iota // it is met by what has not the key
	needsKey
	needsValue
	needsMiracle // nothing meets it
)

func kindOf(q selector.Term) kind {
	switch q.Operator() {
	case selection.In, selection.Equals, selection.DoubleEquals:
		if q.NumValues() <= mostAlternatives {
			return needsValue
		}
		return needsKey
	case selection.Exists, selection.GreaterThan, selection.LessThan:
		return needsKey
	case selection.NotIn, selection.NotEquals, selection.DoesNotExist:
		return needsNothing
	}
	return needsMiracle
}

// anchorsOf calls visit with each anchor that a requirement could have.
func (r *reverse) anchorsOf(q selector.Term, sp *space, visit func(hash uint32, key, value string, presence bool)) {
	ofKey := maphash.String(r.seed, q.Key())
	switch kindOf(q) {
	case needsKey:
		visit(r.hashOfKey(sp, ofKey), q.Key(), "", true)
	case needsValue:
		for i := range q.NumValues() {
			if isRepeated(q, i) {
				continue
			}
			visit(r.hash(sp, ofKey, q.Value(i)), q.Key(), q.Value(i), false)
		}
	}
}

// isRepeated reports whether value i was there before: API objects may name one twice.
func isRepeated(q selector.Term, i int) bool {
	for j := range i {
		if q.Value(j) == q.Value(i) {
			return true
		}
	}
	return false
}

// mention counts the requirements of a selector, by 1 or -1. An anchor is there while it is mentioned.
func (r *reverse) mention(sp *space, s selector.Selector, by int) {
	for i := range s.Len() {
		q := s.At(i)
		r.anchorsOf(q, sp, func(hash uint32, key, value string, presence bool) {
			a := r.anchor(hash, sp, key, value, presence)
			if a == nil {
				a = r.addAnchor(hash)
				*a = anchor{space: sp, key: key, value: value, presence: presence, limit: manyMentions}
			}
			if a.mentions += by; a.mentions == 0 {
				r.dropAnchor(hash, a)
			}
		})
	}
}

func (r *reverse) addAnchor(hash uint32) *anchor {
	id := uint32(len(r.anchors))
	if n := len(r.freed); n > 0 {
		id, r.freed = r.freed[n-1], r.freed[:n-1]
	} else {
		r.anchors = append(r.anchors, anchor{})
	}
	r.byAnchor.put(hash, id)
	return &r.anchors[id]
}

func (r *reverse) dropAnchor(hash uint32, a *anchor) {
	p := r.byAnchor.seek(hash)
	for {
		if id, _ := p.next(); &r.anchors[id] == a {
			r.byAnchor.drop(hash, id)
			r.anchors[id] = anchor{}
			r.freed = append(r.freed, id)
			return
		}
	}
}

// choose finds the requirement of a selector whose anchors are mentioned least.
func (r *reverse) choose(e *entry) int {
	best, least := atRest, 0
	for i := range e.s.Len() {
		q := e.s.At(i)
		if kindOf(q) == needsMiracle {
			return atNobody
		}
		mentions := 0
		r.anchorsOf(q, e.space, func(hash uint32, key, value string, presence bool) {
			mentions += r.anchor(hash, e.space, key, value, presence).mentions
		})
		if mentions > 0 && (best < 0 || mentions < least) {
			best, least = i, mentions
		}
	}
	if e.s.IsNothing() {
		return atNobody
	}
	return best
}

// place lets a selector wait where that is best.
func (r *reverse) place(id uint32) {
	e := &r.entries[id]
	switch e.at = r.choose(e); e.at {
	case atNobody:
		return
	case atRest:
		e.space.rest = append(e.space.rest, id)
		return
	}
	q := e.s.At(e.at)
	r.anchorsOf(q, e.space, func(hash uint32, key, value string, presence bool) {
		a := r.anchor(hash, e.space, key, value, presence)
		a.ids = append(a.ids, id)
		if presence {
			e.space.keyed++
		}
	})
}

// displace undoes place.
func (r *reverse) displace(id uint32) {
	e := &r.entries[id]
	switch e.at {
	case atNobody:
		return
	case atRest:
		e.space.rest = without(e.space.rest, id)
		return
	}
	q := e.s.At(e.at)
	r.anchorsOf(q, e.space, func(hash uint32, key, value string, presence bool) {
		a := r.anchor(hash, e.space, key, value, presence)
		a.ids = without(a.ids, id)
		if presence {
			e.space.keyed--
		}
	})
}

// without takes an id out of a list without order.
func without(ids []uint32, id uint32) []uint32 {
	if i := slices.Index(ids, id); i >= 0 {
		ids[i] = ids[len(ids)-1]
		ids = ids[:len(ids)-1]
	}
	return shrunk(ids)
}

// rebalance places anew the selectors that wait where a selector that has come could wait, if so many name that by now that there may be
// rarer anchors: those that came first could not know what would be rare.
func (r *reverse) rebalance(id uint32) {
	e := &r.entries[id]
	for i := range e.s.Len() {
		r.anchorsOf(e.s.At(i), e.space, func(hash uint32, key, value string, presence bool) {
			a := r.anchor(hash, e.space, key, value, presence)
			if a.mentions > a.limit {
				a.limit = 2 * a.mentions
				r.replace(slices.Clone(a.ids))
			}
		})
	}
}

// replace places selectors anew if they should wait somewhere else.
func (r *reverse) replace(ids []uint32) {
	for _, id := range ids {
		if e := &r.entries[id]; r.choose(e) != e.at {
			r.displace(id)
			r.place(id)
		}
	}
}
