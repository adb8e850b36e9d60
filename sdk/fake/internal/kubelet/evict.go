package kubelet

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// reasonEvicted is that of a pod which its kubelet ended because the node ran out of something.
const reasonEvicted = "Evicted"

// reasonOOMKilled is that of a container which the kernel ended because it ran out of memory.
const reasonOOMKilled = "OOMKilled"

// OOMKill ends a container as the kernel does that has no memory left for it: exit code 137, reason OOMKilled. It is restarted as
// its pod's restart policy says. The error is as for [Kubelet.Exec].
func (k *Kubelet) OOMKill(namespace, pod, container string) error {
	in, err := k.running(namespace, pod, "", container)
	if err != nil {
		return err
	}
	in.main.endAs(reasonOOMKilled)
	return nil
}

// endAs is kill, for a reason.
func (p *process) endAs(reason string) {
	p.once.Do(func() {
		p.in.reason = reason
		p.ending(codeKilled, ErrKilled)
	})
}

// Evict ends a pod at once as a kubelet does whose node runs out of a resource. It stays in the API, Failed and Evicted.
func (k *Kubelet) Evict(namespace, pod string, resource corev1.ResourceName) error {
	w, err := k.workerOf(namespace, pod)
	if err != nil {
		return err
	}
	w.evict(fmt.Sprintf("The node was low on resource: %v. ", resource))
	return nil
}

// evict ends the pod for lack of something, unless it ends already.
func (w *worker) evict(message string) {
	w.mu.Lock()
	w.evicted = &waiting{reasonEvicted, message}
	w.mu.Unlock()
	w.ping()
}

func (w *worker) evictIfAsked(pod *corev1.Pod) {
	w.mu.Lock()
	asked := w.evicted
	w.evicted = nil
	w.mu.Unlock()
	if asked == nil || w.ending != nil || w.finished {
		return
	}
	w.ending = asked
	w.warn(pod, nil, reasonEvicted, asked.message)
}

// withDisruption says why an evicted pod has ended, as the eviction manager does.
func withDisruption(conditions []corev1.PodCondition, pod *corev1.Pod, message string) []corev1.PodCondition {
	if conditionOf(conditions, corev1.DisruptionTarget) != nil {
		return conditions
	}
	return append(conditions, corev1.PodCondition{
		Type: corev1.DisruptionTarget, Status: corev1.ConditionTrue, Reason: corev1.PodReasonTerminationByKubelet, Message: message,
		ObservedGeneration: pod.Generation, LastTransitionTime: apiTime(time.Now()),
	})
}
