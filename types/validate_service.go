package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// service checks what of ValidateService a service that only selects pods can break: type, ports, selector, affinity and addresses.
// Rules about load balancers and IP families beyond the type are not here.
func (r *report) service(s *corev1.Service) {
	r.metadata(&s.ObjectMeta, true, apivalidation.NameIsDNS1035Label)
	spec, at := &s.Spec, field.NewPath("spec")
	headless := spec.ClusterIP == corev1.ClusterIPNone
	if len(spec.Ports) == 0 && !headless && spec.Type != corev1.ServiceTypeExternalName {
		r.required(at.Child("ports"), "")
	}
	if spec.Type == corev1.ServiceTypeLoadBalancer && headless {
		r.invalid(at.Child("clusterIP"), spec.ClusterIP, "may not be set to 'None' for LoadBalancer services")
	}
	if spec.Type == corev1.ServiceTypeNodePort && headless {
		r.invalid(at.Child("clusterIP"), spec.ClusterIP, "may not be set to 'None' for NodePort services")
	}
	if spec.Type == corev1.ServiceTypeExternalName {
		r.externalName(at.Child("externalName"), spec.ExternalName)
	}
	r.servicePorts(at.Child("ports"), spec.Ports)
	r.labels(at.Child("selector"), spec.Selector)
	oneOfOrRequired(r, at.Child("sessionAffinity"), spec.SessionAffinity, corev1.ServiceAffinityClientIP, corev1.ServiceAffinityNone)
	r.affinityTimeout(at.Child("sessionAffinityConfig"), spec)
	if spec.ClusterIP != "" && !headless {
		r.add(validation.IsValidIPForLegacyField(at.Child("clusterIP"), spec.ClusterIP, false, nil)...)
	}
	for i, ip := range spec.ExternalIPs {
		r.add(validation.IsValidIPForLegacyField(at.Child("externalIPs").Index(i), ip, false, nil)...)
	}
	oneOfOrRequired(r, at.Child("type"), spec.Type, corev1.ServiceTypeClusterIP, corev1.ServiceTypeExternalName, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeNodePort)
}

func (r *report) externalName(at *field.Path, name string) {
	if r.present(at, name) {
		r.messages(at, name, validation.IsDNS1123Subdomain(name))
	}
}

func (r *report) servicePorts(at *field.Path, ports []corev1.ServicePort) {
	names, numbers := map[string]bool{}, map[string]bool{}
	for i, p := range ports {
		one := at.Index(i)
		switch {
		case p.Name == "" && len(ports) > 1:
			r.required(one.Child("name"), "")
		case p.Name != "":
			r.messages(one.Child("name"), p.Name, validation.IsDNS1123Label(p.Name))
			if names[p.Name] {
				r.add(field.Duplicate(one.Child("name"), p.Name))
			}
			names[p.Name] = true
		}
		r.messages(one.Child("port"), p.Port, validation.IsValidPortNum(int(p.Port)))
		oneOfOrRequired(r, one.Child("protocol"), p.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
		r.portNumberOrName(one.Child("targetPort"), p.TargetPort)
		if p.AppProtocol != nil {
			r.messages(one.Child("appProtocol"), *p.AppProtocol, validation.IsQualifiedName(*p.AppProtocol))
		}
	}
	for i, p := range ports {
		key := fmt.Sprintf("%s/%d", p.Protocol, p.Port)
		if numbers[key] {
			r.add(field.Duplicate(at.Index(i), internal{corev1.ServicePort{Protocol: p.Protocol, Port: p.Port}}))
		}
		numbers[key] = true
	}
}

func (r *report) affinityTimeout(at *field.Path, spec *corev1.ServiceSpec) {
	config := spec.SessionAffinityConfig
	switch spec.SessionAffinity {
	case corev1.ServiceAffinityClientIP:
		const when = "when session affinity type is ClientIP"
		if config == nil {
			r.required(at, when)
		} else if config.ClientIP == nil {
			r.required(at.Child("clientIP"), when)
		} else if seconds := config.ClientIP.TimeoutSeconds; seconds == nil {
			r.required(at.Child("clientIP", "timeoutSeconds"), when)
		} else if *seconds <= 0 || *seconds > maxAffinitySeconds {
			r.invalid(at.Child("clientIP", "timeoutSeconds"), *seconds, fmt.Sprintf("must be greater than 0 and less than %d", maxAffinitySeconds))
		}
	case corev1.ServiceAffinityNone:
		if config != nil {
			r.forbidden(at, "must not be set when session affinity is None")
		}
	}
}

// maxAffinitySeconds is a day, as MaxClientIPServiceAffinitySeconds.
const maxAffinitySeconds = 86400
