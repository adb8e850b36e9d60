package api

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const (
	textAllocated = "provided %s is already allocated"
	textFull      = "range is full"
)

// allocateIPs gives a service its cluster IP, as allocClusterIPs does for a new one and updateClusterIPs for one that was an external name.
// A service that becomes one has lost its address by now, and the store will tell.
func (a *API) allocateIPs(s, old *corev1.Service, dryRun bool) error {
	if s.Spec.Type == corev1.ServiceTypeExternalName || isHeadless(s) || old != nil && old.Spec.Type != corev1.ServiceTypeExternalName {
		return nil
	}
	at := field.NewPath("spec", "clusterIPs")
	for i := range s.Spec.IPFamilies {
		if i == len(s.Spec.ClusterIPs) {
			s.Spec.ClusterIPs = append(s.Spec.ClusterIPs, "")
		}
		ip := s.Spec.ClusterIPs[i]
		if ip == "" {
			found, ok := a.freeIP(s, dryRun)
			if !ok {
				return apierrors.NewInternalError(fmt.Errorf("failed to allocate a serviceIP for Service %q: %s", s.Name, textFull))
			}
			s.Spec.ClusterIPs[i] = found.String()
		} else if problem := a.services.takeIP(nameOfService(s), ip, dryRun); problem != "" {
			return invalidService(s, field.Invalid(at, s.Spec.ClusterIPs, fmt.Sprintf("failed to allocate IP %v: %s", ip, problem)))
		}
	}
	if len(s.Spec.ClusterIPs) > 0 {
		s.Spec.ClusterIP = s.Spec.ClusterIPs[0]
	}
	return nil
}

// takeIP says why a service cannot have the address that it asks for, "" if it can. A dry run does not look whether it is free.
func (x *allocations) takeIP(by types.NamespacedName, text string, dryRun bool) string {
	ip, err := netip.ParseAddr(text)
	first, last := firstServiceIP(), lastServiceIP()
	switch {
	case err == nil && !ServiceCIDR.Contains(ip) && !dryRun:
		return "the provided network does not match the current range"
	case err != nil || ip.Less(first) || last.Less(ip):
		return fmt.Sprintf("the provided IP (%s) is not in the valid range. The range of valid IPs is %s", text, ServiceCIDR)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.taken(ip, by) && !dryRun {
		return fmt.Sprintf(textAllocated, "IP")
	}
	return ""
}

// lowerIPs is how many addresses at the beginning are for those who ask for one, by calculateRangeOffset.
const lowerIPs = 256

// freeIP draws an address from the upper part of the range, or from the lower one if that is full. A dry run draws none: it shows the
// address of the network.
func (a *API) freeIP(s *corev1.Service, dryRun bool) (netip.Addr, bool) {
	if dryRun {
		return ServiceCIDR.Addr(), true
	}
	first, size := firstServiceIP(), 1<<(32-ServiceCIDR.Bits())-2
	by := nameOfService(s)
	random := a.draws.next("address of service " + by.String())
	a.services.mu.Lock()
	defer a.services.mu.Unlock()
	search := func(from, n int) (netip.Addr, bool) {
		start := random.IntN(n)
		for i := range n {
			ip := plus(first, from+(start+i)%n)
			if !a.services.taken(ip, by) {
				return ip, true
			}
		}
		return netip.Addr{}, false
	}
	if ip, ok := search(lowerIPs, size-lowerIPs); ok {
		return ip, true
	}
	return search(0, lowerIPs)
}

// firstServiceIP and lastServiceIP leave out the address of the network and that of all.
func firstServiceIP() netip.Addr { return ServiceCIDR.Addr().Next() }

func lastServiceIP() netip.Addr { return plus(ServiceCIDR.Addr(), 1<<(32-ServiceCIDR.Bits())-2) }

// plus is the address that lies n after an IPv4 address.
func plus(ip netip.Addr, n int) netip.Addr {
	b := ip.As4()
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])+uint32(n))
	return netip.AddrFrom4(b)
}
