package sdk

import (
	"context"
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// notReady says why a container that runs is not ready, or keeps others waiting. Not again for one whose last end has been told.
func (c *containerCase) notReady(ctx context.Context, told bool) []Finding {
	started := c.status.Started == nil || *c.status.Started
	switch {
	case c.before && !c.sidecar():
		f := c.says(SeverityProgress, FindingInitRunning, "the containers after it start when it has ended with exit code 0",
			"is an init container that has run since %s, and all others wait for it",
			c.status.State.Running.StartedAt.UTC().Format(time.RFC3339))
		f.Log = c.tail(ctx, false)
		return one(f)
	case c.spec != nil && c.spec.StartupProbe != nil && !started:
		return one(c.probe("startup", FindingStartupProbe, c.spec.StartupProbe))
	case c.status.Ready || c.before && started:
		return nil
	case c.spec != nil && c.spec.ReadinessProbe != nil:
		return one(c.probe("readiness", FindingReadinessProbe, c.spec.ReadinessProbe))
	case told:
		return nil
	}
	return one(c.says(SeverityProgress, FindingNotReadyYet, "", "runs, and is not ready yet"))
}

// probe tells of a probe that has not succeeded: a problem if the node says that it failed, else it may still come.
func (c *containerCase) probe(which string, reason FindingReason, spec *corev1.Probe) Finding {
	last, n := c.probeEvents(which)
	if last != nil && eventTime(last).Before(c.status.State.Running.StartedAt.Time) {
		return c.says(SeverityProgress, reason, probeHint(last.Message), "runs, and its %s probe (%s) has not succeeded yet; before it was restarted: %s",
			which, action(spec), probeOutput(last.Message))
	}
	if last == nil {
		return c.says(SeverityProgress, reason, "", "runs, and its %s probe (%s) has not succeeded yet", which, action(spec))
	}
	return c.says(SeverityProblem, reason, probeHint(last.Message), "runs, but its %s probe (%s) fails%s: %s",
		which, action(spec), times(n), probeOutput(last.Message))
}

// probeEvents are the failures of a container's probe since the container started.
func (c *containerCase) probeEvents(which string) (*corev1.Event, int) {
	prefix := strings.ToUpper(which[:1]) + which[1:] + " probe "
	return lastEvent(c.events, func(e *corev1.Event) bool {
		return e.Reason == "Unhealthy" && aboutContainer(e, c.status.Name) && strings.HasPrefix(e.Message, prefix)
	})
}

// probeOutput is what a probe said, without "Readiness probe failed: ".
func probeOutput(message string) string {
	if _, output, ok := strings.Cut(message, ": "); ok {
		return strings.TrimSpace(output)
	}
	return message
}

// probeHints say what the words of probes mean.
var probeHints = []struct{ words, hint string }{
	{"connection refused", "nothing listens on that port: check the port, and that the program listens on all addresses, not on localhost only"},
	{"deadline exceeded", "the program does not answer in time: give the probe a longer timeoutSeconds, or see why it is slow"},
	{"statuscode: 404", "the program has no such path"},
	{"statuscode: 401", "the path wants credentials, which a probe has not"},
	{"statuscode: 403", "the path wants credentials, which a probe has not"},
	{"no such host", "the probe's host is not known; leave it out, and the pod's address is taken"},
	{"executable file not found", "the image has no such command"},
}

func probeHint(message string) string {
	for _, h := range probeHints {
		if strings.Contains(message, h.words) {
			return h.hint
		}
	}
	return ""
}

// action says what a probe does.
func action(p *corev1.Probe) string {
	switch {
	case p.HTTPGet != nil:
		scheme := strings.ToLower(string(p.HTTPGet.Scheme))
		if scheme == "" {
			scheme = "http"
		}
		return fmt.Sprintf("GET %s://%s:%s/%s", scheme, p.HTTPGet.Host, p.HTTPGet.Port.String(), strings.TrimPrefix(p.HTTPGet.Path, "/"))
	case p.TCPSocket != nil:
		return "a connection to port " + p.TCPSocket.Port.String()
	case p.GRPC != nil:
		return fmt.Sprintf("gRPC on port %d", p.GRPC.Port)
	case p.Exec != nil:
		return "the command " + strings.Join(p.Exec.Command, " ")
	}
	return "no action"
}
