package scheduler

import (
	"context"
	"maps"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/events"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/sdk/fake/internal/turn"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
)

// instance is the scheduler process that events name. A real one appends the name of the machine that it runs on, which is no node.
const instance = corev1.DefaultSchedulerName + "-vm"

// Scheduler binds pods to nodes. Use [New].
type Scheduler struct {
	api    *api.API
	events *events.Reporter
	nodes  nodes
	queue  queue
}

// New returns a scheduler for the pods that name default-scheduler as theirs. Run it once.
func New(a *api.API) *Scheduler {
	return &Scheduler{
		api:    a,
		events: events.NewReporter(a, corev1.DefaultSchedulerName, instance),
		nodes:  newNodes(),
		queue:  newQueue(),
	}
}

// Run works until ctx ends or the store closes.
func (s *Scheduler) Run(ctx context.Context) {
	lists, w, err := s.api.Store.ListAndWatch(registry.Namespaces.StoreKey(), registry.Nodes.StoreKey(), registry.Pods.StoreKey())
	if err != nil {
		return
	}
	defer w.Close()
	for _, list := range lists {
		for _, obj := range list {
			s.observe(store.Event{Type: watch.Added, Object: obj})
		}
	}
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	mine := turn.Of(ctx)
	for mine.Wait(ctx.Done()) && ctx.Err() == nil && s.drain(w) {
		wait, waiting := s.queue.wake(time.Now())
		if p := s.queue.pop(); p != nil {
			s.schedule(p)
			continue
		}
		if alarm.Stop(); waiting {
			alarm.Reset(wait)
		}
		select {
		case <-w.Ready():
		case <-alarm.C:
		case <-ctx.Done():
		}
	}
}

// drain reads the log to its end and says whether there may ever be more.
func (s *Scheduler) drain(w *store.Watcher) bool {
	for {
		e, ok, err := w.Poll()
		if err != nil {
			return false
		}
		if !ok {
			return true
		}
		s.observe(e)
	}
}

func (s *Scheduler) observe(e store.Event) {
	switch o := e.Object.(type) {
	case *corev1.Namespace:
		s.nodes.observeNamespace(e.Type, o)
	case *corev1.Node:
		switch {
		case s.nodes.observe(e.Type, o):
			s.queue.retryAll()
		case e.Type == watch.Deleted:
			s.queue.nodeGone()
		}
	case *corev1.Pod:
		s.observePod(e.Type, o)
	}
}

func (s *Scheduler) observePod(t watch.EventType, pod *corev1.Pod) {
	name := types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}
	present := t != watch.Deleted && !ended(pod)
	if nominated := s.nodes.nominated[name]; nominated != nil && (!present || pod.Spec.NodeName != "") {
		delete(s.nodes.nominated, name)
		s.queue.podChanged(&s.nodes, nominated.pod, nil)
	}
	if present && pod.Spec.NodeName != "" {
		s.queue.remove(name)
		s.place(name, pod, pod.Spec.NodeName)
		return
	}
	if was := s.nodes.remove(name); was != nil {
		s.queue.podChanged(&s.nodes, was, nil)
	}
	if present && pod.DeletionTimestamp == nil && pod.Spec.SchedulerName == corev1.DefaultSchedulerName && len(pod.Spec.SchedulingGates) == 0 {
		s.queue.observe(name, pod)
		return
	}
	s.queue.remove(name)
}

// place counts a pod on a node and has those tried again that this may help.
func (s *Scheduler) place(name types.NamespacedName, pod *corev1.Pod, on string) {
	if was := s.nodes.place(name, pod, on); was == nil || was.Generation != pod.Generation || !maps.Equal(was.Labels, pod.Labels) {
		s.queue.podChanged(&s.nodes, was, pod)
	}
}

// schedule finds a node for one pod and binds it, or says why there is none.
func (s *Scheduler) schedule(p *pending) {
	a := s.nodes.newAttempt(p)
	fitting, why := a.filter()
	if len(fitting) == 0 {
		s.fail(p, why, s.preempt(p, why))
		return
	}
	s.bind(p, a.best(fitting))
}

func (s *Scheduler) bind(p *pending, n *node) {
	err := s.api.Bind(p.name.Namespace, p.name.Name, &corev1.Binding{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.name.Namespace, Name: p.name.Name, UID: p.pod.UID},
		Target:     corev1.ObjectReference{Kind: "Node", Name: n.name},
	}, false)
	switch {
	case apierrors.IsNotFound(err), apierrors.IsConflict(err):
		return // it is gone, or bound already: the log tells
	case err != nil:
		s.queue.fail(p, nil)
		s.queue.retry(p)
		return
	}
	s.queue.remove(p.name)
	delete(s.nodes.nominated, p.name)
	s.place(p.name, p.pod, n.name)
	s.events.Event(p.pod, corev1.EventTypeNormal, "Scheduled", "Binding",
		"Successfully assigned "+p.name.String()+" to "+n.name)
}

// fail records why a pod could not be placed, as handleSchedulingFailure does.
func (s *Scheduler) fail(p *pending, why *diagnosis, nominated string) {
	s.queue.fail(p, why.by)
	message := why.message()
	s.events.Event(p.pod, corev1.EventTypeWarning, "FailedScheduling", "Scheduling", shortened(message))
	status := api.WriteOptions{Manager: "kube-scheduler", Subresource: "status"}
	// An error means that the pod is gone or invalid; neither is for the scheduler to mend.
	_, _ = s.api.Update(registry.Pods, p.name.Namespace, p.name.Name, status, func(o store.Object) error {
		if pod := o.(*corev1.Pod); pod.UID == p.pod.UID && pod.Spec.NodeName == "" {
			setUnschedulable(pod, message)
			pod.Status.NominatedNodeName = nominated
		}
		return nil
	})
}

// noteLimit is how long the note of an event may be.
const noteLimit = 1024

// shortened is truncateMessage.
func shortened(message string) string {
	const suffix = " ..."
	if len(message) <= noteLimit {
		return message
	}
	return message[:noteLimit-len(suffix)] + suffix
}

// setUnschedulable says in the pod's conditions that and why it is not scheduled.
func setUnschedulable(pod *corev1.Pod, message string) {
	setCondition(pod, corev1.PodCondition{
		Type: corev1.PodScheduled, ObservedGeneration: pod.Generation, Status: corev1.ConditionFalse,
		Reason: corev1.PodReasonUnschedulable, Message: message,
	})
}

// setCondition is UpdatePodCondition: the time of a condition is that of the last change of its status.
func setCondition(pod *corev1.Pod, is corev1.PodCondition) {
	is.LastTransitionTime = api.Now()
	for i := range pod.Status.Conditions {
		c := &pod.Status.Conditions[i]
		if c.Type != is.Type {
			continue
		}
		if c.Status == is.Status {
			is.LastTransitionTime = c.LastTransitionTime
		}
		is.LastProbeTime = c.LastProbeTime
		*c = is
		return
	}
	pod.Status.Conditions = append(pod.Status.Conditions, is)
}

func ended(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}
