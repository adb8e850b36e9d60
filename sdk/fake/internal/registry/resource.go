package registry

import (
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Resource is the row of one kind. Rows are shared by all clusters and never written to after they are made.
// Every func may be nil, which means that its kind has nothing special there.
type Resource struct {
	Group, Version string
	Kind           string
	Name           string // plural, as in URLs
	Singular       string
	ShortNames     []string
	Categories     []string
	Namespaced     bool
	Verbs          []string // nil: AllVerbs

	New     func() store.Object
	NewList func() runtime.Object

	// PrepareCreate runs before validation of a new object; it drops what a client may not set.
	PrepareCreate func(obj store.Object)
	// PrepareNamed runs after PrepareCreate, once a new object has its name and UID.
	PrepareNamed func(obj store.Object)
	// PrepareUpdate runs before validation of an update of the main resource; it carries over from old what such an
	// update may not change, the status above all. What it carries over it may share with old: stored objects are never
	// written to, and comparing what is shared costs nothing.
	PrepareUpdate func(obj, old store.Object)
	// Spec returns the part whose changes count as a new generation; nil for kinds without generations.
	Spec func(obj store.Object) any

	// Grace returns how long a deletion of obj waits for its owner to let go, given what the client asked for (nil:
	// nothing). Kinds without it are deleted at once.
	Grace func(obj store.Object, asked *int64) int64
	// Immortal names the objects that may not be deleted.
	Immortal []string
	// Held says that obj must stay although it has no finalizers in its metadata.
	Held func(obj store.Object) bool
	// PrepareDelete changes an object that is marked as deleted but stays for now.
	PrepareDelete func(obj store.Object)
	// ReturnDeleted: a DELETE that removes at once answers the object instead of a Status.
	ReturnDeleted bool
	// OrphanByDefault: a DELETE without propagationPolicy leaves dependents alone.
	OrphanByDefault bool

	Subresources []Subresource
	// Replicas finds what the scale subresource shows and sets; nil for kinds without one.
	Replicas func(obj store.Object) Replicas

	// Columns head the table that kubectl get prints; Cells fill one row of it. Nil prints name and age.
	Columns []metav1.TableColumnDefinition
	Cells   func(obj store.Object) []any

	// ResetFields are the field paths that a write of the main resource does not own, as each kind's strategy says.
	ResetFields []string
}

// Subresource is a part of an object with a URL of its own.
type Subresource struct {
	Name  string
	Kind  string // what is sent and answered, where it is not the resource's own kind
	Group string // of Kind, where it is not the resource's own group
	// Version of Kind, likewise.
	Version string
	Verbs   []string

	// PrepareUpdate is as Resource.PrepareUpdate, for updates through this subresource. A subresource that has it is
	// a view of the whole object (status, ephemeralcontainers, resize); the others are carried out by the API face.
	PrepareUpdate func(obj, old store.Object)
	// ValidateUpdate holds an update through this subresource against the rules.
	ValidateUpdate func(obj, old store.Object) field.ErrorList
	// ResetFields is as Resource.ResetFields.
	ResetFields []string
	// Raw: what is answered is no object but a text or a connection.
	Raw bool
}

// AllVerbs are what a resource can do unless its row says otherwise, sorted as discovery lists them.
var AllVerbs = []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}

// GroupResource is the key of the resource in the store and in errors.
func (r *Resource) GroupResource() schema.GroupResource {
	return schema.GroupResource{Group: r.Group, Resource: r.Name}
}

// GroupVersionKind is what objects of the resource carry as apiVersion and kind.
func (r *Resource) GroupVersionKind() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
}

// GroupVersion is where the resource is served.
func (r *Resource) GroupVersion() schema.GroupVersion {
	return schema.GroupVersion{Group: r.Group, Version: r.Version}
}

// Can says whether the resource itself has a verb.
func (r *Resource) Can(verb string) bool { return slices.Contains(r.AllowedVerbs(), verb) }

// AllowedVerbs are the verbs of the resource itself.
func (r *Resource) AllowedVerbs() []string {
	if r.Verbs == nil {
		return AllVerbs
	}
	return r.Verbs
}

// Subresource finds a subresource by name, or returns nil.
func (r *Resource) Subresource(name string) *Subresource {
	for i := range r.Subresources {
		if r.Subresources[i].Name == name {
			return &r.Subresources[i]
		}
	}
	return nil
}

// Can says whether the subresource has a verb.
func (s *Subresource) Can(verb string) bool { return slices.Contains(s.Verbs, verb) }

// TableColumns head the resource's table.
func (r *Resource) TableColumns() []metav1.TableColumnDefinition {
	if r.Columns == nil {
		return DefaultColumns
	}
	return r.Columns
}

// TableCells fill one row of it.
func (r *Resource) TableCells(obj store.Object) []any {
	if r.Cells == nil {
		return DefaultCells(obj)
	}
	return r.Cells(obj)
}
