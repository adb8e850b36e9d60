package agnhost

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// guestbook is a store of keys that a primary keeps and replicas follow.
type guestbook struct {
	*run
	backend string

	mu       sync.Mutex
	store    map[string]any
	replicas []string
}

func guestbookCommand(f *flag.FlagSet) func(context.Context, *run) int {
	port := f.String("http-port", "80", "HTTP Listen Port")
	backend := f.String("backend-port", "6379", "Backend's HTTP Listen Port")
	primary := f.String("replicaof", "", "The host's name to register to")
	return func(ctx context.Context, r *run) int {
		g := &guestbook{run: r, backend: *backend, store: map[string]any{}}
		var registering sync.WaitGroup
		if *primary != "" {
			registering.Go(func() {
				if !g.follow(ctx, *primary) {
					r.exit(1)
				}
			})
		}
		defer registering.Wait()
		n, err := strconv.Atoi(*port)
		if err != nil {
			return r.fatal(err)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("/register", g.register)
		mux.HandleFunc("/get", g.get)
		mux.HandleFunc("/set", g.set)
		mux.HandleFunc("/guestbook", g.proxy)
		code := r.serve(ctx, mux, n, "", "")
		r.exit(code)
		return code
	}
}

// follow registers with the primary, and tries for a quarter of a minute.
func (g *guestbook) follow(ctx context.Context, primary string) bool {
	address := net.JoinHostPort(primary, g.backend)
	for start := time.Now(); time.Since(start) < 15*time.Second && ctx.Err() == nil; g.Pause(ctx, time.Second) {
		text, err := get(ctx, g.Proc, fmt.Sprintf("http://%s/register?host=%s", address, g.Pod().Status.PodIP))
		if err != nil {
			g.log.Printf("encountered error while registering to primary: %v. Retrying in 1s.", err)
			continue
		}
		var answer struct{ Data map[string]any }
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			g.log.Printf("Error while unmarshaling primary's response: %v", err)
			return false
		}
		g.mu.Lock()
		for key, value := range answer.Data {
			g.store[key] = value
		}
		g.mu.Unlock()
		g.log.Printf("Registered to node: %s", primary)
		return true
	}
	g.log.Print("Timed out while registering to primary.")
	return ctx.Err() != nil
}

func (g *guestbook) register(w http.ResponseWriter, r *http.Request) {
	host := r.URL.Query().Get("host")
	g.log.Printf("GET /register?host=%s", host)
	g.mu.Lock()
	defer g.mu.Unlock()
	answerJSON(w, map[string]any{"data": g.store})
	g.replicas = append(g.replicas, host)
	g.log.Printf("Node '%s' registered.", host)
}

func (g *guestbook) get(w http.ResponseWriter, r *http.Request) {
	key := r.URL.Query().Get("key")
	g.log.Printf("GET /get?key=%s", key)
	g.mu.Lock()
	defer g.mu.Unlock()
	if key == "" {
		answerJSON(w, map[string]any{"data": g.store})
		return
	}
	value, ok := g.store[key]
	if !ok {
		value = ""
	}
	answerJSON(w, map[string]any{"data": value})
}

func (g *guestbook) set(w http.ResponseWriter, r *http.Request) {
	key, value := r.URL.Query().Get("key"), r.URL.Query().Get("value")
	g.log.Printf("GET /set?key=%s&value=%s", key, value)
	if key == "" {
		http.Error(w, "cannot set with empty key.", http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.store[key] = value
	replicas := append([]string(nil), g.replicas...)
	g.mu.Unlock()
	for _, replica := range replicas {
		if _, err := get(r.Context(), g.Proc, fmt.Sprintf("http://%s/set?%s", net.JoinHostPort(replica, g.backend), r.URL.RawQuery)); err != nil {
			http.Error(w, fmt.Sprintf("encountered error while propagating to replica '%s': %v", replica, err), http.StatusExpectationFailed)
			return
		}
	}
	answerJSON(w, map[string]string{"message": "Updated"})
}

// proxy passes get on to a replica and set to the primary.
func (g *guestbook) proxy(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	command := strings.ToLower(q.Get("cmd"))
	g.log.Printf("GET /guestbook?cmd=%s&key=%s&value=%s", command, q.Get("key"), q.Get("value"))
	host := map[string]string{"get": "agnhost-replica", "set": "agnhost-primary"}[command]
	switch {
	case host == "":
		http.Error(w, fmt.Sprintf("unsupported cmd: '%s'", command), http.StatusBadRequest)
		return
	case command == "set" && q.Get("key") == "":
		http.Error(w, "cannot set with empty key.", http.StatusBadRequest)
		return
	}
	text, err := get(r.Context(), g.Proc, fmt.Sprintf("http://%s/%s?%s", net.JoinHostPort(host, g.backend), command, r.URL.RawQuery))
	if err != nil {
		http.Error(w, fmt.Sprintf("encountered error: %v", err), http.StatusExpectationFailed)
		return
	}
	fmt.Fprint(w, text)
}
