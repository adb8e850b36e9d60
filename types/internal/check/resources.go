package check

import (
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
		corev1.ResourceLimitsCPU, corev1.ResourceLimitsMemory, corev1.ResourceLimitsEphemeralStorage, corev1.ResourceRequestsStorage}
)

// IsHugePages tells pages of memory of a size.
func IsHugePages(name corev1.ResourceName) bool {
	return strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

// IsContainerResource tells Kubernetes' own resources that containers ask for.
func IsContainerResource(name corev1.ResourceName) bool {
	return slices.Contains(containerResourceNames, name) || IsHugePages(name)
}

func isStandardResource(name corev1.ResourceName) bool {
	return IsQuotaResource(name) || name == corev1.ResourceStorage
}

// IsQuotaResource tells what a quota can bound without a domain in its name, as IsStandardQuotaResourceName does.
func IsQuotaResource(name corev1.ResourceName) bool {
	return IsContainerResource(name) || slices.Contains(countedResourceNames, name) || slices.Contains(quotaResourceNames, name) ||
		strings.HasPrefix(string(name), corev1.ResourceRequestsHugePagesPrefix)
}

// IsNativeResource tells Kubernetes' own resources, as IsNativeResource of the server does.
func IsNativeResource(name corev1.ResourceName) bool {
	return !strings.Contains(string(name), "/") || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

// isExtendedResource tells the resources of vendors, as IsExtendedResourceName does.
func isExtendedResource(name corev1.ResourceName) bool {
	return !IsNativeResource(name) && !strings.HasPrefix(string(name), corev1.DefaultResourceRequestsPrefix) &&
		len(validation.IsQualifiedName(corev1.DefaultResourceRequestsPrefix+string(name))) == 0
}

// MayOvercommit reports whether limits may exceed requests.
func MayOvercommit(name corev1.ResourceName) bool {
	return IsNativeResource(name) && !IsHugePages(name)
}

// ResourceName is validateResourceName; it reports whether the name passed.
func (r *Report) ResourceName(at *field.Path, name corev1.ResourceName) bool {
	if messages := validation.IsQualifiedName(string(name)); len(messages) > 0 {
		r.Messages(at, name, messages)
		return false
	}
	if !strings.Contains(string(name), "/") && !isStandardResource(name) {
		r.Invalid(at, name, "must be a standard resource type or fully qualified")
		return false
	}
	return true
}

// ContainerResourceName is ValidateContainerResourceName.
func (r *Report) ContainerResourceName(at *field.Path, name corev1.ResourceName) {
	r.ResourceName(at, name)
	switch {
	case !strings.Contains(string(name), "/"):
		if !IsContainerResource(name) {
			r.Invalid(at, name, "must be a standard resource for containers")
		}
	case !IsNativeResource(name) && !isExtendedResource(name):
		r.Invalid(at, name, "doesn't follow extended resource name standard")
	}
}

// Quantity is ValidateResourceQuantityValue: not negative, and whole where things are counted.
func (r *Report) Quantity(at *field.Path, name corev1.ResourceName, q resource.Quantity) {
	r.NonNegativeQuantity(at, q)
	if (slices.Contains(countedResourceNames, name) || isExtendedResource(name)) && q.MilliValue()%1000 != 0 {
		r.Invalid(at, q, "must be an integer")
	}
}

// NonNegativeQuantity is ValidateNonnegativeQuantity.
func (r *Report) NonNegativeQuantity(at *field.Path, q resource.Quantity) {
	if q.Sign() < 0 {
		r.Invalid(at, q.String(), NotNegative)
	}
}
