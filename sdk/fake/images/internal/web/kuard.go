package web

import (
	"context"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// kuard is one run of a server that shows its pod: who it is, its requests, environment and files, and probes that can be made to fail.
type kuard struct {
	p *unix.Proc

	mu    sync.Mutex
	fails map[string]int // by probe: how many more times it fails, or -1 for ever
}

// Kuard is the program kuard, on port 8080.
func Kuard(ctx context.Context, p *unix.Proc) int {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p.Catch(func(s syscall.Signal) bool {
		if s == syscall.SIGTERM || s == syscall.SIGINT {
			stop()
			return true
		}
		return false
	})
	k := &kuard{p: p, fails: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", k.page)
	mux.HandleFunc("/healthy", k.probe("healthy"))
	mux.HandleFunc("/ready", k.probe("ready"))
	mux.HandleFunc("/healthy/api", k.setProbe("healthy"))
	mux.HandleFunc("/ready/api", k.setProbe("ready"))
	mux.HandleFunc("/env/api", k.environment)
	mux.Handle("/fs/", http.StripPrefix("/fs", Files(p, "/", kuardStyle)))
	fmt.Fprintf(p.Stderr, "Starting kuard version: %s\nServing on HTTP on :8080\n", kuardVersion)
	return Serve(ctx, p, Logged(mux, func(r Request) {
		fmt.Fprintf(p.Stderr, "%s %s %s\n", r.Client, r.Method, r.URL.Path)
	}), ":8080")
}

const kuardVersion = "v0.10.0-blue"

var kuardStyle = Style{
	Server: "kuard",
	Page: func(status int) (string, string) {
		return strconv.Itoa(status) + " " + http.StatusText(status) + "\n", "text/plain"
	},
	List: apacheStyle.List,
}

var kuardPage = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>KUAR Demo</title></head>
<body>
<h1>Demo application version <i>{{.Version}}</i></h1>
<h2>Server</h2>
<p>Hostname: <code>{{.Hostname}}</code></p>
<p>Pod: <code>{{.Namespace}}/{{.Name}}</code> on <code>{{.Node}}</code>, address <code>{{.IP}}</code></p>
<h2>Request</h2>
<p>{{.Method}} {{.Path}} from <code>{{.Client}}</code></p>
<p><a href="/fs/">Files</a> · <a href="/env/api">Environment</a> · <a href="/healthy">Liveness</a> · <a href="/ready">Readiness</a></p>
</body></html>
`))

func (k *kuard) page(w http.ResponseWriter, r *http.Request) {
	pod := k.p.Pod()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = kuardPage.Execute(w, map[string]string{
		"Version": kuardVersion, "Hostname": k.p.Hostname(), "Namespace": pod.Namespace, "Name": pod.Name, "Node": pod.Spec.NodeName,
		"IP": pod.Status.PodIP, "Method": r.Method, "Path": r.URL.Path, "Client": r.RemoteAddr,
	})
}

func (k *kuard) probe(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		k.mu.Lock()
		failing := k.fails[name] != 0
		if k.fails[name] > 0 {
			k.fails[name]--
		}
		k.mu.Unlock()
		if failing {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, "fail")
			return
		}
		fmt.Fprint(w, "ok")
	}
}

// setProbe makes a probe fail: PUT {"failNext": 3}, or -1 for ever, 0 for no more.
func (k *kuard) setProbe(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var change struct {
			FailNext int `json:"failNext"`
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		if r.Method == http.MethodPut || r.Method == http.MethodPost {
			if err := json.NewDecoder(r.Body).Decode(&change); err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			k.fails[name] = change.FailNext
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, "{\"probePath\":%q,\"failNext\":%d}\n", path.Join("/", name), k.fails[name])
	}
}

func (k *kuard) environment(w http.ResponseWriter, _ *http.Request) {
	env := map[string]string{}
	for _, pair := range k.p.Env {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"commandLine": k.p.Args, "env": env})
}
