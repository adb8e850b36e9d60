package apiserver

import (
	"fmt"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
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
	updated, err := s.api.Replace(t.resource, t.namespace, t.name, o, func(old store.Object) (store.Object, error) {
		if err := checkUID(t.resource, obj, old); err != nil {
			return nil, err
		}
		return asObject(obj.DeepCopyObject())
	})
	if err != nil {
		return err
	}
	return writeObject(w, req, http.StatusOK, t.resource, updated)
}

// checkUID refuses a PUT that was made for another object of the same name, as the storage layer of a real server
// words it.
func checkUID(r *registry.Resource, obj, old store.Object) error {
	if obj.GetUID() == "" || obj.GetUID() == old.GetUID() {
		return nil
	}
	return apierrors.NewConflict(r.GroupResource(), old.GetName(), fmt.Errorf(
		"StorageError: invalid object, Code: 4, Key: %s, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: %s, UID in object meta: %s",
		storageKey(r, old), obj.GetUID(), old.GetUID()))
}

// storageKey is where a real server keeps the object.
func storageKey(r *registry.Resource, obj store.Object) string {
	key := "/registry/" + r.Name
	if r.Group != "" {
		key = "/registry/" + r.Group + "/" + r.Name
	}
	if r.Namespaced {
		key += "/" + obj.GetNamespace()
	}
	return key + "/" + obj.GetName()
}
