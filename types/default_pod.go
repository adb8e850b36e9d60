package types

import corev1 "k8s.io/api/core/v1"

// defaultPod sets the defaults that pods have and pod templates have not, as SetDefaults_Pod does, then those of both.
func defaultPod(pod *corev1.Pod) {
	spec := &pod.Spec
	for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
		each(list, func(c *corev1.Container) { requestLimits(&c.Resources) })
	}
	defaultPodResources(spec)
	orPointer(&spec.EnableServiceLinks, corev1.DefaultEnableServiceLinks)
	if spec.HostNetwork {
		for _, list := range [][]corev1.Container{spec.Containers, spec.InitContainers} {
			each(list, func(c *corev1.Container) {
				each(c.Ports, func(p *corev1.ContainerPort) { orElse(&p.HostPort, p.ContainerPort) })
			})
		}
	}
	defaultPodSpec(spec)
}

// defaultPodSpec sets the defaults that every pod spec has, as SetDefaults_PodSpec and what the generated defaulters call do.
func defaultPodSpec(spec *corev1.PodSpec) {
	orElse(&spec.DNSPolicy, corev1.DNSClusterFirst)
	orElse(&spec.RestartPolicy, corev1.RestartPolicyAlways)
	orPointer(&spec.SecurityContext, corev1.PodSecurityContext{})
	orPointer(&spec.TerminationGracePeriodSeconds, corev1.DefaultTerminationGracePeriodSeconds)
	orElse(&spec.SchedulerName, corev1.DefaultSchedulerName)
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

// defaultContainer is what SetDefaults_Container, SetDefaults_Probe and the field markers set.
func defaultContainer(c *corev1.Container) {
	orElse(&c.ImagePullPolicy, pullPolicy(c.Image))
	orElse(&c.TerminationMessagePath, corev1.TerminationMessagePathDefault)
	orElse(&c.TerminationMessagePolicy, corev1.TerminationMessageReadFile)
	each(c.Ports, func(p *corev1.ContainerPort) { orElse(&p.Protocol, corev1.ProtocolTCP) })
	each(c.Env, func(e *corev1.EnvVar) {
		maybe(e.ValueFrom, func(from *corev1.EnvVarSource) {
			maybe(from.FieldRef, defaultFieldRef)
			maybe(from.FileKeyRef, func(f *corev1.FileKeySelector) { orPointer(&f.Optional, false) })
		})
	})
	defaultResources(&c.Resources)
	for _, probe := range []*corev1.Probe{c.LivenessProbe, c.ReadinessProbe, c.StartupProbe} {
		maybe(probe, defaultProbe)
	}
	maybe(c.Lifecycle, func(l *corev1.Lifecycle) {
		for _, handler := range []*corev1.LifecycleHandler{l.PostStart, l.PreStop} {
			maybe(handler, func(h *corev1.LifecycleHandler) { maybe(h.HTTPGet, defaultHTTPGet) })
		}
	})
}

func defaultProbe(p *corev1.Probe) {
	orElse(&p.TimeoutSeconds, 1)
	orElse(&p.PeriodSeconds, 10)
	orElse(&p.SuccessThreshold, 1)
	orElse(&p.FailureThreshold, 3)
	maybe(p.HTTPGet, defaultHTTPGet)
	maybe(p.GRPC, func(g *corev1.GRPCAction) { orPointer(&g.Service, "") })
}

func defaultHTTPGet(h *corev1.HTTPGetAction) {
	orElse(&h.Path, "/")
	orElse(&h.Scheme, corev1.URISchemeHTTP)
}

func defaultFieldRef(f *corev1.ObjectFieldSelector) { orElse(&f.APIVersion, "v1") }
