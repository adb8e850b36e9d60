package index

import (
	"math/bits"
	"slices"
)

// A chunk is the ids of a posting that have their upper 16 bits in common: sorted, or one bit each.
type chunk struct {
	list []uint16
	bits *words
	n    int
}

// words is a bit for each id of a chunk.
type words [chunkWords]uint64

const (
	chunkWords = 1024
	chunkBits  = chunkWords * 64
	listMost   = 4096 // more take less memory as bits
)

func (c *chunk) add(x uint16) bool {
	if c.bits != nil {
		word, bit := &c.bits[x>>6], uint64(1)<<(x&63)
		if *word&bit != 0 {
			return false
		}
		*word |= bit
		c.n++
		return true
	}
	i, found := len(c.list), false
	if i > 0 && c.list[i-1] >= x {
		i, found = slices.BinarySearch(c.list, x)
	}
	switch {
	case found:
		return false
	case len(c.list) < listMost:
		c.list = slices.Insert(c.list, i, x)
	default:
		c.bits = new(words)
		for _, other := range c.list {
			c.bits[other>>6] |= 1 << (other & 63)
		}
		c.bits[x>>6] |= 1 << (x & 63)
		c.list = nil
	}
	c.n++
	return true
}

func (c *chunk) remove(x uint16) bool {
	if c.bits == nil {
		i, found := slices.BinarySearch(c.list, x)
		if found {
			c.list = slices.Delete(c.list, i, i+1)
			c.n--
		}
		return found
	}
	word, bit := &c.bits[x>>6], uint64(1)<<(x&63)
	if *word&bit == 0 {
		return false
	}
	*word &^= bit
	if c.n--; c.n < listMost/2 {
		list := make([]uint16, 0, c.n+c.n/4)
		for i, w := range c.bits {
			for ; w != 0; w &= w - 1 {
				list = append(list, uint16(i<<6+bits.TrailingZeros64(w)))
			}
		}
		c.list, c.bits = list, nil
	}
	return true
}

func (c *chunk) has(x uint16) bool {
	if c.bits != nil {
		return c.bits[x>>6]&(1<<(x&63)) != 0
	}
	_, found := slices.BinarySearch(c.list, x)
	return found
}

// appendTo appends the ids, with their upper bits.
func (c *chunk) appendTo(to []uint32, upper uint32) []uint32 {
	if c.bits != nil {
		return appendBits(to, upper, c.bits[:], c.n)
	}
	to = slices.Grow(to, len(c.list))
	for _, x := range c.list {
		to = append(to, upper|uint32(x))
	}
	return to
}

// appendBits appends the ids whose bits are set, of which there are n.
func appendBits(to []uint32, upper uint32, from []uint64, n int) []uint32 {
	at := len(to)
	to = slices.Grow(to, n)[:at+n]
	for i, w := range from {
		base := upper | uint32(i<<6)
		for w != 0 && at < len(to) {
			to[at] = base | uint32(bits.TrailingZeros64(w))
			at++
			w &= w - 1
		}
	}
	return to
}

func countBits(in []uint64) (n int) {
	for _, w := range in {
		n += bits.OnesCount64(w)
	}
	return n
}

// A merge is what is done with the bits that are there and those of a posting.
type merge uint8

const (
	or merge = iota
	and
	andNot
)

// mergeInto merges the ids of chunk i of the posting into the bits of that chunk. to may be shorter than a chunk if no id is
// beyond it. spare is as long as to.
func (p *posting) mergeInto(i int, how merge, to, spare []uint64) {
	if p.n <= 1 {
		mergeOne(how, to, p.one, p.n == 1 && int(p.one>>16) == i)
		return
	}
	list, c := p.within(i)
	if c != nil && c.bits != nil {
		mergeWords(how, to, c.bits[:len(to)])
		return
	}
	var short []uint16
	if c != nil {
		short = c.list
	}
	switch how {
	case or:
		for _, x := range list {
			to[uint16(x)>>6] |= 1 << (x & 63)
		}
		for _, x := range short {
			to[x>>6] |= 1 << (x & 63)
		}
	case andNot:
		for _, x := range list {
			to[uint16(x)>>6] &^= 1 << (x & 63)
		}
		for _, x := range short {
			to[x>>6] &^= 1 << (x & 63)
		}
	case and:
		clear(spare)
		p.mergeInto(i, or, spare, nil)
		mergeWords(and, to, spare)
	}
}

// mergeOne merges one id, or none.
func mergeOne(how merge, to []uint64, id uint32, there bool) {
	at, bit := uint16(id)>>6, uint64(0)
	if there {
		bit = 1 << (id & 63)
	}
	switch {
	case how == and:
		if there {
			bit &= to[at]
		}
		clear(to)
		if bit != 0 {
			to[at] = bit
		}
	case there && how == or:
		to[at] |= bit
	case there:
		to[at] &^= bit
	}
}

func mergeWords(how merge, to, from []uint64) {
	from = from[:len(to)]
	switch how {
	case or:
		for i := range to {
			to[i] |= from[i]
		}
	case and:
		for i := range to {
			to[i] &= from[i]
		}
	case andNot:
		for i := range to {
			to[i] &^= from[i]
		}
	}
}
