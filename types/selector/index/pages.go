package index

// pages stores lists of numbers that are seldom changed, the label sets, without a slice header or a piece of memory for each,
// and without a pointer for the garbage collector to follow. A list has an address; what is freed is used again for lists of the
// same length.
type pages struct {
	pages [][]uint32
	free  map[uint32][]uint32 // addresses by length
}

const (
	pageBits  = 14
	pageWords = 1 << pageBits
)

// noList is an address that no list has.
const noList = 0

func newPages() pages {
	return pages{pages: [][]uint32{{0}}, free: map[uint32][]uint32{}} // word 0 is taken, so that no address is noList
}

// at returns the list at an address: its own memory.
func (p *pages) at(address uint32) []uint32 {
	page := p.pages[address>>pageBits][address&(pageWords-1):]
	return page[1 : 1+page[0]]
}

// put stores a copy of list and returns its address.
func (p *pages) put(list []uint32) uint32 {
	n := uint32(len(list))
	if free := p.free[n]; len(free) > 0 {
		address := free[len(free)-1]
		p.free[n] = free[:len(free)-1]
		copy(p.at(address), list)
		return address
	}
	last := len(p.pages) - 1
	if page := p.pages[last]; len(page)+len(list)+1 > pageWords {
		p.pages = append(p.pages, make([]uint32, 0, max(pageWords, len(list)+1)))
		last++
	}
	page := p.pages[last]
	if cap(page) < len(page)+len(list)+1 { // the first page starts small
		page = append(make([]uint32, 0, pageWords), page...)
	}
	address := uint32(last)<<pageBits | uint32(len(page))
	p.pages[last] = append(append(page, n), list...)
	return address
}

// drop frees the list at an address.
func (p *pages) drop(address uint32) {
	n := uint32(len(p.at(address)))
	p.free[n] = append(p.free[n], address)
}
