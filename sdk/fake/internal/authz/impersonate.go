package authz

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Wanted is who a request asks to be taken for by its impersonation headers, which it takes out of them; ok is false where
// there are none. It is processImpersonationHeaders.
func Wanted(header http.Header) (u User, ok bool, err error) {
	u.Name = header.Get(authenticationv1.ImpersonateUserHeader)
	u.UID = header.Get(authenticationv1.ImpersonateUIDHeader)
	u.Groups = header[authenticationv1.ImpersonateGroupHeader]
	extra := false
	for name, values := range header {
		if key, found := strings.CutPrefix(name, authenticationv1.ImpersonateUserExtraHeaderPrefix); found {
			extra = true
			u.addExtra(key, values)
		}
	}
	if u.Name == "" {
		if u.UID != "" || len(u.Groups) > 0 || extra {
			err = apierrors.NewBadRequest(fmt.Sprintf("requested %s without impersonating a user name", u.goString()))
		}
		return User{}, false, err
	}
	for name := range header {
		if strings.HasPrefix(name, "Impersonate-") {
			header.Del(name)
		}
	}
	return u, true, nil
}

func (u *User) addExtra(key string, values []string) {
	key = strings.ToLower(key)
	if plain, err := url.PathUnescape(key); err == nil {
		key = plain
	}
	if u.Extra == nil {
		u.Extra = map[string][]string{}
	}
	u.Extra[key] = append(u.Extra[key], values...)
}

// goString is the user as a real server prints its own type into an error.
func (u *User) goString() string {
	return fmt.Sprintf("&user.DefaultInfo{Name:%q, UID:%q, Groups:%#v, Extra:%#v}", u.Name, u.UID, u.Groups, u.Extra)
}

// Impersonate says who the sender of a request becomes who asks to be taken for wanted, or why he may not. The modes of
// constrained impersonation are tried first, and their first refusal is the answer, as getImpersonatedUser has it.
func (z *Authorizer) Impersonate(a Attributes, wanted User) (User, error) {
	var first error
	for _, m := range modes {
		if !m.fits(&wanted, &a.User) {
			continue
		}
		err := m.check(z, a, wanted)
		if err == nil {
			return completed(wanted, m.name != ""), nil
		}
		if first == nil {
			first = err
		}
	}
	return User{}, first
}

// mode is one of the ways in which impersonation can be allowed.
type mode struct {
	name string // "" is the oldest way, which knows no limits
	fits func(wanted, sender *User) bool
}

var modes = []mode{
	{"associated-node", func(wanted, sender *User) bool {
		_, _, account := SplitAccountName(sender.Name)
		on := sender.Extra["authentication.kubernetes.io/node-name"]
		return account && wanted.onlyNamed() && isNode(wanted.Name) && len(on) == 1 && nodePrefix+on[0] == wanted.Name
	}},
	{"arbitrary-node", func(wanted, _ *User) bool { return wanted.onlyNamed() && isNode(wanted.Name) }},
	{"serviceaccount", func(wanted, _ *User) bool {
		_, _, account := SplitAccountName(wanted.Name)
		return wanted.onlyNamed() && account
	}},
	{"user-info", func(wanted, _ *User) bool {
		_, _, account := SplitAccountName(wanted.Name)
		return !account && !isNode(wanted.Name)
	}},
	{"", func(*User, *User) bool { return true }},
}

func (u *User) onlyNamed() bool { return u.UID == "" && len(u.Groups) == 0 && len(u.Extra) == 0 }

// check asks for all that the mode requires: what the request is for, and each thing about the user that is wanted.
func (m mode) check(z *Authorizer, a Attributes, wanted User) error {
	verb, group := "impersonate", ""
	if m.name != "" {
		on := a
		on.Verb = "impersonate-on:" + m.name + ":" + a.Verb
		if err := z.require(on); err != nil {
			return err
		}
		verb, group = "impersonate:"+m.name, authenticationv1.GroupName
	}
	for _, asked := range m.asked(a.User, wanted, verb, group) {
		if m.name != "" && asked.Resource == "groups" && (asked.Name == "" || asked.Name == Masters) {
			return Forbidden(asked, "impersonating the "+cmp.Or(asked.Name, "empty string")+" group is not allowed")
		}
		if err := z.require(asked); err != nil {
			return err
		}
	}
	return nil
}

// asked lists what the sender must be allowed to be: a name, an id, groups and extras.
func (m mode) asked(sender, wanted User, verb, group string) []Attributes {
	of := func(group, resource, name string) Attributes {
		return Attributes{User: sender, Verb: verb, Group: group, Version: "v1", Resource: resource, Name: name}
	}
	who := of(group, "users", wanted.Name)
	if namespace, name, ok := SplitAccountName(wanted.Name); ok {
		who.Resource, who.Namespace, who.Name = "serviceaccounts", namespace, name
	} else if m.name != "" && isNode(wanted.Name) {
		who.Resource, who.Name = "nodes", strings.TrimPrefix(wanted.Name, nodePrefix)
	}
	if m.name == "associated-node" {
		who.Name = "*"
	}
	all := []Attributes{who}
	if wanted.UID != "" {
		all = append(all, of(authenticationv1.GroupName, "uids", wanted.UID))
	}
	for _, g := range wanted.Groups {
		all = append(all, of(group, "groups", g))
	}
	for _, key := range slices.Sorted(maps.Keys(wanted.Extra)) {
		for _, value := range wanted.Extra[key] {
			extra := of(authenticationv1.GroupName, "userextras", value)
			extra.Subresource = key
			all = append(all, extra)
		}
	}
	return all
}

func (z *Authorizer) require(a Attributes) error {
	if allowed, reason := z.Authorize(a); !allowed {
		return Forbidden(a, reason)
	}
	return nil
}

// completed adds the groups that follow from a user's name.
func completed(u User, constrained bool) User {
	if namespace, _, ok := SplitAccountName(u.Name); ok && len(u.Groups) == 0 {
		u.Groups = AccountGroups(namespace)
	} else if constrained && isNode(u.Name) {
		u.Groups = []string{nodes}
	}
	group := Authenticated
	if u.Name == Anonymous {
		group = Unauthenticated
	}
	if !u.In(group) && !u.In(Unauthenticated) {
		u.Groups = append(slices.Clone(u.Groups), group)
	}
	return u
}
