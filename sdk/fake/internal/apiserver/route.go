package apiserver

import (
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// target is what a request's path and method name.
type target struct {
	resource    *registry.Resource
	namespace   string
	name        string
	subresource *registry.Subresource
	verb        string
	path        string // what follows, where the subresource passes requests on
}

// route finds the target of a request. Its errors are those of a real server: plain text for a path that is no API
// path, a Status for an unknown version or resource, and for a verb that the resource does not have.
func (s *Server) route(req *http.Request) (target, error) {
	gv, rest, ok := splitVersion(req.URL.Path)
	if !ok || !s.hasGroup(gv.Group) {
		return target{}, errNoPage
	}
	watchPath := len(rest) > 0 && rest[0] == "watch"
	if watchPath {
		rest = rest[1:] // the deprecated way to ask for a watch
	}
	t, ok := s.find(gv, rest, req.URL.Path)
	if !ok {
		return target{}, errNoResource
	}
	t.verb = verb(req, t, watchPath)
	return t, s.checkVerb(t)
}

// splitVersion takes /api/v1/... and /apis/GROUP/VERSION/... apart.
func splitVersion(path string) (schema.GroupVersion, []string, bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		return schema.GroupVersion{Version: parts[1]}, parts[2:], true
	case len(parts) >= 4 && parts[0] == "apis":
		return schema.GroupVersion{Group: parts[1], Version: parts[2]}, parts[3:], true
	}
	return schema.GroupVersion{}, nil, false
}

func (s *Server) hasGroup(group string) bool {
	for _, r := range s.api.Table.Rows() {
		if r.Group == group {
			return true
		}
	}
	return false
}

// find reads [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]], and what follows a subresource that passes requests on.
func (s *Server) find(gv schema.GroupVersion, parts []string, path string) (target, bool) {
	var t target
	if len(parts) >= 3 && parts[0] == "namespaces" && !s.isSubresource(gv, parts) {
		t.namespace, parts = parts[1], parts[2:]
	}
	if len(parts) == 0 {
		return t, false
	}
	t.resource = s.api.Table.Lookup(gv.WithResource(parts[0]))
	if t.resource == nil {
		return t, false
	}
	if len(parts) > 1 {
		t.name = parts[1]
	}
	if len(parts) > 2 {
		t.subresource = t.resource.Subresource(parts[2])
		if t.subresource != nil && t.subresource.Connect {
			t.path = restOf(parts[3:], path)
			return t, true
		}
	}
	return t, len(parts) < 3 || len(parts) == 3 && t.subresource != nil
}

// isSubresource says whether namespaces/NAME/X is a subresource of the namespace and not a resource in it.
func (s *Server) isSubresource(gv schema.GroupVersion, parts []string) bool {
	r := s.api.Table.Lookup(gv.WithResource("namespaces"))
	return r != nil && len(parts) == 3 && r.Subresource(parts[2]) != nil
}

func verb(req *http.Request, t target, watchPath bool) string {
	switch req.Method {
	case http.MethodGet, http.MethodHead:
		if watchPath || t.name == "" && isTrue(req.URL.Query()["watch"]) {
			return "watch"
		}
		if t.name == "" {
			return "list"
		}
		return "get"
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	case http.MethodPatch:
		return "patch"
	case http.MethodDelete:
		if t.name == "" {
			return "deletecollection"
		}
		return "delete"
	case http.MethodOptions:
		if t.subresource != nil && t.subresource.Connect {
			return "get" // no verb has this method, which is passed on all the same
		}
	}
	return ""
}

// isTrue reads a boolean query parameter as the API does: it is false only if it is absent, "0" or "false".
func isTrue(values []string) bool {
	return len(values) > 0 && values[0] != "0" && !strings.EqualFold(values[0], "false")
}

func (s *Server) checkVerb(t target) error {
	allowed := t.resource.Can(t.verb)
	switch {
	case t.resource.Namespaced && t.namespace == "" && t.name != "", !t.resource.Namespaced && t.namespace != "":
		return errNoResource // no such path
	case t.subresource != nil:
		allowed = t.subresource.Can(t.verb)
	case t.resource.Namespaced && t.namespace == "":
		allowed = allowed && (t.verb == "list" || t.verb == "watch")
	}
	switch t.verb {
	case "create":
		allowed = allowed && (t.name == "" || t.subresource != nil)
	case "update", "patch":
		allowed = allowed && t.name != ""
	}
	if !allowed {
		return errNoMethod
	}
	return nil
}

// serve carries out the verb.
func (s *Server) serve(w http.ResponseWriter, req *http.Request, t target) error {
	if err := checkAvailable(w, t.resource); err != nil {
		return err
	}
	if t.subresource != nil {
		if h := subresourceHandlers[t.subresource.Name]; h != nil {
			return h(s, w, req, t)
		}
	}
	if t.resource == registry.Bindings {
		return s.binding(w, req, t)
	}
	if answer := reviewers[t.resource]; answer != nil {
		return s.review(w, req, t, t.resource, answer)
	}
	defer s.look(t)()
	return verbHandlers[t.verb](s, w, req, t)
}

type handler func(s *Server, w http.ResponseWriter, req *http.Request, t target) error

var verbHandlers = map[string]handler{
	"get":              (*Server).get,
	"list":             (*Server).list,
	"watch":            (*Server).watch,
	"create":           (*Server).create,
	"update":           (*Server).update,
	"patch":            (*Server).patch,
	"delete":           (*Server).delete,
	"deletecollection": (*Server).deleteCollection,
}

// subresourceHandlers are those that are no view of the whole object.
var subresourceHandlers = map[string]handler{
	"attach":      (*Server).exec,
	"binding":     (*Server).binding,
	"eviction":    (*Server).eviction,
	"exec":        (*Server).exec,
	"log":         (*Server).log,
	"portforward": (*Server).portForward,
	"proxy":       (*Server).proxy,
	"scale":       (*Server).scale,
	"token":       (*Server).createToken,
}
