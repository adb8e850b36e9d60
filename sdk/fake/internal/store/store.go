package store

import (
	"errors"
	"strconv"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// Object is any API object with metadata: typed structs and unstructured alike.
type Object interface {
	metav1.Object
	runtime.Object
}

// What a write answers when the store is not in the state that its caller read. The caller knows the object's name
// and words the API error.
var (
	ErrNotFound = errors.New("store: no such object")
	ErrExists   = errors.New("store: object exists")
	ErrConflict = errors.New("store: object was changed in between")
)

// Store holds the objects of one cluster. Use [New]; all methods are safe for concurrent use.
type Store struct {
	mu       sync.Mutex
	version  uint64 // of the latest write; every write takes the next one
	tables   map[schema.GroupResource]*table
	log      eventLog
	watchers map[*Watcher]struct{}

	observers map[schema.GroupResource]func(Event)
}

// New returns an empty store that lets a watch start from any of the last history events.
func New(history int) *Store {
	s := &Store{tables: map[schema.GroupResource]*table{}, watchers: map[*Watcher]struct{}{}}
	s.log.start(history)
	return s
}

// key is the end of the key that etcd has for an object, and sorts as it: all of namespace a-b comes before all of namespace a, since
// the dash comes before the slash.
func key(namespace, name string) string { return namespace + "/" + name }

func keyOf(o Object) string { return key(o.GetNamespace(), o.GetName()) }

// Version is the version of the latest write, 0 for an empty store.
func (s *Store) Version() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version
}

// Get returns the current version of one object, or ErrNotFound.
func (s *Store) Get(r schema.GroupResource, namespace, name string) (Object, error) {
	e, err := s.Edition(r, namespace, name)
	if err != nil {
		return nil, err
	}
	return e.Object, nil
}

// List returns the objects of a resource sorted by namespace and name, those of one namespace if it is not empty,
// and the version of the store that they show. The slice is the caller's.
func (s *Store) List(r schema.GroupResource, namespace string) ([]Object, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return objectsOf(s.editions(r, namespace)), s.version
}

// Create adds obj and gives it the next resource version. ErrExists if the name is taken.
func (s *Store) Create(r schema.GroupResource, obj Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.create(r, obj)
}

// CreateWhile is [Store.Create] as long as given, an object of resource in, is current; else ErrConflict. What a writer
// decided by looking at another object so still holds when it writes.
func (s *Store) CreateWhile(in schema.GroupResource, given Object, r schema.GroupResource, obj Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, _, err := s.current(in, given); err != nil {
		return ErrConflict
	}
	return s.create(r, obj)
}

func (s *Store) create(r schema.GroupResource, obj Object) error {
	t := s.tables[r]
	if t == nil {
		t = &table{}
		s.tables[r] = t
	}
	at, taken := t.find(obj.GetNamespace(), obj.GetName())
	if taken {
		return ErrExists
	}
	s.stamp(obj)
	e := NewEdition(obj)
	t.insert(at, e)
	s.append(Event{Type: watch.Added, Resource: r, Object: obj, Version: s.version, Edition: e}, nil)
	return nil
}

// Update replaces old, which must be the very version that is current, or a view of it, by obj, and gives it the next resource
// version. ErrConflict if another version is current, ErrNotFound if none is.
func (s *Store) Update(r schema.GroupResource, old, obj Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, at, err := s.current(r, old)
	if err != nil {
		return err
	}
	s.stamp(obj)
	was, is := t.at(at), NewEdition(obj)
	t.set(at, is)
	s.append(Event{Type: watch.Modified, Resource: r, Object: obj, Old: was.Object, Version: s.version, Edition: is}, was)
	return nil
}

// Delete removes old, which must be the very version that is current, or a view of it. Watchers see last, which gets the version of
// the deletion; it is a copy of old or a later state of it.
func (s *Store) Delete(r schema.GroupResource, old, last Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, at, err := s.current(r, old)
	if err != nil {
		return err
	}
	s.stamp(last)
	was := t.at(at)
	t.remove(at)
	s.append(Event{Type: watch.Deleted, Resource: r, Object: last, Old: was.Object, Version: s.version, Edition: NewEdition(last)}, was)
	return nil
}

// find returns the table of r, the place of an object in it, and whether it is there.
func (s *Store) find(r schema.GroupResource, namespace, name string) (*table, spot, bool) {
	t := s.tables[r]
	if t == nil {
		return nil, spot{}, false
	}
	at, ok := t.find(namespace, name)
	return t, at, ok
}

// current finds old and holds it against what is stored: versions are unique, so equal ones are the same object.
func (s *Store) current(r schema.GroupResource, old Object) (*table, spot, error) {
	t, at, ok := s.find(r, old.GetNamespace(), old.GetName())
	if !ok {
		return nil, spot{}, ErrNotFound
	}
	if t.at(at).Object.GetResourceVersion() != old.GetResourceVersion() {
		return nil, spot{}, ErrConflict
	}
	return t, at, nil
}

func (s *Store) stamp(obj Object) {
	s.version++
	obj.SetResourceVersion(strconv.FormatUint(s.version, 10))
}
