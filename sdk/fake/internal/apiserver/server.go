package apiserver

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/authz"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/stream"
	"github.com/podwright/podwright/sdk/fake/internal/token"
	"github.com/podwright/podwright/sdk/fake/internal/turn"
	"github.com/podwright/podwright/sdk/fake/podfs"
	"k8s.io/apimachinery/pkg/types"
)

// Node is what the API server asks of the kubelets: the logs and ports of the pods that run on them.
type Node interface {
	// Logs returns the log of a container of a pod, or an API error that says why there is none.
	Logs(namespace, pod, container string, previous bool) (*podlog.Log, error)
	// DialPort connects to a port on the loopback of a pod.
	DialPort(ctx context.Context, namespace, pod string, uid types.UID, port uint16) (net.Conn, error)
	// Ready says, in a kubelet's words, why a container is not running.
	Ready(namespace, pod string, uid types.UID, container string) error
	// Exec runs a command in a container, and Attach connects to its own program: see [stream.Remote].
	Exec(ctx context.Context, namespace, pod string, uid types.UID, container string, command []string, s stream.Streams) error
	Attach(ctx context.Context, namespace, pod string, uid types.UID, container string, s stream.Streams) error
}

// Config is what a server is made of.
type Config struct {
	API *api.API
	// Node finds the kubelet of a node by name.
	Node func(name string) (Node, bool)
	// NodeFiles returns the files of a node.
	NodeFiles func(node string) (*podfs.FS, error)
	// Dial connects to an address on the network of nodes and pods, for those who ask for a proxy.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Beat has the kubelets of all nodes bring up to date what says that they live: the nodes, or their leases. nil: nothing does.
	Beat func(*registry.Resource)
	// Seed makes the key that signs the tokens of service accounts.
	Seed uint64
	// Token is the administrator's. "" means that nobody is known by a token but service accounts.
	Token string
	// Forbid are the requests to refuse, and RBAC says whether roles must allow the others.
	Forbid []authz.Rule
	RBAC   bool
	// Turn is when requests are dealt with, and BeatTurn when kubelets say that they live while somebody watches.
	Turn, BeatTurn turn.Turn
}

// Server serves the API of one cluster. Every request ends with its context; what proxies keep ends with Close.
type Server struct {
	api        *api.API
	node       func(name string) (Node, bool)
	nodeFiles  func(node string) (*podfs.FS, error)
	admin      string // his token
	issuer     *token.Issuer
	authorizer *authz.Authorizer // nil allows everything
	backends   *connections
	turn       atomic.Uint32 // of the pods behind services
	watched    audience
	forwards   forwards
	beat       func(*registry.Resource)
	requests   turn.Turn
	beats      turn.Turn
}

// New returns the handler of a cluster's API, for clients in memory.
func New(c Config) *Server {
	s := &Server{api: c.API, node: c.Node, nodeFiles: c.NodeFiles, beat: c.Beat, admin: c.Token, issuer: token.New(c.Seed), backends: newConnections(c.Dial),
		requests: c.Turn, beats: c.BeatTurn}
	if len(c.Forbid) > 0 || c.RBAC {
		s.authorizer = &authz.Authorizer{Forbidden: c.Forbid}
	}
	if c.RBAC {
		s.authorizer.RBAC = rbacOf(c.API)
	}
	return s
}

// Close waits for the connections that proxies have kept. It is for when no request is under way any more, and the network
// has ended. A second Close does nothing.
func (s *Server) Close() { s.backends.wait() }

// ServeHTTP answers one request of a client in memory, who is the administrator unless he sends a token.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) { s.serveFor(w, req, true) }

// Guarded is the handler for clients that must send a token, the administrator's or that of a service account. Only
// /healthz, /livez, /readyz and /version answer anybody.
func (s *Server) Guarded() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { s.serveFor(w, req, false) })
}

// serveFor finds out who asks, whether he may, and answers: in the order of a real server's filters.
func (s *Server) serveFor(w http.ResponseWriter, req *http.Request, trusted bool) {
	w.Header().Set("Cache-Control", "no-cache, private")
	s.requests.Wait(req.Context().Done())
	req, err := s.authenticate(req, trusted)
	if err == nil {
		req, err = s.authorize(w, req)
	}
	if err != nil {
		writeError(w, req, err)
		return
	}
	if s.serveMeta(w, req) {
		return
	}
	t, err := s.route(req)
	if err == nil {
		err = checkForms(req, t)
	}
	if err == nil {
		err = s.serve(w, req, t)
	}
	if err != nil {
		writeError(w, req, err)
	}
}
