package authz

import "testing"

func TestWhatARuleCovers(t *testing.T) {
	pods := Attributes{User: Admin, Verb: "list", Namespace: "x", Resource: "pods"}
	log := Attributes{User: Admin, Verb: "get", Namespace: "x", Resource: "pods", Name: "p", Subresource: "log"}
	deploy := Attributes{User: Admin, Verb: "create", Namespace: "x", Group: "apps", Resource: "deployments"}
	nodes := Attributes{User: Admin, Verb: "list", Resource: "nodes"}
	metrics := Attributes{User: Admin, Verb: "get", Path: "/metrics"}
	list := func(s ...string) []string { return s }
	for _, c := range []struct {
		name string
		rule Rule
		a    Attributes
		want bool
	}{
		{"the empty rule covers resources", Rule{}, pods, true},
		{"and paths", Rule{}, metrics, true},
		{"a verb", Rule{Verbs: list("list")}, pods, true},
		{"another verb", Rule{Verbs: list("get")}, pods, false},
		{"a star is all verbs", Rule{Verbs: list("*")}, pods, true},
		{"a resource", Rule{Resources: list("pods")}, pods, true},
		{"a resource is not its subresources", Rule{Resources: list("pods")}, log, false},
		{"a subresource", Rule{Resources: list("pods/log")}, log, true},
		{"a subresource of all", Rule{Resources: list("*/log")}, log, true},
		{"a star is all subresources too", Rule{Resources: list("*")}, log, true},
		{"the core group has no name", Rule{APIGroups: list("")}, deploy, false},
		{"a group", Rule{APIGroups: list("apps")}, deploy, true},
		{"a namespace", Rule{Namespaces: list("x")}, pods, true},
		{"another namespace", Rule{Namespaces: list("y")}, pods, false},
		{"no namespace", Rule{Namespaces: list("")}, nodes, true},
		{"a name", Rule{Names: list("p")}, log, true},
		{"a list has no name", Rule{Names: list("p")}, pods, false},
		{"a user", Rule{Users: list("kubernetes-admin")}, pods, true},
		{"another user", Rule{Users: list("bob")}, pods, false},
		{"a group of users", Rule{UserGroups: list(Masters)}, pods, true},
		{"a user or a group", Rule{Users: list("bob"), UserGroups: list(Masters)}, pods, true},
		{"a path", Rule{NonResourceURLs: list("/metrics")}, metrics, true},
		{"the beginning of a path", Rule{NonResourceURLs: list("/m*")}, metrics, true},
		{"another path", Rule{NonResourceURLs: list("/metric")}, metrics, false},
		{"paths are no resources", Rule{NonResourceURLs: list("*")}, pods, false},
		{"resources are no paths", Rule{Resources: list("*")}, metrics, false},
		{"both", Rule{Resources: list("*"), NonResourceURLs: list("*")}, pods, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.rule.covers(&c.a); got != c.want {
				t.Errorf("covers %v, want %v", got, c.want)
			}
		})
	}
}
