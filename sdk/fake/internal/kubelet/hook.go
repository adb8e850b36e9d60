package kubelet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// minimumGrace is how long a container has to stop at the least, after its hook, as minimumGracePeriodInSeconds says.
const minimumGrace = 2 * time.Second

// hook carries out a lifecycle handler of a container until it is done, the context ends or the container does.
func (in *instance) hook(ctx context.Context, spec *corev1.Container, h *corev1.LifecycleHandler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(in.main.ctx, func() {
		if in.isDead() {
			cancel()
		}
	})
	defer stop()
	switch {
	case h.Exec != nil:
		var out output
		if code := in.exec(ctx, Command{Args: h.Exec.Command, Stdout: &out, Stderr: &out}); code != 0 {
			return fmt.Errorf("command '%s' exited with %d: %s", strings.Join(h.Exec.Command, " "), code, out.String())
		}
		return nil
	case h.HTTPGet != nil:
		return in.httpHook(ctx, spec, h.HTTPGet)
	case h.Sleep != nil:
		timer := time.NewTimer(time.Duration(h.Sleep.Seconds) * time.Second)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-in.main.ended:
		case <-ctx.Done():
		}
		return errors.New("container terminated before sleep hook finished")
	}
	return fmt.Errorf("invalid handler: %v", h)
}

// httpHook sends a request. Any answer is a success; an https server that is none is asked again without, as runHTTPHandler does.
func (in *instance) httpHook(ctx context.Context, spec *corev1.Container, a *corev1.HTTPGetAction) error {
	req, err := in.w.actionRequest(ctx, a, spec, "lifecycle")
	if err != nil {
		return err
	}
	transport := in.w.nodeTransport(false)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	res, err := client.Do(req)
	if err != nil && strings.Contains(err.Error(), "server gave HTTP response to HTTPS client") {
		req = req.Clone(ctx)
		req.URL.Scheme = "http"
		req.Header.Del("Authorization")
		res, err = client.Do(req)
	}
	if err != nil {
		return err
	}
	_, _ = io.CopyN(io.Discard, res.Body, most)
	return res.Body.Close()
}

// hookRun is a lifecycle handler under way.
type hookRun struct {
	cancel context.CancelFunc
	ended  chan struct{} // closed when it is done
}

// done says whether it is. A hook that there is not is done.
func (r *hookRun) done() bool {
	if r == nil {
		return true
	}
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

// begin carries out a handler in a goroutine, until the kubelet stops at the latest, and then wakes the worker. failed is called
// with an error that is the handler's own fault.
func (w *worker) begin(in *instance, spec *corev1.Container, h *corev1.LifecycleHandler, failed func()) *hookRun {
	ctx, cancel := context.WithCancel(context.Background())
	run := &hookRun{cancel: cancel, ended: make(chan struct{})}
	w.k.loops.Go(func() {
		select {
		case <-w.k.stopping:
			cancel()
		case <-ctx.Done():
		}
	})
	mine := w.k.turns.hook(w.place(in.name))
	w.k.loops.Go(func() {
		defer cancel()
		mine.Wait(ctx.Done())
		err := in.hook(ctx, spec, h)
		mine.Wait(ctx.Done())
		if err != nil && ctx.Err() == nil && !in.isDead() {
			failed()
		}
		close(run.ended)
		w.ping()
	})
	return run
}

// preStop runs the hook of a container that is to stop. SIGTERM comes when it is done, or when time is over: see press.
func (w *worker) preStop(pod *corev1.Pod, s *slot, spec *corev1.Container) {
	about := newSlot(s.name, s.kind)
	s.current.preStop = w.begin(s.current, spec, spec.Lifecycle.PreStop, func() {
		w.warn(pod, &about, eventFailedPreStop, "PreStopHook failed")
	})
}

// postStart begins the hook of a container that was started. Until it is done the container does not count as running, and no
// other one is started. If it fails the container is killed.
func (w *worker) postStart(pod *corev1.Pod, s *slot, in *instance, spec *corev1.Container) {
	if spec.Lifecycle == nil || spec.Lifecycle.PostStart == nil {
		return
	}
	about := newSlot(s.name, s.kind)
	in.postStart = w.begin(in, spec, spec.Lifecycle.PostStart, func() {
		w.warn(pod, &about, eventFailedPostStart, "PostStartHook failed")
		w.mu.Lock()
		in.badStart = true
		w.mu.Unlock()
	})
}

// starting says whether a container that was started does not count as running yet, because of its hook.
func (s *slot) starting() bool { return s.running() && !s.current.postStart.done() }
