package types

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// endpoints is ValidateEndpoints. Subsets that were stored before count as valid: older servers have let them in.
func (r *report) endpoints(e, old *corev1.Endpoints) {
	r.Metadata(&e.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	subsets := &report{}
	for i := range e.Subsets {
		subsets.subset(field.NewPath("subsets").Index(i), &e.Subsets[i])
	}
	if old == nil || len(subsets.Errors) > 0 && !equality.Semantic.DeepEqual(e.Subsets, old.Subsets) {
		r.Add(subsets.Errors...)
	}
}

func (r *report) subset(at *field.Path, s *corev1.EndpointSubset) {
	if len(s.Addresses)+len(s.NotReadyAddresses) == 0 {
		r.Required(at, "must specify `addresses` or `notReadyAddresses`")
	}
	for i := range s.Addresses {
		r.endpointAddress(at.Child("addresses").Index(i), &s.Addresses[i])
	}
	for i := range s.NotReadyAddresses {
		r.endpointAddress(at.Child("notReadyAddresses").Index(i), &s.NotReadyAddresses[i])
	}
	for i := range s.Ports {
		r.endpointPort(at.Child("ports").Index(i), &s.Ports[i], len(s.Ports) > 1)
	}
}

// endpointAddress is validateEndpointAddress, which looks at the address twice.
func (r *report) endpointAddress(at *field.Path, a *corev1.EndpointAddress) {
	r.IP(at.Child("ip"), a.IP)
	if a.Hostname != "" {
		r.Messages(at.Child("hostname"), a.Hostname, validation.IsDNS1123Label(a.Hostname))
	}
	if a.NodeName != nil {
		r.Messages(at.Child("nodeName"), *a.NodeName, apivalidation.NameIsDNSSubdomain(*a.NodeName, false))
	}
	r.EndpointIP(at.Child("ip"), a.IP)
}

func (r *report) endpointPort(at *field.Path, p *corev1.EndpointPort, several bool) {
	if p.Name != "" {
		r.Messages(at.Child("name"), p.Name, validation.IsDNS1123Label(p.Name))
	} else if several {
		r.Required(at.Child("name"), "")
	}
	r.Messages(at.Child("port"), p.Port, validation.IsValidPortNum(int(p.Port)))
	oneOfOrRequired(r, at.Child("protocol"), p.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
	if p.AppProtocol != nil {
		r.Messages(at.Child("appProtocol"), *p.AppProtocol, validation.IsQualifiedName(*p.AppProtocol))
	}
}
