package api

import (
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// API is the API of one cluster. Safe for concurrent use.
type API struct {
	Store *store.Store
	Table *registry.Table

	draws    *draws
	defaults map[schema.GroupKind]func(runtime.Object)
	services *allocations
	sharing  sharing
	charging sync.Mutex   // held by who charges quotas: of two at once neither would know of the other
	counting sync.RWMutex // held by who counts what quotas bound, against those who have charged for an object that is not stored yet
}

// New returns an API that serves the resources of table out of an empty store. All random names and uids follow from
// seed.
func New(table *registry.Table, seed uint64) *API {
	a := &API{Store: store.New(history), Table: table, draws: newDraws(seed), sharing: newSharing()}
	a.serveDefinitions()
	a.serveServices()
	return a
}

// history is how many events a late watch can go back, over all kinds. A real server keeps five minutes of them.
const history = 4096

// WriteOptions say who writes and how. The zero value is an anonymous write of the main resource.
type WriteOptions struct {
	Manager string // who owns the fields that change
	// Version is the API group version that was written through, where that is not the resource's own: owned fields have its names.
	Version     schema.GroupVersion
	Subresource string // "", "status", ...: what part is written
	DryRun      bool   // carry out everything but the write
	// Shape names new objects of this manager that all have values in the same fields, whatever the values are: who owns what is then
	// found out once in a process. The keys of maps and the values of sets count as fields. Empty for an object of which that is not known.
	Shape string
	// Warn hears what is allowed but probably a mistake; nil for those who do not care.
	Warn func(text string)
}
