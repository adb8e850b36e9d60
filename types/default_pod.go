package types

import corev1 "k8s.io/api/core/v1"

// defaultPod sets the defaults that pods have and pod templates have not, as SetDefaults_Pod does, then those of both.
func defaultPod(pod *corev1.Pod) {
	spec := &pod.Spec
	if g := spec.TerminationGracePeriodSeconds; g != nil && *g < 0 {
		spec.TerminationGracePeriodSeconds = new(int64(1))
	}
	for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
		each(list, func(c *corev1.Container) { requestLimits(&c.Resources) })
	}
	orPointer(&spec.EnableServiceLinks, corev1.DefaultEnableServiceLinks)
	if spec.HostNetwork {
		for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
			each(list, func(c *corev1.Container) {
				each(c.Ports, func(p *corev1.ContainerPort) { orElse(&p.HostPort, p.ContainerPort) })
			})
		}
	}
	defaultPodSpec(spec)
	syncPodIPs(&pod.Status)
}

// syncPodIPs makes podIP the first of podIPs, as the conversions of PodStatus between v1 and the internal version do. Of two that differ
// podIP counts.
func syncPodIPs(status *corev1.PodStatus) {
	switch {
	case status.PodIP != "" && (len(status.PodIPs) == 0 || status.PodIPs[0].IP != status.PodIP):
		status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	case status.PodIP == "" && len(status.PodIPs) > 0:
		status.PodIP = status.PodIPs[0].IP
	}
}

// defaultPodSpec sets those defaults of every pod spec that depend on other fields; the facts have the rest.
func defaultPodSpec(spec *corev1.PodSpec) {
	syncServiceAccount(spec)
	each(spec.Volumes, defaultVolume)
	each(spec.InitContainers, defaultContainer)
	each(spec.Containers, defaultContainer)
	each(spec.EphemeralContainers, func(c *corev1.EphemeralContainer) {
		defaultContainer((*corev1.Container)(&c.EphemeralContainerCommon))
	})
	roundUp(spec.Overhead)
	maybe(spec.Resources, defaultResources)
}

// syncServiceAccount keeps the deprecated field equal to its successor, which wins, as the conversion of v1 pod specs does.
func syncServiceAccount(spec *corev1.PodSpec) {
	orElse(&spec.ServiceAccountName, spec.DeprecatedServiceAccount)
	spec.DeprecatedServiceAccount = spec.ServiceAccountName
}

// defaultContainer sets what SetDefaults_Container makes of other fields.
func defaultContainer(c *corev1.Container) {
	orElse(&c.ImagePullPolicy, pullPolicy(c.Image))
	defaultResources(&c.Resources)
}
