package sdk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/types/selector"
)

// askService looks at a Service, at what it leads to, and at its pods that are not well.
func (q *inquiry) askService(ctx context.Context, ref reference) error {
	s, err := q.serviceOf(ctx, ref)
	if err != nil {
		return err
	}
	if ref.uid != "" && ref.uid != s.UID {
		return replaced(serviceKind, ref.name)
	}
	subject := describe(s, serviceKind)
	if s.Spec.Type == corev1.ServiceTypeExternalName {
		q.diagnosis.Headline = "leads to a name"
		q.add(finding(subject, SeverityNote, FindingExternalName, "", "is the name %s in DNS, and has no pods", s.Spec.ExternalName))
		return nil
	}
	ready, known := q.readyEndpoints(ctx, s)
	q.diagnosis.Headline = "leads to " + numbered(ready, "endpoint")
	if s.Spec.Type == corev1.ServiceTypeLoadBalancer && len(s.Status.LoadBalancer.Ingress) == 0 {
		q.add(finding(subject, SeverityProgress, FindingNoBalancer, "the cluster must have somebody who makes load balancers",
			"has no address of a load balancer yet"))
	}
	if len(s.Spec.Selector) == 0 {
		severity := SeverityNote
		if known && ready == 0 {
			severity = SeverityProblem
		}
		q.add(finding(subject, severity, FindingNoSelector, "somebody else must make its EndpointSlices", "has no selector, so it chooses no pods"))
		return nil
	}
	labels, err := selector.FromSet(s.Spec.Selector).Query()
	if err != nil {
		return err
	}
	pods, err := q.podsWith(ctx, s.Namespace, labels)
	switch {
	case err != nil:
		q.unreadable(podKind, s.Namespace, "", err)
	case len(pods) == 0:
		q.add(q.noPods(ctx, subject, s.Namespace, labels))
	default:
		q.aboutPods(s, pods, known && ready == 0)
		q.lookAtAll(ctx, pods)
	}
	return nil
}

// aboutPods says what is wrong between a Service and its pods. nowhere: it is known to lead to none.
func (q *inquiry) aboutPods(s *corev1.Service, pods []corev1.Pod, nowhere bool) {
	subject, well := describe(s, serviceKind), countWell(pods)
	for _, p := range s.Spec.Ports {
		q.add(aboutPort(s, p, pods)...)
	}
	switch {
	case well == 0 && !s.Spec.PublishNotReadyAddresses:
		q.add(finding(subject, SeverityProblem, FindingPodsNotReady, "", "has %s, and none is ready", numbered(len(pods), "pod")))
	case nowhere && !hasFinding(q.diagnosis.Findings, "", FindingPortMissing):
		q.add(finding(subject, SeverityProgress, FindingNoEndpoints, "see that the controller of endpoint slices runs, if it stays so",
			"has %s ready, and no endpoints yet", numbered(well, "pod")))
	case len(q.diagnosis.Findings) == 0:
		q.add(finding(subject, SeverityNote, FindingReady, "", "leads to %d of its %d pods", well, len(pods)))
	}
}

// readyEndpoints counts the endpoints that a Service leads to; known says whether they could be read.
func (q *inquiry) readyEndpoints(ctx context.Context, s *corev1.Service) (count int, known bool) {
	var list discoveryv1.EndpointSliceList
	if err := q.list(ctx, slicesOf(s.Namespace, s.Name), &list); err != nil {
		q.unreadable(endpointSliceKind, s.Namespace, "", err)
		return 0, false
	}
	for i := range list.Items {
		count += readyIn(&list.Items[i], s)
	}
	return count, true
}

// noPods says that nothing has the labels, and what comes nearest.
func (q *inquiry) noPods(ctx context.Context, subject Subject, namespace, labels string) Finding {
	f := finding(subject, SeverityProblem, FindingNoPods, "create them, or correct the selector or the pods' labels",
		"chooses pods with the labels %s, and there are none in %s", labels, namespace)
	wanted, err := selector.Parse(labels)
	if err != nil || labels == "" {
		return f
	}
	pods, err := q.podsWith(ctx, namespace, "")
	if err != nil {
		return f
	}
	best, bestMisses := "", []string(nil)
	for i := range pods {
		var misses []string
		for r := range wanted.Requirements() {
			if value, there := pods[i].Labels[r.Key()]; !r.Accepts(value, there) {
				misses = append(misses, r.String())
			}
		}
		if len(misses) < wanted.Len() && (best == "" || len(misses) < len(bestMisses)) {
			best, bestMisses = pods[i].Name, misses
		}
	}
	if best != "" {
		f.Message += fmt.Sprintf("; the nearest, pod %s, fails %s", best, strings.Join(bestMisses, " and "))
	}
	return f
}

// aboutPort looks whether a port of a Service leads to one of the pods'.
func aboutPort(s *corev1.Service, p corev1.ServicePort, pods []corev1.Pod) []Finding {
	subject, target := describe(s, serviceKind), p.TargetPort
	if target.Type == intstr.Int && target.IntVal == 0 {
		target = intstr.FromInt32(p.Port)
	}
	lists, without := 0, ""
	for i := range pods {
		if listsPort(&pods[i].Spec, target, p.Protocol) {
			lists++
		} else if without == "" {
			without = pods[i].Name
		}
	}
	switch {
	case lists == len(pods):
		return nil
	case target.Type == intstr.String:
		return one(finding(subject, SeverityProblem, FindingPortMissing, "name a port so in the pods' containers, or give targetPort a number",
			"leads its port %d to the port named %s, which %d of %d pods do not have, such as %s",
			p.Port, target.StrVal, len(pods)-lists, len(pods), without))
	case lists == 0 && listsAny(pods):
		return one(finding(subject, SeverityNote, FindingPortUnlisted,
			"see that the program listens there: what containers list is for information only",
			"leads its port %d to port %d, which no container of its pods lists", p.Port, target.IntVal))
	}
	return nil
}

// listsPort reports whether a container, sidecars included, lists the port by number or name.
func listsPort(spec *corev1.PodSpec, port intstr.IntOrString, protocol corev1.Protocol) bool {
	return slices.ContainsFunc(slices.Concat(spec.Containers, spec.InitContainers), func(c corev1.Container) bool {
		return slices.ContainsFunc(c.Ports, func(has corev1.ContainerPort) bool {
			if port.Type == intstr.String {
				return has.Name == port.StrVal && (protocol == "" || has.Protocol == protocol)
			}
			return has.ContainerPort == port.IntVal
		})
	})
}

func listsAny(pods []corev1.Pod) bool {
	return slices.ContainsFunc(pods, func(p corev1.Pod) bool {
		return slices.ContainsFunc(p.Spec.Containers, func(c corev1.Container) bool { return len(c.Ports) > 0 })
	})
}
