package index

import "hash/maphash"

// objects are the keys of the objects, and where each object is. Ids are used again.
type objects[K comparable] struct {
	seed  maphash.Seed
	list  []place[K]
	byKey slots
	free  []uint32
}

// A place is a key, and where its object is: at a position among the members of a set. A free id has no set.
type place[K comparable] struct {
	key K
	set uint32
	at  uint32
}

const noSet = ^uint32(0)

func newObjects[K comparable](o options) objects[K] {
	return objects[K]{seed: maphash.MakeSeed(), byKey: newSlots(o.capacity), list: make([]place[K], 0, o.capacity)}
}

func (o *objects[K]) hash(key K) uint32 { return fold(maphash.Comparable(o.seed, key)) }

// find finds the id of a key.
func (o *objects[K]) find(hash uint32, key K) (id uint32, ok bool) {
	p := o.byKey.seek(hash)
	for {
		id, ok := p.next()
		if !ok || o.list[id].key == key {
			return id, ok
		}
	}
}

// add adds a key that is not there.
func (o *objects[K]) add(hash uint32, key K) uint32 {
	id := uint32(len(o.list))
	if n := len(o.free); n > 0 {
		id, o.free = o.free[n-1], o.free[:n-1]
	} else {
		o.list = append(o.list, place[K]{})
	}
	o.list[id].key = key
	o.byKey.put(hash, id)
	return id
}

// drop takes a key away.
func (o *objects[K]) drop(hash, id uint32) {
	o.byKey.drop(hash, id)
	o.list[id] = place[K]{set: noSet}
	o.free = append(o.free, id)
}

// number is how many keys there are.
func (o *objects[K]) number() int { return o.byKey.n }
