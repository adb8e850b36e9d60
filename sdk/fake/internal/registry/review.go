package registry

import (
	"github.com/podwright/podwright/sdk/fake/internal/store"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// Reviews are questions: who creates one gets it back with its answer, and it is not kept. The API face answers them.
var (
	SelfSubjectReviews = review(authenticationv1.GroupName, "SelfSubjectReview", "selfsubjectreviews",
		func() store.Object { return &authenticationv1.SelfSubjectReview{} })
	TokenReviews = review(authenticationv1.GroupName, "TokenReview", "tokenreviews",
		func() store.Object { return &authenticationv1.TokenReview{} })
	LocalSubjectAccessReviews = inNamespace(review(authorizationv1.GroupName, "LocalSubjectAccessReview", "localsubjectaccessreviews",
		func() store.Object { return &authorizationv1.LocalSubjectAccessReview{} }))
	SelfSubjectAccessReviews = review(authorizationv1.GroupName, "SelfSubjectAccessReview", "selfsubjectaccessreviews",
		func() store.Object { return &authorizationv1.SelfSubjectAccessReview{} })
	SelfSubjectRulesReviews = review(authorizationv1.GroupName, "SelfSubjectRulesReview", "selfsubjectrulesreviews",
		func() store.Object { return &authorizationv1.SelfSubjectRulesReview{} })
	SubjectAccessReviews = review(authorizationv1.GroupName, "SubjectAccessReview", "subjectaccessreviews",
		func() store.Object { return &authorizationv1.SubjectAccessReview{} })
)

// TokenRequests are how the subresource token of service accounts is written. It is no resource of its own: no table serves it.
var TokenRequests = inNamespace(review(authenticationv1.GroupName, "TokenRequest", "tokenrequests",
	func() store.Object { return &authenticationv1.TokenRequest{} }))

func review(group, kind, name string, newObject func() store.Object) *Resource {
	return &Resource{
		Group: group, Version: "v1", Kind: kind, Name: name, Singular: name[:len(name)-1], Verbs: []string{"create"},
		New:     newObject,
		NewList: func() runtime.Object { return nil },
	}
}

func inNamespace(r *Resource) *Resource {
	r.Namespaced = true
	return r
}
