package controllers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// newNode is a node of a zone that says once that it is ready.
func newNode(name, zone string) *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{corev1.LabelTopologyZone: zone}},
		Status:     corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue, LastHeartbeatTime: api.Now()}}},
	}
}

// evicting are the nodes with a taint by which pods are evicted.
func (c *cluster) evicting() []string {
	objects, _ := c.List(registry.Nodes, "")
	var names []string
	for _, o := range objects {
		for _, t := range o.(*corev1.Node).Spec.Taints {
			if t.Effect == corev1.TaintEffectNoExecute {
				names = append(names, o.GetName())
			}
		}
	}
	return names
}

// heartbeat is a kubelet's word that a node lives.
func (c *cluster) heartbeat(name string) {
	c.Helper()
	c.update(registry.Nodes, api.WriteOptions{Subresource: "status"}, name, func(o store.Object) {
		o.(*corev1.Node).Status.Conditions[0].Status = corev1.ConditionTrue
		o.(*corev1.Node).Status.Conditions[0].LastHeartbeatTime = api.Now()
	})
}

// How fast nodes are tainted depends on how many of their zone are silent.
func TestZones(t *testing.T) {
	for name, tc := range map[string]struct {
		silent, alive map[string]int // nodes by zone
		after         time.Duration
		want          int
	}{
		"first at once":                         {map[string]int{"a": 2}, map[string]int{"a": 4}, 2 * time.Second, 1},
		"second ten seconds later":              {map[string]int{"a": 2}, map[string]int{"a": 4}, 15 * time.Second, 2},
		"most of a small zone":                  {map[string]int{"a": 4}, map[string]int{"a": 2}, time.Hour, 1}, // before so many were silent
		"a whole zone":                          {map[string]int{"a": 3}, map[string]int{"b": 1}, time.Hour, 3},
		"all nodes, so it is not they who fail": {map[string]int{"a": 3}, nil, time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, []string{"nodelifecycle"}, func(c *cluster) {
				var alive []string
				for zone, n := range tc.silent {
					for i := range n {
						c.create(registry.Nodes, newNode(fmt.Sprintf("silent-%s-%d", zone, i), zone))
					}
				}
				for zone, n := range tc.alive {
					for i := range n {
						alive = append(alive, fmt.Sprintf("alive-%s-%d", zone, i))
						c.create(registry.Nodes, newNode(alive[len(alive)-1], zone))
					}
				}
				for passed := time.Duration(0); passed < silenceAllowed+tc.after; passed += time.Second {
					pass(time.Second)
					if int(passed/time.Second)%10 == 9 {
						for _, name := range alive {
							c.heartbeat(name)
						}
					}
				}
				got := c.evicting()
				if len(got) != tc.want || slices.ContainsFunc(got, func(name string) bool { return name[0] != 's' }) {
					t.Errorf("tainted: %v, want %d of those that are silent", got, tc.want)
				}
			})
		})
	}
}

// Conditions are shown as taints for the scheduler, and gone when they are.
func TestConditionTaints(t *testing.T) {
	inBubble(t, []string{"nodelifecycle"}, func(c *cluster) {
		c.create(registry.Nodes, newNode("n", ""))
		set := func(conditions ...corev1.NodeCondition) []string {
			c.update(registry.Nodes, api.WriteOptions{Subresource: "status"}, "n", func(o store.Object) {
				o.(*corev1.Node).Status.Conditions = append(o.(*corev1.Node).Status.Conditions[:1], conditions...)
			})
			obj, err := c.Get(registry.Nodes, "", "n")
			if err != nil {
				t.Fatal(err)
			}
			var taints []string
			for _, taint := range obj.(*corev1.Node).Spec.Taints {
				taints = append(taints, taint.Key+":"+string(taint.Effect))
			}
			return taints
		}
		want := []string{"node.kubernetes.io/memory-pressure:NoSchedule", "node.kubernetes.io/network-unavailable:NoSchedule"}
		got := set(corev1.NodeCondition{Type: corev1.NodeMemoryPressure, Status: corev1.ConditionTrue},
			corev1.NodeCondition{Type: corev1.NodeNetworkUnavailable, Status: corev1.ConditionTrue})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("taints (-want +got):\n%s", diff)
		}
		if got := set(corev1.NodeCondition{Type: corev1.NodeMemoryPressure, Status: corev1.ConditionFalse}); got != nil {
			t.Errorf("taints when all is well: %v", got)
		}
	})
}

// A pod that is being deleted on a node that is out of service is deleted at once.
func TestOutOfService(t *testing.T) {
	inBubble(t, []string{"podgc"}, func(c *cluster) {
		n := newNode("n", "")
		n.Status.Conditions[0].Status = corev1.ConditionUnknown
		c.create(registry.Nodes, n)
		c.create(registry.Pods, newPod("a", "x"))
		c.bind("a")
		c.setPhase("a", corev1.PodRunning)
		c.delete(registry.Pods, "a", "")
		pass(time.Hour)
		if c.gone(registry.Pods, "a") {
			t.Fatal("the pod is gone before anybody said that the node will not come back")
		}
		c.update(registry.Nodes, api.WriteOptions{}, "n", func(o store.Object) {
			o.(*corev1.Node).Spec.Taints = []corev1.Taint{{Key: corev1.TaintNodeOutOfService, Effect: corev1.TaintEffectNoExecute}}
		})
		if !c.gone(registry.Pods, "a") {
			t.Error("the pod is still there")
		}
	})
}
