package kubelet

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// reasonUnsupported is why containers wait that this kubelet would run wrongly.
const reasonUnsupported = "Unsupported"

// gap is something that this kubelet cannot do and that a pod would behave wrongly without.
type gap[T any] struct {
	what string
	in   func(*T) bool
}

var podGaps = []gap[corev1.PodSpec]{
	{"hostNetwork", func(s *corev1.PodSpec) bool { return s.HostNetwork }},
	{"os " + string(corev1.Windows), func(s *corev1.PodSpec) bool { return s.OS != nil && s.OS.Name == corev1.Windows }},
}

var containerGaps = []gap[corev1.Container]{
	{"startupProbe", func(c *corev1.Container) bool { return c.StartupProbe != nil }},
	{"readinessProbe", func(c *corev1.Container) bool { return c.ReadinessProbe != nil }},
	{"livenessProbe", func(c *corev1.Container) bool { return c.LivenessProbe != nil }},
	{"lifecycle.postStart", func(c *corev1.Container) bool { return c.Lifecycle != nil && c.Lifecycle.PostStart != nil }},
	{"lifecycle.preStop", func(c *corev1.Container) bool { return c.Lifecycle != nil && c.Lifecycle.PreStop != nil }},
	{"hostPort", hasHostPort},
	{"restartPolicyRules with RestartAllContainers", restartsAll},
	{"volumeDevices", func(c *corev1.Container) bool { return len(c.VolumeDevices) > 0 }},
	{"env.valueFrom.fileKeyRef", hasFileKey},
}

func hasHostPort(c *corev1.Container) bool {
	for i := range c.Ports {
		if c.Ports[i].HostPort != 0 {
			return true
		}
	}
	return false
}

func restartsAll(c *corev1.Container) bool {
	for i := range c.RestartPolicyRules {
		if c.RestartPolicyRules[i].Action == corev1.ContainerRestartRuleActionRestartAllContainers {
			return true
		}
	}
	return false
}

func hasFileKey(c *corev1.Container) bool {
	for i := range c.Env {
		if from := c.Env[i].ValueFrom; from != nil && from.FileKeyRef != nil {
			return true
		}
	}
	return false
}

// unsupported says what of a pod this kubelet cannot do, or "".
func unsupported(spec *corev1.PodSpec) string {
	var found []string
	for _, g := range podGaps {
		if g.in(spec) {
			found = append(found, g.what)
		}
	}
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			for _, g := range containerGaps {
				if g.in(&list[i]) {
					found = append(found, fmt.Sprintf("%s of container %s", g.what, list[i].Name))
				}
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	return "the fake kubelet does not do this yet: " + strings.Join(found, ", ")
}
