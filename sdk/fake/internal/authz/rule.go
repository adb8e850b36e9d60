package authz

import (
	"slices"
	"strings"
)

// Rule covers requests. An empty field covers all, but see covers.
type Rule struct {
	Users      []string
	UserGroups []string

	Verbs      []string
	APIGroups  []string
	Resources  []string
	Namespaces []string
	Names      []string

	NonResourceURLs []string

	Reason string
}

// covers says whether a request is one of the rule's. A rule that names paths only covers no resources, one that names
// anything about resources covers only the paths that it names too.
func (r *Rule) covers(a *Attributes) bool {
	if !r.isFor(&a.User) || !anyOf(r.Verbs, a.Verb) {
		return false
	}
	if !a.IsResource() {
		if len(r.NonResourceURLs) == 0 {
			return !r.aboutResources()
		}
		return matchesPath(r.NonResourceURLs, a.Path)
	}
	if len(r.NonResourceURLs) > 0 && !r.aboutResources() {
		return false
	}
	return anyOf(r.APIGroups, a.Group) && anyOf(r.Namespaces, a.Namespace) && anyOf(r.Names, a.Name) &&
		(len(r.Resources) == 0 || matchesResource(r.Resources, a))
}

func (r *Rule) aboutResources() bool {
	return len(r.APIGroups)+len(r.Resources)+len(r.Namespaces)+len(r.Names) > 0
}

// isFor says whether the rule is about a user: he is named, or one of his groups is.
func (r *Rule) isFor(u *User) bool {
	if len(r.Users)+len(r.UserGroups) == 0 {
		return true
	}
	return slices.Contains(r.Users, u.Name) || slices.ContainsFunc(r.UserGroups, u.In)
}

// anyOf says whether a list that stands for all if it is empty has a value.
func anyOf(list []string, value string) bool {
	return len(list) == 0 || slices.Contains(list, value) || slices.Contains(list, "*")
}

// matchesResource is ResourceMatches: pods, pods/log, */log or *.
func matchesResource(list []string, a *Attributes) bool {
	combined := a.combined()
	return slices.ContainsFunc(list, func(r string) bool {
		return r == "*" || r == combined || a.Subresource != "" && r == "*/"+a.Subresource
	})
}

// matchesPath is NonResourceURLMatches: a path, or the beginning of one before a star.
func matchesPath(list []string, path string) bool {
	return slices.ContainsFunc(list, func(url string) bool {
		return url == path || strings.HasSuffix(url, "*") && strings.HasPrefix(path, strings.TrimRight(url, "*"))
	})
}
