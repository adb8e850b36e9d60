package apiserver

import (
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/internal/token"
	authenticationv1 "k8s.io/api/authentication/v1"
)

// selfReview answers who the sender is.
func (s *Server) selfReview(req *http.Request, _ store.Object, _ target) (store.Object, error) {
	answer := &authenticationv1.SelfSubjectReview{}
	answer.CreationTimestamp = api.Now()
	answer.Status.UserInfo = userInfo(authz.From(req.Context()))
	return answer, nil
}

// tokenReview answers who the bearer of a token is.
func (s *Server) tokenReview(_ *http.Request, obj store.Object, _ target) (store.Object, error) {
	r := obj.(*authenticationv1.TokenReview)
	if r.Spec.Token == "" {
		return nil, badRequest("token is required for TokenReview in authentication")
	}
	audiences := r.Spec.Audiences
	if len(audiences) == 0 {
		audiences = []string{token.URL}
	}
	user, kept, err := s.userOf(r.Spec.Token, audiences)
	r.Status.Authenticated = err == nil
	if err != nil {
		r.Status.Error = err.Error()
		return r, nil
	}
	r.Status.User, r.Status.Audiences = userInfo(user), kept
	return r, nil
}

func userInfo(u authz.User) authenticationv1.UserInfo {
	info := authenticationv1.UserInfo{Username: u.Name, UID: u.UID, Groups: u.Groups, Extra: map[string]authenticationv1.ExtraValue{}}
	for key, values := range u.Extra {
		info.Extra[key] = values
	}
	return info
}
