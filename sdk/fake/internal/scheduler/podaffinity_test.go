package scheduler

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// having gives a pod labels, as key=value.
func having(list ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Labels = pairs(list) }
}

func pairs(list []string) map[string]string {
	m := map[string]string{}
	for _, text := range list {
		key, value, _ := strings.Cut(text, "=")
		m[key] = value
	}
	return m
}

func on(node string) func(*corev1.Pod) { return func(p *corev1.Pod) { p.Spec.NodeName = node } }

func inNamespace(name string) func(*corev1.Pod) { return func(p *corev1.Pod) { p.Namespace = name } }

func zone(name string) func(*corev1.Node) { return label("zone", name) }

// to is a term about the pods with some labels.
func to(key string, list ...string) corev1.PodAffinityTerm {
	return corev1.PodAffinityTerm{TopologyKey: key, LabelSelector: &metav1.LabelSelector{MatchLabels: pairs(list)}}
}

func near(terms ...corev1.PodAffinityTerm) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = &corev1.Affinity{PodAffinity: &corev1.PodAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms}}
	}
}

func apart(terms ...corev1.PodAffinityTerm) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: terms}}
	}
}

// inNamespaces is a term about the pods of other namespaces, by their labels or names.
func inNamespaces(t corev1.PodAffinityTerm, selector *metav1.LabelSelector, names ...string) corev1.PodAffinityTerm {
	t.NamespaceSelector, t.Namespaces = selector, names
	return t
}

// zones are two nodes in zone a, one in zone b, and one that is in none.
func zones() []*corev1.Node {
	return []*corev1.Node{newNode("a1", zone("a")), newNode("a2", zone("a")), newNode("b1", zone("b")), newNode("none")}
}

// fits are the nodes that take a pod, and why others do not.
func fits(nodes []*corev1.Node, there []*corev1.Pod, pod *corev1.Pod) (string, map[string]int) {
	team := func(name, team string) *corev1.Namespace {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"team": team}}}
	}
	s := scenario{nodes: nodes, there: there, pod: pod, namespaces: []*corev1.Namespace{team("default", "red"), team("other", "blue")}}
	fitting, why := s.cluster().filter()
	var names []string
	for _, n := range fitting {
		names = append(names, n.name)
	}
	return strings.Join(names, " "), why.reasons
}

func TestPodAffinity(t *testing.T) {
	blue := &metav1.LabelSelector{MatchLabels: map[string]string{"team": "blue"}}
	web := func(change ...func(*corev1.Pod)) []*corev1.Pod {
		return []*corev1.Pod{newPod("web", append(change, having("app=web"))...)}
	}
	const host = corev1.LabelHostname
	for name, row := range map[string]struct {
		there []*corev1.Pod
		pod   *corev1.Pod
		fits  string
		why   map[string]int
	}{
		"near to a pod is in its zone":                               {web(on("a1")), newPod("p", near(to("zone", "app=web"))), "a1 a2", map[string]int{notNear: 2}},
		"near to a pod on its host":                                  {web(on("a1")), newPod("p", near(to(host, "app=web"))), "a1", map[string]int{notNear: 3}},
		"near to nobody is nowhere":                                  {nil, newPod("p", near(to("zone", "app=web"))), "", map[string]int{notNear: 4}},
		"near to one that is on a node without the label is nowhere": {web(on("none")), newPod("p", near(to("zone", "app=web"))), "", map[string]int{notNear: 4}},
		"the first of its kind goes where there is such a label": {nil, newPod("p", having("app=web"), near(to("zone", "app=web"))), "a1 a2 b1",
			map[string]int{notNear: 1}},
		"the second goes to the first": {web(on("b1")), newPod("p", having("app=web"), near(to("zone", "app=web"))), "b1", map[string]int{notNear: 3}},
		"one pod has to satisfy all terms": {[]*corev1.Pod{newPod("x", having("app=web"), on("a1")), newPod("y", having("tier=front"), on("a1"))},
			newPod("p", near(to("zone", "app=web"), to("zone", "tier=front"))), "", map[string]int{notNear: 4}},
		"all terms, each with its own label": {[]*corev1.Pod{newPod("x", having("app=web", "tier=front"), on("a1"))},
			newPod("p", near(to("zone", "app=web"), to(host, "tier=front"))), "a1", map[string]int{notNear: 3}},
		"apart from a pod is outside of its zone": {web(on("a1")), newPod("p", apart(to("zone", "app=web"))), "b1 none", map[string]int{notApart: 2}},
		"apart on the host":                       {web(on("a1")), newPod("p", apart(to(host, "app=web"))), "a2 b1 none", map[string]int{notApart: 1}},
		"apart from any of several": {[]*corev1.Pod{newPod("x", having("app=web"), on("a1")), newPod("y", having("tier=front"), on("b1"))},
			newPod("p", apart(to("zone", "app=web"), to("zone", "tier=front"))), "none", map[string]int{notApart: 3}},
		"a pod that is there keeps others away": {web(on("a1"), apart(to("zone", "app=db"))), newPod("p", having("app=db")), "b1 none",
			map[string]int{othersNotApart: 2}},
		"but not those that it does not mean": {web(on("a1"), apart(to("zone", "app=db"))), newPod("p", having("app=x")), "a1 a2 b1 none", nil},
		"its own wish is told first": {web(on("a1"), apart(to("zone", "app=db"))), newPod("p", having("app=db"), apart(to("zone", "app=web"))), "b1 none",
			map[string]int{notApart: 2}},
		"pods of other namespaces are not meant":           {web(on("a1"), inNamespace("other")), newPod("p", apart(to("zone", "app=web"))), "a1 a2 b1 none", nil},
		"but if their namespace is named":                  {web(on("a1"), inNamespace("other")), newPod("p", apart(inNamespaces(to("zone", "app=web"), nil, "other"))), "b1 none", map[string]int{notApart: 2}},
		"then those of the pod's own are not":              {web(on("a1")), newPod("p", apart(inNamespaces(to("zone", "app=web"), nil, "other"))), "a1 a2 b1 none", nil},
		"or their namespace has the labels":                {web(on("a1"), inNamespace("other")), newPod("p", near(inNamespaces(to("zone", "app=web"), blue))), "a1 a2", map[string]int{notNear: 2}},
		"names and labels of namespaces add up":            {web(on("a1")), newPod("p", apart(inNamespaces(to("zone", "app=web"), blue, "default"))), "b1 none", map[string]int{notApart: 2}},
		"an empty selector of namespaces means all":        {web(on("a1"), inNamespace("unknown")), newPod("p", apart(inNamespaces(to("zone", "app=web"), &metav1.LabelSelector{}))), "b1 none", map[string]int{notApart: 2}},
		"who is there means namespaces by labels too":      {web(on("a1"), inNamespace("other"), apart(inNamespaces(to("zone", "app=db"), &metav1.LabelSelector{MatchLabels: map[string]string{"team": "red"}}))), newPod("p", having("app=db")), "b1 none", map[string]int{othersNotApart: 2}},
		"an empty selector of pods means all of them":      {web(on("a1")), newPod("p", apart(to("zone"))), "b1 none", map[string]int{notApart: 2}},
		"no selector of pods means none":                   {web(on("a1")), newPod("p", apart(corev1.PodAffinityTerm{TopologyKey: "zone"})), "a1 a2 b1 none", nil},
		"a pod on a node that does not exist is not there": {web(on("gone")), newPod("p", near(to(host, "app=web"))), "", map[string]int{notNear: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			got, why := fits(zones(), row.there, row.pod)
			if got != row.fits {
				t.Errorf("it fits on %q, want %q", got, row.fits)
			}
			if diff := cmp.Diff(row.why, why); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
		})
	}
}

func ratherNear(weight int32, key string, list ...string) corev1.WeightedPodAffinityTerm {
	return corev1.WeightedPodAffinityTerm{Weight: weight, PodAffinityTerm: to(key, list...)}
}

func prefer(near, apart []corev1.WeightedPodAffinityTerm) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = &corev1.Affinity{
			PodAffinity:     &corev1.PodAffinity{PreferredDuringSchedulingIgnoredDuringExecution: near},
			PodAntiAffinity: &corev1.PodAntiAffinity{PreferredDuringSchedulingIgnoredDuringExecution: apart},
		}
	}
}

func TestPreferredPodAffinity(t *testing.T) {
	type terms = []corev1.WeightedPodAffinityTerm
	web := func(name, node string, change ...func(*corev1.Pod)) *corev1.Pod {
		return newPod(name, append(change, having("app=web"), on(node))...)
	}
	for name, row := range map[string]struct {
		there []*corev1.Pod
		pod   *corev1.Pod
		want  []int64 // points of a1, a2, b1 and none
	}{
		"the places of those it wants to be near to": {[]*corev1.Pod{web("x", "a1")}, newPod("p", prefer(terms{ratherNear(5, "zone", "app=web")}, nil)), []int64{100, 100, 0, 0}},
		"not of those it wants to be apart from":     {[]*corev1.Pod{web("x", "a1")}, newPod("p", prefer(nil, terms{ratherNear(5, "zone", "app=web")})), []int64{0, 0, 100, 100}},
		"weights are added up": {[]*corev1.Pod{web("x", "a1"), web("y", "b1")},
			newPod("p", prefer(terms{ratherNear(3, "zone", "app=web"), ratherNear(1, corev1.LabelHostname, "app=web")}, nil)), []int64{100, 75, 100, 0}},
		"each pod counts": {[]*corev1.Pod{web("x", "a1"), web("y", "a2"), web("z", "b1")}, newPod("p", prefer(terms{ratherNear(1, "zone", "app=web")}, nil)),
			[]int64{100, 100, 50, 0}},
		"those who want it near":      {[]*corev1.Pod{web("x", "b1", prefer(terms{ratherNear(1, "zone", "app=db")}, nil))}, newPod("p", having("app=db")), []int64{0, 0, 100, 0}},
		"those who want it away":      {[]*corev1.Pod{web("x", "b1", prefer(nil, terms{ratherNear(1, "zone", "app=db")}))}, newPod("p", having("app=db")), []int64{100, 100, 0, 100}},
		"those who had to be near it": {[]*corev1.Pod{web("x", "b1", near(to("zone", "app=db")))}, newPod("p", having("app=db")), []int64{0, 0, 100, 0}},
		"nobody has a wish":           {[]*corev1.Pod{web("x", "b1")}, newPod("p", having("app=db")), []int64{0, 0, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			a := scenario{nodes: zones(), there: row.there, pod: row.pod}.cluster()
			got := make([]int64, len(a.nodes.ready))
			amongFriends(a, a.nodes.ready, got)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("points (-want +got):\n%s", diff)
			}
		})
	}
}

// What a pod waits for its neighbours to do has it tried again when they do it, and at no other time.
func TestPodAffinityIsTriedAgain(t *testing.T) {
	web := func() *corev1.Pod { return newPod("web", having("app=web"), on("n")) }
	relabel := func(name, value string) func(c *cluster) {
		return func(c *cluster) {
			c.update(registry.Pods, api.WriteOptions{}, "default", name, func(o store.Object) { o.SetLabels(map[string]string{"app": value}) })
		}
	}
	for name, row := range map[string]struct {
		there  *corev1.Pod
		pod    *corev1.Pod
		change func(c *cluster)
		stays  bool
	}{
		"near: when one comes":               {nil, newPod("p", near(to("zone", "app=web"))), func(c *cluster) { c.create(registry.Pods, web()) }, false},
		"near: not when another comes":       {nil, newPod("p", near(to("zone", "app=web"))), func(c *cluster) { c.create(registry.Pods, newPod("db", on("n"))) }, true},
		"near: when one gets the label":      {newPod("web", on("n")), newPod("p", near(to("zone", "app=web"))), relabel("web", "web"), false},
		"near: when a node gets the label":   {web(), newPod("p", near(to("rack", "app=web"))), rack, false},
		"apart: when it goes":                {web(), newPod("p", apart(to("zone", "app=web"))), func(c *cluster) { c.delete("web") }, false},
		"apart: when it loses the label":     {web(), newPod("p", apart(to("zone", "app=web"))), relabel("web", "db"), false},
		"others apart: when they go":         {newPod("web", on("n"), apart(to("zone", "app=db"))), newPod("p", having("app=db")), func(c *cluster) { c.delete("web") }, false},
		"others apart: when it is relabeled": {newPod("web", on("n"), apart(to("zone", "app=db"))), newPod("p", having("app=db")), relabel("p", "x"), false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("n", zone("a")))
				c.start()
				if row.there != nil {
					c.create(registry.Pods, row.there)
				}
				c.create(registry.Pods, row.pod)
				if got := c.where()["p"]; got != "" {
					t.Fatalf("it fits already, on %s", got)
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

func rack(c *cluster) {
	c.update(registry.Nodes, api.WriteOptions{}, "", "n", func(o store.Object) { o.SetLabels(map[string]string{"rack": "x"}) })
}

// The words are kube-scheduler's, whose preemption does not help against affinity, and finds no victims for anti-affinity.
func TestPodAffinityTellsWhy(t *testing.T) {
	for name, row := range map[string]struct {
		there, pod *corev1.Pod
		want       string
	}{
		"near": {newPod("o"), newPod("p", near(to("zone", "app=web"))),
			"0/1 nodes are available: 1 node(s) didn't match pod affinity rules. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."},
		"apart": {newPod("o", having("app=web")), newPod("p", apart(to("zone", "app=web"))),
			"0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."},
		"others apart": {newPod("o", apart(to("zone", "app=web"))), newPod("p", having("app=web")),
			"0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("n", zone("a")))
				c.start()
				c.create(registry.Pods, row.there)
				c.create(registry.Pods, row.pod)
				if diff := cmp.Diff(row.want, c.why("p")); diff != "" {
					t.Errorf("message (-want +got):\n%s", diff)
				}
				if got := c.events("FailedScheduling"); len(got) != 1 || got[0].Message != row.want {
					t.Errorf("events %+v", got)
				}
			})
		})
	}
}

// Labels that a term names only by their keys are the pod's own, from its creation on.
func TestMatchLabelKeys(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n", zone("a")))
		c.start()
		c.create(registry.Pods, newPod("old", having("app=web", "rev=1"), on("n")))
		same := func() corev1.PodAffinityTerm {
			t := to("zone", "app=web")
			t.MatchLabelKeys = []string{"rev"}
			return t
		}
		other := to("zone", "app=web")
		other.MismatchLabelKeys = []string{"rev"}
		c.create(registry.Pods, newPod("new", having("app=web", "rev=2"), apart(same())))
		c.create(registry.Pods, newPod("stranger", having("app=x", "rev=1"), near(other)))
		if got := c.where(); got["new"] != "n" || got["stranger"] != "n" {
			t.Errorf("pods are on %v: %s %s", got, c.why("new"), c.why("stranger"))
		}
		c.create(registry.Pods, newPod("again", having("app=web", "rev=2"), apart(same())))
		if got := c.where()["again"]; got != "" {
			t.Errorf("placed on %s beside one of its revision", got)
		}
	})
}

// A pod that is in the way is pushed out by a more important one that cannot be beside it, and the room is kept for that.
func TestPreemptionForAntiAffinity(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n", zone("a")))
		c.start()
		c.create(registry.Pods, c.rank(newPod("low", having("app=web")), 1))
		c.create(registry.Pods, c.rank(newPod("bystander"), 1))
		c.create(registry.Pods, c.rank(newPod("high", apart(to("zone", "app=web"))), 10))
		if diff := cmp.Diff([]string{"low"}, c.leaving()); diff != "" {
			t.Errorf("pushed out (-want +got):\n%s", diff)
		}
		if got, want := c.why("high"), "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules."; got != want {
			t.Errorf("message %q, want %q", got, want)
		}
		c.delete("low")
		if got := c.where()["high"]; got != "n" {
			t.Errorf("high is on %q: %s", got, c.why("high"))
		}
	})
}

// What a pod needs must not hang on one for which room is only made: it may never come.
func TestNobodyReliesOnNominatedPods(t *testing.T) {
	x := newNodes()
	x.observe("ADDED", newNode("n", zone("a")))
	expected := newPod("expected", having("app=web"), withPriority(9))
	x.nominate(&pending{name: nameIn("expected"), pod: expected, needs: needsOf(expected)}, x.all["n"])
	try := func(pod *corev1.Pod) string {
		fitting, why := x.newAttempt(&pending{name: nameIn("p"), pod: pod, needs: needsOf(pod)}).filter()
		if len(fitting) > 0 {
			return "fits"
		}
		return why.available(why.reasons)
	}
	if got, want := try(newPod("p", near(to("zone", "app=web")))), "0/1 nodes are available: 1 "+notNear+"."; got != want {
		t.Errorf("near to it: %s, want %s", got, want)
	}
	if got, want := try(newPod("p", apart(to("zone", "app=web")))), "0/1 nodes are available: 1 "+notApart+"."; got != want {
		t.Errorf("apart from it: %s, want %s", got, want)
	}
	if got := try(newPod("p", apart(to("zone", "app=web")), withPriority(10))); got != "fits" {
		t.Errorf("more urgent than it: %s", got)
	}
}
