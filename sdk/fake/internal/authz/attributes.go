package authz

import (
	"net/http"
	"slices"
	"strings"

	pathvalidation "k8s.io/apimachinery/pkg/api/validation/path"
	"k8s.io/apimachinery/pkg/fields"
)

// Attributes are what a request asks for.
type Attributes struct {
	User User
	Verb string // of the API, or the method in lower case where Resource is empty

	Namespace, Group, Version, Resource, Subresource, Name string
	// Path is that of a request that is about no resource.
	Path string
}

// IsResource says whether the request is about a resource.
func (a *Attributes) IsResource() bool { return a.Path == "" }

// Of reads what a request of user asks for from its path and method, as RequestInfoFactory.NewRequestInfo does.
func Of(req *http.Request, user User) Attributes {
	a := Attributes{User: user, Verb: strings.ToLower(req.Method), Path: req.URL.Path}
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		a.Version, parts = parts[1], parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		a.Group, a.Version, parts = parts[1], parts[2], parts[3:]
	default:
		return a
	}
	a.Path, a.Verb = "", verbs[req.Method]
	if parts[0] == "proxy" || parts[0] == "watch" {
		a.Verb, parts = parts[0], parts[1:]
	}
	a.name(parts)
	if a.Name == "" {
		a.collection(req)
	}
	return a
}

// verbs are those of requests for one object.
var verbs = map[string]string{
	http.MethodPost: "create", http.MethodGet: "get", http.MethodHead: "get",
	http.MethodPut: "update", http.MethodPatch: "patch", http.MethodDelete: "delete",
}

// namespaceParts are the subresources of namespaces, which are no resources within one.
var namespaceParts = []string{"status", "finalize"}

// name reads [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]].
func (a *Attributes) name(parts []string) {
	if len(parts) > 1 && parts[0] == "namespaces" {
		a.Namespace = parts[1]
		if len(parts) > 2 && !slices.Contains(namespaceParts, parts[2]) {
			parts = parts[2:]
		}
	}
	if len(parts) > 0 {
		a.Resource = parts[0]
	}
	if len(parts) > 1 {
		a.Name = parts[1]
	}
	if len(parts) > 2 && a.Verb != "proxy" && a.Verb != "watch" {
		a.Subresource = parts[2]
	}
}

// collection corrects the verb of a request that names no object. One that selects a single name is about that one.
func (a *Attributes) collection(req *http.Request) {
	query := req.URL.Query()
	switch a.Verb {
	case "delete":
		a.Verb = "deletecollection"
	case "get":
		a.Verb = "list"
		if w := query["watch"]; len(w) > 0 && w[0] != "0" && !strings.EqualFold(w[0], "false") {
			a.Verb = "watch"
		}
		selector, err := fields.ParseSelector(query.Get("fieldSelector"))
		if err != nil {
			return
		}
		if name, ok := selector.RequiresExactMatch("metadata.name"); ok && len(pathvalidation.IsValidPathSegmentName(name)) == 0 {
			a.Name = name
		}
	}
}
