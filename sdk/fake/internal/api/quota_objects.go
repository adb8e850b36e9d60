package api

import (
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/utils/ptr"
)

// serviceEvaluator is the evaluator of services of pkg/quota/v1/evaluator/core: node ports are counted before there are any.
var serviceEvaluator = &evaluator{
	counts: func(name corev1.ResourceName) bool {
		return slices.Contains([]corev1.ResourceName{
			countName(registry.Services.GroupResource()), corev1.ResourceServices, corev1.ResourceServicesNodePorts, corev1.ResourceServicesLoadBalancers,
		}, name)
	},
	usage:   func(obj store.Object) corev1.ResourceList { return serviceUsage(obj.(*corev1.Service)) },
	updates: func(_, _ store.Object, subresource string) bool { return subresource == "" },
}

func serviceUsage(s *corev1.Service) corev1.ResourceList {
	var ports, balancers int
	switch s.Spec.Type {
	case corev1.ServiceTypeNodePort:
		ports = len(s.Spec.Ports)
	case corev1.ServiceTypeLoadBalancer:
		balancers = 1
		for _, p := range s.Spec.Ports {
			if ptr.Deref(s.Spec.AllocateLoadBalancerNodePorts, true) || p.NodePort != 0 {
				ports++
			}
		}
	}
	return corev1.ResourceList{
		countName(registry.Services.GroupResource()): quantity(1),
		corev1.ResourceServices:                      quantity(1),
		corev1.ResourceServicesNodePorts:             quantity(ports),
		corev1.ResourceServicesLoadBalancers:         quantity(balancers),
	}
}

func quantity(n int) resource.Quantity { return *resource.NewQuantity(int64(n), resource.DecimalSI) }

// classAmount is what stands between the name of a storage class and what a quota bounds of its claims.
const classAmount = ".storageclass.storage.k8s.io/"

// claimEvaluator is the evaluator of persistent volume claims of pkg/quota/v1/evaluator/core.
var claimEvaluator = &evaluator{
	counts: func(name corev1.ResourceName) bool {
		_, of, byClass := strings.Cut(string(name), classAmount)
		if byClass {
			name = corev1.ResourceName(of)
		}
		return name == corev1.ResourcePersistentVolumeClaims || name == corev1.ResourceRequestsStorage ||
			!byClass && name == countName(registry.PersistentVolumeClaims.GroupResource())
	},
	usage: func(obj store.Object) corev1.ResourceList { return claimUsage(obj.(*corev1.PersistentVolumeClaim)) },
	updates: func(obj, old store.Object, subresource string) bool {
		return subresource == "" || subresource == "status" && ClaimUsageChanged(obj.(*corev1.PersistentVolumeClaim), old.(*corev1.PersistentVolumeClaim))
	},
	inScope: func(s corev1.ScopedResourceSelectorRequirement, obj store.Object) bool {
		return s.ScopeName == corev1.ResourceQuotaScopeVolumeAttributesClass && claimInScope(s, obj.(*corev1.PersistentVolumeClaim))
	},
}

// ClaimUsageChanged says whether the status of a claim makes another difference to quotas than before, as RequiresQuotaReplenish is meant.
func ClaimUsageChanged(c, old *corev1.PersistentVolumeClaim) bool {
	return c.Status.AllocatedResources.Storage().Cmp(*old.Status.AllocatedResources.Storage()) != 0 ||
		!slices.Equal(attributesClasses(c), attributesClasses(old))
}

func claimUsage(c *corev1.PersistentVolumeClaim) corev1.ResourceList {
	usage := corev1.ResourceList{
		countName(registry.PersistentVolumeClaims.GroupResource()): quantity(1),
		corev1.ResourcePersistentVolumeClaims:                      quantity(1),
	}
	class := corev1.ResourceName(registry.ClassOf(c))
	if class != "" {
		usage[class+classAmount+corev1.ResourcePersistentVolumeClaims] = quantity(1)
	}
	storage, asks := c.Spec.Resources.Requests[corev1.ResourceStorage]
	if !asks {
		return usage
	}
	if allocated, ok := c.Status.AllocatedResources[corev1.ResourceStorage]; ok && allocated.Cmp(storage) > 0 {
		storage = allocated
	}
	storage = storage.DeepCopy()
	storage.RoundUp(0) // a quota has whole bytes
	usage[corev1.ResourceRequestsStorage] = storage
	if class != "" {
		usage[class+classAmount+corev1.ResourceRequestsStorage] = storage
	}
	return usage
}

// claimInScope is pvcMatchesScopeFunc: one of the classes of attributes that a claim refers to is enough.
func claimInScope(s corev1.ScopedResourceSelectorRequirement, c *corev1.PersistentVolumeClaim) bool {
	classes := attributesClasses(c)
	if len(classes) == 0 {
		return scopeTakes(s, "")
	}
	return slices.ContainsFunc(classes, func(class string) bool { return scopeTakes(s, class) })
}

// attributesClasses is getReferencedVolumeAttributesClassNames, sorted.
func attributesClasses(c *corev1.PersistentVolumeClaim) []string {
	var names []string
	add := func(name *string) {
		if ptr.Deref(name, "") != "" {
			names = append(names, *name)
		}
	}
	add(c.Spec.VolumeAttributesClassName)
	add(c.Status.CurrentVolumeAttributesClassName)
	if m := c.Status.ModifyVolumeStatus; m != nil {
		add(&m.TargetVolumeAttributesClassName)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
