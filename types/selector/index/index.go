package index

import "sync"

// An Index finds objects by their labels. K names an object, such as a types.NamespacedName, and T is what is kept of it, such as a *Pod.
// It is made by [New] and safe for concurrent use. Nothing in it runs by itself.
//
// A list of what is found is the caller's own; the objects in it are those that were given to [Index.Set], not copies.
type Index[K comparable, T any] struct {
	mu      sync.RWMutex
	options options
	sets    sets
	objects objects[K]
	members members[T]
	watches watches[K, T]
}

// New returns an empty index.
func New[K comparable, T any](opts ...Option) *Index[K, T] {
	o := optionsOf(opts)
	return &Index[K, T]{options: o, sets: newSets(o), objects: newObjects[K](o)}
}

// Set adds an object, or puts it in the place of the one with the same key. Namespace "" is for objects that have none. The labels'
// strings are kept, the map is not: what becomes of it does not matter to the index. nil is no labels, and nothing is validated.
func (x *Index[K, T]) Set(key K, namespace string, labels map[string]string, object T) {
	x.mu.Lock()
	x.set(key, namespace, labels, object)
	x.unlock()
}

func (x *Index[K, T]) set(key K, namespace string, labels map[string]string, object T) (id uint32) {
	hash := x.objects.hash(key)
	id, ok := x.objects.find(hash, key)
	if !ok {
		x.sets.want(namespace, labels)
		id = x.objects.add(hash, key)
		to := x.wantedSet()
		x.join(to, id, object)
		x.tell(nil, x.watches.of(to), id, object, object)
		return id
	}
	p := &x.objects.list[id]
	switch x.sets.compare(p.set, namespace, labels) {
	case equals:
		*x.members.at(p.set, x.sets.count[p.set], p.at) = object
		return id
	case akin:
		x.sets.wantAkin(p.set)
	case other:
		x.sets.want(namespace, labels)
	}
	x.relabel(id, object)
	return id
}

// relabel moves an object to the set that is wanted. If it is alone in its set and there is no such set, its set becomes that one.
func (x *Index[K, T]) relabel(id uint32, object T) {
	p := &x.objects.list[id]
	from := p.set
	old := *x.members.at(from, x.sets.count[from], p.at)
	to, ok := x.sets.find()
	switch {
	case !ok && x.sets.count[from] == 1:
		before := x.watches.keep(from)
		x.sets.rewrite(from)
		x.watches.changed(&x.sets, from)
		*x.members.at(from, 1, 0) = object
		x.tell(before, x.watches.of(from), id, old, object)
		return
	case !ok:
		to = x.create()
	}
	x.move(id, to, object)
	x.tell(x.watches.of(from), x.watches.of(to), id, old, object)
	x.retire(from)
}

// wantedSet finds the set that is wanted or makes it.
func (x *Index[K, T]) wantedSet() uint32 {
	if set, ok := x.sets.find(); ok {
		return set
	}
	return x.create()
}

func (x *Index[K, T]) create() uint32 {
	set := x.sets.create()
	x.watches.changed(&x.sets, set)
	return set
}

// move makes an object a member of another set.
func (x *Index[K, T]) move(id, to uint32, object T) {
	p := &x.objects.list[id]
	from := p.set
	x.takeOut(p)
	p.set, p.at = to, x.members.add(to, x.sets.count[to], id, object)
	x.sets.shift(from, to)
}

// join makes an object a member of a set.
func (x *Index[K, T]) join(set, id uint32, object T) {
	p := &x.objects.list[id]
	p.set, p.at = set, x.members.add(set, x.sets.count[set], id, object)
	x.sets.enter(set)
}

// leave takes it out again. The set must be retired afterwards.
func (x *Index[K, T]) leave(id uint32) {
	p := &x.objects.list[id]
	x.takeOut(p)
	x.sets.leave(p.set)
}

// takeOut gives the place of an object among the members of its set to the last of them.
func (x *Index[K, T]) takeOut(p *place[K]) {
	moved := x.members.remove(p.set, x.sets.count[p.set], p.at)
	x.objects.list[moved].at = p.at
}

// retire sees to a set that an object has left.
func (x *Index[K, T]) retire(set uint32) {
	if x.sets.count[set] > 0 {
		return
	}
	if oldest, drop := x.sets.retire(set); drop {
		x.watches.dropped(oldest)
		x.sets.drop(oldest)
	}
}

// Delete takes an object away. It reports whether there was one.
func (x *Index[K, T]) Delete(key K) bool {
	x.mu.Lock()
	id, ok := x.objects.find(x.objects.hash(key), key)
	if ok {
		x.delete(id)
		x.reset()
	}
	x.unlock()
	return ok
}

func (x *Index[K, T]) delete(id uint32) {
	p := x.objects.list[id]
	old := *x.members.at(p.set, x.sets.count[p.set], p.at)
	x.leave(id)
	x.tell(x.watches.of(p.set), nil, id, old, old)
	x.objects.drop(x.objects.hash(p.key), id)
	x.retire(p.set)
}

// reset gives back the memory of an index that has become empty.
func (x *Index[K, T]) reset() {
	if x.objects.number() > 0 || len(x.objects.list) <= mostRetired || x.watches.number() > 0 {
		return
	}
	o := x.options
	o.capacity = 0
	x.sets, x.objects, x.members = newSets(o), newObjects[K](o), members[T]{}
}

// Len is the number of objects.
func (x *Index[K, T]) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.objects.number()
}

// Get returns the object of a key, and whether there is one.
func (x *Index[K, T]) Get(key K) (object T, ok bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.objects.find(x.objects.hash(key), key)
	if !ok {
		return object, false
	}
	p := &x.objects.list[id]
	return *x.members.at(p.set, x.sets.count[p.set], p.at), true
}

// Labels returns the namespace and labels of the object of a key; none, if there is no such object. While the object keeps them, it
// is the same LabelSet each time.
func (x *Index[K, T]) Labels(key K) LabelSet {
	x.mu.RLock()
	defer x.mu.RUnlock()
	id, ok := x.objects.find(x.objects.hash(key), key)
	if !ok {
		return LabelSet{}
	}
	return x.sets.labelSet(x.objects.list[id].set)
}
