package apiserver

import (
	"fmt"
	"net/http"
	"slices"

	policyv1 "k8s.io/api/policy/v1"
	policyv1beta1 "k8s.io/api/policy/v1beta1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// eviction deletes a pod in the name of someone who wants its node. Both versions of its kind are taken.
func (s *Server) eviction(w http.ResponseWriter, req *http.Request, t target) error {
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateCreateOptions(opts); len(errs) > 0 {
		return invalidOptions("CreateOptions", errs)
	}
	e, err := decodeEviction(w, req)
	if err != nil {
		return err
	}
	if err := checkNamespace(t.resource, e, t.namespace); err != nil {
		return err
	}
	if e.Name != t.name {
		return badRequest("name in URL does not match name in Eviction object")
	}
	if o := e.DeleteOptions; o != nil && ptr.Deref(o.IgnoreStoreReadErrorWithClusterBreakingPotential, false) {
		return apierrors.NewInvalid(policyv1.SchemeGroupVersion.WithKind("Eviction").GroupKind(), t.name, field.ErrorList{
			field.Invalid(field.NewPath("deleteOptions", "ignoreStoreReadErrorWithClusterBreakingPotential"), true,
				"can not be set for pod eviction, try after removing the option"),
		})
	}
	deletion, err := evictionOptions(e, opts.DryRun)
	if err != nil {
		return err
	}
	if err := s.api.Evict(t.namespace, t.name, deletion); err != nil {
		return err
	}
	return writeObject(w, req, http.StatusCreated, nil, succeeded(http.StatusCreated))
}

// decodeEviction reads a body in policy/v1 or its predecessor, which is the same.
func decodeEviction(w http.ResponseWriter, req *http.Request) (*policyv1.Eviction, error) {
	f, err := bodyFormat(req)
	if err != nil {
		return nil, err
	}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	e, kind := &policyv1.Eviction{}, policyv1.SchemeGroupVersion.WithKind("Eviction")
	validation := req.URL.Query().Get("fieldValidation")
	beta := &policyv1beta1.Eviction{}
	betaKind := policyv1beta1.SchemeGroupVersion.WithKind("Eviction")
	if _, got, err := f.info.Serializer.Decode(body, &kind, beta); err == nil && *got == betaKind {
		_, err := decode(w, f, body, beta, betaKind, validation)
		e.ObjectMeta, e.DeleteOptions = beta.ObjectMeta, beta.DeleteOptions
		return e, err
	}
	_, err = decode(w, f, body, e, kind, validation)
	return e, err
}

// evictionOptions are the options of the deletion, as propagateDryRun completes them.
func evictionOptions(e *policyv1.Eviction, dryRun []string) (metav1.DeleteOptions, error) {
	var opts metav1.DeleteOptions
	if e.DeleteOptions != nil {
		opts = *e.DeleteOptions
	}
	switch {
	case len(opts.DryRun) == 0:
		opts.DryRun = dryRun
	case len(dryRun) > 0 && !slices.Equal(opts.DryRun, dryRun):
		//lint:ignore ST1005 these are the server's words
		return opts, fmt.Errorf("Non-matching dry-run options in request and content: %v and %v", dryRun, opts.DryRun)
	}
	return opts, nil
}
