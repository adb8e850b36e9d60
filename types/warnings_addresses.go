package types

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// address warns of an IP address that is written in an unusual way, as GetWarningsForIP does; text that is none is for validation.
func (w *warnings) address(at *field.Path, text string) {
	if net.ParseIPSloppy(text) != nil {
		w.texts = append(w.texts, validation.GetWarningsForIP(at, text)...)
	}
}

// block is address for a range of addresses.
func (w *warnings) block(at *field.Path, text string) {
	if _, _, err := net.ParseCIDRSloppy(text); err == nil {
		w.texts = append(w.texts, validation.GetWarningsForCIDR(at, text)...)
	}
}

func (w *warnings) podAddresses(at *field.Path, spec *corev1.PodSpec) {
	maybe(spec.DNSConfig, func(c *corev1.PodDNSConfig) {
		for i, server := range c.Nameservers {
			w.address(at.Child("dnsConfig", "nameservers").Index(i), server)
		}
	})
	for i, alias := range spec.HostAliases {
		w.address(at.Child("hostAliases").Index(i).Child("ip"), alias.IP)
	}
}
