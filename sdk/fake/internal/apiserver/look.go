package apiserver

import (
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

// beatEvery is how often kubelets renew their leases while somebody watches.
const beatEvery = 10 * time.Second

// look has the kubelets say that they live, if that is what a request wants to see, and goes on doing so until done is called if it
// watches. As long as nobody looks they need not.
func (s *Server) look(t target) (done func()) {
	if s.beat == nil || !showsLife(t) || t.verb != "get" && t.verb != "list" && t.verb != "watch" {
		return func() {}
	}
	s.beat(t.resource)
	if t.verb != "watch" {
		return func() {}
	}
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(beatEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				s.beats.Wait(stop)
				s.beat(t.resource)
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-ended
	}
}

func showsLife(t target) bool {
	return t.resource == registry.Nodes || t.resource == registry.Leases && (t.namespace == "" || t.namespace == corev1.NamespaceNodeLease)
}
