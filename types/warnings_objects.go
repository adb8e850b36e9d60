package types

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// object warns of kinds whose creation and update have the same warnings.
func (w *warnings) object(obj runtime.Object) {
	switch obj := obj.(type) {
	case *corev1.PersistentVolumeClaim:
		if _, ok := obj.Annotations[corev1.BetaStorageClassAnnotation]; ok {
			w.add(field.NewPath("metadata", "annotations").Key(corev1.BetaStorageClassAnnotation),
				`deprecated since v1.8; use "storageClassName" attribute instead`)
		}
		w.claim(field.NewPath("spec"), &obj.Spec)
	case *corev1.Endpoints:
		w.endpoints(obj)
	case *corev1.Service:
		w.service(obj)
	case *corev1.Node:
		w.node(&obj.Spec)
	}
}

// claim is GetWarningsForPersistentVolumeClaimSpec: a byte is not divided.
func (w *warnings) claim(at *field.Path, spec *corev1.PersistentVolumeClaimSpec) {
	for _, part := range []struct {
		name string
		list corev1.ResourceList
	}{{"requests", spec.Resources.Requests}, {"limits", spec.Resources.Limits}} {
		if size := part.list[corev1.ResourceStorage]; size.MilliValue()%1000 != 0 {
			w.add(at.Child("resources", part.name).Key(string(corev1.ResourceStorage)), fmt.Sprintf("fractional byte value %q is invalid, must be an integer", size.String()))
		}
	}
}

// quota warns of requests that may be more than limits, as WarningsOnCreate of quotas does; without a prefix cpu and memory are requests.
func (w *warnings) quota(hard corev1.ResourceList) {
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceStorage, corev1.ResourceEphemeralStorage} {
		requestName, limitName := "requests."+name, "limits."+name
		request, ok := hard[requestName]
		if !ok && (name == corev1.ResourceCPU || name == corev1.ResourceMemory) {
			requestName = name
			request, ok = hard[name]
		}
		if limit, limited := hard[limitName]; ok && limited && request.Cmp(limit) > 0 {
			w.texts = append(w.texts, fmt.Sprintf("ResourceQuota %s (%s) should be less than %s (%s)", requestName, request.String(), limitName, limit.String()))
		}
	}
}

// endpoints warns of odd addresses, unless it is the endpoints controller's own object.
func (w *warnings) endpoints(e *corev1.Endpoints) {
	if e.Labels["endpoints.kubernetes.io/managed-by"] == "endpoint-controller" {
		return
	}
	for i, s := range e.Subsets {
		at := field.NewPath("subsets").Index(i)
		for j, a := range s.Addresses {
			w.address(at.Child("addresses").Index(j).Child("ip"), a.IP)
		}
		for j, a := range s.NotReadyAddresses {
			w.address(at.Child("notReadyAddresses").Index(j).Child("ip"), a.IP)
		}
	}
}

// node is nodeWarnings.
func (w *warnings) node(spec *corev1.NodeSpec) {
	if spec.ConfigSource != nil {
		w.add(field.NewPath("spec", "configSource"), "the feature is removed")
	}
	if spec.DoNotUseExternalID != "" {
		w.add(field.NewPath("spec", "externalID"), "this field is deprecated, and is unused by Kubernetes")
	}
	for i, block := range spec.PodCIDRs {
		w.block(field.NewPath("spec", "podCIDRs").Index(i), block)
	}
}

// service is GetWarningsForService.
func (w *warnings) service(s *corev1.Service) {
	spec, at := &s.Spec, field.NewPath("spec")
	say := func(text string, args ...any) { w.texts = append(w.texts, fmt.Sprintf(text, args...)) }
	if _, ok := s.Annotations[corev1.DeprecatedAnnotationTopologyAwareHints]; ok {
		say("annotation %s is deprecated, please use %s instead", corev1.DeprecatedAnnotationTopologyAwareHints, corev1.AnnotationTopologyMode)
	}
	if spec.ClusterIP != "" && spec.ClusterIP != corev1.ClusterIPNone {
		for i, ip := range spec.ClusterIPs {
			w.address(at.Child("clusterIPs").Index(i), ip)
		}
	}
	headless := spec.Type == corev1.ServiceTypeClusterIP && spec.ClusterIP == corev1.ClusterIPNone
	if headless {
		for _, ignored := range []struct {
			field string
			set   bool
		}{
			{"loadBalancerIP", spec.LoadBalancerIP != ""}, {"externalIPs", len(spec.ExternalIPs) > 0},
			{"SessionAffinity", spec.SessionAffinity != corev1.ServiceAffinityNone},
		} {
			if ignored.set {
				say("spec.%s is ignored for headless services", ignored.field)
			}
		}
	}
	for i, ip := range spec.ExternalIPs {
		w.address(at.Child("externalIPs").Index(i), ip)
	}
	if len(spec.ExternalIPs) > 0 && !headless && spec.Type != corev1.ServiceTypeExternalName {
		say("spec.externalIPs is deprecated and may no longer be implemented in some clusters")
	}
	w.address(at.Child("loadBalancerIP"), spec.LoadBalancerIP)
	for i, block := range spec.LoadBalancerSourceRanges {
		w.block(at.Child("loadBalancerSourceRanges").Index(i), block)
	}
	w.ignoredNames(spec, say)
}

func (w *warnings) ignoredNames(spec *corev1.ServiceSpec, say func(string, ...any)) {
	named := spec.Type == corev1.ServiceTypeExternalName
	if named && len(spec.ExternalIPs) > 0 {
		say("spec.externalIPs is ignored when spec.type is %q", corev1.ServiceTypeExternalName)
	}
	if !named && spec.ExternalName != "" {
		say("spec.externalName is ignored when spec.type is not %q", corev1.ServiceTypeExternalName)
	}
	if d := spec.TrafficDistribution; d != nil && *d == corev1.ServiceTrafficDistributionPreferClose {
		say("spec.trafficDistribution: %q is deprecated; use %q", corev1.ServiceTrafficDistributionPreferClose, corev1.ServiceTrafficDistributionPreferSameZone)
	}
}
