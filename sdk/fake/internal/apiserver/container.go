package apiserver

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// chooseContainer is the container that is named, or the only one there is.
func chooseContainer(pod *corev1.Pod, name string) (string, error) {
	names, inits := containerNames(pod)
	if name == "" {
		if len(names) == 1 {
			return names[0], nil
		}
		text := fmt.Sprintf("a container name must be specified for pod %s, choose one of: [%s]", pod.Name, strings.Join(names, " "))
		if len(inits) > 0 {
			text += fmt.Sprintf(" or one of the init containers: [%s]", strings.Join(inits, " "))
		}
		return "", badRequest("%s", text)
	}
	for _, n := range append(append(names, inits...), ephemeralNames(pod)...) {
		if n == name {
			return name, nil
		}
	}
	return "", badRequest("container %s is not valid for pod %s", name, pod.Name)
}

func containerNames(pod *corev1.Pod) (names, inits []string) {
	for i := range pod.Spec.Containers {
		names = append(names, pod.Spec.Containers[i].Name)
	}
	for i := range pod.Spec.InitContainers {
		inits = append(inits, pod.Spec.InitContainers[i].Name)
	}
	return names, inits
}

func ephemeralNames(pod *corev1.Pod) []string {
	var names []string
	for i := range pod.Spec.EphemeralContainers {
		names = append(names, pod.Spec.EphemeralContainers[i].Name)
	}
	return names
}
