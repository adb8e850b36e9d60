package podfs

import (
	"iter"
	"slices"
)

// entries are what a directory says of names. Few are a list: most directories are small, and pods have many of them.
// Nil says nothing.
type entries struct {
	few  []named
	many map[string]*inode // instead of few, once there are more than manyEntries
}

// named is a file under a name, or nothing under one that the image has and that was removed.
type named struct {
	name  string
	child *inode
}

const manyEntries = 16

func (e *entries) index(name string) int {
	return slices.IndexFunc(e.few, func(x named) bool { return x.name == name })
}

// get returns what is known of a name.
func (e *entries) get(name string) (child *inode, known bool) {
	if e == nil {
		return nil, false
	}
	if e.many != nil {
		child, known = e.many[name]
		return child, known
	}
	if i := e.index(name); i >= 0 {
		return e.few[i].child, true
	}
	return nil, false
}

func (e *entries) set(name string, child *inode) {
	if e.many != nil {
		e.many[name] = child
		return
	}
	if i := e.index(name); i >= 0 {
		e.few[i].child = child
		return
	}
	if len(e.few) < manyEntries {
		e.few = append(e.few, named{name, child})
		return
	}
	e.many = make(map[string]*inode, 2*manyEntries)
	for _, x := range e.few {
		e.many[x.name] = x.child
	}
	e.many[name], e.few = child, nil
}

func (e *entries) remove(name string) {
	if e.many != nil {
		delete(e.many, name)
	} else if i := e.index(name); i >= 0 {
		e.few = slices.Delete(e.few, i, i+1)
	}
}

// all ranges over what is known, in no order.
func (e *entries) all() iter.Seq2[string, *inode] {
	return func(yield func(string, *inode) bool) {
		if e == nil {
			return
		}
		for _, x := range e.few {
			if !yield(x.name, x.child) {
				return
			}
		}
		for name, child := range e.many {
			if !yield(name, child) {
				return
			}
		}
	}
}
