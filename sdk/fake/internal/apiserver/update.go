package apiserver

import (
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
)

// update replaces an object by the one in the body. It never creates.
func (s *Server) update(w http.ResponseWriter, req *http.Request, t target) error {
	opts := &metav1.UpdateOptions{}
	if err := decodeOptions(req, "UpdateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateUpdateOptions(opts); len(errs) > 0 {
		return invalidOptions("UpdateOptions", errs)
	}
	obj, err := sentObject(w, req, t)
	if err != nil {
		return err
	}
	o := writeOptions(req, t, opts.FieldManager, opts.DryRun)
	o.Warn = warnOnce(w)
	api.DropRepeatedOwners(obj, o)
	updated, err := s.api.Replace(t.resource, t.namespace, t.name, o, func(old store.Object) (store.Object, error) {
		if err := checkUID(t.resource, obj, old); err != nil {
			return nil, err
		}
		return asObject(obj.DeepCopyObject())
	})
	if err != nil {
		return err
	}
	return s.answer(w, req, http.StatusOK, t.resource, updated)
}

// checkUID refuses a PUT that was made for another object of the same name.
func checkUID(r *registry.Resource, obj, old store.Object) error {
	if obj.GetUID() == "" || obj.GetUID() == old.GetUID() {
		return nil
	}
	return api.StorageConflict(r, old, "UID", string(obj.GetUID()), string(old.GetUID()))
}
