package sdk

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// exitCodes say what codes mean that do not come from the program. Others are its own.
var exitCodes = map[int32]string{
	126: "the command was found but cannot be executed",
	127: "the shell did not find a command",
	128: "the runtime could not start the command",
	129: "SIGHUP",
	130: "SIGINT",
	131: "SIGQUIT",
	132: "SIGILL: an instruction that the processor does not have, as of an image for another one",
	134: "SIGABRT: the program gave up on itself",
	135: "SIGBUS",
	136: "SIGFPE: an arithmetic error",
	137: "SIGKILL: it was killed, by its node at the end of its grace period, for want of memory, or by somebody else",
	139: "SIGSEGV: it touched memory that is not its own",
	141: "SIGPIPE: nobody read what it wrote",
	143: "SIGTERM: it was told to end",
	255: "out of range, or the node was restarted under it",
}

// explain says how a container ended. by is who ended it, if that is known.
func explain(t *corev1.ContainerStateTerminated, by string) string {
	text := fmt.Sprintf("it ended with exit code %d", t.ExitCode)
	meaning, known := exitCodes[t.ExitCode]
	switch {
	case t.Reason == "OOMKilled":
		text += " (it was killed, for it used more memory than it may)"
	case by != "":
		text += " (" + by + ")"
	case t.Signal != 0 && !known:
		text += fmt.Sprintf(" (by signal %d)", t.Signal)
	case known:
		text += " (" + meaning + ")"
	case t.ExitCode > 128 && t.ExitCode <= 128+64:
		text += fmt.Sprintf(" (by signal %d)", t.ExitCode-128)
	case t.ExitCode != 0:
		text += " (a code of the program's own)"
	}
	if m := strings.TrimSpace(t.Message); m != "" {
		text += ", and left the message: " + m
	}
	return text
}

// fallen says why a container ended that should not have, with the last lines that it wrote. again: it runs again meanwhile, so its log
// is that of the instance before.
func (c *containerCase) fallen(ctx context.Context, t *corev1.ContainerStateTerminated, again bool) Finding {
	switch {
	case t.Reason == "StartError" || t.Reason == "ContainerCannotRun":
		return c.says(c.gravity(), FindingCannotStart, startHint(t.Message), "cannot be started%s: %s",
			restarts(c.status.RestartCount), join2(t.Reason, t.Message))
	case t.Reason == "OOMKilled":
		f := c.says(c.gravity(), FindingOOMKilled, "give it a higher memory limit, or have it use less", "was killed for want of memory%s: %s",
			c.memoryLimit(), explain(t, ""))
		f.Log = c.tail(ctx, again)
		return f
	}
	hook, n := lastEvent(c.events, func(e *corev1.Event) bool {
		return e.Reason == "FailedPostStartHook" && aboutContainer(e, c.status.Name)
	})
	if hook != nil {
		return c.says(c.gravity(), FindingHookFailed, hookHint, "is ended because its postStart hook fails%s: %s", times(n), hook.Message)
	}
	by := c.killer(t)
	reason, hint, text := FindingExited, "its last lines may say why", ""
	switch {
	case by != "":
		reason, hint = FindingLivenessProbe, "see that the program answers in time, or give the probe more time"
		text = "is ended by its probe"
	case t.ExitCode == 0:
		reason = FindingEndsNormally
		hint = "a pod with restartPolicy Always is for programs that go on: let it go on, or set restartPolicy OnFailure or Never"
		text = "ends of its own accord"
	case c.status.RestartCount > 0 || c.status.State.Waiting != nil:
		reason = FindingCrashing
		text = "crashes again and again"
	default:
		text = "has ended, and should not have"
	}
	f := c.says(c.gravity(), reason, hint, "%s%s: %s", text, restarts(c.status.RestartCount), explain(t, by))
	f.Log = c.tail(ctx, again)
	return f
}

func restarts(n int32) string {
	if n == 0 {
		return ""
	}
	if n == 1 {
		return " (restarted once)"
	}
	return fmt.Sprintf(" (restarted %d times)", n)
}

// gravity is fatal where nothing will be started again.
func (c *containerCase) gravity() Severity {
	if hasEnded(c.pod) {
		return SeverityFatal
	}
	return SeverityProblem
}

// eventSlack is how much later an event may be written than what it tells of.
const eventSlack = 5 * time.Second

// killer says which probe had the container ended, if one did: the node sends SIGTERM, and then SIGKILL.
func (c *containerCase) killer(t *corev1.ContainerStateTerminated) string {
	for _, probe := range []string{"liveness", "startup"} {
		ended, _ := lastEvent(c.events, func(e *corev1.Event) bool {
			return e.Reason == "Killing" && aboutContainer(e, c.status.Name) && strings.Contains(e.Message, "failed "+probe+" probe")
		})
		if ended == nil || !tellsOf(ended, t) {
			continue
		}
		why, n := c.probeEvents(probe)
		if why == nil {
			return "its " + probe + " probe failed"
		}
		return fmt.Sprintf("its %s probe failed%s: %s", probe, times(n), probeOutput(why.Message))
	}
	return ""
}

// tellsOf reports whether an event about a container being ended may be about that end. Of a container that is ended often not every
// end is told, since events of one object are limited in number, so that an older event will do; but not for a code of the program's own.
func tellsOf(e *corev1.Event, t *corev1.ContainerStateTerminated) bool {
	ownCode := t.ExitCode != 0 && t.ExitCode != 137 && t.ExitCode != 143
	return !eventTime(e).After(t.FinishedAt.Add(eventSlack)) && !(ownCode && eventTime(e).Before(t.StartedAt.Time))
}

func (c *containerCase) memoryLimit() string {
	if c.spec == nil {
		return ""
	}
	if limit, ok := c.spec.Resources.Limits[corev1.ResourceMemory]; ok {
		return fmt.Sprintf(" (its limit is %s)", limit.String())
	}
	return " (it has no limit of its own, so its node had none left)"
}
