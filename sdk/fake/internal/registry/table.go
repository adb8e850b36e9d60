package registry

import (
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Table is the set of resources that one cluster serves, in the order of discovery.
type Table struct {
	rows   []*Resource
	byPath map[schema.GroupVersionResource]*Resource
	byKind map[schema.GroupKind]*Resource
}

// NewTable returns a table of the given rows. A row given twice counts once.
func NewTable(rows ...*Resource) *Table {
	t := &Table{
		byPath: make(map[schema.GroupVersionResource]*Resource, len(rows)),
		byKind: make(map[schema.GroupKind]*Resource, len(rows)),
	}
	for _, r := range rows {
		path := r.GroupVersion().WithResource(r.Name)
		if t.byPath[path] != nil {
			continue
		}
		t.rows = append(t.rows, r)
		t.byPath[path] = r
		t.byKind[r.GroupVersionKind().GroupKind()] = r
	}
	return t
}

// Rows returns all resources in order. The slice is shared: do not write to it.
func (t *Table) Rows() []*Resource { return t.rows }

// Lookup finds a resource by its path, or returns nil.
func (t *Table) Lookup(gvr schema.GroupVersionResource) *Resource { return t.byPath[gvr] }

// ForKind finds the resource of a kind, or returns nil.
func (t *Table) ForKind(gk schema.GroupKind) *Resource { return t.byKind[gk] }

// HasVersion says whether any resource is served under gv.
func (t *Table) HasVersion(gv schema.GroupVersion) bool {
	for _, r := range t.rows {
		if r.GroupVersion() == gv {
			return true
		}
	}
	return false
}
