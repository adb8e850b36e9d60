package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// containerCase is one container that is looked at.
type containerCase struct {
	*podCase
	spec   *corev1.Container // nil if the pod's spec has no such container
	status *corev1.ContainerStatus
	before bool // it is an init container, a sidecar included
}

// containersOfPod looks at all containers that have a status.
func containersOfPod(ctx context.Context, p *podCase) []Finding {
	ended := hasEnded(p.pod) && len(p.found) > 0 // for a reason that was found, whatever its containers said at their ends
	if p.pod.DeletionTimestamp != nil || p.pod.Status.Phase == corev1.PodSucceeded || ended {
		return nil
	}
	var found []Finding
	s := &p.pod.Status
	for i, list := range [][]corev1.ContainerStatus{s.InitContainerStatuses, s.ContainerStatuses} {
		for j := range list {
			c := &containerCase{podCase: p, spec: containerOf(&p.pod.Spec, list[j].Name), status: &list[j], before: i == 0}
			found = append(found, c.look(ctx)...)
		}
	}
	return found
}

func containerOf(spec *corev1.PodSpec, name string) *corev1.Container {
	for _, list := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		if i := slices.IndexFunc(list, func(c corev1.Container) bool { return c.Name == name }); i >= 0 {
			return &list[i]
		}
	}
	return nil
}

// says makes a finding about the container.
func (c *containerCase) says(s Severity, reason FindingReason, hint, format string, args ...any) Finding {
	f := c.podCase.says(s, reason, hint, format, args...)
	f.Subject.Container = c.status.Name
	return f
}

func (c *containerCase) look(ctx context.Context) []Finding {
	switch state := c.status.State; {
	case state.Waiting != nil:
		return c.waiting(ctx, state.Waiting)
	case state.Terminated != nil:
		return c.terminated(ctx, state.Terminated)
	case state.Running != nil:
		return c.running(ctx)
	}
	return nil
}

// waitingRules say what the reason of a waiting container means. What is not here is quoted; nothing at all is said of containers whose
// turn has not come.
var waitingRules = map[string]func(context.Context, *containerCase, *corev1.ContainerStateWaiting) []Finding{
	"":                           silent,
	"ContainerCreating":          silent,
	"PodInitializing":            silent,
	"ErrImagePull":               imageNotPulled,
	"ImagePullBackOff":           imageNotPulled,
	"RegistryUnavailable":        imageNotPulled,
	"ImageInspectError":          imageNotPulled,
	"SignatureValidationFailed":  imageNotPulled,
	"InvalidImageName":           imageMisnamed,
	"ErrImageNeverPull":          imageAbsent,
	"CreateContainerConfigError": notConfigured,
	"CreateContainerError":       notStarted,
	"RunContainerError":          notStarted,
	"PreCreateHookError":         notStarted,
	"PreStartHookError":          notStarted,
	"PostStartHookError":         hookFailed,
	"CrashLoopBackOff":           crashing,
}

func silent(context.Context, *containerCase, *corev1.ContainerStateWaiting) []Finding { return nil }

func (c *containerCase) waiting(ctx context.Context, w *corev1.ContainerStateWaiting) []Finding {
	if rule, ok := waitingRules[w.Reason]; ok {
		return rule(ctx, c, w)
	}
	return one(c.says(SeverityProblem, FindingWaiting, "", "waits: %s", join2(w.Reason, w.Message)))
}

// notConfigured speaks unless what is missing has been found already.
func notConfigured(_ context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	if hasFinding(c.found, c.status.Name, FindingConfigMapMissing, FindingSecretMissing, FindingKeyMissing) {
		return nil
	}
	return one(c.says(SeverityProblem, FindingConfigError, "put right what it names: in the pod's spec, or in what that refers to",
		"cannot be put together: %s", w.Message))
}

func notStarted(_ context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	return one(c.says(SeverityProblem, FindingCannotStart, startHint(w.Message), "cannot be started: %s", join2(w.Reason, w.Message)))
}

// startHints say what the words of container runtimes mean.
var startHints = []struct{ words, hint string }{
	{"executable file not found", "the image has no such command: check command and args"},
	{"no such file or directory", "the image has no such file, or a script's interpreter is missing: check command, args and workingDir"},
	{"permission denied", "the file is not executable for the container's user"},
	{"exec format error", "the image is built for another architecture, or the file is no program"},
	{"not a directory", "a file is mounted where a directory is, or the reverse: check subPath and mountPath"},
}

func startHint(message string) string {
	for _, h := range startHints {
		if strings.Contains(message, h.words) {
			return h.hint
		}
	}
	return ""
}

const hookHint = "see to lifecycle.postStart: a container whose hook fails is ended each time"

func hookFailed(_ context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	return one(c.says(SeverityProblem, FindingHookFailed, hookHint, "is ended because its postStart hook fails: %s", w.Message))
}

// crashing looks at a container that waits to be started again.
func crashing(ctx context.Context, c *containerCase, w *corev1.ContainerStateWaiting) []Finding {
	last := c.status.LastTerminationState.Terminated
	if last == nil {
		return one(c.says(SeverityProblem, FindingCrashing, "", "ends again and again: %s", w.Message))
	}
	return one(c.fallen(ctx, last, false))
}

// terminated looks at a container that has ended, and is not about to be started again, or not yet.
func (c *containerCase) terminated(ctx context.Context, t *corev1.ContainerStateTerminated) []Finding {
	switch {
	case t.ExitCode == 0 && (c.before || hasEnded(c.pod)):
		return nil
	case t.ExitCode == 0 && c.pod.Spec.RestartPolicy != corev1.RestartPolicyAlways:
		return one(c.says(SeverityProblem, FindingExited, "give each its own pod if they are not meant to end together",
			"has ended with exit code 0 while others run, so the pod is not ready any more"))
	}
	return one(c.fallen(ctx, t, false))
}

// running looks at a container that runs.
func (c *containerCase) running(ctx context.Context) []Finding {
	if last := c.status.LastTerminationState.Terminated; last != nil && !c.status.Ready {
		f := c.fallen(ctx, last, true)
		return append(c.notReady(ctx, true), f)
	}
	if c.status.RestartCount > 0 {
		text := fmt.Sprintf("runs, but was restarted%s", times(int(c.status.RestartCount)))
		if last := c.status.LastTerminationState.Terminated; last != nil {
			text += ": the last time, " + explain(last, c.killer(last))
		}
		return one(c.says(SeverityNote, FindingRestarted, "", "%s", text))
	}
	return c.notReady(ctx, false)
}

// sidecar reports whether an init container is one that goes on.
func (c *containerCase) sidecar() bool {
	return c.spec != nil && c.spec.RestartPolicy != nil && *c.spec.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// tail keeps and returns the last lines of the container's log.
func (c *containerCase) tail(ctx context.Context, previous bool) []string {
	lines := c.podCase.tail(ctx, c.pod, c.status.Name, previous)
	if len(lines) > 0 {
		c.logs = append(c.logs, LogTail{Container: c.status.Name, Previous: previous, Lines: lines})
	}
	return lines
}
