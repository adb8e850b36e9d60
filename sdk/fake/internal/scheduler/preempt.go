package scheduler

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

// What preemption is said to have found.
const (
	noVictims   = "No preemption victims found for incoming pod"
	unhelpful   = "Preemption is not helpful for scheduling"
	neverPolicy = "not eligible due to preemptionPolicy=Never."
	stillGoing  = "not eligible due to a terminating pod on the nominated node."
)

// candidate is a node that would take a pod without some of those that it has.
type candidate struct {
	node       *node
	victims    []*corev1.Pod // the most important first
	violations int           // of disruption budgets
}

// preempt chooses the pods that have to go for p and sends them away, as the DefaultPreemption plugin does. It returns the node that is
// nominated for p, or "" and, in why, the reasons.
func (s *Scheduler) preempt(p *pending, why *diagnosis) string {
	if ptr.Deref(p.pod.Spec.PreemptionPolicy, corev1.PreemptLowerPriority) == corev1.PreemptNever {
		why.ineligible = neverPolicy
		return ""
	}
	if s.waitsForVictims(p) {
		why.ineligible = stillGoing
		return p.pod.Status.NominatedNodeName
	}
	delete(s.nodes.nominated, p.name)
	var found []candidate
	a := s.nodes.newAttempt(p)
	for _, n := range why.candidates {
		c, refused := s.victimsOn(n, a)
		if refused == nil {
			found = append(found, c)
			continue
		}
		for _, reason := range refused {
			why.preemption[reason]++
		}
	}
	if len(found) == 0 {
		return ""
	}
	best := slices.MinFunc(found, compareCandidates)
	for _, victim := range best.victims {
		s.sendAway(victim, p, best.node.name)
	}
	s.nodes.nominate(p, best.node)
	why.preempted = true
	return best.node.name
}

// waitsForVictims says whether pods that were sent away for p are still there.
func (s *Scheduler) waitsForVictims(p *pending) bool {
	n := s.nodes.all[p.pod.Status.NominatedNodeName]
	if n == nil || n.object == nil {
		return false
	}
	for _, pod := range s.podsBelow(n, priority(p.pod)) {
		if pod.DeletionTimestamp != nil && sentAway(pod) {
			return true
		}
	}
	return false
}

// sentAway is PodTerminatingByPreemption.
func sentAway(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.DisruptionTarget && c.Status == corev1.ConditionTrue && c.Reason == corev1.PodReasonPreemptionByScheduler
	})
}

// podsBelow are the pods of a node with a lower priority, the most important first: those with the higher priority, then those that have
// run for longer, as MoreImportantPod has it.
func (s *Scheduler) podsBelow(n *node, limit int32) []*corev1.Pod {
	var below []*corev1.Pod
	for name, placed := range s.nodes.placed {
		if placed.node != n || placed.priority >= limit {
			continue
		}
		if obj, err := s.api.Get(registry.Pods, name.Namespace, name.Name); err == nil && obj.GetUID() == placed.pod.UID {
			below = append(below, obj.(*corev1.Pod))
		}
	}
	slices.SortFunc(below, func(a, b *corev1.Pod) int {
		return cmp.Or(cmp.Compare(priority(b), priority(a)), startOf(a).Compare(startOf(b)),
			cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name))
	})
	return below
}

// startOf is when a pod began; one that has not yet has begun now.
func startOf(pod *corev1.Pod) time.Time {
	if pod.Status.StartTime == nil {
		return time.Now()
	}
	return pod.Status.StartTime.Time
}

// victimsOn are as few pods of a node as have to go so that p fits, or why that does not help. Those whose budgets forbid it, and then the
// most important, are spared first.
func (s *Scheduler) victimsOn(n *node, a *attempt) (candidate, []string) {
	below := s.podsBelow(n, priority(a.pod))
	if len(below) == 0 {
		return candidate{}, []string{noVictims}
	}
	a, rest := a.clone(), n.clone()
	for _, pod := range below {
		a.change(s.nodes.placed[nameOfPod(pod)], rest, -1)
	}
	if v := a.refusal(rest); v != nil {
		return candidate{}, v.reasons
	}
	c := candidate{node: n}
	protected, free := s.byBudget(below)
	for i, pod := range append(slices.Clone(protected), free...) {
		placed := s.nodes.placed[nameOfPod(pod)]
		a.change(placed, rest, 1)
		if a.refusal(rest) == nil {
			continue
		}
		a.change(placed, rest, -1)
		c.victims = append(c.victims, pod)
		if i < len(protected) {
			c.violations++
		}
	}
	slices.SortStableFunc(c.victims, func(a, b *corev1.Pod) int { return cmp.Compare(priority(b), priority(a)) })
	return c, nil
}

// byBudget parts the pods whose disruption budgets have no room for them from the others.
func (s *Scheduler) byBudget(pods []*corev1.Pod) (protected, free []*corev1.Pod) {
	left := map[types.UID]int32{}
	for _, pod := range pods {
		violates := false
		for _, b := range s.api.BudgetsOf(pod) {
			if _, known := left[b.UID]; !known {
				left[b.UID] = b.Status.DisruptionsAllowed
			}
			if _, counted := b.Status.DisruptedPods[pod.Name]; !counted {
				left[b.UID]--
				violates = violates || left[b.UID] < 0
			}
		}
		if violates {
			protected = append(protected, pod)
		} else {
			free = append(free, pod)
		}
	}
	return protected, free
}

// compareCandidates orders nodes by how little is lost, as pickOneNodeForPreemption does.
func compareCandidates(a, b candidate) int {
	sum := func(c candidate) (n int64) {
		for _, v := range c.victims {
			n += int64(priority(v)) + 1<<31 // so that few are better than many with priorities below zero
		}
		return n
	}
	highest := func(c candidate) int32 {
		if len(c.victims) == 0 {
			return -1 << 31
		}
		return priority(c.victims[0])
	}
	return cmp.Or(
		cmp.Compare(a.violations, b.violations), cmp.Compare(highest(a), highest(b)), cmp.Compare(sum(a), sum(b)),
		cmp.Compare(len(a.victims), len(b.victims)), earliestStart(b).Compare(earliestStart(a)), cmp.Compare(a.node.name, b.node.name),
	)
}

// earliestStart is that of the victims with the highest priority.
func earliestStart(c candidate) time.Time {
	var first time.Time
	for i, v := range c.victims {
		if priority(v) == priority(c.victims[0]) && (i == 0 || startOf(v).Before(first)) {
			first = startOf(v)
		}
	}
	return first
}

// sendAway deletes a pod in favour of another. One that is going already is not told again.
func (s *Scheduler) sendAway(victim *corev1.Pod, p *pending, node string) {
	status := api.WriteOptions{Manager: "kube-scheduler", Subresource: "status"}
	_, err := s.api.Update(registry.Pods, victim.Namespace, victim.Name, status, func(o store.Object) error {
		setCondition(o.(*corev1.Pod), corev1.PodCondition{
			Type: corev1.DisruptionTarget, ObservedGeneration: victim.Generation, Status: corev1.ConditionTrue,
			Reason: corev1.PodReasonPreemptionByScheduler, Message: corev1.DefaultSchedulerName + ": preempting to accommodate a higher priority pod",
		})
		return nil
	})
	if err != nil {
		return // it is gone
	}
	only := metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &victim.UID}}
	if _, _, err := s.api.Delete(registry.Pods, victim.Namespace, victim.Name, only, api.WriteOptions{Manager: "kube-scheduler"}); err != nil {
		return
	}
	s.events.Event(victim, corev1.EventTypeNormal, "Preempted", "Preempting", "Preempted by pod "+string(p.pod.UID)+" on node "+node)
}

func nameOfPod(pod *corev1.Pod) types.NamespacedName {
	return types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}
}

// clone is a node to try things with.
func (n *node) clone() *node {
	c := *n
	c.used, c.ports = maps.Clone(n.used), maps.Clone(n.ports)
	c.owners, c.priorities = maps.Clone(n.owners), maps.Clone(n.priorities)
	return &c
}

// nominate keeps the room that is made on a node for p from pods that are no more urgent.
func (x *nodes) nominate(p *pending, n *node) {
	x.nominated[p.name] = &placement{pod: p.pod, node: n, priority: priority(p.pod), needs: p.needs}
}

// nominatedOn are the pods for which room is made on a node, as far as p has to respect them. The node may be a clone.
func (x *nodes) nominatedOn(n *node, p *pending) (found []*placement) {
	for name, other := range x.nominated {
		if other.node.name == n.name && name != p.name && other.priority >= priority(p.pod) {
			found = append(found, other)
		}
	}
	return found
}
