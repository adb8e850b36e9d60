package fake_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
)

// onNodes is a cluster of idle programs in a bubble, and a client of it.
type onNodes struct {
	*testing.T
	*fake.Cluster
	kubernetes.Interface
}

func withNodes(t *testing.T, test func(t *testing.T, c onNodes), opts ...fake.Option) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t, append([]fake.Option{fake.UnknownImages(fake.Pause)}, opts...)...)
		test(t, onNodes{t, cluster, clientFor(t, cluster.RESTConfig(), runtime.ContentTypeJSON)})
	})
}

// pass lets time go by.
func (c onNodes) pass(d time.Duration) { <-time.After(d) }

func (c onNodes) node(name string) *corev1.Node {
	c.Helper()
	n, err := c.CoreV1().Nodes().Get(c.Context(), name, metav1.GetOptions{})
	c.must(err)
	return n
}

func (c onNodes) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// ready is the status, reason and message of a node's Ready condition.
func (c onNodes) ready(name string) string {
	for _, condition := range c.node(name).Status.Conditions {
		if condition.Type == corev1.NodeReady {
			return fmt.Sprint(condition.Status, " ", condition.Reason, ": ", condition.Message)
		}
	}
	return ""
}

func (c onNodes) taints(name string) []string {
	var all []string
	for _, t := range c.node(name).Spec.Taints {
		all = append(all, t.Key+":"+string(t.Effect))
	}
	return all
}

// runOn creates a pod on a node.
func (c onNodes) runOn(node, name string, change ...func(*corev1.Pod)) {
	c.Helper()
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec:       corev1.PodSpec{NodeSelector: map[string]string{corev1.LabelHostname: node}, Containers: []corev1.Container{{Name: "c", Image: "idle"}}},
	}
	for _, f := range change {
		f(pod)
	}
	_, err := c.CoreV1().Pods("default").Create(c.Context(), pod, metav1.CreateOptions{})
	c.must(err)
	c.pass(time.Second)
}

// pod is a pod, or nil if there is none.
func (c onNodes) pod(name string) *corev1.Pod {
	c.Helper()
	pod, err := c.CoreV1().Pods("default").Get(c.Context(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	c.must(err)
	return pod
}

// told are the events of a kind and name: component, reason and message.
func (c onNodes) told(kind, name string, reasons ...string) []string {
	list, err := c.CoreV1().Events("default").List(c.Context(), metav1.ListOptions{})
	c.must(err)
	var all []string
	for _, e := range list.Items {
		if e.InvolvedObject.Kind == kind && e.InvolvedObject.Name == name && slices.Contains(reasons, e.Reason) {
			all = append(all, e.Source.Component+" "+e.Reason+": "+e.Message)
		}
	}
	slices.Sort(all)
	return all
}

func (c onNodes) equal(what string, want, got any) {
	c.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		c.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

const second = "minikube-m02"

func podReady(pod *corev1.Pod) corev1.ConditionStatus {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status
		}
	}
	return ""
}

// A silent node is found out after 50 seconds, its pods are not ready, and deleted five minutes later; when its kubelet is back they end.
func TestNodeFallsSilent(t *testing.T) {
	for name, fault := range map[string]func(*fake.Node) error{"kubelet stopped": (*fake.Node).StopKubelet, "power off": (*fake.Node).PowerOff} {
		t.Run(name, func(t *testing.T) {
			withNodes(t, func(t *testing.T, c onNodes) {
				c.runOn(second, "web")
				c.must(fault(c.Node(second)))
				c.pass(49 * time.Second)
				c.equal("before", "True KubeletReady: kubelet is posting ready status", c.ready(second))
				c.pass(2 * time.Second)
				c.equal("after", "Unknown NodeStatusUnknown: Kubelet stopped posting node status.", c.ready(second))
				c.equal("taints", []string{"node.kubernetes.io/unreachable:NoSchedule", "node.kubernetes.io/unreachable:NoExecute"}, c.taints(second))
				c.equal("pod ready", corev1.ConditionFalse, podReady(c.pod("web")))
				c.equal("events of the node", []string{"node-controller NodeNotReady: Node minikube-m02 status is now: NodeNotReady"},
					c.told("Node", second, "NodeNotReady"))
				c.equal("events of the pod", []string{"node-controller NodeNotReady: Node is not ready"}, c.told("Pod", "web", "NodeNotReady"))
				c.pass(295 * time.Second)
				if c.pod("web").DeletionTimestamp != nil {
					t.Error("the pod is deleted too early")
				}
				c.pass(10 * time.Second)
				pod := c.pod("web")
				if pod == nil || pod.DeletionTimestamp == nil {
					t.Fatalf("the pod is not being deleted: %v", pod)
				}
				c.equal("eviction", []string{"taint-eviction-controller TaintManagerEviction: Marking for deletion Pod default/web"},
					c.told("Pod", "web", "TaintManagerEviction"))
				c.pass(time.Hour)
				if c.pod("web") == nil {
					t.Fatal("the pod is gone although nobody can have ended it")
				}
				c.must(c.Node(second).Start())
				c.pass(time.Minute)
				c.equal("back", "True KubeletReady: kubelet is posting ready status", c.ready(second))
				c.equal("taints", []string(nil), c.taints(second))
				if pod := c.pod("web"); pod != nil {
					t.Errorf("the pod is still there: %s", pod.Status.Phase)
				}
			}, fake.Nodes(2))
		})
	}
}

// What a kubelet that is back finds goes on: untouched if only the kubelet was away, restarted if the machine was.
func TestNodeComesBack(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		withInit := func(pod *corev1.Pod) {
			pod.Spec.InitContainers = []corev1.Container{{Name: "init", Image: "once"}}
		}
		c.HandleFunc("once", func(context.Context, *fake.Process) error { return nil })
		c.runOn(second, "web", withInit)
		c.runOn(second, "never", func(pod *corev1.Pod) { pod.Spec.RestartPolicy = corev1.RestartPolicyNever })
		was := c.pod("web")
		c.must(c.Node(second).StopKubelet())
		if _, err := c.CoreV1().Pods("default").GetLogs("web", &corev1.PodLogOptions{}).DoRaw(t.Context()); !apierrors.IsInternalError(err) {
			t.Errorf("logs of a node without kubelet: %v", err)
		}
		c.pass(2 * time.Minute)
		c.must(c.Node(second).Start())
		c.pass(time.Second)
		pod := c.pod("web")
		c.equal("restarts", int32(0), pod.Status.ContainerStatuses[0].RestartCount)
		c.equal("ready again", corev1.ConditionTrue, podReady(pod))

		c.must(c.Node(second).PowerOff())
		c.pass(time.Second)
		c.must(c.Node(second).Start())
		c.pass(time.Second)
		pod = c.pod("web")
		state := pod.Status.ContainerStatuses[0]
		c.equal("restarts", int32(1), state.RestartCount)
		c.equal("exit code", int32(255), state.LastTerminationState.Terminated.ExitCode)
		c.equal("restarts of init", int32(1), pod.Status.InitContainerStatuses[0].RestartCount)
		c.equal("phase", corev1.PodRunning, pod.Status.Phase)
		if pod.Status.PodIP == was.Status.PodIP {
			t.Errorf("the address is still %s", pod.Status.PodIP)
		}
		c.equal("never restarted", corev1.PodFailed, c.pod("never").Status.Phase)
		c.equal("events", []string{
			"kubelet NodeReady: Node minikube-m02 status is now: NodeReady",
			"kubelet Starting: Starting kubelet.",
		}, c.told("Node", second, "NodeReady", "Starting"))
	}, fake.Nodes(2))
}

// Tolerations decide whether and when a pod leaves a tainted node, and a taint that goes in time is forgiven.
func TestTaintEviction(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		tolerate := func(seconds *int64) func(*corev1.Pod) {
			return func(pod *corev1.Pod) {
				pod.Spec.Tolerations = append(pod.Spec.Tolerations, corev1.Toleration{
					Key: "broken", Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: seconds,
				})
			}
		}
		c.runOn("minikube", "never")
		c.runOn("minikube", "minute", tolerate(new(int64(60))))
		c.runOn("minikube", "hour", tolerate(new(int64(3600))))
		c.runOn("minikube", "always", tolerate(nil))
		taint := func(taints ...corev1.Taint) {
			node := c.node("minikube")
			node.Spec.Taints = taints
			_, err := c.CoreV1().Nodes().Update(t.Context(), node, metav1.UpdateOptions{})
			c.must(err)
		}
		left := func() []string {
			list, err := c.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{})
			c.must(err)
			var names []string
			for _, pod := range list.Items {
				names = append(names, pod.Name)
			}
			return names
		}
		taint(corev1.Taint{Key: "broken", Effect: corev1.TaintEffectNoExecute})
		c.pass(40 * time.Second)
		c.equal("at first", []string{"always", "hour", "minute"}, left())
		c.pass(time.Minute)
		c.equal("after a minute", []string{"always", "hour"}, left())
		taint()
		c.pass(2 * time.Hour)
		c.equal("after the taint", []string{"always", "hour"}, left())
		c.equal("forgiven", []string{"taint-eviction-controller TaintManagerEviction: Cancelling deletion of Pod default/hour"},
			c.told("Pod", "hour", "TaintManagerEviction"))
	})
}

// A cordoned node is tainted, and takes no pods until it is uncordoned.
func TestCordon(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		cordon := func(is bool) {
			node := c.node("minikube")
			node.Spec.Unschedulable = is
			_, err := c.CoreV1().Nodes().Update(t.Context(), node, metav1.UpdateOptions{})
			c.must(err)
			c.pass(time.Second)
		}
		cordon(true)
		c.equal("taints", []string{"node.kubernetes.io/unschedulable:NoSchedule"}, c.taints("minikube"))
		c.runOn("minikube", "web")
		c.equal("node", "", c.pod("web").Spec.NodeName)
		cordon(false)
		c.equal("taints", []string(nil), c.taints("minikube"))
		c.equal("node", "minikube", c.pod("web").Spec.NodeName)
	})
}

// The pods of a node that is deleted are deleted too, without grace, once it has been missing for 40 seconds.
func TestDeletedNode(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		c.runOn(second, "web")
		c.must(c.CoreV1().Nodes().Delete(t.Context(), second, metav1.DeleteOptions{}))
		c.pass(30 * time.Second)
		if c.pod("web") == nil {
			t.Error("the pod is deleted too early")
		}
		c.pass(30 * time.Second)
		if pod := c.pod("web"); pod != nil {
			t.Errorf("the pod is still there: %s", pod.Status.Phase)
		}
		if _, err := c.CoordinationV1().Leases("kube-node-lease").Get(t.Context(), second, metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("lease of the node: %v", err)
		}
		c.must(c.Node(second).PowerOff())
		c.must(c.Node(second).Start()) // it registers again
		c.pass(time.Second)
		c.equal("registered again", "True KubeletReady: kubelet is posting ready status", c.ready(second))
		c.equal("events", []string{
			"node-controller RegisteredNode: Node minikube-m02 event: Registered Node minikube-m02 in Controller",
			"node-controller RemovingNode: Node minikube-m02 event: Removing Node minikube-m02 from Controller",
		}, c.told("Node", second, "RegisteredNode", "RemovingNode"))
	}, fake.Nodes(2))
}

// Leases are renewed every ten seconds, and nobody need be awake for that; who watches sees it.
func TestLeases(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		leases := c.CoordinationV1().Leases("kube-node-lease")
		began := time.Now()
		c.pass(34 * time.Second)
		lease, err := leases.Get(t.Context(), "minikube", metav1.GetOptions{})
		c.must(err)
		c.equal("renewed", 30*time.Second, lease.Spec.RenewTime.Sub(began))
		c.equal("holder", "minikube", *lease.Spec.HolderIdentity)
		c.equal("duration", int32(40), *lease.Spec.LeaseDurationSeconds)
		w, err := leases.Watch(t.Context(), metav1.ListOptions{})
		c.must(err)
		renewals := 0
		timeout := time.After(55 * time.Second)
		for done := false; !done; {
			select {
			case <-w.ResultChan():
				renewals++
			case <-timeout:
				done = true
			}
		}
		w.Stop()
		c.equal("renewals seen", 6, renewals)
		c.pass(24 * time.Hour)
		node := c.node("minikube")
		c.equal("ready", "True KubeletReady: kubelet is posting ready status", c.ready("minikube"))
		if ago := time.Since(node.Status.Conditions[0].LastHeartbeatTime.Time); ago > 5*time.Minute {
			t.Errorf("the last heartbeat was %v ago", ago)
		}
	})
}

// A node that nobody plays is found to have never said a word.
func TestNodeWithoutKubelet(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		_, err := c.CoreV1().Nodes().Create(t.Context(), &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "ghost"}}, metav1.CreateOptions{})
		c.must(err)
		c.pass(58 * time.Second)
		c.equal("at first", "", c.ready("ghost"))
		c.pass(4 * time.Second)
		c.equal("then", "Unknown NodeStatusNeverUpdated: Kubelet never posted node status.", c.ready("ghost"))
		c.equal("no machine", "stop the kubelet of node ghost: the cluster was made without a machine of that name: \"ghost\"",
			fmt.Sprint(c.Node("ghost").StopKubelet()))
	})
}

// Of a cluster all of whose nodes are silent nobody is evicted.
func TestAllNodesSilent(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		c.runOn("minikube", "web")
		c.must(c.Node("minikube").StopKubelet())
		c.pass(time.Hour)
		c.equal("taints", []string{"node.kubernetes.io/unreachable:NoSchedule"}, c.taints("minikube"))
		if c.pod("web").DeletionTimestamp != nil {
			t.Error("the pod is being deleted")
		}
	})
}

// Nodes are what their specs say.
func TestNodesLike(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		list, err := c.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
		c.must(err)
		var got []string
		for _, n := range list.Items {
			gpu := n.Status.Allocatable["example.com/gpu"]
			got = append(got, fmt.Sprint(n.Name, " ", n.Labels["pool"], " ", n.Status.Capacity.Cpu(), " ", gpu.String(), " ", len(n.Spec.Taints)))
		}
		c.equal("nodes", []string{"minikube  2 0 0", "minikube-m02 gpu 64 8 1", "minikube-m03 gpu 64 8 1", "minikube-m04  2 0 0"}, got)
	}, fake.NodesLike(fake.NodeSpec{
		Count: 2, Labels: map[string]string{"pool": "gpu"},
		Taints:   []corev1.Taint{{Key: "gpu", Effect: corev1.TaintEffectNoSchedule}},
		Capacity: corev1.ResourceList{"cpu": resource.MustParse("64"), "example.com/gpu": resource.MustParse("8")},
	}, fake.NodeSpec{}))
}
