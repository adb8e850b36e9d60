package kubelet

import (
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// resizing is how far the resources of a pod's containers are from what its spec asks for. It is the goroutine's own, but for reading
// with worker.mu.
type resizing struct {
	generation int64                // of the spec that was looked at last
	allotted   allotted             // what the node has promised each container that can be resized; nil before it has
	pending    *corev1.PodCondition // why the spec is not promised yet
	progress   *corev1.PodCondition // that what is promised is not done yet
}

// allotted is what containers have been promised, by name. There are a few.
type allotted []allotment

type allotment struct {
	name      string
	resources corev1.ResourceRequirements
}

func (a allotted) of(name string) (corev1.ResourceRequirements, bool) {
	for i := range a {
		if a[i].name == name {
			return a[i].resources, true
		}
	}
	return corev1.ResourceRequirements{}, false
}

// allot takes down what the spec asks for as promised.
func (w *worker) allot(pod *corev1.Pod) {
	all := make(allotted, 0, len(pod.Spec.Containers))
	w.eachResizable(pod, func(c *corev1.Container) { all = append(all, allotment{c.Name, c.Resources}) })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.resizing.allotted = all
}

// eachResizable calls f for the containers that run side by side: init containers run once, with what they began with.
func (w *worker) eachResizable(pod *corev1.Pod, f func(*corev1.Container)) {
	for i := range w.slots {
		if s := &w.slots[i]; s.kind == regular || s.kind == sidecar {
			if c := specOf(pod, s.name); c != nil {
				f(c)
			}
		}
	}
}

// promised is what a container has been promised.
func (w *worker) promised(spec *corev1.Container) corev1.ResourceRequirements {
	if has, ok := w.resizing.allotted.of(spec.Name); ok {
		return has
	}
	return spec.Resources
}

// asAllotted is the pod as the node has promised it, which differs from its spec while a resize is pending.
func (w *worker) asAllotted(pod *corev1.Pod) *corev1.Pod {
	differs := false
	w.eachResizable(pod, func(c *corev1.Container) {
		if has, ok := w.resizing.allotted.of(c.Name); ok && !equality.Semantic.DeepEqual(has, c.Resources) {
			differs = true
		}
	})
	if !differs {
		return pod
	}
	pod = pod.DeepCopy()
	w.eachResizable(pod, func(c *corev1.Container) {
		if has, ok := w.resizing.allotted.of(c.Name); ok {
			c.Resources = has
		}
	})
	return pod
}

// resize brings the resources of the containers nearer to what the spec asks for, as handlePodResourcesResize of pkg/kubelet/allocation
// does, and returns the pod as the node has promised it.
func (w *worker) resize(pod *corev1.Pod) *corev1.Pod {
	if w.resizing.allotted == nil || w.resizing.generation == pod.Generation && w.resizing.pending == nil {
		return pod
	}
	w.resizing.generation = pod.Generation
	promised := w.asAllotted(pod)
	if promised == pod {
		w.setPending(nil)
		return pod
	}
	if why := w.node.room.resize(w, pod, w.node.object(w.k)); why != nil {
		w.deferResize(pod, why)
		return promised
	}
	w.allot(pod)
	w.setPending(nil)
	w.setProgress(newResizeCondition(corev1.PodResizeInProgress, nil, "", "", pod.Generation))
	w.note(pod, nil, "ResizeStarted", resizeText("Pod resize started", pod, pod.Generation, ""))
	w.report()
	return pod
}

// deferResize says that there is no room now.
func (w *worker) deferResize(pod *corev1.Pod, why *waiting) {
	was := w.resizing.pending
	now := newResizeCondition(corev1.PodResizePending, was, corev1.PodReasonDeferred, why.message, pod.Generation)
	if was != nil && was.ObservedGeneration == pod.Generation {
		now.LastProbeTime = was.LastProbeTime
	}
	w.setPending(now)
	if was == nil || was.ObservedGeneration != pod.Generation {
		w.warn(pod, nil, "ResizeDeferred", resizeText("Pod resize "+why.reason, pod, pod.Generation, why.message))
	}
}

// actuate gives the containers that run what was promised: those whose policy says so by a restart.
func (w *worker) actuate(pod *corev1.Pod) {
	done := true
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind != regular && s.kind != sidecar || !s.running() {
			continue
		}
		spec := specOf(pod, s.name)
		is := s.current.resources
		wants, _ := w.resizing.allotted.of(s.name)
		switch {
		case equality.Semantic.DeepEqual(is, wants):
		case needsRestart(spec, &is, &wants):
			done = false
			if s.killAt.IsZero() {
				s.changed = true
				w.stop(pod, s, time.Now().Add(terminationGrace(pod)), fmt.Sprintf("Container %s resize requires restart", s.name))
			}
		default:
			w.mu.Lock()
			s.current.resources = wants
			w.mu.Unlock()
		}
	}
	if progress := w.resizing.progress; done && progress != nil {
		w.setProgress(nil)
		w.note(pod, nil, "ResizeCompleted", resizeText("Pod resize completed", pod, progress.ObservedGeneration, ""))
	}
}

// needsRestart says whether the policy of a resource that changes is to restart the container.
func needsRestart(spec *corev1.Container, is, wants *corev1.ResourceRequirements) bool {
	for _, policy := range spec.ResizePolicy {
		name := policy.ResourceName
		same := is.Requests[name].Equal(wants.Requests[name]) && is.Limits[name].Equal(wants.Limits[name])
		if policy.RestartPolicy == corev1.RestartContainer && !same {
			return true
		}
	}
	return false
}

func (w *worker) setPending(c *corev1.PodCondition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.resizing.pending = c
}

func (w *worker) setProgress(c *corev1.PodCondition) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.resizing.progress = c
}

// newResizeCondition is updatedPodResizeCondition.
func newResizeCondition(t corev1.PodConditionType, old *corev1.PodCondition, reason, message string, generation int64) *corev1.PodCondition {
	now := apiTime(time.Now())
	c := &corev1.PodCondition{
		Type: t, Status: corev1.ConditionTrue, Reason: reason, Message: message, ObservedGeneration: generation,
		LastProbeTime: now, LastTransitionTime: now,
	}
	if old != nil && old.Reason == reason {
		c.LastTransitionTime = old.LastTransitionTime
	}
	return c
}

// resizeConditions are what there is to say about resizes, as determinePodResizeStatus.
func (w *worker) resizeConditions() []corev1.PodCondition {
	var list []corev1.PodCondition
	if w.finished {
		return nil
	}
	for _, c := range []*corev1.PodCondition{w.resizing.pending, w.resizing.progress} {
		if c != nil {
			list = append(list, *c)
		}
	}
	return list
}

// resizeText is the message of an event about a resize, with the resources that the spec asks for.
func resizeText(what string, pod *corev1.Pod, generation int64, problem string) string {
	type container struct {
		Name      string                      `json:"name"`
		Resources corev1.ResourceRequirements `json:"resources,omitempty"`
	}
	summary := struct {
		InitContainers []container `json:"initContainers,omitempty"`
		Containers     []container `json:"containers,omitempty"`
		Generation     int64       `json:"generation"`
		Error          string      `json:"error,omitempty"`
	}{Generation: generation, Error: problem}
	for i := range pod.Spec.InitContainers {
		summary.InitContainers = append(summary.InitContainers, container{pod.Spec.InitContainers[i].Name, pod.Spec.InitContainers[i].Resources})
	}
	for i := range pod.Spec.Containers {
		summary.Containers = append(summary.Containers, container{pod.Spec.Containers[i].Name, pod.Spec.Containers[i].Resources})
	}
	text, err := json.Marshal(summary)
	if err != nil {
		return what
	}
	return what + ": " + string(text)
}
