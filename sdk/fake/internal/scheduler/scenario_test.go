package scheduler

import (
	"fmt"
	"math/rand/v2"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// scenario is a small cluster and a pod that wants a place in it. Its number makes it, always the same.
type scenario struct {
	nodes      []*corev1.Node
	namespaces []*corev1.Namespace
	there      []*corev1.Pod // each on a node
	pod        *corev1.Pod
}

func newScenario(number uint64) scenario {
	d := dice{rand.NewPCG(number, 1)}
	var s scenario
	for i := range 3 + d.below(4) {
		s.nodes = append(s.nodes, d.node(fmt.Sprintf("n%d", i)))
	}
	for name, team := range map[string]string{"default": "red", "other": "blue", "third": ""} {
		n := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		if team != "" {
			n.Labels = map[string]string{"team": team}
		}
		s.namespaces = append(s.namespaces, n)
	}
	for i := range d.below(12) {
		p := d.pod(fmt.Sprintf("p%d", i), 30)
		p.Spec.NodeName = s.nodes[d.below(len(s.nodes))].Name
		if d.in100(10) {
			p.DeletionTimestamp = &metav1.Time{Time: time.Unix(0, 0)}
		}
		s.there = append(s.there, p)
	}
	s.pod = d.pod("pod", 60)
	if d.in100(25) {
		s.pod.Spec.NodeSelector = map[string]string{"disk": "ssd"}
	}
	if d.in100(30) {
		s.pod.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
	}
	for range d.below(3) {
		s.pod.Spec.TopologySpreadConstraints = append(s.pod.Spec.TopologySpreadConstraints, d.constraint())
	}
	return s
}

// dice throws. What it makes of its source's numbers is written here, so that it stays.
type dice struct{ source rand.Source }

func (d dice) below(n int) int       { return int(d.source.Uint64() % uint64(n)) }
func (d dice) in100(n int) bool      { return d.below(100) < n }
func (d dice) key() string           { return d.of(corev1.LabelHostname, "zone", "rack") }
func (d dice) of(s ...string) string { return s[d.below(len(s))] }

func (d dice) node(name string) *corev1.Node {
	n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{}}}
	if d.in100(90) {
		n.Labels[corev1.LabelHostname] = name
	}
	if d.in100(80) {
		n.Labels["zone"] = d.of("a", "b", "c")
	}
	if d.in100(70) {
		n.Labels["rack"] = d.of("x", "y")
	}
	if d.in100(60) {
		n.Labels["disk"] = "ssd"
	}
	if d.in100(20) {
		n.Spec.Taints = []corev1.Taint{{Key: "k", Effect: corev1.TaintEffectNoSchedule}}
	}
	n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}}
	return n
}

// pod has an affinity in so many cases of 100.
func (d dice) pod(name string, affinity int) *corev1.Pod {
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: d.of("default", "default", "other", "third"), Labels: map[string]string{}}}
	p.UID = types.UID(name)
	if d.in100(85) {
		p.Labels["app"] = d.of("a", "b")
	}
	if d.in100(50) {
		p.Labels["ver"] = d.of("1", "2")
	}
	if !d.in100(affinity) {
		return p
	}
	p.Spec.Affinity = &corev1.Affinity{}
	if d.in100(50) {
		p.Spec.Affinity.PodAffinity = &corev1.PodAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: d.terms(), PreferredDuringSchedulingIgnoredDuringExecution: d.weighted(),
		}
	}
	if d.in100(60) {
		p.Spec.Affinity.PodAntiAffinity = &corev1.PodAntiAffinity{
			RequiredDuringSchedulingIgnoredDuringExecution: d.terms(), PreferredDuringSchedulingIgnoredDuringExecution: d.weighted(),
		}
	}
	return p
}

func (d dice) terms() (list []corev1.PodAffinityTerm) {
	for range d.below(3) {
		list = append(list, d.term())
	}
	return list
}

func (d dice) weighted() (list []corev1.WeightedPodAffinityTerm) {
	for range d.below(3) {
		list = append(list, corev1.WeightedPodAffinityTerm{Weight: int32(1 + d.below(100)), PodAffinityTerm: d.term()})
	}
	return list
}

func (d dice) term() corev1.PodAffinityTerm {
	t := corev1.PodAffinityTerm{TopologyKey: d.key(), LabelSelector: d.selector()}
	switch d.below(6) {
	case 0:
		t.Namespaces = []string{"other"}
	case 1:
		t.NamespaceSelector = &metav1.LabelSelector{}
	case 2:
		t.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"team": d.of("red", "blue")}}
	case 3:
		t.Namespaces, t.NamespaceSelector = []string{"third"}, &metav1.LabelSelector{MatchLabels: map[string]string{"team": "blue"}}
	}
	return t
}

func (d dice) selector() *metav1.LabelSelector {
	express := func(key string, op metav1.LabelSelectorOperator, values ...string) *metav1.LabelSelector {
		return &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: op, Values: values}}}
	}
	switch d.below(12) {
	case 0:
		return nil
	case 1:
		return &metav1.LabelSelector{}
	case 2:
		return express("ver", metav1.LabelSelectorOpExists)
	case 3:
		return express("ver", metav1.LabelSelectorOpNotIn, "2")
	case 4:
		return express("app", metav1.LabelSelectorOpIn, "a", "b")
	}
	return &metav1.LabelSelector{MatchLabels: map[string]string{"app": d.of("a", "b")}}
}

func (d dice) constraint() corev1.TopologySpreadConstraint {
	c := corev1.TopologySpreadConstraint{MaxSkew: int32(1 + d.below(2)), TopologyKey: d.key(), LabelSelector: d.selector()}
	c.WhenUnsatisfiable = corev1.UnsatisfiableConstraintAction(d.of(string(mustHold), string(mustHold), string(shouldHold)))
	if c.WhenUnsatisfiable == mustHold && d.in100(30) {
		c.MinDomains = new(int32(1 + d.below(4)))
	}
	policy := func() *corev1.NodeInclusionPolicy {
		return new(corev1.NodeInclusionPolicy(d.of(string(corev1.NodeInclusionPolicyHonor), string(corev1.NodeInclusionPolicyIgnore))))
	}
	if d.in100(40) {
		c.NodeAffinityPolicy = policy()
	}
	if d.in100(40) {
		c.NodeTaintsPolicy = policy()
	}
	if c.LabelSelector != nil && d.in100(20) {
		c.MatchLabelKeys = []string{"ver"}
	}
	return c
}
