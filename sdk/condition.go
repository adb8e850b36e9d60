package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// Condition is what [Client.Wait] waits for: of the state of objects [Ready], [Available], [Phase], [PodCondition], [StatusCondition],
// [Deleted], [Exists], or any function by [Func]; of what runs in pods [Logged], [LoggedText] and [Answers]. The zero Condition holds at once.
type Condition struct {
	name string
	// absent says whether the condition holds where there is no object, and pending whether an
	// object that is not there yet is to be waited for.
	absent, pending bool
	met             func(Object) (bool, error)
	// by gives another way to wait, for what an object's own state does not say; nil for kinds for which met will do.
	by func(kind) waitFunc
}

// waitFunc waits until something holds for a target, and says what it saw last if that is in vain.
type waitFunc func(ctx context.Context, c *Client, target Target, ref reference) (seen string, err error)

// Ready holds for a pod that is ready; for a ReplicationController whose controller has seen its newest
// spec, and all of whose replicas, and no more, are ready; for a Service that leads to a ready pod; for a node that is ready; for a
// namespace that is active. For other kinds it is an error: use [StatusCondition] or [Func]. A pod that has ended will never be ready,
// which is an [ErrEnded].
func Ready() Condition {
	return Condition{name: "ready", met: isReady, by: func(k kind) waitFunc {
		if k == serviceKind {
			return untilEndpoints
		}
		return nil
	}}
}

// Available holds for a ReplicationController whose controller has seen its newest spec, and all of whose replicas, and no more, have been
// ready for their minReadySeconds. For other kinds it is an error: use [StatusCondition].
func Available() Condition {
	return Condition{name: "available", met: func(obj Object) (bool, error) {
		rc, ok := obj.(*corev1.ReplicationController)
		if !ok {
			return false, fmt.Errorf("what available means for a %T is not known; wait for a StatusCondition or a Func", obj)
		}
		return isScaled(rc) && rc.Status.AvailableReplicas == replicasOf(rc), nil
	}}
}

// Phase holds for a pod in one of the given phases. Where the pod has ended in a phase that is not
// among them, it is an [ErrEnded].
func Phase(phases ...corev1.PodPhase) Condition {
	var names []string
	for _, p := range phases {
		names = append(names, string(p))
	}
	name := "phase " + strings.Join(names, " or ")
	return Condition{name: name, met: ofPod(name, func(pod *corev1.Pod) (bool, error) {
		if slices.Contains(phases, pod.Status.Phase) {
			return true, nil
		}
		return false, ended(pod)
	})}
}

// PodCondition holds for a pod whose condition of that type is true, such as corev1.ContainersReady.
func PodCondition(t corev1.PodConditionType) Condition {
	name := "condition " + string(t)
	return Condition{name: name, met: ofPod(name, func(pod *corev1.Pod) (bool, error) {
		if podConditionTrue(pod, t) {
			return true, nil
		}
		return false, ended(pod)
	})}
}

// Deleted holds when there is no such object, or another has taken its name where the target has a UID.
func Deleted() Condition {
	return Condition{name: "deletion", absent: true, met: func(Object) (bool, error) { return false, nil }}
}

// Exists holds as soon as there is such an object.
func Exists() Condition {
	return Condition{name: "existence", pending: true, met: func(Object) (bool, error) { return true, nil }}
}

// Func holds when met returns true for the object. It is called for each state of the object that is seen;
// an error ends the wait.
func Func(met func(Object) (bool, error)) Condition {
	return Condition{name: "a condition of the caller's", met: met}
}

// Named returns the condition with another name for errors to show.
func (c Condition) Named(name string) Condition {
	c.name = name
	return c
}

// String returns the condition's name.
func (c Condition) String() string {
	if c.name == "" {
		return "nothing"
	}
	return c.name
}

func (c Condition) holds(obj Object) (bool, error) {
	if c.met == nil {
		return true, nil
	}
	return c.met(obj)
}

// other is another way to wait for the condition than by the states of objects of that kind, or nil.
func (c Condition) other(k kind) waitFunc {
	if c.by == nil {
		return nil
	}
	return c.by(k)
}

func isReady(obj Object) (bool, error) {
	switch o := obj.(type) {
	case *corev1.Pod:
		if podConditionTrue(o, corev1.PodReady) && o.DeletionTimestamp == nil {
			return true, nil
		}
		return false, ended(o)
	case *corev1.ReplicationController:
		return isScaled(o) && o.Status.ReadyReplicas == replicasOf(o), nil
	case *corev1.Node:
		return slices.ContainsFunc(o.Status.Conditions, func(c corev1.NodeCondition) bool {
			return c.Type == corev1.NodeReady && c.Status == corev1.ConditionTrue
		}), nil
	case *corev1.Namespace:
		return o.Status.Phase == corev1.NamespaceActive, nil
	}
	return false, fmt.Errorf("what ready means for a %T is not known; wait for a StatusCondition or a Func", obj)
}

// isScaled reports whether a controller has as many pods as its newest spec wants.
func isScaled(rc *corev1.ReplicationController) bool {
	return rc.Status.ObservedGeneration >= rc.Generation && rc.Status.Replicas == replicasOf(rc)
}

// replicasOf is how many pods a controller is to have; one if it does not say, as SetDefaults_ReplicationController does.
func replicasOf(rc *corev1.ReplicationController) int32 {
	if rc.Spec.Replicas == nil {
		return 1
	}
	return *rc.Spec.Replicas
}

func ofPod(name string, met func(*corev1.Pod) (bool, error)) func(Object) (bool, error) {
	return func(obj Object) (bool, error) {
		pod, ok := obj.(*corev1.Pod)
		if !ok {
			return false, fmt.Errorf("%s is a matter of pods, not of a %T", name, obj)
		}
		return met(pod)
	}
}

// ended is the error of a pod whose phase can change no more.
func ended(pod *corev1.Pod) error {
	switch pod.Status.Phase {
	case corev1.PodSucceeded, corev1.PodFailed:
		return ErrEnded
	}
	return nil
}

func podConditionTrue(pod *corev1.Pod, t corev1.PodConditionType) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == t && c.Status == corev1.ConditionTrue
	})
}
