package kubelet

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// reasonUnsupported is why containers wait that this kubelet would run wrongly.
const reasonUnsupported = "Unsupported"

// gap is something that this kubelet cannot do and that a container would behave wrongly without.
type gap struct {
	what string
	in   func(*corev1.Container) bool
}

var containerGaps = []gap{
	{"volumeDevices", func(c *corev1.Container) bool { return len(c.VolumeDevices) > 0 }},
}

// unsupported says what of a pod this kubelet cannot do, or "".
func unsupported(spec *corev1.PodSpec) string {
	var found []string
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
