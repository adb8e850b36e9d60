package types

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/utils/net"
)

// podStatusErrors is ValidatePodStatusUpdate.
func podStatusErrors(pod, old *corev1.Pod) field.ErrorList {
	c := &podCheck{spec: &pod.Spec, isPod: true, podName: pod.Name}
	c.Metadata(&pod.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	c.MetadataUpdate(&pod.ObjectMeta, &old.ObjectMeta)
	c.annotationUpdates(pod, old)
	at, status, was := field.NewPath("status"), &pod.Status, &old.Status
	c.conditions(at.Child("conditions"), status.Conditions)
	c.nominatedNode(at.Child("nominatedNodeName"), pod, old)
	if status.ObservedGeneration < 0 {
		c.Invalid(at.Child("observedGeneration"), status.ObservedGeneration, notNegativeInteger)
	}
	c.Add(apivalidation.ValidateImmutableField(status.QOSClass, was.QOSClass, at.Child("qosClass"))...)
	restarts := func(list []corev1.Container) func(string, int32) bool {
		return func(name string, code int32) bool { return mayRestart(list, &old.Spec, name, code) }
	}
	if !restartsAll(&old.Spec) {
		c.stayTerminated(at.Child("containerStatuses"), status.ContainerStatuses, was.ContainerStatuses, restarts(old.Spec.Containers))
		c.stayTerminated(at.Child("initContainerStatuses"), status.InitContainerStatuses, was.InitContainerStatuses, restarts(old.Spec.InitContainers))
	}
	never := func(string, int32) bool { return false }
	c.stayTerminated(at.Child("ephemeralContainerStatuses"), status.EphemeralContainerStatuses, was.EphemeralContainerStatuses, never)
	c.claimStatuses(at.Child("resourceClaimStatuses"), status.ResourceClaimStatuses)
	c.extendedClaim(at.Child("extendedResourceClaimStatus"), status.ExtendedResourceClaimStatus)
	c.podIPs(at.Child("podIPs"), status, was)
	c.hostIPs(at.Child("hostIPs"), status, was)
	return c.Errors
}

const (
	notNegativeInteger = "must be a non-negative integer"
	onePerFamily       = "may specify no more than one IP for each IP family"
)

// conditions is validatePodConditions: a type that is not the system's own is a qualified name.
func (c *podCheck) conditions(at *field.Path, list []corev1.PodCondition) {
	for i, condition := range list {
		one := at.Index(i)
		if condition.ObservedGeneration < 0 {
			c.Invalid(one.Child("observedGeneration"), condition.ObservedGeneration, notNegativeInteger)
		}
		switch condition.Type {
		case corev1.PodScheduled, corev1.PodReady, corev1.PodInitialized:
		default:
			c.Messages(one.Child("Type"), string(condition.Type), validation.IsQualifiedName(string(condition.Type)))
		}
	}
}

// nominatedNode lets a node be nominated for a pod that is on none.
func (c *podCheck) nominatedNode(at *field.Path, pod, old *corev1.Pod) {
	name := pod.Status.NominatedNodeName
	if name == "" || name == old.Status.NominatedNodeName {
		return
	}
	c.Messages(at, name, apivalidation.NameIsDNSSubdomain(name, false))
	if old.Spec.NodeName != "" {
		c.Forbidden(at, "may not be set on pods that are already bound to a node")
	}
}

// stayTerminated is ValidateContainerStateTransition: what has ended and may not be restarted stays ended.
func (c *podCheck) stayTerminated(at *field.Path, list, old []corev1.ContainerStatus, restarts func(name string, code int32) bool) {
	for i := range old {
		ended := old[i].State.Terminated
		if ended == nil || restarts(old[i].Name, ended.ExitCode) {
			continue
		}
		for j := range list {
			if list[j].Name == old[i].Name && list[j].State.Terminated == nil {
				c.Forbidden(at.Index(i).Child("state"), "may not be transitioned to non-terminated state")
				break
			}
		}
	}
}

// restartsAll is AllContainersCouldRestart: some container's rules restart all of the pod.
func restartsAll(spec *corev1.PodSpec) bool {
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			for _, rule := range list[i].RestartPolicyRules {
				if rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers {
					return true
				}
			}
		}
	}
	return false
}

// mayRestart is ContainerShouldRestart: a container's rules come before its policy, and that before the pod's.
func mayRestart(list []corev1.Container, spec *corev1.PodSpec, name string, code int32) bool {
	i := slices.IndexFunc(list, func(c corev1.Container) bool { return c.Name == name })
	if i < 0 {
		return false
	}
	policy := spec.RestartPolicy
	if own := list[i].RestartPolicy; own != nil {
		for _, rule := range list[i].RestartPolicyRules {
			if rule.Action == corev1.ContainerRestartRuleActionRestart && exitMatches(rule.ExitCodes, code) {
				return true
			}
		}
		policy = corev1.RestartPolicy(*own)
	}
	return policy == corev1.RestartPolicyAlways || policy == corev1.RestartPolicyOnFailure && code != 0
}

func exitMatches(codes *corev1.ContainerRestartRuleOnExitCodes, code int32) bool {
	if codes == nil {
		return false
	}
	in := slices.Contains(codes.Values, code)
	return in == (codes.Operator == corev1.ContainerRestartRuleOnExitCodesOpIn)
}

// podIPs is validatePodIPs: one address, or one of each family. An address that is wrong but was there before may stay.
func (c *podCheck) podIPs(at *field.Path, status, old *corev1.PodStatus) {
	addresses := func(list []corev1.PodIP) (ips []string) {
		for _, ip := range list {
			ips = append(ips, ip.IP)
		}
		return ips
	}
	ips := addresses(status.PodIPs)
	c.addresses(at, ips, addresses(old.PodIPs), status.PodIPs)
	switch {
	case (status.PodIP != "") != (len(ips) > 0):
		c.Invalid(at, internal(status.PodIPs), "podIP and podIPs must either both be set or both be unset")
	case len(ips) > 0 && status.PodIP != ips[0]:
		c.Invalid(at.Index(0).Child("ip"), ips[0], "must be equal to `podIP`")
	}
}

// hostIPs is validateHostIPs.
func (c *podCheck) hostIPs(at *field.Path, status, old *corev1.PodStatus) {
	addresses := func(list []corev1.HostIP) (ips []string) {
		for _, ip := range list {
			ips = append(ips, ip.IP)
		}
		return ips
	}
	ips := addresses(status.HostIPs)
	if len(ips) > 0 && status.HostIP != ips[0] {
		c.Invalid(at.Index(0).Child("ip"), ips[0], "must be equal to `hostIP`")
	}
	c.addresses(at, ips, addresses(old.HostIPs), status.HostIPs)
}

func (c *podCheck) addresses(at *field.Path, ips, old []string, shown any) {
	for i, ip := range ips {
		c.IP(at.Index(i), ip, old...)
	}
	if len(ips) < 2 {
		return
	}
	dual, err := net.IsDualStackIPStrings(ips)
	if err != nil {
		c.Add(field.InternalError(at, fmt.Errorf("failed to check for dual stack with error:%v", err)))
	}
	if !dual || len(ips) > 2 {
		c.Invalid(at, internal(shown), onePerFamily)
	}
}
