package store

import (
	"errors"
	"slices"
	"strconv"
	"strings"
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

// table holds the live objects of one resource, sorted by key as a real server lists them.
type table struct {
	keys     []string
	editions []*Edition
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
	k := keyOf(obj)
	t, i, ok := s.find(r, k)
	if ok {
		return ErrExists
	}
	if t == nil {
		t = &table{}
		s.tables[r] = t
	}
	s.stamp(obj)
	t.keys = slices.Insert(t.keys, i, k)
	e := NewEdition(obj)
	t.editions = slices.Insert(t.editions, i, e)
	s.append(Event{Type: watch.Added, Resource: r, Object: obj, Version: s.version, Edition: e}, nil)
	return nil
}

// Update replaces old, which must be the very version that is current, or a view of it, by obj, and gives it the next resource
// version. ErrConflict if another version is current, ErrNotFound if none is.
func (s *Store) Update(r schema.GroupResource, old, obj Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, i, err := s.current(r, old)
	if err != nil {
		return err
	}
	s.stamp(obj)
	was := t.editions[i]
	t.editions[i] = NewEdition(obj)
	s.append(Event{Type: watch.Modified, Resource: r, Object: obj, Old: was.Object, Version: s.version, Edition: t.editions[i]}, was)
	return nil
}

// Delete removes old, which must be the very version that is current, or a view of it. Watchers see last, which gets the version of
// the deletion; it is a copy of old or a later state of it.
func (s *Store) Delete(r schema.GroupResource, old, last Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, i, err := s.current(r, old)
	if err != nil {
		return err
	}
	s.stamp(last)
	t.keys = slices.Delete(t.keys, i, i+1)
	was := t.editions[i]
	t.editions = slices.Delete(t.editions, i, i+1)
	s.append(Event{Type: watch.Deleted, Resource: r, Object: last, Old: was.Object, Version: s.version, Edition: NewEdition(last)}, was)
	return nil
}

// find returns the table of r, the place of k in it, and whether it is there.
func (s *Store) find(r schema.GroupResource, k string) (*table, int, bool) {
	t := s.tables[r]
	if t == nil {
		return nil, 0, false
	}
	i, ok := slices.BinarySearchFunc(t.keys, k, strings.Compare)
	return t, i, ok
}

// current finds old and holds it against what is stored: versions are unique, so equal ones are the same object.
func (s *Store) current(r schema.GroupResource, old Object) (*table, int, error) {
	t, i, ok := s.find(r, keyOf(old))
	if !ok {
		return nil, 0, ErrNotFound
	}
	if t.editions[i].Object.GetResourceVersion() != old.GetResourceVersion() {
		return nil, 0, ErrConflict
	}
	return t, i, nil
}

func (s *Store) stamp(obj Object) {
	s.version++
	obj.SetResourceVersion(strconv.FormatUint(s.version, 10))
}
