package registry

import (
	"cmp"
	"slices"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// Resource is the row of one kind. Rows are never written to after they are made; all clusters share those that are variables here.
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

	// Default fills in what an object lacks, after package types has done so.
	Default func(obj store.Object)
	// Validate and ValidateUpdate are for kinds whose rules package types does not know, and stand in for its own.
	Validate       func(obj store.Object) field.ErrorList
	ValidateUpdate func(obj, old store.Object) field.ErrorList

	// PrepareCreate runs before validation of a new object; it drops what a client may not set.
	PrepareCreate func(obj store.Object)
	// PrepareNamed runs after PrepareCreate, once a new object has its name and UID.
	PrepareNamed func(obj store.Object)
	// PrepareUpdate runs before validation of an update of the main resource; it carries over from old what such an
	// update may not change, the status above all. What it carries over it may share with old: stored objects are never
	// written to, and comparing what is shared costs nothing.
	PrepareUpdate func(obj, old store.Object)
	// Settle does to an object that is about to be stored what controllers would do with it a moment later, so that whoever wrote it need
	// not wait for them. others are the objects of the resource, obj's old state among them.
	Settle func(obj store.Object, others []store.Object)
	// Spec returns the part whose changes count as a new generation; nil for kinds without generations.
	Spec func(obj store.Object) any

	// Grace returns how long a deletion of obj waits for its owner to let go, given what the client asked for (nil:
	// nothing). Kinds without it are deleted at once.
	Grace func(obj store.Object, asked *int64) int64
	// Immortal names the objects that may not be deleted, and ImmortalText says why; empty: because they may not.
	Immortal     []string
	ImmortalText string
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

	// What follows is for kinds that users define, whose objects have no Go type.

	// ListKind is the kind of lists; empty: that of the objects and "List".
	ListKind string
	// Stored: of several rows of one kind, a version each, this is the one in which objects are kept. Unserved: the version is kept, but
	// nobody can ask for it.
	Stored, Unserved bool
	// Coerce brings what a client sent into the form of the kind, and names the fields that it dropped because the kind has none such.
	Coerce func(obj store.Object) (unknown []string, err error)
	// Show returns a stored object as this row's version shows it: another object, which may share what it points to, or the object itself
	// where there is no difference. Keep returns what the store has of an object that is to be stored: another one, since obj is the caller's, or
	// obj itself.
	Show func(stored store.Object) store.Object
	Keep func(obj store.Object) store.Object
	// MergeType says how the fields of a version of the kind merge.
	MergeType func(version string) typed.ParseableType
	// Schema describes the objects to clients.
	Schema *spec.Schema
	// Selectable finds the value of a field that a field selector may name, beside name and namespace; nil for one that it may not.
	Selectable map[string]func(obj store.Object) string
	// PatchTypes are the patches that the kind takes, as errors list them; nil: all there are.
	PatchTypes []types.PatchType
	// ReplicasPath is where the definition says that the objects have their replicas; nil: where Replicas finds them.
	ReplicasPath []string
	// Refusal is why there may be no new objects.
	Refusal string
	// VersionRequired: an update must say which version of the object it is made for.
	VersionRequired bool
	// Made is where package api keeps what it makes of the row, for a row that does not live as long as the process; nil: it does.
	Made *sync.Map
	// Unavailable is what whoever asks for the row's objects hears instead; nil: they can be had.
	Unavailable error
	// Warnings are what is allowed but probably a mistake in an object, or in an update of old to it.
	Warnings func(obj, old store.Object) []string
	// Deprecation warns whoever asks for this version.
	Deprecation string

	// Columns head the table that kubectl get prints; Cells fill one row of it. Nil prints name and age.
	Columns []metav1.TableColumnDefinition
	Cells   func(obj store.Object) []any
	// MarkRows changes what the rows of a list show for what else is in the list.
	MarkRows func(objs []store.Object, rows []metav1.TableRow)

	// ResetFields are the field paths that a write of the main resource does not own, as each kind's strategy says.
	ResetFields []string

	// StoredAs is the row whose objects these are, for a row that is but another view of them: what is written through one is read through
	// the other. It has a Show and a Keep between the two Go types. Nil: the objects are the row's own, or of its own group.
	StoredAs *Resource
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
	// Connect: what follows in the path is for who is connected to, in whatever method.
	Connect bool
}

// AllVerbs are what a resource can do unless its row says otherwise, sorted as discovery lists them.
var AllVerbs = []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}

// GroupResource is what URLs and errors call the resource.
func (r *Resource) GroupResource() schema.GroupResource {
	return schema.GroupResource{Group: r.Group, Resource: r.Name}
}

// StoreKey is the key of the resource in the store: the name of the row that keeps the objects.
func (r *Resource) StoreKey() schema.GroupResource { return r.keeper().GroupResource() }

// KeptKind is the kind in which objects of the resource are kept, and as what errors about their content name them: a server validates
// what is the same in all versions, which it calls by the older group.
func (r *Resource) KeptKind() schema.GroupVersionKind { return r.keeper().GroupVersionKind() }

func (r *Resource) keeper() *Resource {
	if r.StoredAs == nil {
		return r
	}
	return r.StoredAs
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

// SetDefaults fills in what an object of the resource lacks.
func (r *Resource) SetDefaults(obj store.Object) {
	podtypes.Default(obj)
	if r.Default != nil {
		r.Default(obj)
	}
}

// Errors are what is wrong with a new object.
func (r *Resource) Errors(obj store.Object) field.ErrorList {
	if r.Validate == nil {
		return podtypes.Errors(obj)
	}
	return r.Validate(obj)
}

// UpdateErrors are what is wrong with an update of old to obj.
func (r *Resource) UpdateErrors(obj, old store.Object) field.ErrorList {
	if r.ValidateUpdate == nil {
		return podtypes.UpdateErrors(obj, old)
	}
	return r.ValidateUpdate(obj, old)
}

// ListGroupVersionKind is what lists of the resource carry as apiVersion and kind.
func (r *Resource) ListGroupVersionKind() schema.GroupVersionKind {
	return r.GroupVersion().WithKind(cmp.Or(r.ListKind, r.Kind+"List"))
}

// WarningsOf are what is allowed but probably a mistake in obj, or in an update of old to it.
func (r *Resource) WarningsOf(obj, old store.Object) []string {
	if r.Warnings == nil {
		return nil
	}
	return r.Warnings(obj, old)
}

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
