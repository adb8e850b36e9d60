package scheduler

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

func nameIn(name string) types.NamespacedName {
	return types.NamespacedName{Namespace: "default", Name: name}
}

func controlled(p *corev1.Pod) {
	p.OwnerReferences = []metav1.OwnerReference{{Kind: "ReplicationController", Name: "r", UID: "r", Controller: ptr.To(true)}}
}

func preferred(weight int32, key string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{{
			Weight:     weight,
			Preference: corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: key, Operator: corev1.NodeSelectorOpExists}}},
		}}}}
	}
}

func TestBestNode(t *testing.T) {
	for name, row := range map[string]struct {
		nodes []*corev1.Node
		there map[string][]*corev1.Pod // by node
		pod   *corev1.Pod
		want  string
	}{
		"the first by name of equal ones": {[]*corev1.Node{newNode("b"), newNode("a")}, nil, newPod("p"), "a"},
		"the emptier one": {[]*corev1.Node{newNode("a"), newNode("b")},
			map[string][]*corev1.Pod{"a": {newPod("o", requests("cpu", "1"))}}, newPod("p"), "b"},
		"one without a taint that asks, though it is fuller": {[]*corev1.Node{newNode("a", taint("k", corev1.TaintEffectPreferNoSchedule)), newNode("b")},
			map[string][]*corev1.Pod{"b": {newPod("o", requests("cpu", "1"))}}, newPod("p"), "b"},
		"the preferred one, though it is fuller": {[]*corev1.Node{newNode("a"), newNode("b", label("ssd", ""))},
			map[string][]*corev1.Pod{"b": {newPod("o", requests("cpu", "1"))}}, newPod("p", preferred(1, "ssd")), "b"},
		"one without a sibling, though it is fuller": {[]*corev1.Node{newNode("a"), newNode("b")},
			map[string][]*corev1.Pod{"a": {newPod("s", controlled)}, "b": {newPod("o", requests("cpu", "1"))}}, newPod("p", controlled), "b"},
	} {
		t.Run(name, func(t *testing.T) {
			x := newNodes()
			for _, n := range row.nodes {
				x.observe("ADDED", n)
			}
			for node, pods := range row.there {
				for _, p := range pods {
					x.place(nameIn(p.Name), p, node)
				}
			}
			p := &pending{name: nameIn("p"), pod: row.pod, needs: needsOf(row.pod)}
			a := x.newAttempt(p)
			fitting, _ := a.filter()
			if got := a.best(fitting).name; got != row.want {
				t.Errorf("best is %s, want %s", got, row.want)
			}
		})
	}
}
