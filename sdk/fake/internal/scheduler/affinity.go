package scheduler

import (
	"github.com/podwright/podwright/types/selector"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
)

// term is one compiled node selector term.
type term struct {
	weight  int64
	nothing bool // it is empty or invalid
	labels  selector.Selector
	fields  []fields.Selector
}

func terms(list []corev1.NodeSelectorTerm) []term {
	compiled := make([]term, 0, len(list))
	for _, t := range list {
		compiled = append(compiled, newTerm(t, 0))
	}
	return compiled
}

// operators are how labels call the operators of node selectors.
var operators = map[corev1.NodeSelectorOperator]selection.Operator{
	corev1.NodeSelectorOpIn:           selection.In,
	corev1.NodeSelectorOpNotIn:        selection.NotIn,
	corev1.NodeSelectorOpExists:       selection.Exists,
	corev1.NodeSelectorOpDoesNotExist: selection.DoesNotExist,
	corev1.NodeSelectorOpGt:           selection.GreaterThan,
	corev1.NodeSelectorOpLt:           selection.LessThan,
}

func newTerm(t corev1.NodeSelectorTerm, weight int64) term {
	c := term{weight: weight, nothing: len(t.MatchExpressions)+len(t.MatchFields) == 0}
	expressed := labels.NewSelector()
	for _, e := range t.MatchExpressions {
		r, err := labels.NewRequirement(e.Key, operators[e.Operator], e.Values)
		if err != nil {
			c.nothing = true
			continue
		}
		expressed = expressed.Add(*r)
	}
	c.labels = selector.FromSelector(expressed)
	for _, e := range t.MatchFields {
		switch {
		case len(e.Values) != 1:
			c.nothing = true
		case e.Operator == corev1.NodeSelectorOpIn:
			c.fields = append(c.fields, fields.OneTermEqualSelector(e.Key, e.Values[0]))
		case e.Operator == corev1.NodeSelectorOpNotIn:
			c.fields = append(c.fields, fields.OneTermNotEqualSelector(e.Key, e.Values[0]))
		default:
			c.nothing = true
		}
	}
	return c
}

func (t *term) matches(n *corev1.Node) bool {
	if t.nothing || !t.labels.Matches(n.Labels) {
		return false
	}
	for _, f := range t.fields {
		if !f.Matches(fields.Set{"metadata.name": n.Name}) {
			return false
		}
	}
	return true
}

// selectsNode says whether a node matches the pod's node selector and, if it has any, one of the terms it requires.
func (n *needs) selectsNode(object *corev1.Node) bool {
	for k, v := range n.selector {
		if has, ok := object.Labels[k]; !ok || has != v {
			return false
		}
	}
	if n.required == nil {
		return true
	}
	for i := range n.required {
		if n.required[i].matches(object) {
			return true
		}
	}
	return false
}

// tolerates says whether any toleration of the pod tolerates the taint.
func tolerates(pod *corev1.Pod, taint *corev1.Taint) bool {
	for i := range pod.Spec.Tolerations {
		t := &pod.Spec.Tolerations[i]
		if t.Effect != "" && t.Effect != taint.Effect || t.Key != "" && t.Key != taint.Key {
			continue
		}
		switch t.Operator {
		case "", corev1.TolerationOpEqual:
			if t.Value == taint.Value {
				return true
			}
		case corev1.TolerationOpExists:
			return true
		}
	}
	return false
}
