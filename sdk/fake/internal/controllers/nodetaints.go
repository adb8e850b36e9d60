package controllers

import (
	"maps"
	"slices"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	corev1 "k8s.io/api/core/v1"
)

// What decides how fast the pods of silent nodes are evicted, as the node controller's flags have it by default.
const (
	evictionPause      = 10 * time.Second  // between two nodes: node-eviction-rate is 0.1 a second
	slowEvictionPause  = 100 * time.Second // in a big zone most of whose nodes are silent
	unhealthyThreshold = 0.55
	bigZone            = 50
)

// zones are when the next node of each zone may be tainted so that its pods are evicted.
type zones map[string]time.Time

// conditionTaints are the taints that follow from a condition.
var conditionTaints = []struct {
	condition corev1.NodeConditionType
	status    corev1.ConditionStatus
	key       string
}{
	{corev1.NodeReady, corev1.ConditionFalse, corev1.TaintNodeNotReady},
	{corev1.NodeReady, corev1.ConditionUnknown, corev1.TaintNodeUnreachable},
	{corev1.NodeMemoryPressure, corev1.ConditionTrue, corev1.TaintNodeMemoryPressure},
	{corev1.NodeDiskPressure, corev1.ConditionTrue, corev1.TaintNodeDiskPressure},
	{corev1.NodeNetworkUnavailable, corev1.ConditionTrue, corev1.TaintNodeNetworkUnavailable},
	{corev1.NodePIDPressure, corev1.ConditionTrue, corev1.TaintNodePIDPressure},
}

// dueTaints are the keys that a node should be tainted with for the scheduler, and all that it could be.
func dueTaints(node *corev1.Node) (due, known []string) {
	for _, row := range conditionTaints {
		known = append(known, row.key)
		for _, c := range node.Status.Conditions {
			if c.Type == row.condition && c.Status == row.status {
				due = append(due, row.key)
			}
		}
	}
	known = append(known, corev1.TaintNodeUnschedulable)
	if node.Spec.Unschedulable {
		due = append(due, corev1.TaintNodeUnschedulable)
	}
	return due, known
}

// withTaints makes the taints of an effect, of the keys that are known, those that are due. Taints that are right stay.
func withTaints(taints []corev1.Taint, effect corev1.TaintEffect, due, known []string) []corev1.Taint {
	kept := slices.DeleteFunc(slices.Clone(taints), func(t corev1.Taint) bool {
		return t.Effect == effect && slices.Contains(known, t.Key) && !slices.Contains(due, t.Key)
	})
	for _, key := range due {
		if !slices.ContainsFunc(kept, func(t corev1.Taint) bool { return t.Key == key && t.Effect == effect }) {
			kept = append(kept, corev1.Taint{Key: key, Effect: effect, TimeAdded: new(api.Now())})
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// evictingTaints are those by which pods are evicted.
var evictingTaints = []string{corev1.TaintNodeNotReady, corev1.TaintNodeUnreachable}

// judge gives a node the taints that follow from its conditions: at once those that keep pods away, and when its zone lets it those
// that evict pods, as processTaintBaseEviction and handleDisruption.
func (c *NodeLifecycle) judge(node *corev1.Node, h *nodeHealth) error {
	due, known := dueTaints(node)
	evicting := ""
	status := corev1.ConditionUnknown
	if ready := nodeReady(node); ready != nil {
		status = ready.Status
		switch status {
		case corev1.ConditionFalse:
			evicting = corev1.TaintNodeNotReady
		case corev1.ConditionUnknown:
			evicting = corev1.TaintNodeUnreachable
		}
	}
	_, h.uncounted = node.Labels["node.kubernetes.io/exclude-disruption"]
	zone, ready := zoneOf(node), status == corev1.ConditionTrue
	changed := h.ready != ready || h.zone != zone
	h.ready, h.zone = ready, zone
	if changed {
		c.settle()
	}
	evict := c.evictingTaint(node, evicting)
	return updateTaints(c.api, node, func(taints []corev1.Taint) []corev1.Taint {
		taints = withTaints(taints, corev1.TaintEffectNoSchedule, due, known)
		return withTaints(taints, corev1.TaintEffectNoExecute, evict, evictingTaints)
	})
}

// evictingTaint is the taint that a node should have now so that its pods are evicted.
func (c *NodeLifecycle) evictingTaint(node *corev1.Node, key string) []string {
	has := slices.ContainsFunc(node.Spec.Taints, func(t corev1.Taint) bool {
		return t.Effect == corev1.TaintEffectNoExecute && slices.Contains(evictingTaints, t.Key)
	})
	switch {
	case key == "", c.allSilent():
		return nil
	case has:
		return []string{key} // or the other one instead, at once
	}
	zone := zoneOf(node)
	pause, never := c.pauseIn(zone)
	if never {
		return nil
	}
	now := time.Now()
	if next := c.zones[zone]; now.Before(next) {
		c.queue.addAfter(node.Name, next.Sub(now))
		return nil
	}
	c.zones[zone] = now.Add(pause)
	return []string{key}
}

// allSilent says whether no node is ready. Then it is rather the controller that is cut off, and nobody is evicted.
func (c *NodeLifecycle) allSilent() bool {
	for _, h := range c.nodes {
		if h.ready && !h.uncounted {
			return false
		}
	}
	return true
}

// pauseIn is how long to wait between two nodes of a zone; never: as long as most of a small zone is silent.
func (c *NodeLifecycle) pauseIn(zone string) (pause time.Duration, never bool) {
	ready, silent := 0, 0
	for _, h := range c.nodes {
		switch {
		case h.zone != zone || h.uncounted:
		case h.ready:
			ready++
		default:
			silent++
		}
	}
	all := ready + silent
	switch {
	case ready == 0, silent <= 2, float64(silent)/float64(all) < unhealthyThreshold:
		return evictionPause, false
	case all > bigZone:
		return slowEvictionPause, false
	}
	return 0, true
}

// settle has all nodes that are not ready judged again, since another one is or is not any more.
func (c *NodeLifecycle) settle() {
	for _, name := range slices.Sorted(maps.Keys(c.nodes)) {
		if !c.nodes[name].ready {
			c.queue.add(name)
		}
	}
}

// zoneOf is the zone of a node, as GetZoneKey.
func zoneOf(node *corev1.Node) string {
	first := func(names ...string) string {
		for _, name := range names {
			if v, ok := node.Labels[name]; ok {
				return v
			}
		}
		return ""
	}
	region := first(corev1.LabelFailureDomainBetaRegion, corev1.LabelTopologyRegion)
	return region + "/" + first(corev1.LabelFailureDomainBetaZone, corev1.LabelTopologyZone)
}
