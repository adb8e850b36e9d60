package apiserver

import (
	"net"
	"slices"
	"strconv"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// endpointsOf are the addresses behind the named port of a service: those of its endpoint slices, or, as long as these know none, of the
// ready pods that it selects, which the controller is about to write down or nobody does.
func (s *Server) endpointsOf(namespace, service, port string) []string {
	var addresses []string
	for _, e := range listOf[*discoveryv1.EndpointSlice](s.api, registry.EndpointSlices, namespace) {
		if e.Labels[discoveryv1.LabelServiceName] == service {
			addresses = append(addresses, s.sliceAddresses(e, port)...)
		}
	}
	if len(addresses) > 0 {
		return addresses
	}
	obj, err := s.api.Get(registry.Services, namespace, service)
	if err != nil {
		return nil
	}
	return s.selectedAddresses(obj.(*corev1.Service), port)
}

// sliceAddresses are the ready endpoints of a slice that are pods, as RandomEndpoint and isValidAddress choose them.
func (s *Server) sliceAddresses(e *discoveryv1.EndpointSlice, port string) []string {
	i := slices.IndexFunc(e.Ports, func(p discoveryv1.EndpointPort) bool { return p.Name != nil && *p.Name == port && p.Port != nil })
	if i < 0 {
		return nil
	}
	var addresses []string
	for _, endpoint := range e.Endpoints {
		if ready := endpoint.Conditions.Ready; ready != nil && !*ready || len(endpoint.Addresses) == 0 || !s.isPod(&endpoint, e.Namespace) {
			continue
		}
		addresses = append(addresses, net.JoinHostPort(endpoint.Addresses[0], strconv.Itoa(int(*e.Ports[i].Port))))
	}
	return addresses
}

func (s *Server) isPod(endpoint *discoveryv1.Endpoint, namespace string) bool {
	ref := endpoint.TargetRef
	if ref == nil || ref.Namespace != namespace {
		return false
	}
	obj, err := s.api.Get(registry.Pods, namespace, ref.Name)
	if err != nil {
		return false
	}
	has := func(ip corev1.PodIP) bool { return ip.IP == endpoint.Addresses[0] }
	return slices.ContainsFunc(obj.(*corev1.Pod).Status.PodIPs, has)
}

// selectedAddresses are what the endpoint controllers would find.
func (s *Server) selectedAddresses(service *corev1.Service, port string) []string {
	i := slices.IndexFunc(service.Spec.Ports, func(p corev1.ServicePort) bool { return p.Name == port })
	if i < 0 || len(service.Spec.Selector) == 0 {
		return nil
	}
	selector := labels.SelectorFromSet(service.Spec.Selector)
	var addresses []string
	for _, pod := range listOf[*corev1.Pod](s.api, registry.Pods, service.Namespace) {
		if !selector.Matches(labels.Set(pod.Labels)) || podIP(pod) == "" || !isReady(pod) && !service.Spec.PublishNotReadyAddresses {
			continue
		}
		if number := targetPort(&service.Spec.Ports[i], pod); number != 0 {
			addresses = append(addresses, net.JoinHostPort(podIP(pod), strconv.Itoa(int(number))))
		}
	}
	return addresses
}

func isReady(pod *corev1.Pod) bool {
	return pod.DeletionTimestamp == nil && slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// targetPort is FindPort: a number, or the port that a container has by that name. 0 means that the pod has none.
func targetPort(p *corev1.ServicePort, pod *corev1.Pod) int32 {
	if p.TargetPort.Type == intstr.Int {
		return p.TargetPort.IntVal
	}
	for i := range pod.Spec.Containers {
		for _, c := range pod.Spec.Containers[i].Ports {
			if c.Name == p.TargetPort.StrVal && c.Protocol == p.Protocol {
				return c.ContainerPort
			}
		}
	}
	return 0
}
