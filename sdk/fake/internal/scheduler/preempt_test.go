package scheduler

import (
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// rank gives a pod a priority through a class of its own.
func (c *cluster) rank(pod *corev1.Pod, priority int32) *corev1.Pod {
	c.Helper()
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "class-" + pod.Name}, Value: priority}
	c.create(registry.PriorityClasses, class)
	pod.Spec.PriorityClassName, pod.Spec.Priority = class.Name, nil
	return pod
}

// leaving are the pods that are being deleted.
func (c *cluster) leaving() []string {
	objects, _ := c.List(registry.Pods, "default")
	var names []string
	for _, o := range objects {
		if o.GetDeletionTimestamp() != nil {
			names = append(names, o.GetName())
		}
	}
	return names
}

// A pod that fits nowhere pushes out what is less important, waits for it, and then has its room.
func TestPreemption(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n"))
		c.start()
		c.create(registry.Pods, c.rank(newPod("low", requests("cpu", "1")), 1))
		c.create(registry.Pods, c.rank(newPod("middle", requests("cpu", "1")), 5))
		c.create(registry.Pods, c.rank(newPod("high", requests("cpu", "1")), 10))
		if diff := cmp.Diff([]string{"low"}, c.leaving()); diff != "" {
			t.Errorf("pushed out (-want +got):\n%s", diff)
		}
		high := c.pod("high")
		if high.Status.NominatedNodeName != "n" || high.Spec.NodeName != "" {
			t.Errorf("nominated %q, on %q", high.Status.NominatedNodeName, high.Spec.NodeName)
		}
		if got, want := c.why("high"), "0/1 nodes are available: 1 Insufficient cpu."; got != want {
			t.Errorf("message %q, want %q", got, want)
		}
		last := c.pod("low").Status.Conditions[len(c.pod("low").Status.Conditions)-1]
		if last.Type != corev1.DisruptionTarget || last.Reason != "PreemptionByScheduler" ||
			last.Message != "default-scheduler: preempting to accommodate a higher priority pod" {
			t.Errorf("condition of the victim: %+v", last)
		}
		// What is less important does not get the room that was made.
		c.create(registry.Pods, c.rank(newPod("other", requests("cpu", "1")), 1))
		c.delete("low")
		synctest.Wait()
		if got := c.where(); got["high"] != "n" || got["other"] != "" {
			t.Errorf("pods are on %v", got)
		}
		if got := c.pod("high").Status.NominatedNodeName; got != "" {
			t.Errorf("still nominated: %q", got)
		}
		objects, _ := c.List(registry.Events, "default")
		told := ""
		for _, o := range objects {
			if e := o.(*corev1.Event); e.Reason == "Preempted" && e.InvolvedObject.Name == "low" {
				told = e.Message
			}
		}
		if want := "Preempted by pod " + string(high.UID) + " on node n"; told != want {
			t.Errorf("event %q, want %q", told, want)
		}
	})
}

// Which pods go is decided by budgets first, then by importance and number.
func TestPreemptionChooses(t *testing.T) {
	for name, row := range map[string]struct {
		prepare func(c *cluster)
		want    []string
	}{
		"the node with the least important": {func(c *cluster) {
			c.create(registry.Pods, onNode(c.rank(newPod("a", requests("cpu", "2")), 5), "n1"))
			c.create(registry.Pods, onNode(c.rank(newPod("b", requests("cpu", "2")), 3), "n2"))
		}, []string{"b"}},
		"the node with the fewest": {func(c *cluster) {
			class := c.rank(newPod("a", requests("cpu", "1")), 5)
			second := newPod("b", requests("cpu", "1"))
			second.Spec.PriorityClassName, second.Spec.Priority = class.Spec.PriorityClassName, nil
			third := newPod("c", requests("cpu", "2"))
			third.Spec.PriorityClassName, third.Spec.Priority = class.Spec.PriorityClassName, nil
			c.create(registry.Pods, onNode(class, "n1"))
			c.create(registry.Pods, onNode(second, "n1"))
			c.create(registry.Pods, onNode(third, "n2"))
		}, []string{"c"}},
		"not those whose budget forbids it": {func(c *cluster) {
			guarded := c.rank(newPod("a", requests("cpu", "2")), 1)
			guarded.Labels = map[string]string{"app": "guarded"}
			one := intstr.FromInt32(1)
			c.create(registry.PodDisruptionBudgets, &policyv1.PodDisruptionBudget{
				ObjectMeta: metav1.ObjectMeta{Name: "b", Namespace: "default"},
				Spec:       policyv1.PodDisruptionBudgetSpec{MinAvailable: &one, Selector: &metav1.LabelSelector{MatchLabels: guarded.Labels}},
			})
			c.create(registry.Pods, onNode(guarded, "n1"))
			c.create(registry.Pods, onNode(c.rank(newPod("b", requests("cpu", "2")), 5), "n2"))
		}, []string{"b"}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("n1"))
				c.create(registry.Nodes, newNode("n2"))
				row.prepare(c)
				c.start()
				c.create(registry.Pods, c.rank(newPod("high", requests("cpu", "2")), 10))
				if diff := cmp.Diff(row.want, c.leaving()); diff != "" {
					t.Errorf("pushed out (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func onNode(pod *corev1.Pod, node string) *corev1.Pod {
	pod.Spec.NodeName = node
	return pod
}

// Where preemption does not help, or is not wanted, the message says why.
func TestNoPreemption(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n"))
		c.start()
		c.create(registry.Pods, c.rank(newPod("first", requests("cpu", "2")), 5))
		c.create(registry.Pods, c.rank(newPod("same", requests("cpu", "2")), 5))
		c.create(registry.Pods, c.rank(newPod("more", requests("cpu", "3")), 9))
		for name, want := range map[string]string{
			"same": "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
			"more": "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
		} {
			if got := c.why(name); got != want {
				t.Errorf("%s: message %q, want %q", name, got, want)
			}
		}
		if got := c.leaving(); got != nil {
			t.Errorf("pushed out: %v", got)
		}
	})
}
