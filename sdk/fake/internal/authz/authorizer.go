package authz

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Authorizer says what users may do. The nil Authorizer allows everything.
type Authorizer struct {
	// Forbidden are refused whatever else allows them.
	Forbidden []Rule
	// RBAC, if not nil, must allow what is asked for, except to the group of masters.
	RBAC *RBAC
}

// openPaths are what anybody may ask for, as --authorization-always-allow-paths has it.
var openPaths = []string{"/healthz", "/readyz", "/livez"}

// Authorize says whether what is asked for is allowed, and why or why not, if there is something to say.
func (z *Authorizer) Authorize(a Attributes) (allowed bool, reason string) {
	if z == nil || !a.IsResource() && slices.Contains(openPaths, a.Path) {
		return true, ""
	}
	for i := range z.Forbidden {
		if z.Forbidden[i].covers(&a) {
			return false, z.Forbidden[i].Reason
		}
	}
	if z.RBAC == nil || a.User.In(Masters) {
		return true, ""
	}
	return z.RBAC.authorize(&a)
}

// Rules are what a user may do in a namespace, as a list. problem says what the list does not show, if anything.
func (z *Authorizer) Rules(u User, namespace string) (rules []rbacv1.PolicyRule, problem string) {
	if z == nil {
		return everything, ""
	}
	if len(z.Forbidden) > 0 {
		problem = "fake.Forbid refuses by rules, which a list of what is allowed does not show"
	}
	if z.RBAC == nil || u.In(Masters) {
		return everything, problem
	}
	rules, missing := z.RBAC.rules(u, namespace)
	if missing != "" {
		problem = missing
	}
	return rules, problem
}

// everything is what an authorizer lists that allows all.
var everything = []rbacv1.PolicyRule{
	{Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}},
	{Verbs: []string{"*"}, NonResourceURLs: []string{"*"}},
}
