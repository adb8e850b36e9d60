package types

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// serviceCreate is ValidateServiceCreate.
func (r *report) serviceCreate(s *corev1.Service) {
	r.Metadata(&s.ObjectMeta, true, apivalidation.NameIsDNSLabel)
	r.service(s, nil)
}

// service is validateService; old is nil on creation. What a server gives out before it validates (addresses, their families, node
// ports, the port of the health check) may be missing.
func (r *report) service(s, old *corev1.Service) {
	spec, at := &s.Spec, field.NewPath("spec")
	r.topologyAnnotations(s.Annotations)
	if len(spec.Ports) == 0 && !isHeadless(spec) && spec.Type != corev1.ServiceTypeExternalName {
		r.Required(at.Child("ports"), "")
	}
	r.serviceType(at, spec)
	r.servicePorts(at.Child("ports"), spec.Ports)
	r.Labels(at.Child("selector"), spec.Selector)
	oneOfOrRequired(r, at.Child("sessionAffinity"), spec.SessionAffinity, corev1.ServiceAffinityClientIP, corev1.ServiceAffinityNone)
	r.affinityTimeout(at.Child("sessionAffinityConfig"), spec)
	r.clusterIPs(at, spec, old)
	var was corev1.ServiceSpec
	maybe(old, func(old *corev1.Service) { was = old.Spec })
	for i, ip := range spec.ExternalIPs {
		if one := at.Child("externalIPs").Index(i); r.IP(one, ip, was.ExternalIPs...) {
			r.EndpointIP(one, ip)
		}
	}
	oneOfOrRequired(r, at.Child("type"), spec.Type, corev1.ServiceTypeClusterIP, corev1.ServiceTypeExternalName, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeNodePort)
	r.portNumbers(at.Child("ports"), spec)
	r.sourceRanges(s, old)
	r.balancer(at, spec)
	r.traffic(at, spec)
}

// topologyAnnotations are two names of one thing.
func (r *report) topologyAnnotations(annotations map[string]string) {
	mode, ok := annotations[corev1.AnnotationTopologyMode]
	if hints, both := annotations[corev1.DeprecatedAnnotationTopologyAwareHints]; ok && both && mode != hints {
		r.Invalid(field.NewPath("metadata", "annotations").Key(corev1.AnnotationTopologyMode), mode,
			fmt.Sprintf("must match annotations[%s] when both are specified", corev1.DeprecatedAnnotationTopologyAwareHints))
	}
}

// isHeadless is isHeadlessService, of a service whose client may have set but one of the two fields.
func isHeadless(spec *corev1.ServiceSpec) bool {
	ips := clusterIPs(spec)
	return len(ips) == 1 && ips[0] == corev1.ClusterIPNone
}

// clusterIPs are a service's addresses as normalizeClusterIPs completes them on creation.
func clusterIPs(spec *corev1.ServiceSpec) []string {
	if len(spec.ClusterIPs) == 0 && spec.ClusterIP != "" {
		return []string{spec.ClusterIP}
	}
	return spec.ClusterIPs
}

func (r *report) serviceType(at *field.Path, spec *corev1.ServiceSpec) {
	switch spec.Type {
	case corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeNodePort:
		if isHeadless(spec) {
			r.Invalid(at.Child("clusterIPs").Index(0), corev1.ClusterIPNone, fmt.Sprintf("may not be set to 'None' for %s services", spec.Type))
		}
	case corev1.ServiceTypeExternalName:
		const detail = "may not be set for ExternalName services"
		if len(clusterIPs(spec)) > 0 {
			r.Forbidden(at.Child("clusterIPs"), detail)
		}
		if len(spec.IPFamilies) > 0 {
			r.Forbidden(at.Child("ipFamilies"), detail)
		}
		if spec.IPFamilyPolicy != nil {
			r.Forbidden(at.Child("ipFamilyPolicy"), detail)
		}
		if name := strings.TrimSuffix(spec.ExternalName, "."); r.Present(at.Child("externalName"), name) {
			r.Messages(at.Child("externalName"), name, validation.IsDNS1123Subdomain(name))
		}
	}
}

func (r *report) servicePorts(at *field.Path, ports []corev1.ServicePort) {
	names := map[string]bool{}
	for i, p := range ports {
		one := at.Index(i)
		switch {
		case p.Name == "" && len(ports) > 1:
			r.Required(one.Child("name"), "")
		case p.Name != "":
			r.Messages(one.Child("name"), p.Name, validation.IsDNS1123Label(p.Name))
			if names[p.Name] {
				r.Add(field.Duplicate(one.Child("name"), p.Name))
			}
			names[p.Name] = true
		}
		r.Messages(one.Child("port"), p.Port, validation.IsValidPortNum(int(p.Port)))
		oneOfOrRequired(r, one.Child("protocol"), p.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
		r.portNumberOrName(one.Child("targetPort"), p.TargetPort)
		if p.AppProtocol != nil {
			r.Messages(one.Child("appProtocol"), *p.AppProtocol, validation.IsQualifiedName(*p.AppProtocol))
		}
	}
}

// portNumbers wants ports and node ports to stand once for each protocol.
func (r *report) portNumbers(at *field.Path, spec *corev1.ServiceSpec) {
	if spec.Type == corev1.ServiceTypeClusterIP {
		for i, p := range spec.Ports {
			if p.NodePort != 0 {
				r.Forbidden(at.Index(i).Child("nodePort"), "may not be used when `type` is 'ClusterIP'")
			}
		}
	}
	type number struct {
		protocol corev1.Protocol
		port     int32
	}
	onNodes, own := map[number]bool{}, map[number]bool{}
	for i, p := range spec.Ports {
		if key := (number{p.Protocol, p.NodePort}); p.NodePort != 0 {
			if onNodes[key] {
				r.Add(field.Duplicate(at.Index(i).Child("nodePort"), p.NodePort))
			}
			onNodes[key] = true
		}
	}
	for i, p := range spec.Ports {
		key := number{p.Protocol, p.Port}
		if own[key] {
			r.Add(field.Duplicate(at.Index(i), internal(corev1.ServicePort{Protocol: p.Protocol, Port: p.Port})))
		}
		own[key] = true
	}
}

func (r *report) affinityTimeout(at *field.Path, spec *corev1.ServiceSpec) {
	config := spec.SessionAffinityConfig
	switch spec.SessionAffinity {
	case corev1.ServiceAffinityClientIP:
		const when = "when session affinity type is ClientIP"
		if config == nil {
			r.Required(at, when)
		} else if config.ClientIP == nil {
			r.Required(at.Child("clientIP"), when)
		} else if seconds := config.ClientIP.TimeoutSeconds; seconds == nil {
			r.Required(at.Child("clientIP", "timeoutSeconds"), when)
		} else if *seconds <= 0 || *seconds > maxAffinitySeconds {
			r.Invalid(at.Child("clientIP", "timeoutSeconds"), *seconds, fmt.Sprintf("must be greater than 0 and less than %d", maxAffinitySeconds))
		}
	case corev1.ServiceAffinityNone:
		if config != nil {
			r.Forbidden(at, "must not be set when session affinity is None")
		}
	}
}

// maxAffinitySeconds is a day, as MaxClientIPServiceAffinitySeconds.
const maxAffinitySeconds = 86400

const onlyBalanced = "may only be used when `type` is 'LoadBalancer'"

// sourceRanges are who may reach a load balancer, in the field or in the annotation that it once was. What stood there before may stay.
func (r *report) sourceRanges(s, old *corev1.Service) {
	const key = corev1.AnnotationLoadBalancerSourceRangesKey
	balanced := s.Spec.Type == corev1.ServiceTypeLoadBalancer
	if at := field.NewPath("spec", "LoadBalancerSourceRanges"); len(s.Spec.LoadBalancerSourceRanges) > 0 {
		if !balanced {
			r.Forbidden(at, onlyBalanced)
		}
		var was []string
		maybe(old, func(old *corev1.Service) { was = trimmed(old.Spec.LoadBalancerSourceRanges) })
		for i, block := range trimmed(s.Spec.LoadBalancerSourceRanges) {
			r.CIDR(at.Index(i), block, was...)
		}
		return
	}
	text, ok := s.Annotations[key]
	if !ok {
		return
	}
	at := field.NewPath("metadata", "annotations").Key(key)
	if !balanced {
		r.Forbidden(at, onlyBalanced)
	}
	if text = strings.TrimSpace(text); text != "" && (old == nil || old.Annotations[key] != s.Annotations[key]) {
		for _, block := range trimmed(strings.Split(text, ",")) {
			r.CIDR(at, block)
		}
	}
}

func trimmed(list []string) []string {
	list = slices.Clone(list)
	each(list, func(s *string) { *s = strings.TrimSpace(*s) })
	return list
}

// balancer checks the fields that only load balancers have.
func (r *report) balancer(at *field.Path, spec *corev1.ServiceSpec) {
	balanced := spec.Type == corev1.ServiceTypeLoadBalancer
	if spec.AllocateLoadBalancerNodePorts != nil && !balanced {
		r.Forbidden(at.Child("allocateLoadBalancerNodePorts"), onlyBalanced)
	}
	if spec.AllocateLoadBalancerNodePorts == nil && balanced {
		r.Required(field.NewPath("allocateLoadBalancerNodePorts"), "")
	}
	r.balancerClass(at.Child("loadBalancerClass"), spec)
}

func (r *report) balancerClass(at *field.Path, spec *corev1.ServiceSpec) {
	switch class := spec.LoadBalancerClass; {
	case class == nil:
	case spec.Type != corev1.ServiceTypeLoadBalancer:
		r.Forbidden(at, onlyBalanced)
	default:
		r.Messages(at, *class, validation.IsQualifiedName(*class))
	}
}

// traffic checks where a service may send what comes to a node.
func (r *report) traffic(at *field.Path, spec *corev1.ServiceSpec) {
	policy := at.Child("externalTrafficPolicy")
	switch {
	case isExternal(spec):
		oneOfOrRequired(r, policy, spec.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster, corev1.ServiceExternalTrafficPolicyLocal)
	case spec.ExternalTrafficPolicy != "":
		r.Invalid(policy, spec.ExternalTrafficPolicy, "may only be set for externally-accessible services")
	}
	health := at.Child("healthCheckNodePort")
	switch port := spec.HealthCheckNodePort; {
	case port == 0:
	case hasHealthCheck(spec):
		r.Messages(health, port, validation.IsValidPortNum(int(port)))
	default:
		r.Invalid(health, port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
	}
	if p := spec.InternalTrafficPolicy; p != nil {
		oneOf(r, at.Child("internalTrafficPolicy"), *p, corev1.ServiceInternalTrafficPolicyCluster, corev1.ServiceInternalTrafficPolicyLocal)
	} else if hasNodePorts(spec) || spec.Type == corev1.ServiceTypeClusterIP {
		r.Required(at.Child("internalTrafficPolicy"), "")
	}
	if d := spec.TrafficDistribution; d != nil {
		oneOf(r, at.Child("trafficDistribution"), *d, corev1.ServiceTrafficDistributionPreferClose,
			corev1.ServiceTrafficDistributionPreferSameZone, corev1.ServiceTrafficDistributionPreferSameNode)
	}
}
