package store

import (
	"errors"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Edition is one version of an object, with the encodings that were made of it. All who read the version share it, and its encodings
// go when it goes: when the object is at a later version and the log has moved on.
type Edition struct {
	Object Object

	made  atomic.Pointer[made] // the latest of a chain, which has one link a form
	views atomic.Pointer[view] // likewise, one a key
}

// NewEdition returns an edition of an object that is in no store, or not yet.
func NewEdition(obj Object) *Edition { return &Edition{Object: obj} }

// Encoding is an object in bytes. Nobody writes to them.
type Encoding struct {
	Whole []byte // as it is answered alone
	// Item is the part of Whole that stands in a list, where kind and version are said once for all. Nil if the encoder found none.
	Item []byte
}

// made is the encoding of an edition in one form.
type made struct {
	form     string
	older    *made // written before the link is published
	once     sync.Once
	encoding Encoding
	err      error
}

var errPanicked = errors.New("the encoder panicked before; see the log of its first request")

// Encoding returns what encode made of the edition, in the form that form names. It is called once a form, by the first who asks; whoever
// asks meanwhile waits for it, which is the only lock that an encoder stands under. An error is kept as an encoding is.
func (e *Edition) Encoding(form string, encode func(Object) (Encoding, error)) (Encoding, error) {
	m := e.in(form)
	m.once.Do(func() {
		m.err = errPanicked
		m.encoding, m.err = encode(e.Object)
	})
	return m.encoding, m.err
}

// Has says whether somebody has asked for a form, so that its encoding is there or under way.
func (e *Edition) Has(form string) bool { return e.made.Load().find(form) != nil }

// in finds or adds the link of a form.
func (e *Edition) in(form string) *made {
	for {
		latest := e.made.Load()
		if m := latest.find(form); m != nil {
			return m
		}
		m := &made{form: form, older: latest}
		if e.made.CompareAndSwap(latest, m) {
			return m
		}
	}
}

// find looks for a form in a chain, which may be nil.
func (m *made) find(form string) *made {
	for m != nil && m.form != form {
		m = m.older
	}
	return m
}

// view is what an edition is shown as.
type view struct {
	key     any
	older   *view // written before the link is published
	once    sync.Once
	edition *Edition
}

// View returns the edition of another object that stands for this one, which show makes, once a key. It goes with this edition. The key
// must be comparable, and stand for the same show each time.
func (e *Edition) View(key any, show func(Object) Object) *Edition {
	v := e.viewOf(key)
	v.once.Do(func() { v.edition = NewEdition(show(e.Object)) })
	return v.edition
}

// viewOf finds or adds the link of a key.
func (e *Edition) viewOf(key any) *view {
	for {
		latest := e.views.Load()
		for v := latest; v != nil; v = v.older {
			if v.key == key {
				return v
			}
		}
		v := &view{key: key, older: latest}
		if e.views.CompareAndSwap(latest, v) {
			return v
		}
	}
}

// Edition returns the current version of one object, or ErrNotFound.
func (s *Store) Edition(r schema.GroupResource, namespace, name string) (*Edition, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, at, ok := s.find(r, namespace, name)
	if !ok {
		return nil, ErrNotFound
	}
	return t.at(at), nil
}

// Editions is [Store.List] for those who encode.
func (s *Store) Editions(r schema.GroupResource, namespace string) ([]*Edition, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.editions(r, namespace), s.version
}

// editions returns those of a resource, sorted by namespace and name. The slice is the caller's.
func (s *Store) editions(r schema.GroupResource, namespace string) []*Edition {
	t := s.tables[r]
	if t == nil {
		return nil
	}
	return t.list(namespace)
}

func objectsOf(editions []*Edition) []Object {
	if len(editions) == 0 {
		return nil
	}
	objs := make([]Object, len(editions))
	for i, e := range editions {
		objs[i] = e.Object
	}
	return objs
}
