package sdk

import (
	"context"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// nodeOfPod looks at the node of a pod. That it may not is no news of a pod that is well.
func nodeOfPod(ctx context.Context, p *podCase) []Finding {
	name := p.pod.Spec.NodeName
	if name == "" || hasEnded(p.pod) {
		return nil
	}
	unread := len(p.unread)
	a := p.read(ctx, nodeKind, "", name, &corev1.Node{})
	if isWell(p.pod) {
		p.unread = p.unread[:unread]
	}
	if a.missing {
		return one(p.says(SeverityProblem, FindingNodeGone, "a controller makes another pod; delete this one with a grace period of 0 if it stays",
			"is on node %s, which is not in the cluster", name))
	}
	node, ok := a.object.(*corev1.Node)
	if !ok {
		return nil
	}
	return aboutNode(node)
}

// pressures are the conditions of a node that say that something is short.
var pressures = map[corev1.NodeConditionType]string{
	corev1.NodeMemoryPressure: "memory", corev1.NodeDiskPressure: "disk space", corev1.NodePIDPressure: "process numbers",
}

// aboutNode says what a node's conditions say against it.
func aboutNode(node *corev1.Node) []Finding {
	subject := describe(node, nodeKind)
	var found []Finding
	for _, c := range node.Status.Conditions {
		why := join2(c.Reason, c.Message)
		since := c.LastTransitionTime.UTC().Format(time.RFC3339)
		switch {
		case c.Type == corev1.NodeReady && c.Status == corev1.ConditionUnknown:
			found = append(found, finding(subject, SeverityProblem, FindingNodeNotReady,
				"look at the machine: it is off, cut off, or its kubelet has stopped", "has not been heard of since %s: %s", since, why))
		case c.Type == corev1.NodeReady && c.Status == corev1.ConditionFalse:
			found = append(found, finding(subject, SeverityProblem, FindingNodeNotReady, "", "says since %s that it is not ready: %s", since, why))
		case c.Type == corev1.NodeNetworkUnavailable && c.Status == corev1.ConditionTrue:
			found = append(found, finding(subject, SeverityProblem, FindingNodeNetwork, "look at the network plugin's pod on that node",
				"has no pod network: %s", why))
		case pressures[c.Type] != "" && c.Status == corev1.ConditionTrue:
			found = append(found, finding(subject, SeverityNote, FindingNodePressure, "", "is short of %s, and may push pods out: %s",
				pressures[c.Type], why))
		}
	}
	return found
}

// askNode looks at a node as a target.
func (q *inquiry) askNode(ctx context.Context, ref reference) error {
	var node corev1.Node
	if err := q.fetch(ctx, nodeKind, "", ref.name, &node); err != nil {
		return err
	}
	found := aboutNode(&node)
	subject := describe(&node, nodeKind)
	q.diagnosis.Headline = "is ready"
	for _, f := range found {
		if f.Severity > SeverityNote {
			q.diagnosis.Headline = "is not ready"
		}
	}
	if q.diagnosis.Headline == "is ready" {
		q.add(finding(subject, SeverityNote, FindingReady, "", "runs pods"))
	}
	if node.Spec.Unschedulable {
		found = append(found, finding(subject, SeverityNote, FindingCordoned, "let it have them with kubectl uncordon "+node.Name,
			"is cordoned, and gets no new pods"))
	}
	if taints := repelling(&node); len(taints) > 0 {
		found = append(found, finding(subject, SeverityNote, FindingTaints, "", "takes only pods that tolerate its taints %s",
			strings.Join(taints, ", ")))
	}
	q.add(found...)
	return nil
}

// repelling lists the taints of a node that keep pods away, as kubectl writes them.
func repelling(node *corev1.Node) []string {
	var taints []string
	for _, t := range node.Spec.Taints {
		if t.Effect != corev1.TaintEffectPreferNoSchedule {
			taints = append(taints, t.ToString())
		}
	}
	return taints
}
