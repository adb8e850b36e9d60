package sdk

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// schedulerPatience is how long a pod may be without a word from its scheduler before that is odd.
const schedulerPatience = 10 * time.Second

// unscheduledPod looks at why a pod has no node.
func unscheduledPod(ctx context.Context, p *podCase) []Finding {
	if p.pod.Spec.NodeName != "" || hasEnded(p.pod) {
		return nil
	}
	for _, c := range p.pod.Status.Conditions {
		switch {
		case c.Type != corev1.PodScheduled || c.Status != corev1.ConditionFalse:
		case c.Reason == corev1.PodReasonSchedulingGated:
			return one(p.says(SeverityProblem, FindingSchedulingGated, "whoever looks after a gate must take it away",
				"is held back by its scheduling gates %s", strings.Join(gatesOf(p.pod), ", ")))
		default:
			return p.unschedulable(ctx, c.Reason, c.Message)
		}
	}
	s, hint := SeverityProgress, ""
	if time.Since(p.pod.CreationTimestamp.Time) > schedulerPatience {
		s, hint = SeverityProblem, "see that a scheduler of that name runs"
	}
	return one(p.says(s, FindingNotScheduled, hint, "has no node yet: the scheduler %q has not looked at it", p.pod.Spec.SchedulerName))
}

func gatesOf(pod *corev1.Pod) []string {
	var gates []string
	for _, g := range pod.Spec.SchedulingGates {
		gates = append(gates, g.Name)
	}
	return gates
}

// unschedulable takes a scheduler's message apart.
func (p *podCase) unschedulable(ctx context.Context, reason, message string) []Finding {
	var found []Finding
	if p.pod.Status.NominatedNodeName != "" {
		found = append(found, p.says(SeverityProgress, FindingPreemptionBegun, "", "waits for pods of lower priority to leave node %s",
			p.pod.Status.NominatedNodeName))
	}
	total, parts := splitUnschedulable(message)
	for _, part := range parts {
		found = append(found, p.refusal(ctx, total, part))
	}
	if len(parts) == 0 && strings.Contains(message, "no nodes available") {
		return append(found, p.says(SeverityProblem, FindingNoNodes, "add a node, or see why none registers", "cannot be scheduled: there is no node"))
	}
	if len(parts) == 0 {
		found = append(found, p.says(SeverityProblem, FindingUnschedulable, "", "cannot be scheduled: %s", join2(reason, message)))
	}
	return found
}

// nodesRefuse is one reason of a scheduler's. A count of 0 is every node: it was found before any was looked at.
type nodesRefuse struct {
	count int
	text  string
}

var (
	unavailable = regexp.MustCompile(`^0/(\d+) nodes are available: (.*)$`)
	counted     = regexp.MustCompile(`^(\d+) (.*)$`)
)

// splitUnschedulable reads FitError.Error of kube-scheduler: "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.
// preemption: ...". What is no such text has no parts.
func splitUnschedulable(message string) (total int, parts []nodesRefuse) {
	message, _, _ = strings.Cut(message, " preemption: ")
	m := unavailable.FindStringSubmatch(message)
	if m == nil {
		return 0, nil
	}
	fmt.Sscan(m[1], &total)
	for piece := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(m[2]), "."), ", ") {
		if c := counted.FindStringSubmatch(piece); c != nil {
			part := nodesRefuse{text: c[2]}
			fmt.Sscan(c[1], &part.count)
			parts = append(parts, part)
			continue
		}
		if n := len(parts); n > 0 && parts[n-1].count > 0 { // a comma within a reason
			parts[n-1].text += ", " + piece
			continue
		}
		parts = append(parts, nodesRefuse{text: strings.TrimSuffix(strings.TrimSpace(piece), ".")})
	}
	return total, parts
}

// refusals say what a scheduler's words mean. The first whose words are in the text counts.
var refusals = []struct {
	words  string
	reason FindingReason
	hint   string
	detail func(*podCase, []corev1.Node, string) string
}{
	{"Insufficient ", FindingInsufficient, "request less, free some by ending other pods, or add nodes", roomDetail},
	{"Too many pods", FindingInsufficient, "a node takes only so many pods; end others, or add nodes", nil},
	{"untolerated taint", FindingTaints, "give the pod a toleration for them if it is to run there", taintDetail},
	{"were unschedulable", FindingCordoned, "let a node take pods again with kubectl uncordon", nil},
	{"node affinity/selector", FindingNodeSelector, "label a node so, or ask for labels that nodes have", selectorDetail},
	{"requested node name", FindingNodeSelector, "", nil},
	{"free ports for the requested", FindingHostPort, "one pod of a node has a host port; do without, or use a Service", portDetail},
	{"topology spread", FindingTopologySpread, "let whenUnsatisfiable be ScheduleAnyway, or see that the nodes have the topology label", nil},
	{"affinity rules", FindingPodAffinity, "see which pods have the labels that the pod's affinity names, and where they run", nil},
	{"volume node affinity conflict", FindingVolumeElsewhere, "its volume can be reached from other nodes only", nil},
	{"no available volume zone", FindingVolumeElsewhere, "its volume is in another zone", nil},
	{"max volume count", FindingVolumeElsewhere, "a node takes only so many volumes", nil},
	{"persistent volumes to bind", FindingClaimPending, "make a volume of that class and size that the nodes can reach", nil},
	{"unbound immediate PersistentVolumeClaims", FindingClaimPending, "", nil},
	{"bound to non-existent", FindingClaimLost, "", nil},
	{"persistentvolumeclaim", FindingClaimMissing, "", nil},
}

func (p *podCase) refusal(ctx context.Context, total int, part nodesRefuse) Finding {
	who := fmt.Sprintf("%d of %d nodes", part.count, total)
	if part.count == 0 {
		who = "any node"
	}
	for _, r := range refusals {
		if !strings.Contains(part.text, r.words) {
			continue
		}
		detail := ""
		if r.detail != nil {
			detail = r.detail(p, p.nodes(ctx), part.text)
		}
		return p.says(SeverityProblem, r.reason, r.hint, "cannot be scheduled to %s: %s%s", who, part.text, detail)
	}
	return p.says(SeverityProblem, FindingUnschedulable, "", "cannot be scheduled to %s: %s", who, part.text)
}

// nodes lists the cluster's nodes once.
func (q *inquiry) nodes(ctx context.Context) []corev1.Node {
	if q.listedNodes != nil {
		return *q.listedNodes
	}
	ctx, cancel := context.WithTimeout(ctx, readPatience)
	defer cancel()
	var list corev1.NodeList
	if err := q.list(ctx, scope{kind: nodeKind}, &list); err != nil {
		q.unreadable(nodeKind, "", "", err)
	}
	q.listedNodes = &list.Items
	return list.Items
}

// roomDetail compares what the pod requests with the largest node.
func roomDetail(p *podCase, nodes []corev1.Node, text string) string {
	name := corev1.ResourceName(strings.TrimPrefix(text, "Insufficient "))
	want := requests(&p.pod.Spec, name)
	detail := fmt.Sprintf(" (the pod requests %s", want.String())
	var largest *corev1.Node
	for i := range nodes {
		has := nodes[i].Status.Allocatable[name]
		if largest == nil || has.Cmp(largest.Status.Allocatable[name]) > 0 {
			largest = &nodes[i]
		}
	}
	if largest == nil {
		return detail + ")"
	}
	has := largest.Status.Allocatable[name]
	if has.Cmp(want) < 0 {
		return fmt.Sprintf("%s, and no node has more than the %s of %s)", detail, has.String(), largest.Name)
	}
	return detail + ", and other pods have requested the rest)"
}

func taintDetail(p *podCase, nodes []corev1.Node, _ string) string {
	var taints []string
	for i := range nodes {
		for _, t := range nodes[i].Spec.Taints {
			if t.Effect != corev1.TaintEffectPreferNoSchedule && !tolerated(p.pod, &t) {
				taints = append(taints, nodes[i].Name+": "+t.ToString())
			}
		}
	}
	return inBrackets(taints)
}

// tolerated reports whether a toleration of the pod names the taint, as Toleration.ToleratesTaint does. Comparisons of numbers do not.
func tolerated(pod *corev1.Pod, taint *corev1.Taint) bool {
	for _, t := range pod.Spec.Tolerations {
		if (t.Effect == "" || t.Effect == taint.Effect) && (t.Key == "" || t.Key == taint.Key) &&
			(t.Operator == corev1.TolerationOpExists || t.Value == taint.Value && (t.Operator == "" || t.Operator == corev1.TolerationOpEqual)) {
			return true
		}
	}
	return false
}

func selectorDetail(p *podCase, _ []corev1.Node, _ string) string {
	var wanted []string
	for _, key := range sortedKeys(p.pod.Spec.NodeSelector) {
		wanted = append(wanted, key+"="+p.pod.Spec.NodeSelector[key])
	}
	if a := p.pod.Spec.Affinity; a != nil && a.NodeAffinity != nil && a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		wanted = append(wanted, "its required node affinity")
	}
	return inBrackets(wanted)
}

func portDetail(p *podCase, _ []corev1.Node, _ string) string {
	var ports []string
	for _, c := range p.pod.Spec.Containers {
		for _, port := range c.Ports {
			if port.HostPort > 0 {
				ports = append(ports, fmt.Sprintf("%d/%s", port.HostPort, port.Protocol))
			}
		}
	}
	return inBrackets(ports)
}

// inBrackets is a list behind a sentence; nothing for an empty one.
func inBrackets(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}
