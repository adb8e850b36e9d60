package authz

import (
	"context"
	"slices"
	"strings"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
)

// User is who sends a request. It is not written to once it is made.
type User struct {
	Name   string
	UID    string
	Groups []string
	Extra  map[string][]string
}

// The names that have a meaning, as package user of k8s.io/apiserver has them.
const (
	Anonymous       = "system:anonymous"
	Masters         = "system:masters"
	Authenticated   = "system:authenticated"
	Unauthenticated = "system:unauthenticated"

	accountPrefix = "system:serviceaccount:"
	accounts      = "system:serviceaccounts"
	nodePrefix    = "system:node:"
	nodes         = "system:nodes"
)

// Admin is who sends requests without saying who he is: who set up the cluster.
var Admin = User{Name: "kubernetes-admin", Groups: []string{Masters, Authenticated}}

// In says whether the user is in a group.
func (u *User) In(group string) bool { return slices.Contains(u.Groups, group) }

// AccountName is the user name of a service account.
func AccountName(namespace, name string) string { return accountPrefix + namespace + ":" + name }

// AccountGroups are the groups that every service account of a namespace is in, but for that of all who are known.
func AccountGroups(namespace string) []string { return []string{accounts, accounts + ":" + namespace} }

// SplitAccountName is the reverse of [AccountName], as SplitUsername does it.
func SplitAccountName(user string) (namespace, name string, ok bool) {
	rest, ok := strings.CutPrefix(user, accountPrefix)
	if !ok {
		return "", "", false
	}
	namespace, name, ok = strings.Cut(rest, ":")
	ok = ok && len(apivalidation.ValidateNamespaceName(namespace, false)) == 0 && len(apivalidation.ValidateServiceAccountName(name, false)) == 0
	return namespace, name, ok
}

func isNode(user string) bool {
	name, ok := strings.CutPrefix(user, nodePrefix)
	return ok && len(apivalidation.NameIsDNSSubdomain(name, false)) == 0
}

type userKey struct{}

// With returns a context that says who sends the request.
func With(ctx context.Context, u User) context.Context { return context.WithValue(ctx, userKey{}, u) }

// From returns who sends the request: [Admin] if the context does not say.
func From(ctx context.Context) User {
	if u, ok := ctx.Value(userKey{}).(User); ok {
		return u
	}
	return Admin
}
