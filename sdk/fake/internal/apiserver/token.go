package apiserver

import (
	"fmt"
	"net/http"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/internal/token"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// createToken gives out a token of a service account: the serviceaccounts/token subresource.
func (s *Server) createToken(w http.ResponseWriter, req *http.Request, t target) error {
	return s.review(w, req, t, registry.TokenRequests, (*Server).requestToken)
}

var tokenRequestKind = registry.TokenRequests.GroupVersionKind().GroupKind()

// requestToken is TokenREST.Create.
func (s *Server) requestToken(_ *http.Request, obj store.Object, t target) (store.Object, error) {
	r := obj.(*authenticationv1.TokenRequest)
	if r.Name != "" && r.Name != t.name {
		return nil, apierrors.NewInvalid(tokenRequestKind, t.name, field.ErrorList{
			field.Invalid(field.NewPath("metadata", "name"), r.Name, "must match the service account name if specified")})
	}
	account, err := s.api.Get(registry.ServiceAccounts, t.namespace, t.name)
	if err != nil {
		return nil, err
	}
	if r.UID != "" && r.UID != account.GetUID() {
		return nil, apierrors.NewConflict(schema.GroupResource{Group: tokenRequestKind.Group, Resource: tokenRequestKind.Kind}, t.name, fmt.Errorf(
			"the UID in the token request (%s) does not match the UID of the service account (%s)", r.UID, account.GetUID()))
	}
	if len(r.Spec.Audiences) == 0 {
		r.Spec.Audiences = []string{token.URL}
	}
	now := time.Now()
	r.Name, r.Namespace, r.UID = account.GetName(), account.GetNamespace(), account.GetUID()
	r.CreationTimestamp, r.Status = metav1.NewTime(now), authenticationv1.TokenRequestStatus{}
	if errs := tokenRequestErrors(r); len(errs) > 0 {
		return nil, apierrors.NewInvalid(tokenRequestKind, "", errs)
	}
	claims := s.claims(r, now)
	if err := s.bind(&claims.Kubernetes, r, account); err != nil {
		return nil, err
	}
	extend(&claims, r)
	text, err := s.issuer.Sign(claims)
	if err != nil {
		return nil, apierrors.NewInternalError(fmt.Errorf("failed to generate token: %w", err))
	}
	r.Status.Token = text
	r.Status.ExpirationTimestamp = metav1.NewTime(now.Add(time.Duration(*r.Spec.ExpirationSeconds) * time.Second))
	return r, nil
}

// tokenRequestErrors is ValidateTokenRequest, with the default of a duration filled in first.
func tokenRequestErrors(r *authenticationv1.TokenRequest) field.ErrorList {
	const hour, shortest, longest = 3600, 600, 1 << 32
	if r.Spec.ExpirationSeconds == nil {
		r.Spec.ExpirationSeconds = new(int64(hour))
	}
	var errs field.ErrorList
	at, seconds := field.NewPath("spec", "expirationSeconds"), *r.Spec.ExpirationSeconds
	if seconds < shortest {
		errs = append(errs, field.Invalid(at, seconds, "may not specify a duration less than 10 minutes"))
	}
	if seconds > longest {
		errs = append(errs, field.Invalid(at, seconds, "may not specify a duration larger than 2^32 seconds"))
	}
	return errs
}

func (s *Server) claims(r *authenticationv1.TokenRequest, now time.Time) token.Claims {
	return token.Claims{
		Audience: r.Spec.Audiences, Subject: authz.AccountName(r.Namespace, r.Name),
		IssuedAt: now.Unix(), NotBefore: now.Unix(), Expiry: now.Unix() + *r.Spec.ExpirationSeconds,
		ID:         string(s.api.NewUID("token of " + r.Namespace + "/" + r.Name)),
		Kubernetes: token.Bound{Namespace: r.Namespace, Account: token.Ref{Name: r.Name, UID: string(r.UID)}},
	}
}

// The duration that pods ask for is not taken at its word where the token is for the API server: they are warned after
// it, and may go on for a year, as --service-account-extend-token-expiration has it.
const (
	warnedSeconds   = 60*60 + 7
	extendedSeconds = 60 * 60 * 24 * 365
)

func extend(c *token.Claims, r *authenticationv1.TokenRequest) {
	for _, a := range r.Spec.Audiences {
		if a != token.URL {
			return
		}
	}
	if c.Kubernetes.Pod != nil && *r.Spec.ExpirationSeconds == warnedSeconds {
		c.Kubernetes.WarnAfter = c.IssuedAt + warnedSeconds
		c.Expiry = c.IssuedAt + extendedSeconds
	}
}

// bind writes into a token what it is bound to.
func (s *Server) bind(b *token.Bound, r *authenticationv1.TokenRequest, account store.Object) error {
	ref := r.Spec.BoundObjectRef
	if ref == nil {
		return nil
	}
	kind := schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind)
	rows := map[string]*registry.Resource{"Pod": registry.Pods, "Node": registry.Nodes, "Secret": registry.Secrets}
	row := rows[kind.Kind]
	if kind.Group != "" || row == nil {
		return badRequest("cannot bind token to object of type %s", kind)
	}
	obj, err := s.boundObject(row, r.Namespace, ref.Name)
	if err != nil {
		return err
	}
	bound := &token.Ref{Name: obj.GetName(), UID: string(obj.GetUID())}
	switch obj := obj.(type) {
	case *corev1.Pod:
		if obj.Spec.ServiceAccountName != account.GetName() {
			return badRequest("cannot bind token for serviceaccount %q to pod running with different serviceaccount name.", account.GetName())
		}
		b.Pod, b.Node = bound, s.nodeRef(obj.Spec.NodeName)
	case *corev1.Node:
		b.Node = bound
	case *corev1.Secret:
		b.Secret = bound
	}
	if ref.UID != "" && ref.UID != obj.GetUID() {
		return apierrors.NewConflict(schema.GroupResource{Group: kind.Group, Resource: kind.Kind}, ref.Name, fmt.Errorf("the UID in the bound object "+
			"reference (%s) does not match the UID in record. The object might have been deleted and then recreated", ref.UID))
	}
	return nil
}

func (s *Server) boundObject(row *registry.Resource, namespace, name string) (store.Object, error) {
	if !row.Namespaced {
		namespace = ""
	}
	return s.api.Get(row, namespace, name)
}

// nodeRef is what a token says of its pod's node, which need not exist.
func (s *Server) nodeRef(name string) *token.Ref {
	if name == "" {
		return nil
	}
	ref := &token.Ref{Name: name}
	if node, err := s.api.Get(registry.Nodes, "", name); err == nil {
		ref.UID = string(node.GetUID())
	}
	return ref
}
