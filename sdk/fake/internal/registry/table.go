package registry

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
)

// Table is the set of resources that one cluster serves, in the order of discovery. The rows it is made of stay; those of kinds that
// users define come and go. Who reads sees all of a change or nothing of it.
type Table struct {
	now atomic.Pointer[contents]

	mu     sync.Mutex // for writers
	fixed  []*Resource
	custom map[string][]*Resource // by the name of their definition
}

// contents is a table between two changes. Nobody writes to it.
type contents struct {
	rows       []*Resource
	byPath     map[schema.GroupVersionResource]*Resource
	byKind     map[schema.GroupKind]*Resource
	byResource map[schema.GroupResource]*Resource
	resources  []schema.GroupResource // the keys of byResource, in order
}

// NewTable returns a table of the given rows. A row given twice counts once.
func NewTable(rows ...*Resource) *Table {
	t := &Table{fixed: rows, custom: map[string][]*Resource{}}
	t.now.Store(newContents(rows))
	return t
}

func newContents(rows []*Resource) *contents {
	c := &contents{
		byPath:     make(map[schema.GroupVersionResource]*Resource, len(rows)),
		byKind:     make(map[schema.GroupKind]*Resource, len(rows)),
		byResource: make(map[schema.GroupResource]*Resource, len(rows)),
	}
	for _, r := range rows {
		path := r.GroupVersion().WithResource(r.Name)
		if c.byPath[path] != nil {
			continue
		}
		key := r.StoreKey()
		if c.byResource[key] == nil {
			c.resources = append(c.resources, key)
		}
		if kept := c.byResource[key]; kept == nil || r.Stored || kept.StoredAs == r {
			c.byResource[key] = r
		}
		if r.Unserved {
			continue
		}
		c.rows = append(c.rows, r)
		c.byPath[path] = r
		if kind := r.GroupVersionKind().GroupKind(); c.byKind[kind] == nil {
			c.byKind[kind] = r
		}
	}
	return c
}

// Define replaces the rows that a definition of a kind brought by those that it brings now; none takes the kind out of the table. Rows
// of the table itself are never replaced: a custom row with the path of one of them is not served.
func (t *Table) Define(definition string, rows ...*Resource) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(rows) == 0 {
		delete(t.custom, definition)
	} else {
		t.custom[definition] = rows
	}
	var all []*Resource
	for _, rows := range t.custom {
		all = append(all, rows...)
	}
	slices.SortFunc(all, compareCustom)
	t.now.Store(newContents(slices.Concat(t.fixed, all)))
}

// compareCustom sorts groups by name, and their versions as clients should prefer them: v2 before v1 before v1beta1.
func compareCustom(a, b *Resource) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), -version.CompareKubeAwareVersionStrings(a.Version, b.Version), cmp.Compare(a.Name, b.Name))
}

// Rows returns all resources in order. The slice is shared: do not write to it.
func (t *Table) Rows() []*Resource { return t.now.Load().rows }

// Lookup finds a resource by its path, or returns nil.
func (t *Table) Lookup(gvr schema.GroupVersionResource) *Resource { return t.now.Load().byPath[gvr] }

// ForKind finds the resource of a kind, in the version that clients should prefer, or returns nil.
func (t *Table) ForKind(gk schema.GroupKind) *Resource { return t.now.Load().byKind[gk] }

// ForResource finds the resource with that key in the store, in the version in which its objects are stored, served or not, or returns nil.
func (t *Table) ForResource(gr schema.GroupResource) *Resource { return t.now.Load().byResource[gr] }

// Stored returns each resource once, in the version in which its objects are stored, served or not, in order.
func (t *Table) Stored() []*Resource {
	c := t.now.Load()
	rows := make([]*Resource, len(c.resources))
	for i, gr := range c.resources {
		rows[i] = c.byResource[gr]
	}
	return rows
}

// HasVersion says whether any resource is served under gv.
func (t *Table) HasVersion(gv schema.GroupVersion) bool {
	for _, r := range t.Rows() {
		if r.GroupVersion() == gv {
			return true
		}
	}
	return false
}
