// Package recent is a map that forgets what nobody has asked for in a while, so that a cluster that lives long does not grow.
//
// The one thing people get wrong: that a key is forgotten is not an exception. A [Map] is for what can be made again, or done without.
//
//	known := recent.Map[string, int]{Size: 100}
//	known.Put("a", 1)
//	n, ok := known.Get("a")
//
// It is a pair of maps: what is used gets into the young one, and when that is full it becomes the old one, whose rest is dropped. That
// costs a pointer a key, where a list in the order of use would cost more than many values that are kept here.
package recent

// Map remembers the values of the keys that were used last: Size of them at least, and twice as many at most. It is not safe for
// concurrent use.
type Map[K comparable, V any] struct {
	// Size must not be changed after the first Put. 0 remembers one.
	Size int

	young, old map[K]V
}

// Get returns the value of a key, and whether it is known. It counts as a use.
func (m *Map[K, V]) Get(k K) (V, bool) {
	if v, ok := m.young[k]; ok {
		return v, true
	}
	v, ok := m.old[k]
	if ok {
		m.Put(k, v)
	}
	return v, ok
}

// Put sets the value of a key.
func (m *Map[K, V]) Put(k K, v V) {
	if m.young == nil || len(m.young) >= max(m.Size, 1) {
		m.young, m.old = make(map[K]V), m.young
	}
	m.young[k] = v
	delete(m.old, k)
}

// Forget drops a key. One that is not known is none.
func (m *Map[K, V]) Forget(k K) {
	delete(m.young, k)
	delete(m.old, k)
}
