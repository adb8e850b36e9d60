package kubelet

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// serviceLinks are the environment variables that tell pods of services. They are made once per namespace and shared by
// its pods until a service changes.
type serviceLinks struct {
	api *api.API

	mu      sync.Mutex
	all     map[string][]string // by namespace, for pods with enableServiceLinks
	masters []string            // what every pod gets; nil before it is made
}

// changed drops what was made; a service is not what it was.
func (s *serviceLinks) changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all, s.masters = nil, nil
}

// of returns the variables for a pod: the service kubernetes and, with enableServiceLinks, those of the pod's namespace.
// The slice is shared.
func (s *serviceLinks) of(pod *corev1.Pod) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.masters == nil {
		s.masters = append([]string{}, s.kubernetes()...)
	}
	if pod.Spec.EnableServiceLinks != nil && !*pod.Spec.EnableServiceLinks {
		return s.masters
	}
	links, ok := s.all[pod.Namespace]
	if !ok {
		links = s.namespace(pod.Namespace)
		if s.all == nil {
			s.all = map[string][]string{}
		}
		s.all[pod.Namespace] = links
	}
	return links
}

func (s *serviceLinks) kubernetes() []string {
	obj, err := s.api.Get(registry.Services, metav1.NamespaceDefault, "kubernetes")
	if err != nil {
		return nil // not every test cluster has it
	}
	return serviceVariables(obj.(*corev1.Service))
}

func (s *serviceLinks) namespace(namespace string) []string {
	links := variables(s.masters[:len(s.masters):len(s.masters)])
	services, _ := s.api.List(registry.Services, namespace)
	for _, obj := range services {
		links.merge(serviceVariables(obj.(*corev1.Service)))
	}
	return links
}

// serviceVariables are NAME_SERVICE_HOST, NAME_SERVICE_PORT and what docker's links had, as envvars.FromServices makes
// them. A service without an address of its own has none.
func serviceVariables(svc *corev1.Service) []string {
	ip := svc.Spec.ClusterIP
	if ip == "" || ip == corev1.ClusterIPNone || len(svc.Spec.Ports) == 0 {
		return nil
	}
	name := variableName(svc.Name)
	port := func(p *corev1.ServicePort) string { return strconv.Itoa(int(p.Port)) }
	first := &svc.Spec.Ports[0]
	env := []string{name + "_SERVICE_HOST=" + ip, name + "_SERVICE_PORT=" + port(first)}
	for i := range svc.Spec.Ports {
		if p := &svc.Spec.Ports[i]; p.Name != "" {
			env = append(env, name+"_SERVICE_PORT_"+variableName(p.Name)+"="+port(p))
		}
	}
	for i := range svc.Spec.Ports {
		p := &svc.Spec.Ports[i]
		protocol := strings.ToLower(string(p.Protocol))
		if protocol == "" {
			protocol = "tcp"
		}
		url := protocol + "://" + net.JoinHostPort(ip, port(p))
		prefix := fmt.Sprintf("%s_PORT_%d_%s", name, p.Port, strings.ToUpper(protocol))
		if i == 0 {
			env = append(env, name+"_PORT="+url)
		}
		env = append(env, prefix+"="+url, prefix+"_PROTO="+protocol, prefix+"_PORT="+port(p), prefix+"_ADDR="+ip)
	}
	return env
}

func variableName(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "_")) }
