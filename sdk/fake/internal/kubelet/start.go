package kubelet

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
	corev1 "k8s.io/api/core/v1"
)

// Reasons of waiting containers, as pkg/kubelet/kuberuntime names them.
const (
	reasonCreating         = "ContainerCreating"
	reasonPodInitializing  = "PodInitializing"
	reasonCrashLoopBackOff = "CrashLoopBackOff"
	reasonConfigError      = "CreateContainerConfigError"
)

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
	if w.admit(pod) && w.prepare(pod, &next) {
		w.actuate(pod)
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
	if !w.ask(pod) {
		*next = time.Now()
		return false
	}
	if err := w.openSandbox(pod); err != nil {
		w.due = time.Now().Add(sandboxRetry)
		*next = earliest(*next, w.due)
		w.warn(pod, nil, eventFailedSandbox, fmt.Sprintf("Failed to create pod sandbox: %v", err))
		return false
	}
	return true
}

// startAll starts the containers whose turn it is: init containers one after the other, then the regular ones. It
// returns when the next one is due.
func (w *worker) startAll(pod *corev1.Pod) (next time.Time) {
	next = w.startEphemeral(pod)
	for i := range w.slots {
		s := &w.slots[i]
		if s.kind == ephemeral || s.kind == initial && (w.initialized || s.succeeded()) {
			continue
		}
		next = earliest(next, w.tryStart(pod, s))
		if s.starting() || !w.initialized && (s.kind == initial || s.kind == sidecar && !w.isStarted(s)) {
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
	if s.current != nil && !s.counted && s.current.asked != spec.Image {
		s.crash, s.due = backOff{}, time.Time{} // GetStableKey takes it for another container
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

// checkChange stops a container that cannot stay as it is: its image was changed in the spec, a probe has failed, or its hook
// has. It returns when a stop that is under way is to be looked at again.
func (w *worker) checkChange(pod *corev1.Pod, s *slot, spec *corev1.Container) time.Time {
	w.mu.Lock()
	failed, badStart := s.current.health.failed, s.current.badStart
	w.mu.Unlock()
	grace, text := terminationGrace(pod), ""
	switch {
	case spec.Image != s.current.asked:
		text = fmt.Sprintf("Container %s definition changed, will be restarted", s.name)
		s.changed = true
	case badStart:
		text = eventFailedPostStart
	case failed != "":
		text = fmt.Sprintf("Container %s failed %s probe, will be restarted", s.name, strings.ToLower(string(failed)))
		if seconds := probeOf(spec, failed).TerminationGracePeriodSeconds; seconds != nil {
			grace = time.Duration(*seconds) * time.Second
		}
		s.changed = pod.Spec.RestartPolicy != corev1.RestartPolicyNever
	default:
		return w.press(s)
	}
	w.stop(pod, s, time.Now().Add(grace), text)
	return w.press(s)
}

// restarts says whether a container that ended is to run again.
func (w *worker) restarts(pod *corev1.Pod, s *slot, spec *corev1.Container) bool {
	code := s.current.exit.code
	switch {
	case s.kind == ephemeral:
		return false
	case s.changed, s.kind == sidecar:
		return true
	}
	if ruleFor(spec, code) != nil {
		return true
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
		return w.configError(pod, s, err)
	}
	if err := verifyNonRoot(image.Image, pod, spec); err != nil {
		return w.configError(pod, s, err)
	}
	return w.runContainer(pod, s, spec, image, env)
}

// configError makes the container wait until what it needs is there, or the pod is other.
func (w *worker) configError(pod *corev1.Pod, s *slot, err error) time.Time {
	s.held = true
	w.warn(pod, s, eventFailed, "Error: "+err.Error())
	w.setWaiting(s, &waiting{reasonConfigError, err.Error()})
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

// runContainer starts the next run of a container. It returns when to try again if it cannot.
func (w *worker) runContainer(pod *corev1.Pod, s *slot, spec *corev1.Container, image pulled, env variables) time.Time {
	restarts := s.restarts
	if s.current != nil {
		restarts++
	}
	args := commandLine(image.Image, spec, env)
	in := &instance{
		w: w, name: s.name, image: image.name, asked: spec.Image, id: containerID(w, s.name, restarts),
		started: time.Now(), log: podlog.New(w.k.config.Logs), sandbox: w.sandbox, ipc: w.ipc, pids: w.pids, commands: image.Exec,
		env: fullEnvironment(image.Image, w.sandbox.Hostname(), env), dir: workingDir(image.Image, spec),
		imageFiles: image.files(), user: credentials(image.Image, pod, spec),
	}
	if in.pids == nil {
		in.pids = w.pidsFor(pod, s)
	}
	if s.current != nil {
		in.log.After(s.current.log)
	}
	w.sink(in, restarts)
	w.showLog(in, restarts)
	in.console = newConsole(in.log, w.k.loops.Go, spec.Stdin, spec.StdinOnce, spec.TTY)
	in.main = in.newProcess(args)
	in.main.after = in.ended
	in.health = newHealth(spec)
	in.resources = *spec.Resources.DeepCopy()
	if early(spec) {
		if _, err := in.namespace(); err != nil {
			in.main.kill()
			return w.configError(pod, s, err)
		}
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
	in.run(image.Program, args)
	w.postStart(pod, s, in, spec)
	w.startProbes(s, in, spec)
	return time.Time{}
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
