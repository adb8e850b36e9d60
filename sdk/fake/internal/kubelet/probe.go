package kubelet

import (
	"context"
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/turn"
	corev1 "k8s.io/api/core/v1"
)

// probeKind is what a probe decides.
type probeKind string

const (
	startup   probeKind = "Startup"
	liveness  probeKind = "Liveness"
	readiness probeKind = "Readiness"
)

// health is what the probes have found out about one run of a container. It is guarded by the worker's mutex.
type health struct {
	started bool      // the startup probe has succeeded, or there is none
	ready   bool      // the readiness probe succeeds, or there is none
	failed  probeKind // the probe by which the container has to be restarted
	// passed is closed when started becomes true, which is what the other probes wait for; nil without a startup probe.
	passed chan struct{}
}

// newHealth is that of a container before its first probe: alive, and not ready if somebody asks.
func newHealth(spec *corev1.Container) health {
	h := health{started: spec.StartupProbe == nil, ready: spec.ReadinessProbe == nil}
	if !h.started {
		h.passed = make(chan struct{})
	}
	return h
}

// probeOf is a probe of a container, nil if there is none of that kind.
func probeOf(spec *corev1.Container, kind probeKind) *corev1.Probe {
	switch kind {
	case startup:
		return spec.StartupProbe
	case liveness:
		return spec.LivenessProbe
	}
	return spec.ReadinessProbe
}

// isStarted says whether a container runs, and so well that others may rely on it.
func (w *worker) isStarted(s *slot) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return s.running() && !s.starting() && s.current.health.started
}

// isReady says whether a container can be sent requests.
func (w *worker) isReady(s *slot) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return s.running() && !s.starting() && s.current.health.started && s.current.health.ready
}

// startProbes probes a run of a container until it ends, with a goroutine for each probe.
func (w *worker) startProbes(s *slot, in *instance, spec *corev1.Container) {
	for _, kind := range []probeKind{startup, readiness, liveness} {
		if probe := probeOf(spec, kind); probe != nil {
			p := &prober{in: in, slot: newSlot(s.name, s.kind), kind: kind, probe: probe, spec: spec,
				turn: w.k.turns.probe(w.place(s.name), kind)}
			w.k.loops.Go(p.run)
		}
	}
}

// prober asks one question about one run of a container, again and again, as a worker of pkg/kubelet/prober does.
type prober struct {
	in    *instance
	slot  slot // whose name and kind events are about
	kind  probeKind
	probe *corev1.Probe
	spec  *corev1.Container
	turn  turn.Turn

	last bool  // the last answer
	same int32 // how often it was given in a row
}

// maxProbeTries is how often a probe is tried that cannot be carried out.
const maxProbeTries = 3

// run probes until the container ends, or has to be restarted. The first time is when the initial delay is over.
func (p *prober) run() {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := p.in.w
	wait := func(c <-chan time.Time, passed <-chan struct{}) bool {
		select {
		case <-c:
		case <-passed:
		case <-p.in.main.ended:
			return false
		case <-w.k.stopping:
			return false
		}
		return true
	}
	if hook := p.in.postStart; hook != nil {
		select { // until then the container does not count as running
		case <-hook.ended:
		case <-w.k.stopping:
			return
		}
	}
	if passed := p.in.health.passed; p.kind != startup && passed != nil && !wait(nil, passed) { // the channel is there from the start, or never
		return
	}
	if delay := time.Duration(p.probe.InitialDelaySeconds)*time.Second - time.Since(p.in.started); delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		if !wait(timer.C, nil) {
			return
		}
	}
	ticker := time.NewTicker(time.Duration(max(p.probe.PeriodSeconds, 1)) * time.Second)
	defer ticker.Stop()
	stop := context.AfterFunc(p.in.main.ctx, cancel) // a probe that is under way ends with the container
	defer stop()
	for p.turn.Wait(p.in.main.ended) && p.ask(ctx) && wait(ticker.C, nil) {
	}
}

// ask probes once, and says whether to go on.
func (p *prober) ask(ctx context.Context) bool {
	pod := p.in.w.latest()
	if pod.DeletionTimestamp != nil && p.kind != readiness {
		return false
	}
	good, output, err := p.try(ctx, pod)
	if !p.turn.Wait(p.in.main.ended) || p.in.isDead() {
		return false
	}
	switch {
	case err != nil: // the answer is thrown away
		p.warn(pod, fmt.Sprintf("%s probe errored and resulted in unknown state: %s", p.kind, err))
		return true
	case !good:
		p.warn(pod, fmt.Sprintf("%s probe failed: %s", p.kind, output))
	case output != "":
		p.in.w.warn(pod, &p.slot, eventProbeWarning, fmt.Sprintf("%s probe warning: %s", p.kind, output))
	}
	if p.same++; good != p.last {
		p.last, p.same = good, 1
	}
	threshold := p.probe.FailureThreshold
	if good {
		threshold = p.probe.SuccessThreshold
	}
	return p.same < threshold || p.decide(good)
}

// try carries out the probe, more than once if that is not possible.
func (p *prober) try(ctx context.Context, pod *corev1.Pod) (good bool, output string, err error) {
	for range maxProbeTries {
		if good, output, err = p.act(ctx, pod); err == nil {
			break
		}
	}
	return good, output, err
}

func (p *prober) warn(pod *corev1.Pod, text string) { p.in.w.warn(pod, &p.slot, eventUnhealthy, text) }

// decide brings the worker the news that an answer was given often enough, and says whether to go on asking.
func (p *prober) decide(good bool) bool {
	w := p.in.w
	w.mu.Lock()
	h := &p.in.health
	changed := false
	switch {
	case p.kind == readiness:
		changed, h.ready = h.ready != good, good
	case !good:
		changed, h.failed = h.failed == "", p.kind
	case p.kind == startup:
		changed, h.started = true, true
		close(h.passed)
	}
	w.mu.Unlock()
	if changed {
		w.ping()
	}
	return p.kind == readiness || p.kind == liveness && good
}
