package apiserver

import (
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// proxyNode passes a request on to a port of a node, or lets its kubelet answer.
func (s *Server) proxyNode(w http.ResponseWriter, req *http.Request, t target, scheme, port string) error {
	obj, err := s.api.Get(registry.Nodes, "", t.name)
	if err != nil {
		return err
	}
	node := obj.(*corev1.Node)
	host, own, _ := net.SplitHostPort(kubeletAddress(node)) // which was joined there
	if port != "" && port != own {
		return s.pass(w, req, t, scheme, net.JoinHostPort(host, port))
	}
	if _, running := s.node(t.name); !running {
		return unreachable(refusedBy(kubeletAddress(node)))
	}
	return s.kubeletPage(w, req, t)
}

func refusedBy(address string) error {
	return fmt.Errorf("dial tcp %s: connect: connection refused", address)
}

// kubeletPage answers what a kubelet serves by HTTP, as far as the fake has it.
func (s *Server) kubeletPage(w http.ResponseWriter, req *http.Request, t target) error {
	parts := strings.Split(strings.Trim(t.path, "/"), "/")
	switch parts[0] {
	case "healthz":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("ok"))
		return nil
	case "pods":
		return s.kubeletPods(w, t.name)
	case "logs":
		return s.kubeletLogs(w, req, t)
	case "attach", "checkpoint", "configz", "containerLogs", "debug", "exec", "metrics", "portForward", "run", "runningpods", "stats":
		return status(http.StatusNotImplemented, metav1.StatusReasonUnknown, fmt.Sprintf(
			"the fake's kubelets serve /healthz, /logs and /pods, but no /%s; ask the API server, if it is about a pod", parts[0]))
	}
	http.NotFound(w, req)
	return nil
}

// kubeletLogs shows what is in the node's /var/log, as Kubelet.ServeLogs does.
func (s *Server) kubeletLogs(w http.ResponseWriter, req *http.Request, t target) error {
	files, err := s.nodeFiles(t.name)
	if err != nil {
		return err
	}
	logs, err := fs.Sub(files, "var/log")
	if err != nil {
		return fmt.Errorf("the logs of node %s: %w", t.name, err)
	}
	inside := req.Clone(req.Context())
	inside.URL.Path = strings.TrimPrefix("/"+strings.TrimPrefix(t.path, "/"), "/logs")
	http.FileServerFS(logs).ServeHTTP(w, inside)
	return nil
}

// kubeletPods lists the pods of a node, as the kubelet's own page does.
func (s *Server) kubeletPods(w http.ResponseWriter, node string) error {
	list := &corev1.PodList{TypeMeta: metav1.TypeMeta{Kind: "PodList", APIVersion: "v1"}, Items: []corev1.Pod{}}
	for _, pod := range listOf[*corev1.Pod](s.api, registry.Pods, "") {
		if pod.Spec.NodeName == node {
			item := *pod // shallow: it is only written out
			item.TypeMeta = metav1.TypeMeta{}
			list.Items = append(list.Items, item)
		}
	}
	body, err := jsonFormat.encode(list, false)
	if err != nil {
		return fmt.Errorf("encoding the pods of node %s: %w", node, err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
	return nil
}
