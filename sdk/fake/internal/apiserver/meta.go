package apiserver

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/munnerz/goautoneg"
	"github.com/podwright/podwright/sdk/fake/internal/discovery"
	apidiscoveryv2 "k8s.io/api/apidiscovery/v2"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// serveMeta answers what is not about objects: health, version, discovery and schemas. It says whether it did.
func (s *Server) serveMeta(w http.ResponseWriter, req *http.Request) bool {
	path := strings.TrimSuffix(req.URL.Path, "/")
	if page := s.metaPage(path); page != nil {
		if req.Method != http.MethodGet && req.Method != http.MethodHead {
			writeError(w, req, errNoMethod)
			return true
		}
		page(w, req)
		return true
	}
	return false
}

// metaPage finds the page of a path, or nil.
func (s *Server) metaPage(path string) http.HandlerFunc {
	switch path {
	case "", "/index.html":
		return s.serveIndex
	case "/metrics", "/metrics/slis":
		return serveGap("metrics")
	case "/version":
		return serveJSON(discovery.Version())
	case "/api":
		return s.aggregated(func(req *http.Request) runtime.Object { return discovery.APIVersions(s.api.Table, req.Host) }, discovery.LegacyGroup(s.api.Table))
	case "/apis":
		return s.aggregated(func(*http.Request) runtime.Object { return discovery.APIGroupList(s.api.Table) }, discovery.Groups(s.api.Table))
	}
	for _, find := range []func(string) http.HandlerFunc{healthPage, s.openIDPage, s.schemaPage, s.discoveryPage} {
		if page := find(path); page != nil {
			return page
		}
	}
	return nil
}

// discoveryPage finds /api/VERSION, /apis/GROUP and /apis/GROUP/VERSION.
func (s *Server) discoveryPage(path string) http.HandlerFunc {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	var gv schema.GroupVersion
	switch {
	case len(parts) == 2 && parts[0] == "api":
		gv = schema.GroupVersion{Version: parts[1]}
	case len(parts) == 2 && parts[0] == "apis" && s.hasGroup(parts[1]):
		group := discovery.APIGroup(s.api.Table, parts[1])
		return serveObject(func(*http.Request) runtime.Object { return group })
	case len(parts) == 3 && parts[0] == "apis":
		gv = schema.GroupVersion{Group: parts[1], Version: parts[2]}
	default:
		return nil
	}
	if !s.api.Table.HasVersion(gv) {
		return nil
	}
	return serveObject(func(*http.Request) runtime.Object { return discovery.APIResourceList(s.api.Table, gv) })
}

// serveJSON answers a document that is no object, indented as a real server does.
func serveJSON(doc any) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		body, err := json.MarshalIndent(doc, "", "  ")
		if err != nil {
			writeError(w, req, err)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}
}

// serveObject answers an object made for the request.
func serveObject(object func(*http.Request) runtime.Object) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		if err := writeObject(w, req, http.StatusOK, nil, object(req)); err != nil {
			writeError(w, req, err)
		}
	}
}

// aggregated answers discovery in one document to clients that ask for it so, and the old way to others.
func (s *Server) aggregated(plain func(*http.Request) runtime.Object, whole *apidiscoveryv2.APIGroupDiscoveryList) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Vary", "Accept")
		version := wantsAggregated(req)
		if version == "" {
			serveObject(plain)(w, req)
			return
		}
		var doc runtime.Object = whole
		if version == "v2beta1" {
			doc = discovery.Beta(whole)
		}
		tag, err := discovery.ETag(doc)
		if err != nil {
			writeError(w, req, err)
			return
		}
		body, err := jsonFormat.encode(doc, false)
		if err != nil {
			writeError(w, req, err)
			return
		}
		w.Header().Set("Cache-Control", "public")
		writeTagged(w, req, "application/json;g=apidiscovery.k8s.io;v="+version+";as=APIGroupDiscoveryList", body, tag)
	}
}

// wantsAggregated is the version of aggregated discovery that a client asks for first, or "" if it wants the plain one.
func wantsAggregated(req *http.Request) string {
	for _, a := range goautoneg.ParseAccept(req.Header.Get("Accept")) {
		if a.Type != "application" || a.SubType != "json" {
			continue
		}
		if a.Params["as"] == "" {
			return ""
		}
		v := a.Params["v"]
		if a.Params["as"] == "APIGroupDiscoveryList" && a.Params["g"] == "apidiscovery.k8s.io" && slices.Contains([]string{"v2", "v2beta1"}, v) {
			return v
		}
	}
	return ""
}

// writeTagged answers a document, or 304 to a client that has it already.
func writeTagged(w http.ResponseWriter, req *http.Request, mediaType string, body []byte, tag string) {
	w.Header().Set("ETag", tag)
	if slices.Contains(strings.Split(req.Header.Get("If-None-Match"), ", "), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", mediaType)
	_, _ = w.Write(body)
}
