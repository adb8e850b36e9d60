package workloads

import (
	"errors"
	"slices"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// defaultEndpointSlice is SetDefaults_EndpointPort of discovery/v1: every port has a name, if only the empty one.
func defaultEndpointSlice(s *discoveryv1.EndpointSlice) {
	for i := range s.Ports {
		orPointer(&s.Ports[i].Name, "")
		orPointer(&s.Ports[i].Protocol, corev1.ProtocolTCP)
	}
}

// prepareEndpointSlice is dropTopologyOnV1 of a new slice: the topology of older versions is not written any more.
func prepareEndpointSlice(s *discoveryv1.EndpointSlice) { dropTopology(s, nil) }

// prepareEndpointSliceUpdate is the same of an update. A node that the topology of the old slice names stays known.
func prepareEndpointSliceUpdate(s, old *discoveryv1.EndpointSlice) {
	if equality.Semantic.DeepEqual(s.Endpoints, old.Endpoints) {
		return
	}
	nodes := map[string]bool{}
	for _, e := range old.Endpoints {
		if name := e.DeprecatedTopology[corev1.LabelHostname]; name != "" {
			nodes[name] = true
		}
	}
	dropTopology(s, nodes)
}

func dropTopology(s *discoveryv1.EndpointSlice, nodes map[string]bool) {
	for i := range s.Endpoints {
		e := &s.Endpoints[i]
		if name := e.DeprecatedTopology[corev1.LabelHostname]; e.NodeName == nil && nodes[name] && len(apivalidation.NameIsDNSSubdomain(name, false)) == 0 {
			e.NodeName = &name
		}
		e.DeprecatedTopology = nil
	}
}

// The limits of slices.
const (
	mostEndpoints = 1000
	mostAddresses = 100
	mostPorts     = 20000
	mostTopology  = 16
	mostHints     = 8
)

// endpointSliceErrors is ValidateEndpointSliceCreate.
func endpointSliceErrors(s *discoveryv1.EndpointSlice) field.ErrorList {
	r := &report{}
	r.Add(r.endpointSlice(s, nil)...)
	return r.Errors
}

// endpointSliceUpdateErrors is ValidateEndpointSliceUpdate.
func endpointSliceUpdateErrors(s, old *discoveryv1.EndpointSlice) field.ErrorList {
	r := &report{}
	late := r.endpointSlice(s, old)
	if s.AddressType != old.AddressType {
		i := 0 // the marker that asks for a type comes before that which keeps it
		if s.AddressType == "" {
			i = 1
		}
		late = slices.Insert(late, i, field.Invalid(field.NewPath("addressType"), nil, apivalidation.FieldImmutableErrorMsg))
	}
	r.Add(late...)
	return r.Errors
}

// endpointSlice is ValidateEndpointSlice. What the server finds by declared markers, which it reads after its own rules and only of a
// part that has changed, is returned: it comes last, in the words of the markers. Endpoints that were stored before count as valid.
func (r *report) endpointSlice(s, old *discoveryv1.EndpointSlice) (late field.ErrorList) {
	r.Metadata(&s.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	types := []discoveryv1.AddressType{discoveryv1.AddressTypeFQDN, discoveryv1.AddressTypeIPv4, discoveryv1.AddressTypeIPv6}
	declared := &report{}
	to := &declared.Report
	if old != nil && (old.AddressType == s.AddressType || s.AddressType != "") { // the markers stop at a type that has changed
		to = &r.Report
	}
	check.OneOfOrRequired(to, field.NewPath("addressType"), s.AddressType, types...)
	r.slicePorts(field.NewPath("ports"), s.Ports)
	if old != nil && equality.Semantic.DeepEqual(s.Endpoints, old.Endpoints) {
		return declared.Errors
	}
	at := field.NewPath("endpoints")
	if len(s.Endpoints) > mostEndpoints {
		r.Add(field.TooMany(at, len(s.Endpoints), mostEndpoints))
	}
	for i := range s.Endpoints {
		addresses := s.Endpoints[i].Addresses
		if len(s.Endpoints) <= mostEndpoints {
			r.endpoint(at.Index(i), &s.Endpoints[i], s.AddressType)
		}
		switch one := at.Index(i).Child("addresses"); {
		case len(addresses) == 0:
			declared.Required(one, "")
		case len(addresses) > mostAddresses:
			declared.Add(field.TooMany(one, len(addresses), mostAddresses))
		}
	}
	return declared.Errors
}

func (r *report) endpoint(at *field.Path, e *discoveryv1.Endpoint, of discoveryv1.AddressType) {
	for i, address := range e.Addresses {
		r.sliceAddress(at.Child("addresses"), i, address, of)
	}
	if e.NodeName != nil {
		r.Messages(at.Child("nodeName"), *e.NodeName, apivalidation.NameIsDNSSubdomain(*e.NodeName, false))
	}
	topology := at.Child("deprecatedTopology")
	if len(e.DeprecatedTopology) > mostTopology {
		r.Add(field.TooMany(topology, len(e.DeprecatedTopology), mostTopology))
	}
	r.Labels(topology, e.DeprecatedTopology)
	if _, ok := e.DeprecatedTopology[corev1.LabelTopologyZone]; ok {
		r.Add(field.InternalError(topology.Key(corev1.LabelTopologyZone), errors.New("reserved key was not removed in conversion")))
	}
	if e.Hostname != nil {
		r.Messages(at.Child("hostname"), *e.Hostname, validation.IsDNS1123Label(*e.Hostname))
	}
	if e.Hints != nil {
		r.hints(at.Child("hints"), e.Hints)
	}
}

// sliceAddress checks an address of a type. Only old-fashioned IPv4 has addresses from before that were written in odd ways.
func (r *report) sliceAddress(at *field.Path, i int, address string, of discoveryv1.AddressType) {
	one := at.Index(i)
	switch of {
	case discoveryv1.AddressTypeIPv4:
		if !r.IP(one, address) {
			return
		}
		if !net.IsIPv4String(address) {
			r.Invalid(at, address, "must be an IPv4 address")
		}
		r.EndpointIP(one, address)
	case discoveryv1.AddressTypeIPv6:
		if found := validation.IsValidIP(one, address); len(found) > 0 {
			r.Add(found...)
			return
		}
		if !net.IsIPv6String(address) {
			r.Invalid(at, address, "must be an IPv6 address")
		}
		r.EndpointIP(one, address)
	case discoveryv1.AddressTypeFQDN:
		r.Add(validation.IsFullyQualifiedDomainName(one, address)...)
	}
}

// slicePorts is validatePorts.
func (r *report) slicePorts(at *field.Path, ports []discoveryv1.EndpointPort) {
	if len(ports) > mostPorts {
		r.Add(field.TooMany(at, len(ports), mostPorts))
		return
	}
	names := map[string]bool{}
	for i, p := range ports {
		one, name := at.Index(i), deref(p.Name)
		if name != "" {
			r.Messages(one.Child("name"), name, validation.IsDNS1123Label(name))
		}
		if names[name] {
			r.Add(field.Duplicate(one.Child("name"), name))
		}
		names[name] = true
		if p.Protocol == nil {
			r.Required(one.Child("protocol"), "")
		} else {
			check.OneOf(&r.Report, one.Child("protocol"), *p.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
		}
		if p.AppProtocol != nil {
			r.Messages(one.Child("appProtocol"), *p.AppProtocol, validation.IsQualifiedName(*p.AppProtocol))
		}
	}
}

// hints is validateHints.
func (r *report) hints(at *field.Path, h *discoveryv1.EndpointHints) {
	zones, nodes := make([]string, len(h.ForZones)), make([]string, len(h.ForNodes))
	for i, z := range h.ForZones {
		zones[i] = z.Name
	}
	for i, n := range h.ForNodes {
		nodes[i] = n.Name
	}
	if r.hinted(at.Child("forZones"), zones, validation.IsValidLabelValue) {
		r.hinted(at.Child("forNodes"), nodes, func(name string) []string { return apivalidation.NameIsDNSSubdomain(name, false) })
	}
}

// hinted reports whether there are few enough names.
func (r *report) hinted(at *field.Path, names []string, valid func(string) []string) bool {
	if len(names) > mostHints {
		r.Add(field.TooMany(at, len(names), mostHints))
		return false
	}
	for i, name := range names {
		one := at.Index(i).Child("name")
		if slices.Contains(names[:i], name) {
			r.Add(field.Duplicate(one, name))
		}
		r.Messages(one, name, valid(name))
	}
	return true
}

func endpointSliceWarnings(s *discoveryv1.EndpointSlice) (texts []string) {
	if s.AddressType == discoveryv1.AddressTypeFQDN {
		texts = []string{"spec.addressType: FQDN endpoints are deprecated"}
	}
	return append(texts, oddAddresses(s)...)
}

func endpointSliceUpdateWarnings(s, _ *discoveryv1.EndpointSlice) []string { return oddAddresses(s) }

// oddAddresses is warnOnBadIPs, which does not look at what the server's own controllers write.
func oddAddresses(s *discoveryv1.EndpointSlice) (texts []string) {
	switch s.Labels[discoveryv1.LabelManagedBy] {
	case "endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io":
		return nil
	}
	for i, e := range s.Endpoints {
		for j, address := range e.Addresses {
			if net.ParseIPSloppy(address) != nil {
				texts = append(texts, validation.GetWarningsForIP(field.NewPath("endpoints").Index(i).Child("addresses").Index(j), address)...)
			}
		}
	}
	return texts
}
