package index

import (
	"iter"
	"slices"
)

// An Entry is what [Index.Set] takes.
type Entry[K comparable, T any] struct {
	Key       K
	Namespace string
	Labels    map[string]string
	Object    T
}

// Replace makes the entries all that the index has, as a list of a server does. It is one change: readers see what was before or what is
// after, and views hear of what differs alone. Of entries with one key the last counts. entries is run before anything is changed, and
// may use the index.
func (x *Index[K, T]) Replace(entries iter.Seq[Entry[K, T]]) {
	list := slices.Collect(entries)
	x.mu.Lock()
	defer x.unlock()
	kept := make([]uint64, (len(x.objects.list)+len(list)+63)/64)
	for i := range list {
		e := &list[i]
		id := x.set(e.Key, e.Namespace, e.Labels, e.Object)
		kept[id>>6] |= 1 << (id & 63)
	}
	for id := range x.objects.list {
		if x.objects.list[id].set != noSet && kept[id>>6]&(1<<(id&63)) == 0 {
			x.delete(uint32(id))
		}
	}
	x.reset()
}
