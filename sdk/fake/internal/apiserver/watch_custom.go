package apiserver

import (
	"errors"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"k8s.io/apimachinery/pkg/watch"
)

// errServiceEnded ends a watch of a kind that is defined otherwise now, or no more. The client comes again, and hears which.
var errServiceEnded = errors.New("the definition of the kind changed")

// service is what a watch of a kind that users define must hear of: the definition, from a version of the store on. Its zero value is
// for all other kinds.
type service struct {
	definition string
	since      uint64
}

// followService has a watcher see the definition of the kind that it is for, if there is one.
func (s *Server) followService(r *registry.Resource, w *store.Watcher) service {
	if r.MergeType == nil {
		return service{}
	}
	w.Include(registry.CustomResourceDefinitions.StoreKey())
	return service{r.GroupResource().String(), s.api.Store.Version()} // a definition is called as what it defines
}

// endsWith says whether an event is the end of the service: a server tears the storage of a kind down when its definition changes or
// goes, and the watches with it.
func (s service) endsWith(e store.Event) bool {
	if e.Version <= s.since || e.Object.GetName() != s.definition {
		return false
	}
	return e.Type == watch.Deleted || e.Old != nil && e.Old.GetGeneration() != e.Object.GetGeneration()
}
