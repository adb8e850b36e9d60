package apiserver

import (
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// selfAccess answers whether the sender may do something.
func (s *Server) selfAccess(req *http.Request, obj store.Object, _ target) (store.Object, error) {
	r := obj.(*authorizationv1.SelfSubjectAccessReview)
	errs := accessErrors(r.Spec.ResourceAttributes, r.Spec.NonResourceAttributes)
	if err := invalidReview(append(errs, noMetaErrors(obj, "must be empty")...)); err != nil {
		return nil, err
	}
	r.Status = s.access(authz.From(req.Context()), r.Spec.ResourceAttributes, r.Spec.NonResourceAttributes)
	return r, nil
}

// subjectAccess answers whether somebody may do something.
func (s *Server) subjectAccess(_ *http.Request, obj store.Object, _ target) (store.Object, error) {
	r := obj.(*authorizationv1.SubjectAccessReview)
	if err := invalidReview(append(subjectSpecErrors(&r.Spec), noMetaErrors(obj, "must be empty")...)); err != nil {
		return nil, err
	}
	r.Status = s.access(subjectOf(&r.Spec), r.Spec.ResourceAttributes, r.Spec.NonResourceAttributes)
	return r, nil
}

// localAccess is subjectAccess within one namespace, for those who may not ask about others.
func (s *Server) localAccess(_ *http.Request, obj store.Object, t target) (store.Object, error) {
	r := obj.(*authorizationv1.LocalSubjectAccessReview)
	errs := append(subjectSpecErrors(&r.Spec), noMetaErrors(obj, "must be empty except for namespace")...)
	if a := r.Spec.ResourceAttributes; a != nil && a.Namespace != r.Namespace {
		errs = append(errs, field.Invalid(field.NewPath("spec.resourceAttributes.namespace"), a.Namespace, "must match metadata.namespace"))
	}
	if a := r.Spec.NonResourceAttributes; a != nil {
		errs = append(errs, field.Invalid(field.NewPath("spec.nonResourceAttributes"), internal(a), "disallowed on this kind of request"))
	}
	if err := invalidReview(errs); err != nil {
		return nil, err
	}
	r.Status = s.access(subjectOf(&r.Spec), r.Spec.ResourceAttributes, r.Spec.NonResourceAttributes)
	return r, nil
}

// selfRules lists what the sender may do in a namespace.
func (s *Server) selfRules(req *http.Request, obj store.Object, _ target) (store.Object, error) {
	namespace := obj.(*authorizationv1.SelfSubjectRulesReview).Spec.Namespace
	if namespace == "" {
		return nil, badRequest("no namespace on request")
	}
	rules, problem := s.authorizer.Rules(authz.From(req.Context()), namespace)
	answer := &authorizationv1.SelfSubjectRulesReview{}
	answer.Status = authorizationv1.SubjectRulesReviewStatus{
		ResourceRules: resourceRules(rules), NonResourceRules: nonResourceRules(rules),
		Incomplete: problem != "", EvaluationError: problem,
	}
	return answer, nil
}

func resourceRules(rules []rbacv1.PolicyRule) []authorizationv1.ResourceRule {
	list := []authorizationv1.ResourceRule{}
	for _, r := range rules {
		if len(r.Resources) > 0 {
			list = append(list, authorizationv1.ResourceRule{
				Verbs: r.Verbs, APIGroups: r.APIGroups, Resources: r.Resources, ResourceNames: r.ResourceNames,
			})
		}
	}
	return list
}

func nonResourceRules(rules []rbacv1.PolicyRule) []authorizationv1.NonResourceRule {
	list := []authorizationv1.NonResourceRule{}
	for _, r := range rules {
		if len(r.NonResourceURLs) > 0 {
			list = append(list, authorizationv1.NonResourceRule{Verbs: r.Verbs, NonResourceURLs: r.NonResourceURLs})
		}
	}
	return list
}

// access is the answer to a question about one user and one thing.
func (s *Server) access(u authz.User, r *authorizationv1.ResourceAttributes, path *authorizationv1.NonResourceAttributes) authorizationv1.SubjectAccessReviewStatus {
	a := authz.Attributes{User: u}
	if r != nil {
		a.Verb, a.Namespace, a.Group, a.Version = r.Verb, r.Namespace, r.Group, r.Version
		a.Resource, a.Subresource, a.Name = r.Resource, r.Subresource, r.Name
	} else {
		a.Verb, a.Path = path.Verb, path.Path
	}
	allowed, reason := s.authorizer.Authorize(a)
	return authorizationv1.SubjectAccessReviewStatus{Allowed: allowed, Reason: reason}
}

func subjectOf(spec *authorizationv1.SubjectAccessReviewSpec) authz.User {
	u := authz.User{Name: spec.User, UID: spec.UID, Groups: spec.Groups, Extra: map[string][]string{}}
	for key, values := range spec.Extra {
		u.Extra[strings.ToLower(key)] = values
	}
	return u
}

// subjectSpecErrors is ValidateSubjectAccessReviewSpec.
func subjectSpecErrors(spec *authorizationv1.SubjectAccessReviewSpec) field.ErrorList {
	errs := accessErrors(spec.ResourceAttributes, spec.NonResourceAttributes)
	if spec.User == "" && len(spec.Groups) == 0 {
		errs = append(errs, field.Invalid(field.NewPath("spec", "user"), spec.User, "at least one of user or group must be specified"))
	}
	return errs
}

// accessErrors says that a question is about a resource or a path.
func accessErrors(r *authorizationv1.ResourceAttributes, path *authorizationv1.NonResourceAttributes) field.ErrorList {
	if (r == nil) != (path == nil) {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("spec"), internal(path),
		"exactly one of nonResourceAttributes or resourceAttributes must be specified")}
}

// internal prints as a real server prints its own type, which has no names for JSON.
func internal(a *authorizationv1.NonResourceAttributes) any {
	if a == nil {
		return nil
	}
	return struct{ Path, Verb string }{a.Path, a.Verb}
}

// noMetaErrors says that a question has no metadata, but for a namespace.
func noMetaErrors(obj store.Object, text string) field.ErrorList {
	accessor, ok := obj.(metav1.ObjectMetaAccessor)
	if !ok {
		return nil
	}
	meta := *accessor.GetObjectMeta().(*metav1.ObjectMeta)
	meta.ManagedFields = nil
	bare := metav1.ObjectMeta{}
	if _, local := obj.(*authorizationv1.LocalSubjectAccessReview); local {
		bare.Namespace = meta.Namespace
	}
	if equality.Semantic.DeepEqual(bare, meta) {
		return nil
	}
	return field.ErrorList{field.Invalid(field.NewPath("metadata"), meta, text)}
}

// invalidReview words problems as a real server does, which has forgotten the kind by then.
func invalidReview(errs field.ErrorList) error {
	if len(errs) == 0 {
		return nil
	}
	return apierrors.NewInvalid(schema.GroupKind{Group: authorizationv1.GroupName}, "", errs)
}
