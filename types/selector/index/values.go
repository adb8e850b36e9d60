package index

import (
	"cmp"
	"iter"
	"slices"
)

// Values yields the values that objects have of a label key, sorted, and how many objects have each. They are those of the moment when it
// starts.
func (x *Index[K, T]) Values(key string) iter.Seq2[string, int] {
	return eachOf(func() []counted {
		x.mu.RLock()
		defer x.mu.RUnlock()
		id, ok := x.sets.key(key)
		if !ok {
			return nil
		}
		return x.sets.valuesOf(id)
	})
}

// Namespaces yields the namespaces that objects are in, sorted, and how many objects are in each. Objects without a namespace are in none.
func (x *Index[K, T]) Namespaces() iter.Seq2[string, int] {
	return eachOf(func() []counted {
		x.mu.RLock()
		defer x.mu.RUnlock()
		return x.sets.valuesOf(namespaceKey)
	})
}

// Keys yields the label keys that objects have, sorted, and how many objects have each.
func (x *Index[K, T]) Keys() iter.Seq2[string, int] {
	return eachOf(func() (list []counted) {
		x.mu.RLock()
		defer x.mu.RUnlock()
		for _, k := range x.sets.keys[namespaceKey+1:] {
			list = append(list, counted{k.name, int(k.objects)})
		}
		return list
	})
}

// counted is a text and how many objects have it.
type counted struct {
	text    string
	objects int
}

// valuesOf returns the values of a key.
func (d *dictionary) valuesOf(key uint32) []counted {
	list := make([]counted, 0, len(d.keys[key].values))
	for _, id := range d.keys[key].values {
		v := &d.values[id]
		list = append(list, counted{v.text, int(v.objects)})
	}
	return list
}

// eachOf yields what read returns, sorted, without what no object has.
func eachOf(read func() []counted) iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		list := read()
		slices.SortFunc(list, func(a, b counted) int { return cmp.Compare(a.text, b.text) })
		for _, v := range list {
			if v.objects > 0 && !yield(v.text, v.objects) {
				return
			}
		}
	}
}
