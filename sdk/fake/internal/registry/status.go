package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	podtypes "github.com/podwright/podwright/types"
	_ "github.com/podwright/podwright/types/workloads" // the rules of the kinds outside the core group
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// withStatus makes the status of a kind a part of its own, as the strategies of all such kinds do: a write of the main
// resource drops or keeps it, one of the status subresource keeps the spec. parts points to the two in an object.
func withStatus[T store.Object, Spec, Status any](r *Resource, parts func(T) (*Spec, *Status)) *Resource {
	r.PrepareCreate = func(obj store.Object) {
		var none Status
		_, status := parts(obj.(T))
		*status = none
	}
	r.PrepareUpdate = func(obj, old store.Object) {
		_, status := parts(obj.(T))
		_, was := parts(old.(T))
		*status = *was
	}
	r.Subresources = append(r.Subresources, Subresource{
		Name: "status", Verbs: []string{"get", "patch", "update"}, ResetFields: []string{"spec"},
		PrepareUpdate: func(obj, old store.Object) {
			spec, _ := parts(obj.(T))
			was, _ := parts(old.(T))
			*spec = *was
		},
		ValidateUpdate: statusErrors,
	})
	r.ResetFields = []string{"status"}
	return r
}

// statusErrors holds a new status against the rules of its kind.
func statusErrors(obj, old store.Object) field.ErrorList {
	return podtypes.StatusUpdateErrors(obj, old)
}
