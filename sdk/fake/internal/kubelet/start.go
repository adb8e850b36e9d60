package kubelet

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	corev1 "k8s.io/api/core/v1"
)

// Reasons of waiting containers, as pkg/kubelet/kuberuntime names them.
const (
	reasonCreating         = "ContainerCreating"
	reasonPodInitializing  = "PodInitializing"
	reasonCrashLoopBackOff = "CrashLoopBackOff"
	reasonConfigError      = "CreateContainerConfigError"
)

// sandboxRetry is how long to wait when there is no address for a pod: the kubelet's backOffPeriod.
const sandboxRetry = 10 * time.Second

// advance brings the pod nearer to what its spec says. It returns when to look again.
func (w *worker) advance(pod *corev1.Pod) time.Time {
	w.report()
	deadline := w.activeDeadline(pod)
	if !deadline.IsZero() && !time.Now().Before(deadline) {
		w.ending = &waiting{eventDeadline, "Pod was active on the node longer than the specified deadline"}
		w.note(pod, nil, w.ending.reason, w.ending.message)
		return w.terminate(pod)
	}
	next := deadline
	w.refuseEphemeral(pod)
	if w.admit(pod) && w.prepare(pod, &next) {
		next = earliest(next, w.startAll(pod))
	}
	w.report()
	return next
}

// activeDeadline is when the pod has run for as long as its spec lets it; zero for never.
func (w *worker) activeDeadline(pod *corev1.Pod) time.Time {
	if pod.Spec.ActiveDeadlineSeconds == nil {
		return time.Time{}
	}
	return w.started.Add(time.Duration(*pod.Spec.ActiveDeadlineSeconds) * time.Second)
}

// admit refuses, once, a pod that this kubelet would run wrongly.
func (w *worker) admit(pod *corev1.Pod) bool {
	if w.refused || w.sandbox != nil {
		return !w.refused
	}
	text := unsupported(&pod.Spec)
	if text == "" {
		return true
	}
	w.refused = true
	w.warn(pod, nil, eventUnsupported, text)
	for i := range w.slots {
		w.setWaiting(&w.slots[i], &waiting{reasonUnsupported, text})
	}
	return false
}

// prepare makes what all containers of the pod share: volumes, and a network namespace with an address. It answers
// false if that is not possible now, and sets next if time may help.
func (w *worker) prepare(pod *corev1.Pod, next *time.Time) bool {
	switch {
	case w.sandbox != nil:
		return true
	case w.held:
		return false
	case time.Now().Before(w.due):
		*next = earliest(*next, w.due)
		return false
	}
	err := w.mount(pod)
	if err != nil {
		w.k.block(w)
		err = w.mount(pod) // again, since it may have come before we were on the list
	}
	if err != nil {
		w.held = true
		w.warn(pod, nil, eventFailedMount, err.Error())
		return false
	}
	sandbox, err := w.k.config.Network.NewNamespace(podnet.NamespaceOptions{Hostname: hostname(pod), Node: w.node.Index})
	if err != nil {
		w.due = time.Now().Add(sandboxRetry)
		*next = earliest(*next, w.due)
		w.warn(pod, nil, eventFailedSandbox, fmt.Sprintf("Failed to create pod sandbox: %v", err))
		return false
	}
	w.ip = sandbox.IP().String()
	w.mu.Lock()
	w.sandbox = sandbox
	w.mu.Unlock()
	return true
}

// startAll starts the containers whose turn it is: init containers one after the other, then the regular ones. It
// returns when the next one is due.
func (w *worker) startAll(pod *corev1.Pod) (next time.Time) {
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind == initial && (w.initialized || s.succeeded()) {
			continue
		}
		next = earliest(next, w.tryStart(pod, s))
		if !w.initialized && (s.kind == initial || s.kind == sidecar && !s.running()) {
			return next
		}
	}
	return next
}

// tryStart starts a container if it does not run and it is time. It returns when to try again.
func (w *worker) tryStart(pod *corev1.Pod, s *slot) time.Time {
	spec := specOf(pod, s.name)
	if s.running() {
		return w.checkChange(pod, s, spec)
	}
	if s.current != nil && !w.restarts(pod, s, spec) {
		return time.Time{}
	}
	if s.refused != "" && s.refused != spec.Image {
		s.refused, s.held, s.due = "", false, time.Time{}
	}
	now := time.Now()
	switch {
	case s.held:
		return time.Time{}
	case now.Before(s.due):
		return s.due
	}
	if s.current != nil && !s.counted {
		ended := s.current.exit.at
		if s.due = s.crash.until(ended); now.Before(s.due) {
			w.crashLoop(pod, s)
			return s.due
		}
		s.crash.count(ended, now)
		s.counted = true
	}
	return w.launch(pod, s, spec)
}

// crashLoop says that the container has to wait before it is restarted.
func (w *worker) crashLoop(pod *corev1.Pod, s *slot) {
	full := fmt.Sprintf("%s_%s(%s)", w.name, w.namespace, w.uid)
	w.setWaiting(s, &waiting{reasonCrashLoopBackOff, fmt.Sprintf("back-off %v restarting failed container=%s pod=%s", s.crash.wait, s.name, full)})
	w.warn(pod, s, eventBackOff, fmt.Sprintf("Back-off restarting failed container %s in pod %s", s.name, full))
}

// checkChange stops a container whose image was changed in the spec; it is restarted with the new one. It returns when a
// stop that is under way becomes a kill.
func (w *worker) checkChange(pod *corev1.Pod, s *slot, spec *corev1.Container) time.Time {
	if spec.Image != s.current.asked && s.killAt.IsZero() {
		s.changed = true
		w.note(pod, s, eventKilling, fmt.Sprintf("Container %s definition changed, will be restarted", s.name))
		s.killAt = time.Now().Add(terminationGrace(pod))
		s.current.terminate()
	}
	if !s.killAt.IsZero() && !time.Now().Before(s.killAt) {
		s.current.kill()
	}
	return s.killAt
}

// restarts says whether a container that ended is to run again.
func (w *worker) restarts(pod *corev1.Pod, s *slot, spec *corev1.Container) bool {
	code := s.current.exit.code
	if s.changed || s.kind == sidecar {
		return true
	}
	for i := range spec.RestartPolicyRules {
		if codes := spec.RestartPolicyRules[i].ExitCodes; codes != nil && matches(codes, code) {
			return true
		}
	}
	policy := string(pod.Spec.RestartPolicy)
	if spec.RestartPolicy != nil {
		policy = string(*spec.RestartPolicy)
	}
	switch policy {
	case string(corev1.RestartPolicyNever):
		return false
	case string(corev1.RestartPolicyOnFailure):
		return code != 0
	}
	return s.kind == regular || code != 0
}

// matches says whether a restart rule is about an exit code.
func matches(rule *corev1.ContainerRestartRuleOnExitCodes, code int32) bool {
	in := false
	for _, v := range rule.Values {
		in = in || v == code
	}
	return in == (rule.Operator == corev1.ContainerRestartRuleOnExitCodesOpIn)
}

// launch pulls the image, makes the container and runs it. If it cannot, it says why and returns when to try again.
func (w *worker) launch(pod *corev1.Pod, s *slot, spec *corev1.Container) time.Time {
	image, why := w.pull(pod, s, spec)
	if why != nil {
		return w.pullFailed(pod, s, spec, why)
	}
	s.refused = ""
	env, err := w.environment(pod, spec)
	if err != nil {
		w.k.block(w)
		env, err = w.environment(pod, spec) // again, since it may have come before we were on the list
	}
	if err != nil {
		s.held = true
		w.warn(pod, s, eventFailed, "Error: "+err.Error())
		w.setWaiting(s, &waiting{reasonConfigError, err.Error()})
		return time.Time{}
	}
	w.runContainer(pod, s, spec, image, env)
	return time.Time{}
}

// pullFailed makes the container wait for its image.
func (w *worker) pullFailed(pod *corev1.Pod, s *slot, spec *corev1.Container, why *waiting) time.Time {
	s.refused = spec.Image
	w.warn(pod, s, eventFailed, "Error: "+why.reason)
	w.setWaiting(s, why)
	if why.reason == reasonInvalidImageName {
		s.held = true
		return time.Time{}
	}
	now := time.Now()
	s.pulls.count(now, now)
	s.due = now.Add(s.pulls.wait)
	if why.reason == reasonErrImagePull {
		w.report()
		text := fmt.Sprintf("Back-off pulling image %q", spec.Image)
		w.note(pod, s, eventBackOff, text)
		w.warn(pod, s, eventFailed, "Error: "+reasonImagePullBackOff)
		w.setWaiting(s, &waiting{reasonImagePullBackOff, text + ": " + why.Error()})
	}
	return s.due
}

// runContainer starts the next run of a container.
func (w *worker) runContainer(pod *corev1.Pod, s *slot, spec *corev1.Container, image pulled, env variables) {
	restarts := s.restarts
	if s.current != nil {
		restarts++
	}
	in := &instance{
		w: w, name: s.name, image: image.name, asked: spec.Image, id: containerID(w, s.name, restarts),
		started: time.Now(), log: podlog.New(w.k.config.Logs), net: w.sandbox.NewOwner(),
	}
	in.ctx, in.cancel = context.WithCancelCause(context.Background())
	c := &Container{
		Args: commandLine(image.Image, spec, env), Env: fullEnvironment(image.Image, w.sandbox.Hostname(), env),
		Dir: workingDir(image.Image, spec), Stdin: noInput{}, Stdout: in.log.Stdout(), Stderr: in.log.Stderr(), instance: in,
	}
	if spec.Stdin {
		c.Stdin = openInput{in.ctx}
	}
	w.note(pod, s, eventCreated, "Container created")
	w.mu.Lock()
	if s.current != nil {
		s.previous = s.current
	}
	s.current, s.restarts, s.waiting, s.changed = in, restarts, nil, false
	w.initialized = w.initialized || s.kind == regular
	w.mu.Unlock()
	w.note(pod, s, eventStarted, "Container started")
	w.k.programs.begin(in)
	go in.run(image.Program, c)
}

// containerID is the same for the same run of the same container in every run of a cluster with the same seed.
func containerID(w *worker, name string, restarts int32) string {
	h := sha256.Sum256([]byte(string(w.uid) + "/" + name + "/" + strconv.Itoa(int(restarts))))
	return fmt.Sprintf("docker://%x", h)
}

// setWaiting notes why a container does not run.
func (w *worker) setWaiting(s *slot, why *waiting) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s.waiting = why
}
