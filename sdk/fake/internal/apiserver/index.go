package apiserver

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// serveIndex lists the paths that are no objects.
func (s *Server) serveIndex(w http.ResponseWriter, req *http.Request) {
	paths := map[string]bool{"/api": true, "/apis": true, "/apis/": true}
	for _, r := range s.api.Table.Rows() {
		if r.Group == "" {
			paths["/api/"+r.Version] = true
			continue
		}
		paths["/apis/"+r.Group] = true
		paths["/apis/"+r.Group+"/"+r.Version] = true
	}
	for page, checks := range healthChecks {
		paths[page] = true
		for _, check := range checks {
			paths[page+"/"+check] = true
		}
	}
	for _, page := range []string{openIDPath, keysPath, "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/version"} {
		paths[page] = true
	}
	serveJSON(metav1.RootPaths{Paths: slices.Sorted(maps.Keys(paths))})(w, req)
}

// serveGap answers what a real server has, and the fake has not.
func serveGap(what string) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		writeError(w, req, status(http.StatusNotImplemented, metav1.StatusReasonUnknown, fmt.Sprintf("the fake has no %s: it answers nothing at %s", what, req.URL.Path)))
	}
}
