package index

import "hash/maphash"

// A dictionary has the keys and values of the labels that objects have at present, and which sets have each. What no set has
// any more is forgotten, and its id used again.
type dictionary struct {
	seed      maphash.Seed
	clone     func(string) string
	keys      []keyEntry
	values    []valueEntry
	byKey     slots
	byPair    slots // values by key and value
	freeKeys  []uint32
	freeValue []uint32
	numbers   numbers
}

// A keyEntry is a label key.
type keyEntry struct {
	name    string
	values  []uint32 // ids of its values, in no order
	sets    posting
	objects uint32
}

// A valueEntry is a label: a value of a key.
type valueEntry struct {
	text    string
	sets    posting
	hash    uint32
	key     uint32
	at      uint32 // in the key's values
	objects uint32
}

// namespaceKey is the id of a key that no label has: its values are the namespaces, so that a namespace is to queries
// one label more.
const namespaceKey = 0

func newDictionary(o options) dictionary {
	return dictionary{
		seed: maphash.MakeSeed(), clone: o.clone,
		keys: make([]keyEntry, 1), byKey: newSlots(0), byPair: newSlots(0),
		numbers: numbers{byKey: map[uint32]*sortedValues{}},
	}
}

// hashOf returns the hash of a label. That of a namespace is the hash of its label with no key.
func (d *dictionary) hashOf(key, value string) uint64 {
	return mix(maphash.String(d.seed, key), maphash.String(d.seed, value))
}

func (d *dictionary) hashOfNamespace(namespace string) uint64 {
	return mix(0, maphash.String(d.seed, namespace))
}

func mix(a, b uint64) uint64 {
	h := a ^ (b*0x9e3779b97f4a7c15 + 0x7f4a7c15)
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>29
}

// fold makes of a hash what slots take.
func fold(h uint64) uint32 { return uint32(h ^ h>>32) }

// key finds the id of a label key.
func (d *dictionary) key(name string) (id uint32, ok bool) {
	p := d.byKey.seek(fold(maphash.String(d.seed, name)))
	for {
		id, ok := p.next()
		if !ok || d.keys[id].name == name {
			return id, ok
		}
	}
}

// value finds the id of a label.
func (d *dictionary) value(key, value string) (id uint32, ok bool) {
	return d.valueBy(d.hashOf(key, value), key, value)
}

// valueBy finds it by its hash.
func (d *dictionary) valueBy(hash uint64, key, value string) (id uint32, ok bool) {
	p := d.byPair.seek(fold(hash))
	for {
		id, ok := p.next()
		if !ok {
			return 0, false
		}
		v := &d.values[id]
		if v.text == value && v.key != namespaceKey && d.keys[v.key].name == key {
			return id, true
		}
	}
}

// namespace finds the id of a namespace.
func (d *dictionary) namespace(name string) (id uint32, ok bool) {
	return d.namespaceBy(d.hashOfNamespace(name), name)
}

// namespaceBy finds it by its hash.
func (d *dictionary) namespaceBy(hash uint64, name string) (id uint32, ok bool) {
	p := d.byPair.seek(fold(hash))
	for {
		id, ok := p.next()
		if !ok || d.values[id].key == namespaceKey && d.values[id].text == name {
			return id, ok
		}
	}
}

// addLabel adds a label that is not there. It must get a set.
func (d *dictionary) addLabel(key, value string, hash uint32) uint32 {
	k, ok := d.key(key)
	if !ok {
		k = d.addKey(d.clone(key))
	}
	return d.addValue(k, d.clone(value), hash)
}

func (d *dictionary) addKey(name string) uint32 {
	id := uint32(len(d.keys))
	if n := len(d.freeKeys); n > 0 {
		id, d.freeKeys = d.freeKeys[n-1], d.freeKeys[:n-1]
	} else {
		d.keys = append(d.keys, keyEntry{})
	}
	d.keys[id].name = name
	d.byKey.put(fold(maphash.String(d.seed, name)), id)
	return id
}

func (d *dictionary) addValue(key uint32, text string, hash uint32) uint32 {
	id := uint32(len(d.values))
	if n := len(d.freeValue); n > 0 {
		id, d.freeValue = d.freeValue[n-1], d.freeValue[:n-1]
	} else {
		d.values = append(d.values, valueEntry{})
	}
	k := &d.keys[key]
	d.values[id] = valueEntry{text: text, hash: hash, key: key, at: uint32(len(k.values))}
	k.values = append(k.values, id)
	d.byPair.put(hash, id)
	d.numbers.forget(key)
	return id
}

// dropValue forgets a label that no set has, and its key with the last one.
func (d *dictionary) dropValue(id uint32) {
	v := d.values[id]
	k := &d.keys[v.key]
	last := k.values[len(k.values)-1]
	k.values[v.at] = last
	d.values[last].at = v.at
	k.values = shrunk(k.values[:len(k.values)-1])
	d.byPair.drop(v.hash, id)
	d.values[id] = valueEntry{}
	d.freeValue = append(d.freeValue, id)
	d.numbers.forget(v.key)
	if len(k.values) == 0 && v.key != namespaceKey {
		d.byKey.drop(fold(maphash.String(d.seed, k.name)), v.key)
		d.keys[v.key] = keyEntry{}
		d.freeKeys = append(d.freeKeys, v.key)
	}
}

// shrunk returns list in less memory if it fills little of what it has.
func shrunk[E any](list []E) []E {
	if cap(list) > 64 && len(list)*4 < cap(list) {
		return append(make([]E, 0, len(list)*2), list...)
	}
	return list
}
