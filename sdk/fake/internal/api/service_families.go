package api

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	podtypes "github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/ptr"
)

// family is the one that services of a cluster have: it is not dual-stack.
const family = corev1.IPv4Protocol

// initFamilies settles the families of a service's addresses and their policy, as initIPFamilyFields does on a cluster with one family.
func initFamilies(s, old *corev1.Service) error {
	if s.Spec.Type == corev1.ServiceTypeExternalName || keepsDualStack(s, old) {
		return nil
	}
	if s.Spec.IPFamilyPolicy == nil {
		s.Spec.IPFamilyPolicy = defaultPolicy(s, old)
	}
	if errs := addressErrors(s); len(errs) > 0 {
		return invalidService(s, errs...)
	}
	if errs := policyErrors(s, old); len(errs) > 0 {
		return invalidService(s, errs...)
	}
	if isHeadless(s) && len(s.Spec.Selector) == 0 {
		s.Spec.IPFamilies = bothFamilies(s)
		return nil
	}
	if errs := unservedFamilies(s); len(errs) > 0 {
		return invalidService(s, errs...)
	}
	if len(s.Spec.IPFamilies) == 0 {
		s.Spec.IPFamilies = []corev1.IPFamily{family}
	}
	return nil
}

// keepsDualStack is isMatchingPreferDualStackClusterIPFields: such a service stays as it is.
func keepsDualStack(s, old *corev1.Service) bool {
	prefers := func(s *corev1.Service) bool {
		return ptr.Deref(s.Spec.IPFamilyPolicy, corev1.IPFamilyPolicyPreferDualStack) == corev1.IPFamilyPolicyPreferDualStack
	}
	return old != nil && s.Spec.IPFamilyPolicy != nil && s.Spec.Type == old.Spec.Type && prefers(s) && prefers(old) &&
		slices.Equal(s.Spec.ClusterIPs, old.Spec.ClusterIPs) && slices.Equal(s.Spec.IPFamilies, old.Spec.IPFamilies)
}

func defaultPolicy(s, old *corev1.Service) *corev1.IPFamilyPolicy {
	switch {
	case old != nil && old.Spec.IPFamilyPolicy != nil:
		return old.Spec.IPFamilyPolicy
	case isHeadless(s) && len(s.Spec.Selector) == 0:
		return ptr.To(corev1.IPFamilyPolicyRequireDualStack)
	}
	return ptr.To(corev1.IPFamilyPolicySingleStack)
}

func isHeadless(s *corev1.Service) bool { return s.Spec.ClusterIP == corev1.ClusterIPNone }

// addressErrors are what is wrong with the addresses themselves, which is all that is said then.
func addressErrors(s *corev1.Service) field.ErrorList {
	var errs field.ErrorList
	for _, err := range podtypes.Errors(s) {
		if strings.HasPrefix(err.Field, "spec.clusterIP") || strings.HasPrefix(err.Field, "spec.ipFamil") {
			errs = append(errs, err)
		}
	}
	return errs
}

// policyErrors holds the policy against addresses and families, and infers the families of given addresses.
func policyErrors(s, old *corev1.Service) field.ErrorList {
	var errs field.ErrorList
	spec, at := &s.Spec, field.NewPath("spec")
	refuse := func(text string) {
		errs = append(errs, field.Invalid(at.Child("ipFamilyPolicy"), spec.IPFamilyPolicy, text))
	}
	single := *spec.IPFamilyPolicy == corev1.IPFamilyPolicySingleStack
	if old != nil {
		shrinkOrRefuse(spec, &old.Spec, single, refuse)
	}
	if single && len(spec.ClusterIPs) == 2 {
		refuse("must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified")
	}
	if single && len(spec.IPFamilies) == 2 {
		refuse("must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified")
	}
	for i, text := range spec.ClusterIPs {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			break // None
		}
		switch {
		case i < len(spec.IPFamilies):
		case ip.Is4():
			spec.IPFamilies = append(spec.IPFamilies, corev1.IPv4Protocol)
		default:
			errs = append(errs, field.Invalid(at.Child("clusterIPs").Index(i), spec.ClusterIPs,
				fmt.Sprintf("%s is not configured on this cluster", corev1.IPv6Protocol)))
		}
	}
	return errs
}

// shrinkOrRefuse gives up a second address and family of a service that wants one only, and refuses that of another.
func shrinkOrRefuse(spec, was *corev1.ServiceSpec, single bool, refuse func(string)) {
	if single {
		if slices.Equal(spec.ClusterIPs, was.ClusterIPs) && len(spec.ClusterIPs) > 1 {
			spec.ClusterIPs = spec.ClusterIPs[:1]
		}
		if slices.Equal(spec.IPFamilies, was.IPFamilies) && len(spec.IPFamilies) > 1 {
			spec.IPFamilies = spec.IPFamilies[:1]
		}
		return
	}
	if n := len(spec.ClusterIPs); n > 0 && n < len(was.ClusterIPs) {
		refuse("must be 'SingleStack' to release the secondary cluster IP")
	}
	if n := len(spec.IPFamilies); n > 0 && n < len(was.IPFamilies) {
		refuse("must be 'SingleStack' to release the secondary IP family")
	}
}

// bothFamilies are those of a headless service without selector, whose endpoints may be of any.
func bothFamilies(s *corev1.Service) []corev1.IPFamily {
	families := s.Spec.IPFamilies
	if len(families) == 0 {
		families = []corev1.IPFamily{family}
	}
	if len(families) > 1 || *s.Spec.IPFamilyPolicy == corev1.IPFamilyPolicySingleStack {
		return families
	}
	other := corev1.IPv6Protocol
	if families[0] == other {
		other = corev1.IPv4Protocol
	}
	return []corev1.IPFamily{families[0], other}
}

// unservedFamilies are what a cluster of one family cannot give.
func unservedFamilies(s *corev1.Service) field.ErrorList {
	var errs field.ErrorList
	at := field.NewPath("spec")
	if *s.Spec.IPFamilyPolicy == corev1.IPFamilyPolicyRequireDualStack {
		errs = append(errs, field.Invalid(at.Child("ipFamilyPolicy"), s.Spec.IPFamilyPolicy, "this cluster is not configured for dual-stack services"))
	}
	for i, f := range s.Spec.IPFamilies {
		if f != family {
			errs = append(errs, field.Invalid(at.Child("ipFamilies").Index(i), f, "not configured on this cluster"))
		}
	}
	return errs
}

func invalidService(s *corev1.Service, errs ...*field.Error) error {
	return apierrors.NewInvalid(registry.Services.GroupVersionKind().GroupKind(), s.Name, errs)
}
