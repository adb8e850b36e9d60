package apiserver

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/token"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// errUnauthorized is the answer to a request whose sender is unknown.
var errUnauthorized = &apierrors.StatusError{ErrStatus: metav1.Status{
	Status: metav1.StatusFailure, Code: http.StatusUnauthorized, Reason: metav1.StatusReasonUnauthorized, Message: "Unauthorized",
}}

// authenticate says in the request's context who sends it, and takes the token out of it, so that nobody behind the server
// gets to see it. A trusted sender without a token is the administrator.
func (s *Server) authenticate(req *http.Request, trusted bool) (*http.Request, error) {
	text, given := bearer(req)
	switch {
	case !given && trusted:
		return req, nil
	case !given && isPublic(req.URL.Path):
		return as(req, authz.User{Name: authz.Anonymous, Groups: []string{authz.Unauthenticated}}), nil
	case !given:
		return req, errUnauthorized
	}
	user, _, err := s.userOf(text, []string{token.URL})
	if err != nil {
		return req, errUnauthorized
	}
	req = as(req, user)
	req.Header.Del("Authorization")
	return req, nil
}

func as(req *http.Request, u authz.User) *http.Request {
	return req.WithContext(authz.With(req.Context(), u))
}

// isPublic names what anybody may read.
func isPublic(path string) bool {
	return slices.Contains([]string{"/healthz", "/livez", "/readyz", "/version"}, strings.TrimSuffix(path, "/"))
}

func bearer(req *http.Request) (text string, given bool) {
	scheme, text, _ := strings.Cut(strings.TrimSpace(req.Header.Get("Authorization")), " ")
	text = strings.TrimSpace(text)
	return text, strings.EqualFold(scheme, "Bearer") && text != ""
}

// errInvalidToken is the error about a token that nobody knows.
var errInvalidToken = errors.New("invalid bearer token")

// userOf finds who a token is for, and for which of the audiences it is: the administrator's is for all.
func (s *Server) userOf(text string, audiences []string) (authz.User, []string, error) {
	if s.admin != "" && subtle.ConstantTimeCompare([]byte(text), []byte(s.admin)) == 1 {
		return authz.Admin, audiences, nil
	}
	claims, err := s.issuer.Read(text)
	if errors.Is(err, token.ErrForeign) {
		return authz.User{}, nil, errInvalidToken
	}
	var kept []string
	if err == nil {
		kept, err = audiencesOf(claims, audiences)
	}
	if err == nil {
		err = s.holds(claims)
	}
	if err != nil {
		return authz.User{}, nil, errors.New("[" + errInvalidToken.Error() + ", " + err.Error() + "]")
	}
	return accountUser(claims), kept, nil
}
