package api

import (
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// API is the API of one cluster. Safe for concurrent use.
type API struct {
	Store *store.Store
	Table *registry.Table

	draws *draws
}

// New returns an API that serves the resources of table out of an empty store. All random names and uids follow from
// seed.
func New(table *registry.Table, seed uint64) *API {
	return &API{Store: store.New(history), Table: table, draws: newDraws(seed)}
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
	// Warn hears what is allowed but probably a mistake; nil for those who do not care.
	Warn func(text string)
}
