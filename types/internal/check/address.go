package check

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// IP is IsValidIPForLegacyField with the gate StrictIPCIDRValidation on, as it is by default: no leading zeros, no IPv4 in IPv6.
// Addresses among old, those that the field had before, may stay as they are.
func (r *Report) IP(at *field.Path, ip string, old ...string) bool {
	errors := validation.IsValidIPForLegacyField(at, ip, true, old)
	r.Add(errors...)
	return len(errors) == 0
}

// CIDR is IsValidCIDRForLegacyField with the same gate.
func (r *Report) CIDR(at *field.Path, block string, old ...string) {
	r.Add(validation.IsValidCIDRForLegacyField(at, block, true, old)...)
}

// EndpointIP is ValidateEndpointIP: an address that somebody else can reach. One that is no address at all is reported too.
func (r *Report) EndpointIP(at *field.Path, text string) {
	ip := net.ParseIPSloppy(text)
	if ip == nil {
		r.Invalid(at, text, "must be a valid IP address")
		return
	}
	if ip.IsUnspecified() {
		r.Invalid(at, text, fmt.Sprintf("may not be unspecified (%s)", text))
	}
	if ip.IsLoopback() {
		r.Invalid(at, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
	}
	if ip.IsLinkLocalUnicast() {
		r.Invalid(at, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
	}
	if ip.IsLinkLocalMulticast() {
		r.Invalid(at, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")
	}
}
