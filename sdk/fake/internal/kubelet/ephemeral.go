package kubelet

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// refuseEphemeral says, once for each, that the ephemeral containers added to a pod will not run.
func (w *worker) refuseEphemeral(pod *corev1.Pod) {
	for i := range pod.Spec.EphemeralContainers {
		name := pod.Spec.EphemeralContainers[i].Name
		if w.told[name] {
			continue
		}
		if w.told == nil {
			w.told = map[string]bool{}
		}
		w.told[name] = true
		w.warn(pod, nil, eventUnsupported, ephemeralText(name))
	}
}

// ephemeralStatuses make every ephemeral container wait.
func ephemeralStatuses(pod *corev1.Pod) (statuses []corev1.ContainerStatus) {
	for i := range pod.Spec.EphemeralContainers {
		c := &pod.Spec.EphemeralContainers[i]
		statuses = append(statuses, corev1.ContainerStatus{
			Name: c.Name, Image: c.Image,
			State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reasonUnsupported, Message: ephemeralText(c.Name)}},
		})
	}
	return statuses
}

func ephemeralText(name string) string {
	return fmt.Sprintf("the fake kubelet does not do this yet: ephemeral container %s", name)
}
