package apiserver

import (
	"fmt"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	rbacv1 "k8s.io/api/rbac/v1"
)

// authorize lets its sender be who he asks to be taken for, if he may, and refuses a request that its sender may not make.
func (s *Server) authorize(w http.ResponseWriter, req *http.Request) (*http.Request, error) {
	wanted, impersonates, err := authz.Wanted(req.Header)
	if err != nil || s.authorizer == nil && !impersonates {
		return req, err
	}
	a := authz.Of(req, authz.From(req.Context()))
	if impersonates {
		if a.User, err = s.authorizer.Impersonate(a, wanted); err != nil {
			return req, refused(w, err)
		}
		req = as(req, a.User)
	}
	if allowed, reason := s.authorizer.Authorize(a); !allowed {
		return req, refused(w, authz.Forbidden(a, reason))
	}
	return req, nil
}

// refused marks an answer as RespondWithError does.
func refused(w http.ResponseWriter, err error) error {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	return err
}

// rbacOf reads roles and bindings from a cluster, as they are when a request comes.
func rbacOf(a *api.API) *authz.RBAC {
	return &authz.RBAC{
		Roles: func(namespace, name string) (*rbacv1.Role, error) {
			obj, err := a.Get(registry.Roles, namespace, name)
			if err != nil { // in the words of a lister, which knows kinds and no resources
				return nil, fmt.Errorf("role.rbac.authorization.k8s.io %q not found", name)
			}
			return obj.(*rbacv1.Role), nil
		},
		ClusterRoles: func() []*rbacv1.ClusterRole { return listOf[*rbacv1.ClusterRole](a, registry.ClusterRoles, "") },
		RoleBindings: func(namespace string) []*rbacv1.RoleBinding {
			return listOf[*rbacv1.RoleBinding](a, registry.RoleBindings, namespace)
		},
		ClusterRoleBindings: func() []*rbacv1.ClusterRoleBinding {
			return listOf[*rbacv1.ClusterRoleBinding](a, registry.ClusterRoleBindings, "")
		},
	}
}

func listOf[T store.Object](a *api.API, r *registry.Resource, namespace string) []T {
	objs, _ := a.List(r, namespace)
	list := make([]T, len(objs))
	for i, obj := range objs {
		list[i] = obj.(T)
	}
	return list
}
