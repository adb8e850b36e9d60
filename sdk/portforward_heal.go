package sdk

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// attemptTime bounds one attempt to make a lost connection anew: a server that takes the connection and says nothing
	// must not hold up the next one.
	attemptTime = 30 * time.Second

	// steadyTime is how long a link must have lasted for the pauses between attempts to begin anew: else a server
	// that breaks each connection at once would be asked without a pause.
	steadyTime = 10 * time.Second
)

// keep has the forward lead somewhere until its end, and then ends all of it.
func (f *Forward) keep(l *link) {
	defer close(f.done)
	f.cancel(f.heal(l))
	if cause := context.Cause(f.ctx); cause != errForwardClosed {
		f.err = fmt.Errorf("port-forward to pod %s: %w", f.place(), cause)
	}
	f.closeListeners()
	f.local.Wait()
}

// heal replaces each link that is lost, and returns why that has an end.
func (f *Forward) heal(l *link) error {
	pause := pause{patience: f.options.patience()}
	for {
		var leaving <-chan struct{} = l.leaving
		if f.options.Once || !f.target.plural() {
			leaving = nil
		}
		select {
		case <-f.ctx.Done():
			return context.Cause(f.ctx)
		case <-leaving:
		case <-l.gone:
			if f.ctx.Err() != nil || f.options.Once {
				return l.reason
			}
		}
		next, attempts, err := f.replace(l, &pause)
		if f.ctx.Err() != nil {
			if next != nil {
				next.session.close(context.Cause(f.ctx))
			}
			return context.Cause(f.ctx)
		}
		if err != nil {
			return err
		}
		f.lead(next, attempts)
		l = next
	}
}

// lead has connections go over a link from now on.
func (f *Forward) lead(l *link, attempts int) {
	f.local.Go(func() { f.tend(l) })
	f.mu.Lock()
	if f.link == nil {
		close(f.ready)
	}
	f.link, f.pod = l, l.pod
	f.mu.Unlock()
	f.tell(ForwardEvent{Type: ForwardConnected, Pod: l.pod.Name, Attempt: attempts})
}

// current returns the link that leads to a pod, waiting for one.
func (f *Forward) current(ctx context.Context) (*link, error) {
	for {
		f.mu.Lock()
		if f.link != nil && f.link.isGone() {
			f.link, f.ready = nil, make(chan struct{})
		}
		l, ready := f.link, f.ready
		f.mu.Unlock()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if l != nil {
			return l, nil
		}
		select {
		case <-ready:
		case <-ctx.Done():
		case <-f.ctx.Done():
			return nil, context.Cause(f.ctx)
		}
	}
}

// replace makes a link in the place of one that is lost or soon will be. It returns an error when there is to be no further attempt.
func (f *Forward) replace(old *link, p *pause) (next *link, attempts int, err error) {
	err = old.reasonIfGone()
	rest := time.Since(old.born) < steadyTime && err != nil
	if !rest {
		p.reset()
	}
	told := false
	for {
		if reason := old.reasonIfGone(); reason != nil && !told {
			told = true
			f.tell(ForwardEvent{Type: ForwardLost, Pod: old.pod.Name, Err: reason})
		}
		if rest {
			if err := f.rest(old, p, err); err != nil {
				return nil, attempts, err
			}
		}
		attempts++
		if next, err = f.attempt(old); err == nil || f.ctx.Err() != nil {
			return next, attempts, err
		}
		rest = true
		if old.isGone() {
			if isFinal(err) {
				return nil, attempts, err
			}
			f.tell(ForwardEvent{Type: ForwardRetry, Pod: old.pod.Name, Attempt: attempts, Err: err})
		}
	}
}

func (f *Forward) attempt(old *link) (*link, error) {
	ctx, cancel := context.WithTimeout(f.ctx, attemptTime)
	defer cancel()
	return f.connect(ctx, old)
}

// rest pauses between two attempts. While the old link still serves, there is no hurry and no end of patience.
func (f *Forward) rest(old *link, p *pause, err error) error {
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		p.atLeast(time.Duration(seconds) * time.Second)
	}
	var end error
	if old.isGone() {
		end = p.rest(f.ctx, err, nil)
	} else {
		end = p.rest(f.ctx, nil, old.gone)
		p.forgive()
	}
	if end != nil && f.ctx.Err() == nil {
		return fmt.Errorf("%w: %w", ErrLostConnection, end)
	}
	return end
}

// atLeast has the next pause last d or longer, as a server asks for.
func (p *pause) atLeast(d time.Duration) {
	if p.next == 0 {
		p.next, p.since = firstPause, time.Now()
	}
	p.next = max(p.next, d)
}

func (l *link) reasonIfGone() error {
	if l.isGone() {
		return l.reason
	}
	return nil
}

// connect makes a link to a pod of the target: the first, or one in the place of old.
func (f *Forward) connect(ctx context.Context, old *link) (*link, error) {
	service, err := f.client.serviceOf(ctx, f.target)
	if err != nil {
		return nil, f.lostTarget(err, old)
	}
	pods, err := f.candidates(ctx, old)
	if err != nil {
		return nil, err
	}
	var first error
	for i := range pods {
		s, err := f.client.dialPod(ctx, pods[i].Namespace, pods[i].Name)
		if err == nil {
			return newLink(&pods[i], service, s), nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil || isFinal(err) {
			break
		}
	}
	return nil, first
}

// candidates returns the pods that a link may lead to, the best first.
func (f *Forward) candidates(ctx context.Context, old *link) ([]corev1.Pod, error) {
	pods, err := f.client.podsOf(ctx, f.target)
	switch {
	case (apierrors.IsNotFound(err) || apierrors.IsConflict(err)) && old != nil && !f.target.plural():
		return nil, f.lostPod(err, old)
	case err != nil:
		return nil, f.lostTarget(err, old)
	}
	best := rank(&pods[0])
	var fit []corev1.Pod
	for _, pod := range pods {
		if pod.Status.Phase == corev1.PodRunning && f.fits(&pod, old, best) {
			fit = append(fit, pod)
		}
	}
	if len(fit) > 0 {
		return fit, nil
	}
	err = fmt.Errorf("pod %s is not running (%s); wait until it is Ready", pods[0].Name, seen(&pods[0]))
	switch {
	case old == nil:
	case f.target.plural():
		err = fmt.Errorf("none of %d pods is ready; the first, %s: %s", len(pods), pods[0].Name, seen(&pods[0]))
	case hasEnded(&pods[0]):
		err = f.lostPod(err, old)
	}
	return nil, err
}

// fits reports whether a running pod is one to lead to. In the place of a pod comes only one that is ready, or it itself.
func (f *Forward) fits(pod *corev1.Pod, old *link, best int) bool {
	switch {
	case !f.target.plural():
		return true
	case old == nil:
		return rank(pod) == best
	case pod.UID == old.pod.UID:
		return pod.DeletionTimestamp == nil
	}
	return rank(pod) == readyRank
}

// lostPod says that a single pod is gone, if no other takes its name: only a controller, such as a StatefulSet, makes one of the same
// name again, and a target that has a UID does not mean that one.
func (f *Forward) lostPod(err error, old *link) error {
	if f.target.uid == "" && metav1.GetControllerOf(old.pod) != nil {
		return fmt.Errorf("waiting for a pod of the same name: %v", err) // not wrapped: that it is not found is not the last word
	}
	return fmt.Errorf("%w: %w", ErrPodGone, err)
}

// lostTarget says that a controller or Service which was there is no more.
func (f *Forward) lostTarget(err error, old *link) error {
	if old != nil && apierrors.IsNotFound(err) {
		return fmt.Errorf("%w: %w", errTargetGone, err)
	}
	return err
}
