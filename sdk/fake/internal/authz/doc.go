// Package authz says who sends a request and what he may do: users, what a request asks for, rules that refuse, and RBAC.
//
// The one thing people get wrong: what a request asks for is read from its path and method alone, before anybody knows
// whether there is such a resource. So who may not list gadgets is told so even where there are no gadgets.
//
//	a := authz.Of(request, user)
//	if allowed, reason := authorizer.Authorize(a); !allowed {
//		return authz.Forbidden(a, reason)
//	}
package authz
