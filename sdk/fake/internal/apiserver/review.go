package apiserver

import (
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
)

// reviewer answers a question that was sent, or says what is wrong with it. The answer may be another object.
type reviewer func(s *Server, req *http.Request, obj store.Object, t target) (store.Object, error)

// reviewers answer the kinds that are created only to be answered.
var reviewers = map[*registry.Resource]reviewer{
	registry.LocalSubjectAccessReviews: (*Server).localAccess,
	registry.SelfSubjectAccessReviews:  (*Server).selfAccess,
	registry.SelfSubjectReviews:        (*Server).selfReview,
	registry.SelfSubjectRulesReviews:   (*Server).selfRules,
	registry.SubjectAccessReviews:      (*Server).subjectAccess,
	registry.TokenReviews:              (*Server).tokenReview,
}

// review carries out a create of a kind that is not kept.
func (s *Server) review(w http.ResponseWriter, req *http.Request, t target, r *registry.Resource, answer reviewer) error {
	opts := &metav1.CreateOptions{}
	if err := decodeOptions(req, "CreateOptions", opts); err != nil {
		return err
	}
	if errs := validation.ValidateCreateOptions(opts); len(errs) > 0 {
		return invalidOptions("CreateOptions", errs)
	}
	body, err := decodeBody(w, req, r.New(), r.GroupVersionKind())
	if err != nil {
		return err
	}
	obj, err := asObject(body)
	if err != nil {
		return err
	}
	if err := checkNamespace(r, obj, t.namespace); err != nil {
		return err
	}
	obj.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	o := writeOptions(req, t, opts.FieldManager, opts.DryRun)
	o.Subresource = ""
	out, err := answer(s, req, s.api.Own(r, obj, o), t)
	if err != nil {
		return err
	}
	out.GetObjectKind().SetGroupVersionKind(r.GroupVersionKind())
	return writeObject(w, req, http.StatusCreated, r, out)
}
