package kubelet

import (
	"time"

	corev1 "k8s.io/api/core/v1"
)

// What is said of the containers of a pod that restarts as a whole.
const (
	reasonRestartingAll = "RestartingAllContainers"
	textRemoved         = "The container is removed because RestartAllContainers in place"
	reasonRestartAll    = "RestartAllContainersStarted"
	textRestartAll      = "container exited with restart policy rule"
)

// resetPause is how long a pod runs at least before it restarts as a whole again. There is no back-off; but a kubelet looks at its
// containers once a second.
const resetPause = time.Second

// ruleFor is the first restart rule of a container that is about an exit code, nil if there is none.
func ruleFor(spec *corev1.Container, code int32) *corev1.ContainerRestartRule {
	for i := range spec.RestartPolicyRules {
		if codes := spec.RestartPolicyRules[i].ExitCodes; codes != nil && matches(codes, code) {
			return &spec.RestartPolicyRules[i]
		}
	}
	return nil
}

// canRestartAll says whether a container of the pod may restart all of them.
func canRestartAll(spec *corev1.PodSpec) bool {
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range list {
			for j := range list[i].RestartPolicyRules {
				if list[i].RestartPolicyRules[j].Action == corev1.ContainerRestartRuleActionRestartAllContainers {
					return true
				}
			}
		}
	}
	return false
}

// restartAll starts the pod anew if one of its containers has ended in a way that asks for it: all others are killed without grace, and
// init containers run again. The pod keeps its network and its volumes. It returns when to look again if it is too early for that; asked
// says whether it has to be done.
func (w *worker) restartAll(pod *corev1.Pod) (next time.Time, asked bool) {
	if !w.restartingAll {
		if !w.asksForAll(pod) {
			return time.Time{}, false
		}
		if due := w.reset.Add(resetPause); time.Now().Before(due) {
			return due, true
		}
		w.restartingAll = true
		w.report()
	}
	running := false
	for i := len(w.slots) - 1; i >= 0; i-- {
		s := &w.slots[i]
		if s.kind == ephemeral || !s.running() {
			continue
		}
		running = true
		if s.killAt.IsZero() {
			s.killAt = time.Now()
			w.note(pod, s, eventKilling, "killing")
		}
		s.current.kill()
	}
	if running {
		return time.Time{}, true // their ends are news
	}
	w.mu.Lock()
	for i := range w.slots {
		if s := &w.slots[i]; s.kind != ephemeral && s.current != nil {
			s.current.removed, s.changed, s.counted, s.held, s.due = true, true, true, false, time.Time{}
			s.waiting = &waiting{reasonRestartingAll, textRemoved}
		}
	}
	w.initialized = false
	w.mu.Unlock()
	w.reset = time.Now()
	w.report()
	w.restartingAll = false
	return time.Time{}, false
}

func (w *worker) asksForAll(pod *corev1.Pod) bool {
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind == ephemeral || s.current == nil || s.running() || s.changed {
			continue
		}
		rule := ruleFor(specOf(pod, s.name), s.current.exit.code)
		if rule != nil && rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers {
			return true
		}
	}
	return false
}

// restartAllVerdict is GenerateAllContainersRestartingCondition.
func (w *worker) restartAllVerdict(status *corev1.PodStatus) verdict {
	switch {
	case status.Phase == corev1.PodSucceeded:
		return verdict{reason: reasonPodCompleted}
	case status.Phase == corev1.PodFailed:
		return verdict{reason: reasonPodFailed}
	case w.restartingAll:
		return verdict{holds: true, reason: reasonRestartAll, message: textRestartAll}
	}
	return verdict{}
}
