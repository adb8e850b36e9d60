package sdk

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/watch"
)

// link is a forward's way to one pod, while it lasts. A session says nothing of the pod's end: a node keeps it open, and a connection
// into a pod that is no more is only silent. So a link watches the pod.
type link struct {
	pod     *corev1.Pod     // as it was when the link was made
	service *corev1.Service // nil unless the target is one
	session *session
	born    time.Time

	news    chan error    // capacity 1: why the pod can be reached no more
	doubt   chan struct{} // capacity 1: a connection has failed
	leaving chan struct{} // closed when the pod is told to end
	gone    chan struct{} // closed when nothing may be opened on it any more
	reason  error         // then: why
	once    struct{ leaving, gone sync.Once }
}

func newLink(pod *corev1.Pod, service *corev1.Service, s *session) *link {
	return &link{pod: pod, service: service, session: s, born: time.Now(),
		news: make(chan error, 1), doubt: make(chan struct{}, 1), leaving: make(chan struct{}), gone: make(chan struct{})}
}

func (l *link) isGone() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// lose marks the link as one that leads nowhere.
func (l *link) lose(reason error) {
	l.once.gone.Do(func() {
		l.reason = reason
		close(l.gone)
	})
}

// lastWords is how long connections have to end in good order after their pod has: what it said last may still be on its way.
const lastWords = time.Second

// tend serves a link to its end, which it waits for.
func (f *Forward) tend(l *link) {
	ctx, cancel := context.WithCancel(f.ctx)
	var watching sync.WaitGroup
	watching.Go(func() { f.watchOver(ctx, l) })
	cause := f.endOf(ctx, l)
	l.lose(cause)
	cancel()
	l.session.close(cause)
	watching.Wait()
}

// endOf waits until a link has to end, and returns why.
func (f *Forward) endOf(ctx context.Context, l *link) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-l.session.lost:
			return ErrLostConnection
		case <-l.session.stuck:
			return fmt.Errorf("%w: the server does not take streams any more", ErrLostConnection)
		case <-l.session.trouble:
			l.hear(f.target.plural())
		case err := <-l.news:
			l.lose(err)
			timer := time.NewTimer(lastWords)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
			case <-l.session.lost:
			}
			return err
		}
	}
}

// hear makes of a connection's failure what it says of the pod. One that is told to end and takes none any more is left at once where
// there may be another, but what goes on in it may go on.
func (l *link) hear(plural bool) {
	signal(l.doubt)
	select {
	case <-l.leaving:
		if plural {
			l.lose(fmt.Errorf("%w: pod %s is about to end, and takes no connections", ErrLostConnection, l.pod.Name))
		}
	default:
	}
}

// watchOver follows the pod of a link. A client that may not watch pods looks at it whenever the node reports that a connection failed.
func (f *Forward) watchOver(ctx context.Context, l *link) {
	s := scope{kind: podKind, namespace: l.pod.Namespace, fields: "metadata.name=" + l.pod.Name}
	err := f.client.follow(ctx, s, &corev1.PodList{}, l.take())
	if err == nil {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.doubt:
			f.lookAt(ctx, l)
		}
	}
}

// take returns what is to be told of every event of the pod's name. It returns false when the pod is found to be gone.
func (l *link) take() func(Event) bool {
	there := false
	return func(e Event) bool {
		var err error
		switch pod, ok := e.Object.(*corev1.Pod); {
		case e.Type == synced && !there:
			err = l.wasDeleted()
		case e.Type == watch.Deleted:
			err = l.wasDeleted()
		case ok:
			there = true
			err = l.judge(pod)
		}
		return l.report(err)
	}
}

func (f *Forward) lookAt(ctx context.Context, l *link) {
	var pod corev1.Pod
	switch err := f.client.fetch(ctx, podKind, l.pod.Namespace, l.pod.Name, &pod); {
	case apierrors.IsNotFound(err):
		l.report(l.wasDeleted())
	case err == nil:
		l.report(l.judge(&pod))
	}
}

// report passes on that the pod is gone, if it is, and returns whether it is not.
func (l *link) report(err error) bool {
	if err == nil {
		return true
	}
	select {
	case l.news <- err:
	default:
	}
	return false
}

var errMoved = errors.New("the pod was set up anew by its node")

// judge says why a link cannot lead to its pod any more, given its state.
func (l *link) judge(pod *corev1.Pod) error {
	switch {
	case pod.UID != l.pod.UID:
		return l.wasDeleted()
	case hasEnded(pod):
		return fmt.Errorf("%w: %w: pod %s has ended (%s)", ErrLostConnection, ErrPodGone, pod.Name, seen(pod))
	case l.pod.Status.PodIP != "" && pod.Status.PodIP != "" && pod.Status.PodIP != l.pod.Status.PodIP:
		return fmt.Errorf("%w: %w", ErrLostConnection, errMoved)
	case pod.DeletionTimestamp != nil:
		l.once.leaving.Do(func() { close(l.leaving) })
	}
	return nil
}

func (l *link) wasDeleted() error {
	return fmt.Errorf("%w: %w: pod %s was deleted", ErrLostConnection, ErrPodGone, l.pod.Name)
}

func hasEnded(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

// portOf returns the number of a port in the pod of the link.
func (l *link) portOf(text string) (uint16, error) {
	if l.service != nil {
		if to, ok := targetPort(l.service, text); ok {
			text = to
		}
	}
	return podPort(text, l.pod)
}
