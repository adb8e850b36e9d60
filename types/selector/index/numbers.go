package index

import (
	"cmp"
	"slices"
	"strconv"
	"sync"

	"github.com/podwright/podwright/types/selector"
)

// numbers answers > and <. The first question about a key reads all its values; from the second on they are sorted, until the
// key has a value more or less.
type numbers struct {
	mu    sync.Mutex // readers of the index build what is in here
	byKey map[uint32]*sortedValues
}

// sortedValues are the values of a key that are whole numbers.
type sortedValues struct {
	sorted []number // nil until the second question
}

type number struct {
	n     int64
	value uint32 // its id
}

// forget is told that the values of a key have changed, under the index's write lock.
func (n *numbers) forget(key uint32) {
	if len(n.byKey) > 0 {
		delete(n.byKey, key)
	}
}

// appendNumbers appends the ids of the values of a key that a requirement of > or < accepts.
func (d *dictionary) appendNumbers(to []uint32, key uint32, r selector.Term) []uint32 {
	if list := d.sortedNumbers(key); list != nil {
		return appendRange(to, list, r)
	}
	for _, id := range d.keys[key].values {
		if r.Accepts(d.values[id].text, true) {
			to = append(to, id)
		}
	}
	return to
}

// sortedNumbers is nil the first time.
func (d *dictionary) sortedNumbers(key uint32) []number {
	d.numbers.mu.Lock()
	defer d.numbers.mu.Unlock()
	have := d.numbers.byKey[key]
	switch {
	case have == nil:
		d.numbers.byKey[key] = &sortedValues{}
		return nil
	case have.sorted == nil:
		have.sorted = d.sortNumbers(key)
	}
	return have.sorted
}

func (d *dictionary) sortNumbers(key uint32) []number {
	list := make([]number, 0, len(d.keys[key].values))
	for _, id := range d.keys[key].values {
		if n, err := strconv.ParseInt(d.values[id].text, 10, 64); err == nil {
			list = append(list, number{n, id})
		}
	}
	slices.SortFunc(list, func(a, b number) int { return cmp.Or(cmp.Compare(a.n, b.n), cmp.Compare(a.value, b.value)) })
	return list
}

func appendRange(to []uint32, list []number, r selector.Term) []uint32 {
	bound, _ := r.Number()
	from, found := slices.BinarySearchFunc(list, bound, func(e number, n int64) int { return cmp.Compare(e.n, n) })
	if r.Operator() == greaterThan {
		for found && from < len(list) && list[from].n == bound {
			from++
		}
		list = list[from:]
	} else {
		list = list[:from]
	}
	for _, e := range list {
		to = append(to, e.value)
	}
	return to
}
