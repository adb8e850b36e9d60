package apiserver

import (
	"context"
	"net"
	"net/http"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"k8s.io/apimachinery/pkg/types"
)

// Node is what the API server asks of the kubelets: the logs and ports of the pods that run on them.
type Node interface {
	// Logs returns the log of a container of a pod, or an API error that says why there is none.
	Logs(namespace, pod, container string, previous bool) (*podlog.Log, error)
	// DialPort connects to a port on the loopback of a pod.
	DialPort(ctx context.Context, namespace, pod string, uid types.UID, port uint16) (net.Conn, error)
}

// Server serves the API of one cluster. It holds no goroutines of its own: every request ends with its context.
type Server struct {
	api  *api.API
	node func(name string) (Node, bool)
}

// New returns the handler of a cluster's API. node finds the kubelet of a node by name.
func New(a *api.API, node func(name string) (Node, bool)) *Server {
	return &Server{api: a, node: node}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Cache-Control", "no-cache, private")
	if s.serveMeta(w, req) {
		return
	}
	t, err := s.route(req)
	if err == nil {
		err = checkForms(req, t)
	}
	if err != nil {
		writeError(w, req, err)
		return
	}
	if err := s.serve(w, req, t); err != nil {
		writeError(w, req, err)
	}
}
