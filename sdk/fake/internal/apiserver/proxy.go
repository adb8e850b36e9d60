package apiserver

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
)

// proxy passes a request on to a pod, to a pod behind a service, or to a node. What follows in its path is asked for there.
func (s *Server) proxy(w http.ResponseWriter, req *http.Request, t target) error {
	scheme, name, port, ok := utilnet.SplitSchemeNamePort(t.name)
	if !ok {
		return badRequest("invalid %s request %q", t.resource.Singular, t.name)
	}
	t.name = name
	var host string
	var err error
	switch t.resource {
	case registry.Pods:
		host, err = s.podAddress(t, port)
	case registry.Services:
		host, err = s.serviceAddress(t, port)
	default:
		return s.proxyNode(w, req, t, scheme, port)
	}
	if err != nil {
		return err
	}
	return s.pass(w, req, t, scheme, host)
}

// pass sends a request to a host on the network of pods. A port that is no number makes a real server panic, which takes
// it for a part of a valid URL.
func (s *Server) pass(w http.ResponseWriter, req *http.Request, t target, scheme, host string) error {
	location, err := url.Parse("//" + host)
	if err != nil {
		return errPanicked
	}
	location.Scheme = "http"
	if scheme != "" {
		location.Scheme = scheme
	}
	location.Path = utilnet.JoinPreservingTrailingSlash("", t.path)
	backend{location: location, transport: s.backends}.serve(w, req)
	return nil
}

// podAddress is where a pod listens, on the first port that it declares unless another is named, as ResourceLocation has it.
func (s *Server) podAddress(t target, port string) (string, error) {
	pod, err := s.pod(t)
	if err != nil {
		return "", err
	}
	if port == "" {
		port = firstPort(pod)
	}
	ip, err := netip.ParseAddr(podIP(pod))
	if err != nil || !net.IP(ip.AsSlice()).IsGlobalUnicast() {
		return "", badRequest("address not allowed")
	}
	if port == "" {
		return ip.String(), nil
	}
	return net.JoinHostPort(ip.String(), port), nil
}

func podIP(pod *corev1.Pod) string {
	if len(pod.Status.PodIPs) > 0 {
		return pod.Status.PodIPs[0].IP
	}
	return pod.Status.PodIP
}

func firstPort(pod *corev1.Pod) string {
	for i := range pod.Spec.Containers {
		if ports := pod.Spec.Containers[i].Ports; len(ports) > 0 {
			return strconv.Itoa(int(ports[0].ContainerPort))
		}
	}
	return ""
}

// serviceAddress is that of one of the pods behind a port of a service, which is named or numbered.
func (s *Server) serviceAddress(t target, port string) (string, error) {
	if number, err := strconv.ParseInt(port, 10, 64); err == nil {
		obj, err := s.api.Get(registry.Services, t.namespace, t.name)
		if err != nil {
			return "", err
		}
		name, ok := portNumbered(obj.(*corev1.Service), number)
		if !ok {
			return "", apierrors.NewServiceUnavailable(fmt.Sprintf("no service port %d found for service %q", number, t.name))
		}
		port = name
	}
	addresses := s.endpointsOf(t.namespace, t.name, port)
	if len(addresses) == 0 {
		return "", apierrors.NewServiceUnavailable(fmt.Sprintf("no endpoints available for service %q", t.name))
	}
	return addresses[int(s.turn.Add(1)-1)%len(addresses)], nil
}

func portNumbered(service *corev1.Service, number int64) (name string, ok bool) {
	for _, p := range service.Spec.Ports {
		if int64(p.Port) == number {
			return p.Name, true
		}
	}
	return "", false
}

// restOf is what follows a subresource in a path, with a slash at the end where the path has one.
func restOf(parts []string, path string) string {
	rest := strings.Join(parts, "/")
	if rest != "" && !strings.HasPrefix(rest, "/") {
		rest = "/" + rest
	}
	if strings.HasSuffix(path, "/") && !strings.HasSuffix(rest, "/") {
		rest += "/"
	}
	return rest
}
