package types

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The names of resources without a domain, as in k8s.io/kubernetes/pkg/apis/core/helper.
var (
	containerResourceNames = []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage}
	countedResourceNames   = []corev1.ResourceName{corev1.ResourcePods, corev1.ResourceQuotas, corev1.ResourceServices, corev1.ResourceReplicationControllers,
		corev1.ResourceSecrets, corev1.ResourceConfigMaps, corev1.ResourcePersistentVolumeClaims, corev1.ResourceServicesNodePorts, corev1.ResourceServicesLoadBalancers}
	quotaResourceNames = []corev1.ResourceName{corev1.ResourceRequestsCPU, corev1.ResourceRequestsMemory, corev1.ResourceRequestsEphemeralStorage,
		corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory, corev1.ResourceLimitsEphemeralStorage, corev1.ResourceStorage, corev1.ResourceRequestsStorage}
)

func isContainerResource(name corev1.ResourceName) bool {
	return slices.Contains(containerResourceNames, name) || isHugePages(name)
}

func isStandardResource(name corev1.ResourceName) bool {
	return isContainerResource(name) || slices.Contains(countedResourceNames, name) || slices.Contains(quotaResourceNames, name)
}

// isNativeResource tells Kubernetes' own resources, as IsNativeResource does.
func isNativeResource(name corev1.ResourceName) bool {
	return !strings.Contains(string(name), "/") || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

// isExtendedResource tells the resources of vendors, as IsExtendedResourceName does.
func isExtendedResource(name corev1.ResourceName) bool {
	return !isNativeResource(name) && !strings.HasPrefix(string(name), corev1.DefaultResourceRequestsPrefix) &&
		len(validation.IsQualifiedName(corev1.DefaultResourceRequestsPrefix+string(name))) == 0
}

// mayOvercommit reports whether limits may exceed requests.
func mayOvercommit(name corev1.ResourceName) bool {
	return isNativeResource(name) && !isHugePages(name)
}

// resourceName is validateResourceName; it reports whether the name passed.
func (r *report) resourceName(at *field.Path, name corev1.ResourceName) bool {
	if messages := validation.IsQualifiedName(string(name)); len(messages) > 0 {
		r.messages(at, name, messages)
		return false
	}
	if !strings.Contains(string(name), "/") && !isStandardResource(name) {
		r.invalid(at, name, "must be a standard resource type or fully qualified")
		return false
	}
	return true
}

// containerResourceName is validateContainerResourceName.
func (r *report) containerResourceName(at *field.Path, name corev1.ResourceName) {
	r.resourceName(at, name)
	switch {
	case !strings.Contains(string(name), "/"):
		if !isContainerResource(name) {
			r.invalid(at, name, "must be a standard resource for containers")
		}
	case !isNativeResource(name) && !isExtendedResource(name):
		r.invalid(at, name, "doesn't follow extended resource name standard")
	}
}

// podResourceName is validatePodResourceName.
func (r *report) podResourceName(at *field.Path, name corev1.ResourceName) {
	if r.resourceName(at, name) && !isPodLevelResource(name) {
		r.add(field.NotSupported(at, name, []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceHugePagesPrefix, corev1.ResourceMemory}))
	}
}

// quantity is ValidateResourceQuantityValue: not negative, and whole where things are counted.
func (r *report) quantity(at *field.Path, name corev1.ResourceName, q resource.Quantity) {
	if q.Sign() < 0 {
		r.invalid(at, q.String(), notNegative)
	}
	if (slices.Contains(countedResourceNames, name) || isExtendedResource(name)) && q.MilliValue()%1000 != 0 {
		r.invalid(at, q, "must be an integer")
	}
}

// hugePages checks that an amount is a number of pages, as IsHugePageResourceValueDivisible does.
func (r *report) hugePages(at *field.Path, name corev1.ResourceName, q resource.Quantity) {
	size, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
	if err != nil || size.Sign() <= 0 || size.MilliValue()%1000 != 0 || q.Value()%size.Value() != 0 {
		r.invalid(at, q.String(), fmt.Sprintf("%s is not positive integer multiple of %s", q.String(), name))
	}
}

// resources is validateResourceRequirements; name judges the names. Resources are taken in the order of their names.
func (c *podCheck) resources(at *field.Path, need *corev1.ResourceRequirements, name func(*report, *field.Path, corev1.ResourceName)) {
	pages, compute := false, false
	one := func(at *field.Path, n corev1.ResourceName, q resource.Quantity) {
		name(&c.report, at, n)
		c.quantity(at, n, q)
		compute = compute || isComputeResource(n)
	}
	for _, n := range sortedKeys(need.Limits) {
		at := at.Child("limits").Key(string(n))
		one(at, n, need.Limits[n])
		if isHugePages(n) {
			pages = true
			c.hugePages(at, n, need.Limits[n])
		}
	}
	for _, n := range sortedKeys(need.Requests) {
		key := at.Child("requests").Key(string(n))
		one(key, n, need.Requests[n])
		c.requestWithinLimit(at, n, need)
		if isHugePages(n) {
			pages = true
			c.hugePages(key, n, need.Requests[n])
		}
	}
	if pages && !compute {
		c.forbidden(at, "HugePages require cpu or memory")
	}
	c.claimNames(at.Child("claims"), need.Claims)
}

func (r *report) requestWithinLimit(at *field.Path, name corev1.ResourceName, need *corev1.ResourceRequirements) {
	request := need.Requests[name]
	limit, limited := need.Limits[name]
	switch {
	case !limited:
		if !mayOvercommit(name) {
			r.required(at.Child("limits"), "Limit must be set for non overcommitable resources")
		}
	case !mayOvercommit(name) && request.Cmp(limit) != 0:
		r.invalid(at.Child("requests"), request.String(), fmt.Sprintf("must be equal to %s limit of %s", name, limit.String()))
	case request.Cmp(limit) > 0:
		r.invalid(at.Child("requests"), request.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String()))
	}
}

// claimNames is validateResourceClaimNames: each claim, or request of a claim, once, and only claims the pod has.
func (c *podCheck) claimNames(at *field.Path, claims []corev1.ResourceClaim) {
	seen := map[string]bool{}
	for i, claim := range claims {
		one := at.Index(i)
		if claim.Name == "" {
			c.required(one, "")
			continue
		}
		key := claim.Name
		if claim.Request != "" && !seen[claim.Name] {
			c.messages(one.Child("request"), claim.Request, validation.IsDNS1123Label(claim.Request))
			key += "/" + claim.Request
		}
		if seen[key] {
			c.add(field.Duplicate(one, key))
		} else if key == claim.Name {
			for _, other := range sortedKeys(seen) {
				if strings.HasPrefix(other, claim.Name+"/") {
					c.add(field.Duplicate(one, claim.Name))
				}
			}
		}
		seen[key] = true
		if !c.claims[claim.Name] {
			missing := field.NotFound(one, claim.Name)
			missing.Detail = "must be one of the names in pod.spec.resourceClaims which is empty"
			if len(c.claims) > 0 {
				missing.Detail = "must be one of the names in pod.spec.resourceClaims: " + strings.Join(sortedKeys(c.claims), ", ")
			}
			c.add(missing)
		}
	}
}

// podResources is validatePodResources: names, amounts, and that the containers fit into the pod.
func (c *podCheck) podResources(at *field.Path) {
	need := c.spec.Resources
	if need == nil {
		return
	}
	if need.Claims != nil {
		c.forbidden(at.Child("claims"), "claims cannot be set for Resources at pod-level")
	}
	c.resources(at, need, (*report).podResourceName)
	total := containerTotal(c.spec, func(c *corev1.Container) corev1.ResourceList { return c.Resources.Requests })
	for _, name := range sortedKeys(total) {
		sum, have := total[name], need.Requests[name]
		if isPodLevelResource(name) && sum.Cmp(have) > 0 {
			c.invalid(at.Child("requests").Key(string(name)), have.String(),
				fmt.Sprintf("must be greater than or equal to aggregate container requests of %s", sum.String()))
		}
	}
	for i, container := range c.spec.Containers {
		for _, name := range sortedKeys(container.Resources.Limits) {
			limit := container.Resources.Limits[name]
			if most, ok := need.Limits[name]; ok && limit.Cmp(most) > 0 {
				c.invalid(at.Child("containers").Index(i).Key(string(name)).Child("limits"), limit.String(),
					fmt.Sprintf("must be less than or equal to pod limits of %s", most.String()))
			}
		}
	}
}
