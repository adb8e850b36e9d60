package apiserver

import (
	"sync"
	"sync/atomic"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// audience counts the watches that show a resource in a form. As long as there are any, the answer to a write is worth keeping: the event
// that follows is the same bytes. Else it would only take room beside the object. The zero value is nobody.
type audience struct {
	seats sync.Map // of seat to *atomic.Int64
}

type seat struct {
	resource schema.GroupVersionResource
	form     string
}

func seatOf(r *registry.Resource, form string) seat {
	return seat{r.GroupVersion().WithResource(r.Name), form}
}

// enter counts a watch until leave is called.
func (a *audience) enter(r *registry.Resource, form string) (leave func()) {
	n, _ := a.seats.LoadOrStore(seatOf(r, form), new(atomic.Int64))
	count := n.(*atomic.Int64)
	count.Add(1)
	return func() { count.Add(-1) }
}

// sees says whether anybody watches.
func (a *audience) sees(r *registry.Resource, form string) bool {
	n, ok := a.seats.Load(seatOf(r, form))
	return ok && n.(*atomic.Int64).Load() > 0
}
