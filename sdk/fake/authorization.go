package fake

import (
	"fmt"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
)

// Rule covers requests: an empty field covers every value, and the empty rule every request. "*" in a list stands for all.
//
//	fake.Forbid(fake.Rule{Verbs: []string{"delete"}, Resources: []string{"pods"}, Namespaces: []string{"prod"}})
type Rule struct {
	// Users are names: "kubernetes-admin" is whoever has not said who he is, "system:serviceaccount:NAMESPACE:NAME" the
	// bearer of a service account's token. UserGroups are groups such as "system:serviceaccounts". A user who is in
	// either is meant.
	Users, UserGroups []string

	// Verbs are "get", "list", "watch", "create", "update", "patch", "delete" and "deletecollection"; for paths, methods in
	// lower case.
	Verbs []string
	// APIGroups are as in roles: "" is the core group, "apps" that of deployments.
	APIGroups []string
	// Resources are as in roles: "pods" does not cover "pods/log", which "pods/log" and "*/log" do.
	Resources []string
	// Namespaces cover what is in them; "" is what is outside of all, lists over all of them included.
	Namespaces []string
	// Names cover requests for one object of such a name. A list has no name, and neither has what is created.
	Names []string

	// NonResourceURLs are paths outside the API, "/metrics", or where they begin, "/openapi/*". A rule that has some covers
	// resources only if it has a field about them too, and one that has a field about them covers only the paths it has.
	NonResourceURLs []string

	// Reason follows in the error after the server's own words. "" adds nothing.
	Reason string
}

// Forbid refuses the requests that any of the rules covers, whoever sends them, with 403 and the real server's words:
//
//	pods "web" is forbidden: User "kubernetes-admin" cannot delete resource "pods" in API group "" in the namespace "prod"
//
// It is asked before anything else is known of a request, as on a real server: also where the object does not exist.
// kubectl auth can-i, and whoever else asks, gets the same answer. The cluster's own components are not asked. Given
// twice, the rules add up. By default nothing is forbidden.
func Forbid(rules ...Rule) Option {
	return func(o *options) {
		for _, r := range rules {
			o.forbid = append(o.forbid, authz.Rule(r))
		}
	}
}

// RBAC refuses what no role allows to who asks, as a real cluster does: roles and bindings are objects like others, and
// count from the moment that they are written. The administrator, who is in the group system:masters, may do everything;
// service accounts, and whoever kubectl --as names, may do what they are bound to. The cluster begins with the roles that
// people bind to (cluster-admin, admin, edit, view, and those that let everybody find out what there is) and without those of
// the system's own components. Rules of [Forbid] come first. By default roles are only kept.
//
// Whoever may write roles may write any: that nobody gives away more than he has is not checked.
func RBAC() Option { return func(o *options) { o.rbac = true } }

// bootstrapRoles makes the roles that a cluster begins with whose permissions are checked.
func (c *Cluster) bootstrapRoles() error {
	asServer := api.WriteOptions{Manager: "kube-apiserver"}
	roles, bindings := authz.Bootstrap()
	for _, r := range roles {
		if _, err := c.api.Create(registry.ClusterRoles, r, asServer); err != nil {
			return fmt.Errorf("cluster role %s: %w", r.Name, err)
		}
	}
	for _, b := range bindings {
		if _, err := c.api.Create(registry.ClusterRoleBindings, b, asServer); err != nil {
			return fmt.Errorf("cluster role binding %s: %w", b.Name, err)
		}
	}
	return nil
}
