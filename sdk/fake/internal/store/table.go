package store

import (
	"cmp"
	"slices"
	"strings"
)

// pageSize is how many objects a page holds before it is split. Inserting one moves that many pointers at most, which a collector that
// is at work has to be told of one by one: with all objects in one slice it was the largest part of storing an event.
const pageSize = 256

// table holds the objects of one resource by namespace and name, sorted like the keys in etcd: lists come in this order. It is a list of
// pages, none of them empty.
type table struct {
	pages [][]*Edition
}

// spot is where an object is in a table, or would be.
type spot struct{ page, index int }

// compareKeys orders objects as etcd orders "namespace/name".
func compareKeys(namespaceA, nameA, namespaceB, nameB string) int {
	if namespaceA == namespaceB {
		return strings.Compare(nameA, nameB)
	}
	common := min(len(namespaceA), len(namespaceB))
	if c := strings.Compare(namespaceA[:common], namespaceB[:common]); c != 0 {
		return c
	}
	return cmp.Compare(slashAt(namespaceA, common), slashAt(namespaceB, common))
}

// slashAt is the byte at i of "namespace/name", which is not behind the slash.
func slashAt(namespace string, i int) byte {
	if i == len(namespace) {
		return '/'
	}
	return namespace[i]
}

func (e *Edition) compare(namespace, name string) int {
	return compareKeys(e.Object.GetNamespace(), e.Object.GetName(), namespace, name)
}

// find returns where the object of a name is, or belongs.
func (t *table) find(namespace, name string) (at spot, found bool) {
	page, found := slices.BinarySearchFunc(t.pages, struct{}{}, func(p []*Edition, _ struct{}) int { return p[0].compare(namespace, name) })
	if found {
		return spot{page, 0}, true
	}
	if page == 0 {
		return spot{}, false
	}
	page-- // it is behind the first of this one
	index, found := slices.BinarySearchFunc(t.pages[page], struct{}{}, func(e *Edition, _ struct{}) int { return e.compare(namespace, name) })
	return spot{page, index}, found
}

func (t *table) at(s spot) *Edition { return t.pages[s.page][s.index] }

func (t *table) set(s spot, e *Edition) { t.pages[s.page][s.index] = e }

// insert adds an object where find has said that it belongs.
func (t *table) insert(s spot, e *Edition) {
	if len(t.pages) == 0 {
		t.pages = append(t.pages, nil)
	}
	page := slices.Insert(t.pages[s.page], s.index, e)
	t.pages[s.page] = page
	if len(page) <= pageSize {
		return
	}
	half := len(page) / 2
	if s.page == len(t.pages)-1 && s.index == len(page)-1 {
		half = len(page) - 1 // names often come in their order: leave full pages behind
	}
	rest := slices.Clone(page[half:])
	clear(page[half:])
	t.pages[s.page] = page[:half]
	t.pages = slices.Insert(t.pages, s.page+1, rest)
}

func (t *table) remove(s spot) {
	page := slices.Delete(t.pages[s.page], s.index, s.index+1)
	if t.pages[s.page] = page; len(page) == 0 {
		t.pages = slices.Delete(t.pages, s.page, s.page+1)
	}
}

// list returns the objects of a namespace, or all if it is empty. The slice is the caller's.
func (t *table) list(namespace string) []*Edition {
	if namespace == "" {
		return slices.Concat(t.pages...)
	}
	var all []*Edition
	from, _ := t.find(namespace, "")
	for i := from.page; i < len(t.pages); i++ {
		page := t.pages[i]
		if i == from.page {
			page = page[from.index:]
		}
		end := slices.IndexFunc(page, func(e *Edition) bool { return e.Object.GetNamespace() != namespace })
		if end >= 0 {
			return append(all, page[:end]...)
		}
		all = append(all, page...)
	}
	return all
}
