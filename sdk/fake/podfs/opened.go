package podfs

import (
	"cmp"
	"io"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// opened are the files and watches that a container has open: they end with it, as a process's descriptors do, so that
// nobody waits for a pipe, a lock or a free block that a dead program holds.
type opened struct {
	mu    sync.Mutex
	all   map[io.Closer]int // in which order they came
	count int
	ended bool
}

// add keeps c until it is removed. It refuses once the container has ended.
func (o *opened) add(c io.Closer) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return fs.ErrClosed
	}
	if o.all == nil {
		o.all = map[io.Closer]int{}
	}
	o.count++
	o.all[c] = o.count
	return nil
}

func (o *opened) remove(c io.Closer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.all, c)
}

// close closes what is open, in the order of its opening.
func (o *opened) close() {
	o.mu.Lock()
	o.ended = true
	all := maps.Clone(o.all)
	o.mu.Unlock()
	for _, c := range slices.SortedFunc(maps.Keys(all), func(a, b io.Closer) int { return cmp.Compare(all[a], all[b]) }) {
		_ = c.Close()
	}
}
