package registry

import (
	"fmt"
	"strconv"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

var podColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Ready", Type: "string", Description: "How many containers are ready, of how many."},
	{Name: "Status", Type: "string", Description: "The phase, or what keeps the containers from it."},
	{Name: "Restarts", Type: "string", Description: "How often containers were restarted, and when last."},
	ageColumn,
	{Name: "IP", Type: "string", Priority: wide, Description: corev1.PodStatus{}.SwaggerDoc()["podIP"]},
	{Name: "Node", Type: "string", Priority: wide, Description: corev1.PodSpec{}.SwaggerDoc()["nodeName"]},
	{Name: "Nominated Node", Type: "string", Priority: wide, Description: corev1.PodStatus{}.SwaggerDoc()["nominatedNodeName"]},
	{Name: "Readiness Gates", Type: "string", Priority: wide, Description: corev1.PodSpec{}.SwaggerDoc()["readinessGates"]},
}

func podCells(obj store.Object) []any {
	pod := obj.(*corev1.Pod)
	s := summarize(pod)
	return []any{
		pod.Name,
		fmt.Sprintf("%d/%d", s.ready, s.total),
		s.reason,
		s.restarts.String(),
		age(pod),
		orElse(podIPCell(pod), cellNone),
		orElse(pod.Spec.NodeName, cellNone),
		orElse(pod.Status.NominatedNodeName, cellNone),
		readinessGates(pod),
	}
}

// RowConditions tells clients that a row's object has ended, which printers may show in grey: as upstream's pod
// printer does, for Succeeded and Failed pods. It is nil for everything else.
func RowConditions(obj store.Object) []metav1.TableRowCondition {
	pod, ok := obj.(*corev1.Pod)
	if !ok {
		return nil
	}
	c := metav1.TableRowCondition{Type: metav1.RowCompleted, Status: metav1.ConditionTrue, Reason: string(pod.Status.Phase)}
	switch pod.Status.Phase {
	case corev1.PodSucceeded:
		c.Message = "The pod has completed successfully."
	case corev1.PodFailed:
		c.Message = "The pod failed."
	default:
		return nil
	}
	return []metav1.TableRowCondition{c}
}

// podSummary is what kubectl get pods shows of a pod's containers.
type podSummary struct {
	ready, total int
	reason       string
	restarts     restarts
}

// restarts counts restarts and remembers the latest.
type restarts struct {
	n    int
	last time.Time
}

func (r *restarts) add(c *corev1.ContainerStatus) {
	r.n += int(c.RestartCount)
	if t := c.LastTerminationState.Terminated; t != nil && t.FinishedAt.After(r.last) {
		r.last = t.FinishedAt.Time
	}
}

func (r *restarts) String() string {
	if r.n == 0 || r.last.IsZero() {
		return strconv.Itoa(r.n)
	}
	return fmt.Sprintf("%d (%s ago)", r.n, since(r.last))
}

// summarize follows upstream's printPod: reasons further down the life of a pod win over earlier ones.
func summarize(pod *corev1.Pod) podSummary {
	s := podSummary{total: len(pod.Spec.Containers), reason: orElse(pod.Status.Reason, string(pod.Status.Phase))}
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Reason == corev1.PodReasonSchedulingGated {
			s.reason = corev1.PodReasonSchedulingGated
		}
	}
	if initialized := s.addInitContainers(pod); initialized || hasCondition(pod, corev1.PodInitialized) {
		s.addContainers(pod)
	}
	if pod.DeletionTimestamp == nil {
		return s
	}
	switch ended := pod.Status.Phase == corev1.PodFailed || pod.Status.Phase == corev1.PodSucceeded; {
	case pod.Status.Reason == nodeLost:
		s.reason = "Unknown"
	case !ended:
		s.reason = "Terminating"
	}
	return s
}

// nodeLost is the reason in the status of a pod whose node stopped answering.
const nodeLost = "NodeLost"

// addInitContainers says whether all init containers are done, or, when they are sidecars, started. What the restarts
// count is decided here too: those of all init containers until the pod is initialized, only the sidecars' afterwards.
func (s *podSummary) addInitContainers(pod *corev1.Pod) (initialized bool) {
	sidecars := map[string]bool{}
	for _, c := range pod.Spec.InitContainers {
		if ptr.Deref(c.RestartPolicy, "") == corev1.ContainerRestartPolicyAlways {
			sidecars[c.Name] = true
			s.total++
		}
	}
	var all, ofSidecars restarts
	initialized = true
	for i := range pod.Status.InitContainerStatuses {
		c := &pod.Status.InitContainerStatuses[i]
		all.add(c)
		if sidecars[c.Name] {
			ofSidecars.add(c)
		}
		if t := c.State.Terminated; t != nil && t.ExitCode == 0 {
			continue
		}
		if sidecars[c.Name] && ptr.Deref(c.Started, false) {
			if c.Ready {
				s.ready++
			}
			continue
		}
		s.reason, initialized = initReason(c, i, len(pod.Spec.InitContainers)), false
		break
	}
	s.restarts = all
	if initialized || hasCondition(pod, corev1.PodInitialized) {
		s.restarts = ofSidecars
	}
	return initialized
}

// initReason is why the i-th of n init containers holds up the pod.
func initReason(c *corev1.ContainerStatus, i, n int) string {
	switch {
	case c.State.Terminated != nil:
		return "Init:" + terminatedReason(c.State.Terminated)
	case c.State.Waiting != nil && c.State.Waiting.Reason != "" && c.State.Waiting.Reason != "PodInitializing":
		return "Init:" + c.State.Waiting.Reason
	}
	return fmt.Sprintf("Init:%d/%d", i, n)
}

func terminatedReason(t *corev1.ContainerStateTerminated) string {
	switch {
	case t.Reason != "":
		return t.Reason
	case t.Signal != 0:
		return fmt.Sprintf("Signal:%d", t.Signal)
	}
	return fmt.Sprintf("ExitCode:%d", t.ExitCode)
}

// addContainers takes the reason of the first container that has one. A completed container beside a running one does
// not make the pod Completed.
func (s *podSummary) addContainers(pod *corev1.Pod) {
	running := false
	for i := len(pod.Status.ContainerStatuses) - 1; i >= 0; i-- {
		c := &pod.Status.ContainerStatuses[i]
		s.restarts.add(c)
		switch {
		case c.State.Waiting != nil && c.State.Waiting.Reason != "":
			s.reason = c.State.Waiting.Reason
		case c.State.Terminated != nil:
			s.reason = terminatedReason(c.State.Terminated)
		case c.Ready && c.State.Running != nil:
			running = true
			s.ready++
		}
	}
	if s.reason != "Completed" || !running {
		return
	}
	s.reason = "NotReady"
	if hasCondition(pod, corev1.PodReady) {
		s.reason = "Running"
	}
}

func hasCondition(pod *corev1.Pod, t corev1.PodConditionType) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == t {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}

func podIPCell(pod *corev1.Pod) string {
	if len(pod.Status.PodIPs) == 0 {
		return ""
	}
	return pod.Status.PodIPs[0].IP
}

func readinessGates(pod *corev1.Pod) string {
	if len(pod.Spec.ReadinessGates) == 0 {
		return cellNone
	}
	open := 0
	for _, gate := range pod.Spec.ReadinessGates {
		if hasCondition(pod, gate.ConditionType) {
			open++
		}
	}
	return fmt.Sprintf("%d/%d", open, len(pod.Spec.ReadinessGates))
}
