package apiserver

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// healthChecks are the checks behind each page of health, in the order in which a real server lists them. It has more, one for
// each of its parts that the fake does not have.
var healthChecks = map[string][]string{
	"/healthz": {"ping", "log", "etcd"},
	"/livez":   {"ping", "log", "etcd"},
	"/readyz":  {"ping", "log", "etcd", "etcd-readiness", "informer-sync", "shutdown"},
}

// healthPage finds the page of all checks, or of one: /livez/ping.
func healthPage(path string) http.HandlerFunc {
	if checks, ok := healthChecks[path]; ok {
		return func(w http.ResponseWriter, req *http.Request) { serveHealth(w, req, path[1:], checks) }
	}
	if i := strings.LastIndex(path, "/"); i > 0 && slices.Contains(healthChecks[path[:i]], path[i+1:]) {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }
	}
	return nil
}

// serveHealth is healthy as long as it can answer. With ?verbose it says of what, and ?exclude leaves a check out, as
// handleRootHealth does.
func serveHealth(w http.ResponseWriter, req *http.Request, name string, checks []string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	query := req.URL.Query()
	if _, verbose := query["verbose"]; !verbose {
		_, _ = io.WriteString(w, "ok")
		return
	}
	for _, check := range checks {
		if slices.Contains(query["exclude"], check) {
			check += " excluded:"
		}
		fmt.Fprintf(w, "[+]%s ok\n", check)
	}
	unknown := slices.DeleteFunc(slices.Clone(query["exclude"]), func(e string) bool { return slices.Contains(checks, e) })
	if slices.Sort(unknown); len(unknown) > 0 {
		fmt.Fprintf(w, "warn: some health checks cannot be excluded: no matches for %s\n", quoted(slices.Compact(unknown)))
	}
	fmt.Fprintf(w, "%s check passed\n", name)
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(list, ",")
}
