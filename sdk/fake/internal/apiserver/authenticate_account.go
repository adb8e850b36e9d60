package apiserver

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/token"
)

// leeway is by how much clocks may differ, as go-jose has it.
const leeway = time.Minute

// audiencesOf are those of the audiences that a token is for.
func audiencesOf(c token.Claims, audiences []string) ([]string, error) {
	var both []string
	for _, a := range c.Audience {
		if slices.Contains(audiences, a) {
			both = append(both, a)
		}
	}
	if len(both) == 0 {
		return nil, fmt.Errorf("token audiences %q is invalid for the target audiences %q", c.Audience, audiences)
	}
	return both, nil
}

// holds says why a token that was given out is no longer good, as the validator of a real server's claims does: it has
// expired, or what it is bound to is gone.
func (s *Server) holds(c token.Claims) error {
	now := time.Now()
	switch {
	case now.Add(leeway).Before(time.Unix(c.NotBefore, 0)):
		return errors.New("service account token is not valid yet")
	case now.Add(-leeway).After(time.Unix(c.Expiry, 0)):
		return errors.New("service account token has expired")
	}
	k := c.Kubernetes
	account, err := s.api.Get(registry.ServiceAccounts, k.Namespace, k.Account.Name)
	if err != nil {
		return err
	}
	if string(account.GetUID()) != k.Account.UID {
		return fmt.Errorf("service account UID (%s) does not match claim (%s)", account.GetUID(), k.Account.UID)
	}
	if d := account.GetDeletionTimestamp(); d != nil && d.Time.Before(now.Add(-leeway)) {
		return fmt.Errorf("service account %s/%s has been deleted", k.Namespace, k.Account.Name)
	}
	for _, bound := range []struct {
		ref       *token.Ref
		row       *registry.Resource
		namespace string
		mismatch  string
	}{
		{k.Secret, registry.Secrets, k.Namespace, "secret UID (%s) does not match service account secret ref claim (%s)"},
		{k.Pod, registry.Pods, k.Namespace, "pod UID (%s) does not match service account pod ref claim (%s)"},
		{nodeIfAlone(k), registry.Nodes, "", "node UID (%s) does not match service account node ref claim (%s)"},
	} {
		if bound.ref == nil {
			continue
		}
		obj, err := s.api.Get(bound.row, bound.namespace, bound.ref.Name)
		if err != nil {
			return errInvalidated
		}
		if string(obj.GetUID()) != bound.ref.UID {
			return fmt.Errorf(bound.mismatch, obj.GetUID(), bound.ref.UID)
		}
		if d := obj.GetDeletionTimestamp(); d != nil && d.Time.Before(now.Add(-leeway)) {
			return errInvalidated
		}
	}
	return nil
}

var errInvalidated = errors.New("service account token has been invalidated")

// nodeIfAlone is the node that a token is bound to; that of a pod is only told about.
func nodeIfAlone(k token.Bound) *token.Ref {
	if k.Pod != nil {
		return nil
	}
	return k.Node
}

// accountUser is who the bearer of a token is, as ServiceAccountInfo.UserInfo says.
func accountUser(c token.Claims) authz.User {
	k := c.Kubernetes
	extra := map[string][]string{}
	add := func(key, value string) {
		if value != "" {
			extra["authentication.kubernetes.io/"+key] = []string{value}
		}
	}
	if k.Pod != nil {
		add("pod-name", k.Pod.Name)
		add("pod-uid", k.Pod.UID)
	}
	if k.Node != nil {
		add("node-name", k.Node.Name)
		add("node-uid", k.Node.UID)
	}
	if c.ID != "" {
		add("credential-id", "JTI="+c.ID)
	}
	return authz.User{
		Name: authz.AccountName(k.Namespace, k.Account.Name), UID: k.Account.UID,
		Groups: append(authz.AccountGroups(k.Namespace), authz.Authenticated), Extra: extra,
	}
}
