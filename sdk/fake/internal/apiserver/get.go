package apiserver

import (
	"net/http"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// get answers one object.
func (s *Server) get(w http.ResponseWriter, req *http.Request, t target) error {
	if err := s.checkReached(req.URL.Query().Get("resourceVersion")); err != nil {
		return err
	}
	e, err := s.api.Store.Edition(t.resource.StoreKey(), t.namespace, t.name)
	if err != nil {
		return apierrors.NewNotFound(t.resource.GroupResource(), t.name)
	}
	return writeEdition(w, req, http.StatusOK, t.resource, shown(t.resource, e))
}

// checkReached answers a timeout for a version that the store has not reached; a real server waits three seconds
// for it before it says the same.
func (s *Server) checkReached(version string) error {
	if version == "" {
		return nil
	}
	v, err := strconv.ParseUint(version, 10, 64)
	if err != nil {
		return invalidVersion(version)
	}
	if now := s.api.Store.Version(); v > now {
		return tooLarge(v, now)
	}
	return nil
}
