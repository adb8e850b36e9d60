package scheduler

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type spreadOption func(*corev1.TopologySpreadConstraint)

func even(key string, skew int32, list []string, options ...spreadOption) func(*corev1.Pod) {
	c := corev1.TopologySpreadConstraint{
		TopologyKey: key, MaxSkew: skew, WhenUnsatisfiable: mustHold, LabelSelector: &metav1.LabelSelector{MatchLabels: pairs(list)},
	}
	for _, change := range options {
		change(&c)
	}
	return func(p *corev1.Pod) { p.Spec.TopologySpreadConstraints = append(p.Spec.TopologySpreadConstraints, c) }
}

func anyway(c *corev1.TopologySpreadConstraint) { c.WhenUnsatisfiable = shouldHold }

func domainsWanted(n int32) spreadOption {
	return func(c *corev1.TopologySpreadConstraint) { c.MinDomains = &n }
}

func onlyTolerated(c *corev1.TopologySpreadConstraint) {
	c.NodeTaintsPolicy = new(corev1.NodeInclusionPolicyHonor)
}

func evenUnselected(c *corev1.TopologySpreadConstraint) {
	c.NodeAffinityPolicy = new(corev1.NodeInclusionPolicyIgnore)
}

// web are so many pods on each of some nodes, as node=count.
func web(list ...string) (pods []*corev1.Pod) {
	for _, text := range list {
		node, count, _ := strings.Cut(text, "=")
		for i := range int(count[0] - '0') {
			pods = append(pods, newPod(fmt.Sprintf("%s-%d", node, i), having("app=web"), on(node)))
		}
	}
	return pods
}

func changed(pods []*corev1.Pod, change func(*corev1.Pod)) []*corev1.Pod {
	for _, p := range pods {
		change(p)
	}
	return pods
}

func TestTopologySpread(t *testing.T) {
	app := []string{"app=web"}
	const host = corev1.LabelHostname
	isWeb := having("app=web")
	for name, row := range map[string]struct {
		there []*corev1.Pod
		nodes []*corev1.Node // zones, if none are given
		pod   *corev1.Pod
		fits  string
		why   map[string]int
	}{
		"to the emptier zone":              {web("a1=1"), nil, newPod("p", isWeb, even("zone", 1, app)), "b1", map[string]int{uneven: 2, noSuchPart: 1}},
		"to the emptier host":              {web("a1=1", "b1=1", "none=1"), nil, newPod("p", isWeb, even(host, 1, app)), "a2", map[string]int{uneven: 3}},
		"as far as the skew allows":        {web("a1=1"), nil, newPod("p", isWeb, even("zone", 2, app)), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"and no further":                   {web("a1=1", "a2=1"), nil, newPod("p", isWeb, even("zone", 2, app)), "b1", map[string]int{uneven: 2, noSuchPart: 1}},
		"one that is not counted itself":   {web("a1=1"), nil, newPod("p", even("zone", 1, app)), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"the pods of other namespaces not": {changed(web("a1=1"), inNamespace("other")), nil, newPod("p", isWeb, even("zone", 1, app)), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"nor those that are going": {changed(web("a1=1"), func(p *corev1.Pod) { p.DeletionTimestamp = &metav1.Time{} }), nil,
			newPod("p", isWeb, even("zone", 1, app)), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"an empty selector counts none": {web("a1=3"), nil, newPod("p", isWeb, even("zone", 1, nil)), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"both constraints hold": {web("a1=1", "b1=1"), nil, newPod("p", isWeb, even("zone", 1, app), even(host, 1, app)), "a2",
			map[string]int{uneven: 2, noSuchPart: 1}},
		"with too few domains there is an empty one": {web("a1=1", "b1=1"), nil, newPod("p", isWeb, even("zone", 1, app, domainsWanted(3))), "",
			map[string]int{uneven: 3, noSuchPart: 1}},
		"with enough there is not": {web("a1=1", "b1=1"), nil, newPod("p", isWeb, even("zone", 1, app, domainsWanted(2))), "a1 a2 b1", map[string]int{noSuchPart: 1}},
		"a zone that the pod may not go to does not count": {web("a1=1"), nil,
			newPod("p", isWeb, even("zone", 1, app), affinity(corev1.NodeSelectorOpIn, "zone", "a")), "a1 a2", map[string]int{"node(s) didn't match Pod's node affinity/selector": 2}},
		"unless the policy is to ignore that": {web("a1=1"), nil,
			newPod("p", isWeb, even("zone", 1, app, evenUnselected), affinity(corev1.NodeSelectorOpIn, "zone", "a")), "",
			map[string]int{uneven: 2, "node(s) didn't match Pod's node affinity/selector": 2}},
		"a tainted zone counts": {web("a1=1"), []*corev1.Node{newNode("a1", zone("a")), newNode("b1", zone("b"), taint("k", corev1.TaintEffectNoSchedule))},
			newPod("p", isWeb, even("zone", 1, app)), "", map[string]int{uneven: 1, "node(s) had untolerated taint(s)": 1}},
		"unless the policy is to honor taints": {web("a1=1"), []*corev1.Node{newNode("a1", zone("a")), newNode("b1", zone("b"), taint("k", corev1.TaintEffectNoSchedule))},
			newPod("p", isWeb, even("zone", 1, app, onlyTolerated)), "a1", map[string]int{"node(s) had untolerated taint(s)": 1}},
		"labels that are named by key are the pod's": {changed(web("a1=1"), having("app=web", "rev=1")), nil,
			newPod("p", having("app=web", "rev=2"), even("zone", 1, app, func(c *corev1.TopologySpreadConstraint) { c.MatchLabelKeys = []string{"rev"} })),
			"a1 a2 b1", map[string]int{noSuchPart: 1}},
		"what only should hold refuses nobody": {web("a1=3"), nil, newPod("p", isWeb, even("zone", 1, app, anyway)), "a1 a2 b1 none", nil},
	} {
		t.Run(name, func(t *testing.T) {
			nodes := row.nodes
			if nodes == nil {
				nodes = zones()
			}
			got, why := fits(nodes, row.there, row.pod)
			if got != row.fits {
				t.Errorf("it fits on %q, want %q", got, row.fits)
			}
			if diff := cmp.Diff(row.why, why); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}

// The points of a1, a2, b1 and none, which has no zone.
func TestTopologySpreadPrefers(t *testing.T) {
	app := []string{"app=web"}
	const host = corev1.LabelHostname
	for name, row := range map[string]struct {
		there []*corev1.Pod
		pod   *corev1.Pod
		want  []int64
	}{
		"the emptier zone, and none outside":  {web("a1=1"), newPod("p", even("zone", 1, app, anyway)), []int64{0, 0, 100, 0}},
		"all are empty":                       {nil, newPod("p", even("zone", 1, app, anyway)), []int64{100, 100, 100, 0}},
		"the fullest has its share":           {web("a1=4", "b1=2"), newPod("p", even("zone", 1, app, anyway)), []int64{50, 50, 100, 0}},
		"the emptier host":                    {web("a1=1", "none=1"), newPod("p", even(host, 1, app, anyway)), []int64{0, 100, 100, 0}},
		"a greater skew waters it down":       {web("a1=1"), newPod("p", even("zone", 5, app, anyway)), []int64{80, 80, 100, 0}},
		"few domains count for no less":       {web("a1=1", "b1=1"), newPod("p", even("zone", 1, app, anyway), even(host, 1, app, anyway)), []int64{33, 100, 33, 0}},
		"what must hold is no matter of this": {web("a1=1"), newPod("p", even("zone", 1, app)), []int64{0, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			a := scenario{nodes: zones(), there: row.there, pod: row.pod}.cluster()
			got := make([]int64, len(a.nodes.ready))
			evenest(a, a.nodes.ready, got)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("points (-want +got):\n%s", diff)
			}
		})
	}
}

// A controller's pods fill zones evenly, and the next waits for what would keep them even.
func TestTopologySpreadIsTriedAgain(t *testing.T) {
	app := []string{"app=web"}
	for name, row := range map[string]struct {
		change func(c *cluster)
		stays  bool
	}{
		"when one goes": {func(c *cluster) { c.delete("first") }, false},
		"when one loses its label": {func(c *cluster) {
			c.update(registry.Pods, api.WriteOptions{}, "default", "first", func(o store.Object) { o.SetLabels(nil) })
		}, false},
		"when one comes to the emptier zone": {func(c *cluster) { c.create(registry.Pods, newPod("third", having("app=web"), on("b"))) }, false},
		"when the empty zone's node goes": {func(c *cluster) {
			if _, _, err := c.Delete(registry.Nodes, "", "b", metav1.DeleteOptions{}, api.WriteOptions{}); err != nil {
				c.Fatal(err)
			}
			synctest.Wait()
		}, false},
		"not when another pod comes": {func(c *cluster) { c.create(registry.Pods, newPod("third", on("b"))) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("a", zone("a")))
				c.create(registry.Nodes, newNode("b", zone("b"), taint("k", corev1.TaintEffectNoSchedule)))
				c.start()
				c.create(registry.Pods, newPod("first", having("app=web"), on("a")))
				c.create(registry.Pods, newPod("p", having("app=web"), even("zone", 1, app)))
				want := "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint(s). " +
					"preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling."
				if diff := cmp.Diff(want, c.why("p")); diff != "" {
					t.Fatalf("message (-want +got):\n%s", diff)
				}
				told := len(c.events("FailedScheduling"))
				row.change(c)
				if stays := c.where()["p"] == ""; stays != row.stays {
					t.Errorf("still on no node: %v, want %v; %s", stays, row.stays, c.why("p"))
				}
				if row.stays && len(c.events("FailedScheduling")) > told {
					t.Error("it was tried in vain")
				}
			})
		})
	}
}

// A pod for which room is made counts where it will be, and in the least of all domains too.
func TestTopologySpreadCountsNominatedPods(t *testing.T) {
	for name, row := range map[string]struct {
		nodes []*corev1.Node
		want  string
	}{
		"its domain is one fuller":               {[]*corev1.Node{newNode("a", zone("a")), newNode("b", zone("b"))}, "b"},
		"with no other domain nothing is uneven": {[]*corev1.Node{newNode("a", zone("a"))}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			x := newNodes()
			for _, n := range row.nodes {
				x.observe("ADDED", n)
			}
			expected := newPod("expected", having("app=web"))
			x.nominate(&pending{name: nameIn("expected"), pod: expected, needs: needsOf(expected)}, x.all["a"])
			pod := newPod("p", having("app=web"), even("zone", 1, []string{"app=web"}))
			fitting, _ := x.newAttempt(&pending{name: nameIn("p"), pod: pod, needs: needsOf(pod)}).filter()
			if len(fitting) != 1 || fitting[0].name != row.want {
				t.Errorf("%d nodes fit, want %s alone", len(fitting), row.want)
			}
		})
	}
}

// Ten replicas over two zones of unequal size are five and five.
func TestTopologySpreadOfManyPods(t *testing.T) {
	inBubble(t, func(c *cluster) {
		for _, n := range zones()[:3] {
			c.create(registry.Nodes, n)
		}
		c.start()
		for i := range 10 {
			c.create(registry.Pods, newPod(fmt.Sprintf("p%d", i), having("app=web"), even("zone", 1, []string{"app=web"})))
		}
		counts := map[string]int{}
		for _, node := range c.where() {
			counts[node[:1]]++
		}
		if diff := cmp.Diff(map[string]int{"a": 5, "b": 5}, counts); diff != "" {
			t.Errorf("pods by zone (-want +got):\n%s", diff)
		}
	})
}
