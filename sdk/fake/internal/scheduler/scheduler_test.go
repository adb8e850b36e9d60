package scheduler

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// cluster is an API with a namespace, its service account and, once start was called, a scheduler.
type cluster struct {
	testing.TB
	*api.API
	start func()
}

func inBubble(t *testing.T, f func(c *cluster)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := &cluster{TB: t, API: api.New(registry.NewTable(registry.Core...), 1)}
		c.create(registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
		c.create(registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		close(done)
		c.start = func() {
			done = make(chan struct{})
			go func() {
				defer close(done)
				New(c.API).Run(ctx)
			}()
			synctest.Wait()
		}
		defer func() {
			cancel()
			<-done
		}()
		f(c)
	})
}

func (c *cluster) create(r *registry.Resource, obj store.Object) {
	c.Helper()
	if _, err := c.Create(r, obj, api.WriteOptions{Manager: "test"}); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

// createPod is create, but past admission for a pod whose policy only a priority class could give it.
func (c *cluster) createPod(pod *corev1.Pod) {
	c.Helper()
	if pod.Spec.PreemptionPolicy == nil {
		c.create(registry.Pods, pod)
		return
	}
	types.Default(pod)
	pod.UID, pod.Status.Phase = "u", corev1.PodPending
	if err := c.Store.Create(registry.Pods.GroupResource(), pod); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

func (c *cluster) update(r *registry.Resource, o api.WriteOptions, namespace, name string, change func(store.Object)) {
	c.Helper()
	o.Manager = "test"
	if _, err := c.Update(r, namespace, name, o, func(o store.Object) error {
		change(o)
		return nil
	}); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

func (c *cluster) delete(name string) {
	c.Helper()
	opts := metav1.DeleteOptions{GracePeriodSeconds: ptr.To[int64](0)}
	if _, _, err := c.Delete(registry.Pods, "default", name, opts, api.WriteOptions{}); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

func (c *cluster) pod(name string) *corev1.Pod {
	c.Helper()
	obj, err := c.Get(registry.Pods, "default", name)
	if err != nil {
		c.Fatal(err)
	}
	return obj.(*corev1.Pod)
}

// where is the node of each pod.
func (c *cluster) where() map[string]string {
	objects, _ := c.List(registry.Pods, "default")
	m := map[string]string{}
	for _, o := range objects {
		m[o.GetName()] = o.(*corev1.Pod).Spec.NodeName
	}
	return m
}

// why is the message of a pod's PodScheduled condition, if it says that the pod is unschedulable.
func (c *cluster) why(name string) string {
	for _, x := range c.pod(name).Status.Conditions {
		if x.Type == corev1.PodScheduled && x.Status == corev1.ConditionFalse && x.Reason == "Unschedulable" {
			return x.Message
		}
	}
	return ""
}

func (c *cluster) events(reason string) []*corev1.Event {
	objects, _ := c.List(registry.Events, "")
	var found []*corev1.Event
	for _, o := range objects {
		if e := o.(*corev1.Event); e.Reason == reason {
			found = append(found, e)
		}
	}
	return found
}

// newNode is a ready node with two CPUs, 8 GiB and room for ten pods.
func newNode(name string, change ...func(*corev1.Node)) *corev1.Node {
	n := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"kubernetes.io/hostname": name}},
		Status: corev1.NodeStatus{
			Allocatable: corev1.ResourceList{"cpu": resource.MustParse("2"), "memory": resource.MustParse("8Gi"), "pods": resource.MustParse("10")},
			Conditions:  []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue}},
		},
	}
	for _, f := range change {
		f(n)
	}
	return n
}

func newPod(name string, change ...func(*corev1.Pod)) *corev1.Pod {
	p := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx:1.25"}}},
	}
	for _, f := range change {
		f(p)
	}
	return p
}

func requests(list ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Containers[0].Resources.Requests = corev1.ResourceList{}
		p.Spec.Containers[0].Resources.Limits = corev1.ResourceList{}
		for i := 0; i < len(list); i += 2 {
			q := resource.MustParse(list[i+1])
			p.Spec.Containers[0].Resources.Requests[corev1.ResourceName(list[i])] = q
			p.Spec.Containers[0].Resources.Limits[corev1.ResourceName(list[i])] = q
		}
	}
}

func hostPortOf(ip string, port int32) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Containers[0].Ports = []corev1.ContainerPort{{HostIP: ip, HostPort: port, ContainerPort: port, Protocol: corev1.ProtocolTCP}}
	}
}

func withPriority(n int32) func(*corev1.Pod) { return func(p *corev1.Pod) { p.Spec.Priority = &n } }

func taint(key string, effect corev1.TaintEffect) func(*corev1.Node) {
	return func(n *corev1.Node) { n.Spec.Taints = append(n.Spec.Taints, corev1.Taint{Key: key, Effect: effect}) }
}

func tolerate(t corev1.Toleration) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Spec.Tolerations = append(p.Spec.Tolerations, t) }
}

func affinity(op corev1.NodeSelectorOperator, key string, values ...string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
			NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{{Key: key, Operator: op, Values: values}}}},
		}}}
	}
}

func label(key, value string) func(*corev1.Node) {
	return func(n *corev1.Node) { n.Labels[key] = value }
}

func TestBindsAndSaysSo(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.start()
		c.create(registry.Nodes, newNode("minikube"))
		before := newPod("a")
		c.create(registry.Pods, before)
		if got := c.where()["a"]; got != "minikube" {
			t.Fatalf("node %q", got)
		}
		got := c.events("Scheduled")
		if len(got) != 1 || got[0].Message != "Successfully assigned default/a to minikube" || got[0].Action != "Binding" || got[0].Type != "Normal" ||
			got[0].ReportingController != "default-scheduler" || got[0].InvolvedObject.ResourceVersion != before.ResourceVersion || got[0].ManagedFields[0].Manager != "kube-scheduler" {
			t.Errorf("events %+v", got)
		}
		conditions := c.pod("a").Status.Conditions
		if len(conditions) != 1 || conditions[0].Type != corev1.PodScheduled || conditions[0].Status != corev1.ConditionTrue {
			t.Errorf("conditions %+v", conditions)
		}
	})
}

func TestWhatCannotBePlacedIsToldWhy(t *testing.T) {
	const helpless, victimless = "Preemption is not helpful for scheduling.", "No preemption victims found for incoming pod."
	for name, row := range map[string]struct {
		nodes []*corev1.Node
		there []*corev1.Pod // placed before
		pod   *corev1.Pod
		want  string // empty: it is placed
	}{
		"fits":    {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", requests("cpu", "2")), want: ""},
		"no node": {pod: newPod("p"), want: "no nodes available to schedule pods"},
		"more CPU than the node has": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", requests("cpu", "3")),
			want: "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 " + helpless},
		"more CPU than is free": {nodes: []*corev1.Node{newNode("n")}, there: []*corev1.Pod{newPod("o", requests("cpu", "1500m"))}, pod: newPod("p", requests("cpu", "1")),
			want: "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 " + victimless},
		"several resources": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", requests("cpu", "3", "memory", "9Gi")),
			want: "0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory. preemption: 0/1 nodes are available: 1 " + helpless},
		"an extended resource": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", requests("example.com/gpu", "1")),
			want: "0/1 nodes are available: 1 Insufficient example.com/gpu. preemption: 0/1 nodes are available: 1 " + helpless},
		"too many pods": {nodes: []*corev1.Node{newNode("n", func(n *corev1.Node) { n.Status.Allocatable["pods"] = resource.MustParse("1") })},
			there: []*corev1.Pod{newPod("o")}, pod: newPod("p"),
			want: "0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: 1 " + victimless},
		"the label is not there": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"no": "such"} }),
			want: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 " + helpless},
		"affinity In": {nodes: []*corev1.Node{newNode("n", label("disk", "hdd"))}, pod: newPod("p", affinity(corev1.NodeSelectorOpIn, "disk", "ssd", "nvme")),
			want: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 " + helpless},
		"affinity In, matching":    {nodes: []*corev1.Node{newNode("n", label("disk", "ssd"))}, pod: newPod("p", affinity(corev1.NodeSelectorOpIn, "disk", "ssd", "nvme"))},
		"affinity Gt, matching":    {nodes: []*corev1.Node{newNode("n", label("gen", "7"))}, pod: newPod("p", affinity(corev1.NodeSelectorOpGt, "gen", "6"))},
		"affinity NotIn, matching": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", affinity(corev1.NodeSelectorOpNotIn, "gen", "6"))},
		"an untolerated taint": {nodes: []*corev1.Node{newNode("n", taint("k", corev1.TaintEffectNoSchedule))}, pod: newPod("p"),
			want: "0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 " + helpless},
		"an untolerated NoExecute taint": {nodes: []*corev1.Node{newNode("n", taint("k", corev1.TaintEffectNoExecute))},
			pod:  newPod("p", tolerate(corev1.Toleration{Key: "k", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoSchedule})),
			want: "0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 " + helpless},
		"a tolerated taint":      {nodes: []*corev1.Node{newNode("n", taint("k", corev1.TaintEffectNoSchedule))}, pod: newPod("p", tolerate(corev1.Toleration{Operator: corev1.TolerationOpExists}))},
		"a taint that only asks": {nodes: []*corev1.Node{newNode("n", taint("k", corev1.TaintEffectPreferNoSchedule))}, pod: newPod("p")},
		"a cordoned node": {nodes: []*corev1.Node{newNode("n", func(n *corev1.Node) { n.Spec.Unschedulable = true })}, pod: newPod("p"),
			want: "0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 " + helpless},
		"a node that is not ready": {nodes: []*corev1.Node{newNode("n", func(n *corev1.Node) { n.Status.Conditions[0].Status = corev1.ConditionFalse })}, pod: newPod("p"),
			want: "0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 " + helpless},
		"a node that never said it is ready": {nodes: []*corev1.Node{newNode("n", func(n *corev1.Node) { n.Status.Conditions = nil })}, pod: newPod("p"),
			want: "0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 " + helpless},
		"a host port that is taken": {nodes: []*corev1.Node{newNode("n")}, there: []*corev1.Pod{newPod("o", hostPortOf("", 80))}, pod: newPod("p", hostPortOf("10.0.0.1", 80)),
			want: "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 " + victimless},
		"a host port at another address": {nodes: []*corev1.Node{newNode("n")}, there: []*corev1.Pod{newPod("o", hostPortOf("10.0.0.2", 80))}, pod: newPod("p", hostPortOf("10.0.0.1", 80))},
		"each node for another reason": {
			nodes: []*corev1.Node{newNode("a", taint("k", corev1.TaintEffectNoSchedule)), newNode("b"), newNode("c")},
			there: []*corev1.Pod{newPod("o", requests("cpu", "2"), func(p *corev1.Pod) { p.Spec.NodeName = "b" })}, pod: newPod("p", requests("cpu", "2"), func(p *corev1.Pod) {
				p.Spec.NodeSelector = map[string]string{"kubernetes.io/hostname": "b"}
			}),
			want: "0/3 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). " +
				"preemption: 0/3 nodes are available: 1 No preemption victims found for incoming pod, 2 " + helpless},
		"a pod that never preempts": {nodes: []*corev1.Node{newNode("n")}, pod: newPod("p", requests("cpu", "3"), func(p *corev1.Pod) {
			p.Spec.PreemptionPolicy = ptr.To(corev1.PreemptNever)
		}), want: "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to preemptionPolicy=Never."},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				for _, n := range row.nodes {
					c.create(registry.Nodes, n)
				}
				c.start()
				for _, p := range row.there {
					c.create(registry.Pods, p)
				}
				c.createPod(row.pod)
				if diff := cmp.Diff(row.want, c.why("p")); diff != "" {
					t.Errorf("message (-want +got):\n%s", diff)
				}
				if bound := c.where()["p"] != ""; bound != (row.want == "") {
					t.Errorf("bound: %v", bound)
				}
				if row.want == "" {
					return
				}
				if got := c.events("FailedScheduling"); len(got) != 1 || got[0].Message != row.want || got[0].Type != "Warning" || got[0].Action != "Scheduling" {
					t.Errorf("events %+v", got)
				}
			})
		})
	}
}

func TestConditionOfAnUnschedulablePod(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.start()
		c.create(registry.Pods, newPod("p"))
		p := c.pod("p")
		want := []corev1.PodCondition{{
			Type: corev1.PodScheduled, ObservedGeneration: 1, Status: corev1.ConditionFalse, Reason: "Unschedulable",
			Message: "no nodes available to schedule pods", LastTransitionTime: api.Now(),
		}}
		if diff := cmp.Diff(want, p.Status.Conditions); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		if !slices.ContainsFunc(p.ManagedFields, func(m metav1.ManagedFieldsEntry) bool {
			return m.Manager == "kube-scheduler" && m.Subresource == "status"
		}) {
			t.Errorf("written by %+v", p.ManagedFields)
		}
	})
}

func TestUnschedulablePodsAreTriedAgain(t *testing.T) {
	fill := newPod("o", requests("cpu", "2"))
	for name, row := range map[string]func(c *cluster){
		"when a node comes": func(c *cluster) { c.create(registry.Nodes, newNode("m")) },
		"when a pod goes":   func(c *cluster) { c.delete("o") },
		"when a pod ends": func(c *cluster) {
			c.update(registry.Pods, api.WriteOptions{Subresource: "status"}, "default", "o", func(o store.Object) { o.(*corev1.Pod).Status.Phase = corev1.PodSucceeded })
		},
		"when a node grows": func(c *cluster) {
			c.update(registry.Nodes, api.WriteOptions{Subresource: "status"}, "", "n", func(o store.Object) {
				o.(*corev1.Node).Status.Allocatable["cpu"] = resource.MustParse("4")
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("n"))
				c.start()
				c.create(registry.Pods, fill.DeepCopy())
				c.create(registry.Pods, newPod("p", requests("cpu", "1")))
				if got := c.where()["p"]; got != "" {
					t.Fatalf("it fits already, on %s", got)
				}
				row(c)
				if got := c.where()["p"]; got == "" {
					t.Errorf("still on no node: %s", c.why("p"))
				}
			})
		})
	}
}

func TestNodeThatIsUncordonedOrGetsReadyOrALabelTakesPods(t *testing.T) {
	for name, row := range map[string]struct {
		node   *corev1.Node
		sub    string
		change func(*corev1.Node)
	}{
		"uncordoned": {newNode("n", func(n *corev1.Node) { n.Spec.Unschedulable = true }), "", func(n *corev1.Node) { n.Spec.Unschedulable = false }},
		"untainted":  {newNode("n", taint("k", corev1.TaintEffectNoSchedule)), "", func(n *corev1.Node) { n.Spec.Taints = nil }},
		"ready": {newNode("n", func(n *corev1.Node) { n.Status.Conditions[0].Status = corev1.ConditionUnknown }), "status",
			func(n *corev1.Node) { n.Status.Conditions[0].Status = corev1.ConditionTrue }},
		"labelled": {newNode("n", label("disk", "hdd")), "", func(n *corev1.Node) { n.Labels["disk"] = "ssd" }},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, row.node)
				c.start()
				pod := newPod("p")
				if name == "labelled" {
					pod.Spec.NodeSelector = map[string]string{"disk": "ssd"}
				}
				c.create(registry.Pods, pod)
				if got := c.where()["p"]; got != "" {
					t.Fatalf("placed too early on %s", got)
				}
				c.update(registry.Nodes, api.WriteOptions{Subresource: row.sub}, "", "n", func(o store.Object) { row.change(o.(*corev1.Node)) })
				if got := c.where()["p"]; got != "n" {
					t.Errorf("still on no node: %s", c.why("p"))
				}
			})
		})
	}
}

func TestWhatIsNotForTheScheduler(t *testing.T) {
	for name, change := range map[string]func(*corev1.Pod){
		"a pod of another scheduler": func(p *corev1.Pod) { p.Spec.SchedulerName = "mine" },
		"a pod with a gate":          func(p *corev1.Pod) { p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "x"}} },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *cluster) {
				c.create(registry.Nodes, newNode("n"))
				c.start()
				c.create(registry.Pods, newPod("p", change))
				if got := c.where()["p"]; got != "" || c.why("p") != "" {
					t.Errorf("node %q, %q", got, c.why("p"))
				}
			})
		})
	}
}

func TestPodWhoseGateIsTakenAwayIsPlaced(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n"))
		c.start()
		c.create(registry.Pods, newPod("p", func(p *corev1.Pod) { p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "x"}} }))
		c.update(registry.Pods, api.WriteOptions{}, "default", "p", func(o store.Object) { o.(*corev1.Pod).Spec.SchedulingGates = nil })
		if got := c.where()["p"]; got != "n" {
			t.Errorf("node %q", got)
		}
	})
}

func TestPodsThatWerePlacedByHandCount(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.create(registry.Nodes, newNode("n"))
		c.create(registry.Pods, newPod("o", requests("cpu", "2"), func(p *corev1.Pod) { p.Spec.NodeName, p.Spec.SchedulerName = "n", "mine" }))
		c.create(registry.Pods, newPod("p", requests("cpu", "1")))
		c.start()
		if got := c.where()["p"]; got != "" {
			t.Errorf("placed on %s, which is full", got)
		}
	})
}

func TestUrgentPodsFirstThenThoseThatCameFirst(t *testing.T) {
	q := newQueue()
	for _, p := range []*corev1.Pod{newPod("first"), newPod("second"), newPod("urgent", withPriority(5)), newPod("third")} {
		q.observe(nameIn(p.Name), p)
	}
	q.remove(nameIn("second"))
	var got []string
	for p := q.pop(); p != nil; p = q.pop() {
		got = append(got, p.name.Name)
	}
	if diff := cmp.Diff([]string{"urgent", "first", "third"}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestPausesGrow(t *testing.T) {
	for attempts, want := range map[int]time.Duration{0: 0, 1: time.Millisecond, 2: 2 * time.Millisecond, 14: 8192 * time.Millisecond, 15: 10 * time.Second, 1000: 10 * time.Second} {
		if got := pause(attempts); got != want {
			t.Errorf("pause(%d) = %v, want %v", attempts, got, want)
		}
	}
}

func TestPodThatNeverFitsIsTriedEverMoreRarely(t *testing.T) {
	inBubble(t, func(c *cluster) {
		c.start()
		c.create(registry.Pods, newPod("p", requests("cpu", "100")))
		for i := range 30 {
			c.create(registry.Nodes, newNode(fmt.Sprintf("n%02d", i))) // at one moment of the bubble's clock
		}
		if got := c.why("p"); strings.HasPrefix(got, "0/30") {
			t.Errorf("it was tried with each node: %s", got)
		}
		<-time.After(10 * time.Second)
		synctest.Wait()
		if got := c.why("p"); !strings.HasPrefix(got, "0/30 nodes are available: 30 Insufficient cpu.") {
			t.Errorf("it was never tried again: %s", got)
		}
	})
}

func TestThousandsOfPodsOnHundredNodesAreSpreadEvenly(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 2,000 pods")
	}
	inBubble(t, func(c *cluster) {
		for i := range 100 {
			c.create(registry.Nodes, newNode(fmt.Sprintf("n%03d", i), func(n *corev1.Node) { n.Status.Allocatable["pods"] = resource.MustParse("110") }))
		}
		for range 2000 {
			pod := newPod("")
			pod.GenerateName = "p-"
			pod.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ReplicationController", Name: "r", UID: "r", Controller: ptr.To(true)}}
			if _, err := c.Create(registry.Pods, pod, api.WriteOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		c.start()
		counts := map[string]int{}
		for _, node := range c.where() {
			counts[node]++
		}
		for node, n := range counts {
			if n != 20 {
				t.Errorf("%d pods on %q, want 20", n, node)
			}
		}
	})
}

func BenchmarkSchedule(b *testing.B) {
	x := newNodes()
	for i := range 100 {
		x.observe("ADDED", newNode(fmt.Sprintf("n%03d", i), func(n *corev1.Node) { n.Status.Allocatable["pods"] = resource.MustParse("1000000") }))
	}
	for i := 0; b.Loop(); i++ {
		p := &pending{name: nameIn(fmt.Sprint(i)), pod: newPod("p")}
		p.needs = needsOf(p.pod)
		a := x.newAttempt(p)
		fitting, _ := a.filter()
		x.place(p.name, p.pod, a.best(fitting).name)
	}
}
