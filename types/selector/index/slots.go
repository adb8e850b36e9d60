package index

// slots finds ids by the hashes of what they stand for. It is a table with linear probing that keeps neither keys nor
// holes: whoever looks something up compares it himself, and a cell that is emptied is filled from behind. So it takes 8 bytes
// a cell, and gives them back when it has become too large.
type slots struct {
	cells []uint64 // hash<<32 | id+1; 0 is empty
	n     int
}

const fewestCells = 8

// newSlots has room for n ids.
func newSlots(n int) slots {
	cells := fewestCells
	for cells*3 < n*4 {
		cells *= 2
	}
	return slots{cells: make([]uint64, cells)}
}

// probe walks the ids that may have a hash.
type probe struct {
	cells []uint64
	hash  uint32
	at    uint32
}

// seek starts a walk. A slots that nothing was ever put into must come from newSlots, too.
func (t *slots) seek(hash uint32) probe { return probe{t.cells, hash, hash - 1} }

// next finds the next id that was put with the hash. It is not ok after the last one.
func (p *probe) next() (id uint32, ok bool) {
	mask := uint32(len(p.cells) - 1)
	for {
		p.at++
		cell := p.cells[p.at&mask]
		if cell == 0 {
			return 0, false
		}
		if uint32(cell>>32) == p.hash {
			return uint32(cell) - 1, true
		}
	}
}

// put adds an id, which must not be there yet.
func (t *slots) put(hash, id uint32) {
	if (t.n+1)*4 > len(t.cells)*3 {
		t.resize(len(t.cells) * 2)
	}
	t.n++
	t.place(uint64(hash)<<32 | uint64(id+1))
}

func (t *slots) place(cell uint64) {
	mask := uint32(len(t.cells) - 1)
	i := uint32(cell>>32) & mask
	for t.cells[i] != 0 {
		i = (i + 1) & mask
	}
	t.cells[i] = cell
}

// drop takes an id away, which must be there.
func (t *slots) drop(hash, id uint32) {
	mask := uint32(len(t.cells) - 1)
	i, cell := hash&mask, uint64(hash)<<32|uint64(id+1)
	for t.cells[i] != cell {
		i = (i + 1) & mask
	}
	t.closeGap(i, mask)
	t.n--
	if len(t.cells) > 8*fewestCells && t.n*8 < len(t.cells) {
		t.resize(len(t.cells) / 2)
	}
}

// closeGap moves cells forward into the emptied cell i, as long as that is not before where they belong.
func (t *slots) closeGap(i, mask uint32) {
	for j := i; ; {
		j = (j + 1) & mask
		cell := t.cells[j]
		if cell == 0 {
			break
		}
		if home := uint32(cell>>32) & mask; (j-home)&mask >= (j-i)&mask {
			t.cells[i] = cell
			i = j
		}
	}
	t.cells[i] = 0
}

func (t *slots) resize(cells int) {
	old := t.cells
	t.cells = make([]uint64, cells)
	for _, cell := range old {
		if cell != 0 {
			t.place(cell)
		}
	}
}
