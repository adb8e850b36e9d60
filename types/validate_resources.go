package types

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// podResourceName is validatePodResourceName.
func (r *report) podResourceName(at *field.Path, name corev1.ResourceName) {
	if r.ResourceName(at, name) && !isPodLevelResource(name) {
		r.Add(field.NotSupported(at, name, []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceHugePagesPrefix, corev1.ResourceMemory}))
	}
}

// hugePages checks that an amount is a number of pages, as IsHugePageResourceValueDivisible does.
func (r *report) hugePages(at *field.Path, name corev1.ResourceName, q resource.Quantity) {
	size, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
	if err != nil || size.Sign() <= 0 || size.MilliValue()%1000 != 0 || q.Value()%size.Value() != 0 {
		r.Invalid(at, q.String(), fmt.Sprintf("%s is not positive integer multiple of %s", q.String(), name))
	}
}

// resources is validateResourceRequirements; name judges the names. Resources are taken in the order of their names.
func (c *podCheck) resources(at *field.Path, need *corev1.ResourceRequirements, name func(*field.Path, corev1.ResourceName)) {
	pages, compute := false, false
	one := func(at *field.Path, n corev1.ResourceName, q resource.Quantity) {
		name(at, n)
		c.Quantity(at, n, q)
		compute = compute || isComputeResource(n)
	}
	for _, n := range sortedKeys(need.Limits) {
		at := at.Child("limits").Key(string(n))
		one(at, n, need.Limits[n])
		if check.IsHugePages(n) {
			pages = true
			c.hugePages(at, n, need.Limits[n])
		}
	}
	for _, n := range sortedKeys(need.Requests) {
		key := at.Child("requests").Key(string(n))
		one(key, n, need.Requests[n])
		c.requestWithinLimit(at, n, need)
		if check.IsHugePages(n) {
			pages = true
			c.hugePages(key, n, need.Requests[n])
		}
	}
	if pages && !compute {
		c.Forbidden(at, "HugePages require cpu or memory")
	}
	c.claimNames(at.Child("claims"), need.Claims)
}

func (r *report) requestWithinLimit(at *field.Path, name corev1.ResourceName, need *corev1.ResourceRequirements) {
	request := need.Requests[name]
	limit, limited := need.Limits[name]
	switch {
	case !limited:
		if !check.MayOvercommit(name) {
			r.Required(at.Child("limits"), "Limit must be set for non overcommitable resources")
		}
	case !check.MayOvercommit(name) && request.Cmp(limit) != 0:
		r.Invalid(at.Child("requests"), request.String(), fmt.Sprintf("must be equal to %s limit of %s", name, limit.String()))
	case request.Cmp(limit) > 0:
		r.Invalid(at.Child("requests"), request.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String()))
	}
}

// claimNames is validateResourceClaimNames: each claim, or request of a claim, once, and only claims the pod has.
func (c *podCheck) claimNames(at *field.Path, claims []corev1.ResourceClaim) {
	seen := map[string]bool{}
	for i, claim := range claims {
		one := at.Index(i)
		if claim.Name == "" {
			c.Required(one, "")
			continue
		}
		key := claim.Name
		if claim.Request != "" && !seen[claim.Name] {
			c.Messages(one.Child("request"), claim.Request, validation.IsDNS1123Label(claim.Request))
			key += "/" + claim.Request
		}
		if seen[key] {
			c.Add(field.Duplicate(one, key))
		} else if key == claim.Name {
			for _, other := range sortedKeys(seen) {
				if strings.HasPrefix(other, claim.Name+"/") {
					c.Add(field.Duplicate(one, claim.Name))
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
			c.Add(missing)
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
		c.Forbidden(at.Child("claims"), "claims cannot be set for Resources at pod-level")
	}
	c.resources(at, need, c.podResourceName)
	total := containerTotal(c.spec, func(c *corev1.Container) corev1.ResourceList { return c.Resources.Requests })
	for _, name := range sortedKeys(total) {
		sum, have := total[name], need.Requests[name]
		if isPodLevelResource(name) && sum.Cmp(have) > 0 {
			c.Invalid(at.Child("requests").Key(string(name)), have.String(),
				fmt.Sprintf("must be greater than or equal to aggregate container requests of %s", sum.String()))
		}
	}
	for i, container := range c.spec.Containers {
		for _, name := range sortedKeys(container.Resources.Limits) {
			limit := container.Resources.Limits[name]
			if most, ok := need.Limits[name]; ok && limit.Cmp(most) > 0 {
				c.Invalid(at.Child("containers").Index(i).Key(string(name)).Child("limits"), limit.String(),
					fmt.Sprintf("must be less than or equal to pod limits of %s", most.String()))
			}
		}
	}
}
