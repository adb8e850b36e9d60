package types

import (
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// claimStatuses is validatePodResourceClaimStatuses: they are of claims that the pod has.
func (c *podCheck) claimStatuses(at *field.Path, list []corev1.PodResourceClaimStatus) {
	has, seen := map[string]bool{}, map[string]bool{}
	for _, claim := range c.spec.ResourceClaims {
		has[claim.Name] = true
	}
	for i, s := range list {
		one := at.Index(i)
		if !has[s.Name] {
			c.Invalid(one.Child("name"), s.Name, "must match the name of an entry in `spec.resourceClaims`")
		}
		if seen[s.Name] {
			c.Add(field.Duplicate(one.Child("name"), s.Name))
		}
		seen[s.Name] = true
		if s.ResourceClaimName != nil {
			c.Messages(one.Child("resourceClaimName"), *s.ResourceClaimName, apivalidation.NameIsDNSSubdomain(*s.ResourceClaimName, false))
		}
	}
}

// extendedClaim is validatePodExtendedResourceClaimStatus: the claim that the scheduler has made serves what containers ask for.
func (c *podCheck) extendedClaim(at *field.Path, s *corev1.PodExtendedResourceClaimStatus) {
	if s == nil {
		return
	}
	mappings := at.Child("requestMappings")
	if len(s.RequestMappings) == 0 {
		c.Required(mappings, "at least one request mapping is required")
	}
	requests := map[string]corev1.ResourceList{}
	for _, list := range [][]corev1.Container{c.spec.InitContainers, c.spec.Containers} {
		for _, container := range list {
			requests[container.Name] = container.Resources.Requests
		}
	}
	seen := map[corev1.ContainerExtendedResourceRequest]bool{}
	for i, m := range s.RequestMappings {
		one := mappings.Index(i)
		if asked, ok := requests[m.ContainerName]; !ok {
			c.Invalid(one.Child("containerName"), m.ContainerName, "must match the name of an entry in spec.initContainers.name or spec.containers.name")
		} else if _, ok := asked[corev1.ResourceName(m.ResourceName)]; !ok {
			c.Invalid(one.Child("resourceName"), m.ResourceName,
				"must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests")
		}
		c.Messages(at.Child("requestName"), m.RequestName, validation.IsDNS1123Label(m.RequestName))
		if seen[m] {
			c.Add(field.Duplicate(one.Child("containerName"), m.ContainerName), field.Duplicate(one.Child("resourceName"), m.ResourceName),
				field.Duplicate(one.Child("requestName"), m.RequestName))
		}
		seen[m] = true
	}
	if c.Present(at.Child("resourceClaimName"), s.ResourceClaimName) {
		c.Messages(at.Child("resourceClaimName"), s.ResourceClaimName, apivalidation.NameIsDNSSubdomain(s.ResourceClaimName, false))
	}
}
