package index

import "slices"

// A posting is a set of ids: those of the label sets that have a value, or a key. One id stands in the posting itself, up to
// smallMost are a sorted list, more are chunks of 65,536 ids each. It takes 16 bytes, so that a million values that one
// label set each has are cheap.
type posting struct {
	n    uint32
	one  uint32 // the id, if there is one
	more *ids   // the ids, if there are more
}

// ids is either a list or chunks.
type ids struct {
	small  []uint32
	chunks []chunk
}

const smallMost = 1024

// add adds an id, which may be there.
func (p *posting) add(id uint32) {
	switch {
	case p.n == 0:
		p.n, p.one = 1, id
	case p.n == 1:
		if p.one != id {
			p.n, p.more = 2, &ids{small: append(make([]uint32, 0, 4), min(id, p.one), max(id, p.one))}
		}
	case p.more.chunks != nil:
		if p.more.chunkOf(id).add(uint16(id)) {
			p.n++
		}
	default:
		p.addSmall(id)
	}
}

func (p *posting) addSmall(id uint32) {
	s := p.more.small
	i, found := len(s), false
	if s[i-1] >= id {
		i, found = slices.BinarySearch(s, id)
	}
	switch {
	case found:
		return
	case len(s) < smallMost:
		p.more.small = slices.Insert(s, i, id)
	default:
		for _, other := range s {
			p.more.chunkOf(other).add(uint16(other))
		}
		p.more.small = nil
		p.more.chunkOf(id).add(uint16(id))
	}
	p.n++
}

func (m *ids) chunkOf(id uint32) *chunk {
	at := int(id >> 16)
	if missing := at + 1 - len(m.chunks); missing > 0 {
		m.chunks = append(m.chunks, make([]chunk, missing)...)
	}
	return &m.chunks[at]
}

// remove takes an id away, which may not be there.
func (p *posting) remove(id uint32) {
	switch {
	case p.n == 0:
	case p.n == 1:
		if p.one == id {
			p.n = 0
		}
	case p.more.chunks != nil:
		p.removeBig(id)
	default:
		p.removeSmall(id)
	}
}

func (p *posting) removeSmall(id uint32) {
	s := p.more.small
	i, found := slices.BinarySearch(s, id)
	if !found {
		return
	}
	s = slices.Delete(s, i, i+1)
	p.n--
	switch {
	case p.n == 1:
		p.one, p.more = s[0], nil
	case cap(s) > 16 && len(s)*4 < cap(s):
		p.more.small = append(make([]uint32, 0, len(s)*2), s...)
	default:
		p.more.small = s
	}
}

func (p *posting) removeBig(id uint32) {
	at := int(id >> 16)
	if at >= len(p.more.chunks) || !p.more.chunks[at].remove(uint16(id)) {
		return
	}
	if p.n--; p.n < smallMost/2 {
		small := p.appendTo(make([]uint32, 0, p.n*2))
		p.more.chunks, p.more.small = nil, small
	}
}

// has reports whether an id is there.
func (p *posting) has(id uint32) bool {
	switch {
	case p.n == 0:
		return false
	case p.n == 1:
		return p.one == id
	case p.more.chunks != nil:
		at := int(id >> 16)
		return at < len(p.more.chunks) && p.more.chunks[at].has(uint16(id))
	}
	_, found := slices.BinarySearch(p.more.small, id)
	return found
}

// hasBit is has for an id whose chunk is bits. It is not ok for others.
func (p *posting) hasBit(id uint32) (has, ok bool) {
	if p.n <= 1 || p.more.chunks == nil {
		return false, false
	}
	at := int(id >> 16)
	if at >= len(p.more.chunks) || p.more.chunks[at].bits == nil {
		return false, false
	}
	return p.more.chunks[at].has(uint16(id)), true
}

// batches is in how many pieces batch returns the ids.
func (p *posting) batches() int {
	if p.n > 1 && p.more.chunks != nil {
		return len(p.more.chunks)
	}
	return 1
}

// batch returns a piece of the ids, in order: in memory of its own where that is possible, else in to, from its start.
func (p *posting) batch(i int, to []uint32) []uint32 {
	switch {
	case p.n == 0:
		return nil
	case p.n == 1:
		return append(to[:0], p.one)
	case p.more.chunks != nil:
		return p.more.chunks[i].appendTo(to[:0], uint32(i)<<16)
	}
	return p.more.small
}

// appendTo appends the ids in order.
func (p *posting) appendTo(to []uint32) []uint32 {
	switch {
	case p.n == 0:
		return to
	case p.n == 1:
		return append(to, p.one)
	case p.more.chunks == nil:
		return append(to, p.more.small...)
	}
	to = slices.Grow(to, int(p.n))
	for i := range p.more.chunks {
		to = p.more.chunks[i].appendTo(to, uint32(i)<<16)
	}
	return to
}

// within returns the ids of chunk i of a posting of more than one id: as a list of ids, or as a chunk.
func (p *posting) within(i int) (list []uint32, c *chunk) {
	switch {
	case p.more.chunks != nil:
		if i < len(p.more.chunks) {
			return nil, &p.more.chunks[i]
		}
	default:
		s := p.more.small
		from, _ := slices.BinarySearch(s, uint32(i)<<16)
		to := len(s)
		if last := s[to-1]; int(last>>16) > i {
			to, _ = slices.BinarySearch(s, uint32(i+1)<<16)
		}
		return s[from:to], nil
	}
	return nil, nil
}
