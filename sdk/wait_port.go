package sdk

import (
	"context"
	"errors"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Answers holds as soon as something takes connections on a TCP port of the target's pod: a number, or a name from the pod's spec; of a
// Service a port of the Service. Of a ReplicationController, a Service or a selection it is the pod that [Client.Forward] would lead to.
// It waits until the pod runs, and dials through a forward, with no local port, as [Forward.Ready] does: that connections are taken is all
// that it says, and the program sees one on which nothing comes.
//
// A pod that has ended is an [ErrEnded], one that was deleted an [ErrDeleted]. It takes the rights to watch pods and to create
// pods/portforward.
func Answers(port string) Condition {
	return Condition{name: "port " + port, by: func(kind) waitFunc {
		return func(ctx context.Context, c *Client, target Target, ref reference) (string, error) {
			return c.untilAnswers(ctx, target, ref, port)
		}
	}}
}

func (c *Client) untilAnswers(ctx context.Context, target Target, ref reference, port string) (string, error) {
	said := "no pod that runs"
	var p pause
	for first := true; ; first = false {
		if err := c.untilRunning(ctx, ref); err != nil {
			if apierrors.IsNotFound(err) && !first {
				err = ErrDeleted
			}
			return said, err
		}
		opened, err := c.answers(ctx, target, port)
		if err == nil {
			return "", nil
		}
		if opened {
			p.reset()
		}
		said = err.Error()
		switch {
		case ctx.Err() != nil:
			return said, ctx.Err()
		case errors.Is(err, ErrPodGone): // the next look says how
		case isFinal(err) || errors.Is(err, errNoSuchPort):
			return said, err
		}
		if err := p.rest(ctx, err, nil); err != nil {
			return said, err
		}
	}
}

// untilRunning waits until a pod of the reference runs.
func (c *Client) untilRunning(ctx context.Context, ref reference) error {
	runs := Condition{met: ofPod("running", func(pod *corev1.Pod) (bool, error) {
		return pod.Status.Phase == corev1.PodRunning, ended(pod)
	})}
	if ref.kind == podKind && !ref.selected {
		ref.object = nil // it is another condition that the caller's is to be filled by
		_, err := c.watchFor(ctx, ref, runs)
		return err
	}
	s := ref.scope()
	if ref.kind != podKind {
		labels, err := c.podSelector(ctx, ref)
		if err != nil {
			return err
		}
		s = scope{kind: podKind, namespace: ref.namespace, labels: labels}
	}
	s.streamed = true
	return c.follow(ctx, s, &corev1.PodList{}, func(e Event) bool {
		pod, ok := e.Object.(*corev1.Pod)
		return !ok || pod.Status.Phase != corev1.PodRunning || pod.DeletionTimestamp != nil
	})
}

// errNoSuchPort marks a port that will not come to be.
var errNoSuchPort = errors.New("there is no such port")

// answers dials the port through a forward until it is taken. opened reports whether there was a way to the pod at all.
func (c *Client) answers(ctx context.Context, target Target, port string) (opened bool, err error) {
	f, err := c.Forward(ctx, target, ForwardOptions{})
	if err != nil {
		return false, err
	}
	defer f.Close()
	f.mu.Lock()
	l := f.link
	f.mu.Unlock()
	if l != nil {
		if _, err := l.portOf(port); err != nil {
			return true, fmt.Errorf("%w: %w", errNoSuchPort, err)
		}
	}
	err = f.Ready(ctx, port)
	if f.Err() != nil && ctx.Err() == nil {
		return true, f.Err()
	}
	return true, err
}
