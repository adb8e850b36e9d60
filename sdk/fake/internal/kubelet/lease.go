package kubelet

import (
	"fmt"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// How often a kubelet says that it lives: its lease by nodeLeaseDurationSeconds, the conditions of its node by
// nodeStatusReportFrequency.
const (
	LeaseDuration = 40 * time.Second
	renewEvery    = LeaseDuration / 4
	reportEvery   = 5 * time.Minute
)

// Beat brings the leases of all nodes, or the heartbeats of their conditions, up to what their kubelets would have written by now. A
// kubelet would write every ten seconds. Here it writes when somebody looks, so that a cluster nobody looks at sleeps.
func (k *Kubelet) Beat(r *registry.Resource) {
	write := k.report
	if r == registry.Leases {
		write = func(n *node) { k.renew(n, n.beat(renewEvery)) }
	}
	for i := range k.config.Nodes {
		n := k.nodes[k.config.Nodes[i].Name]
		n.life.RLock()
		if n.power == works {
			write(n)
		}
		n.life.RUnlock()
	}
}

// beat is the last of the times, every period since the kubelet started, that has come.
func (n *node) beat(period time.Duration) time.Time {
	return n.since.Add(time.Since(n.since).Truncate(period))
}

// lastWords renews the lease once more, so that whoever waits for it to go stale knows since when. n.life is held.
func (k *Kubelet) lastWords(n *node) {
	at := time.Now()
	if obj, err := k.config.API.Get(registry.Leases, corev1.NamespaceNodeLease, n.Name); err == nil {
		if was := obj.(*coordinationv1.Lease).Spec.RenewTime; was != nil && !was.Time.Before(at) {
			at = was.Time.Add(time.Microsecond) // it must be news
		}
	}
	k.renew(n, at)
}

// renew writes the lease of a node as controller.sync of component-helpers' lease controller. An error means that the node or the
// namespace is gone, and is for nobody to mend. n.life is held.
func (k *Kubelet) renew(n *node, when time.Time) {
	at := metav1.NewMicroTime(when.UTC().Truncate(time.Microsecond))
	obj, err := k.config.API.Get(registry.Leases, corev1.NamespaceNodeLease, n.Name)
	if err != nil {
		k.firstLease(n, at)
		return
	}
	if was := obj.(*coordinationv1.Lease).Spec.RenewTime; was != nil && !was.Before(&at) {
		return
	}
	_, _ = k.config.API.Update(registry.Leases, corev1.NamespaceNodeLease, n.Name, api.WriteOptions{Manager: manager}, func(o store.Object) error {
		o.(*coordinationv1.Lease).Spec.RenewTime = &at
		return nil
	})
}

// firstLease is one that goes with its node.
func (k *Kubelet) firstLease(n *node, at metav1.MicroTime) {
	owner, err := k.config.API.Get(registry.Nodes, "", n.Name)
	if err != nil {
		return
	}
	_, _ = k.config.API.Create(registry.Leases, &coordinationv1.Lease{
		ObjectMeta: metav1.ObjectMeta{
			Name: n.Name, Namespace: corev1.NamespaceNodeLease,
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Node", Name: n.Name, UID: owner.GetUID()}},
		},
		Spec: coordinationv1.LeaseSpec{
			HolderIdentity: &n.Name, LeaseDurationSeconds: new(int32(LeaseDuration / time.Second)), RenewTime: &at,
		},
	}, api.WriteOptions{Manager: manager})
}

// report renews the heartbeats of the node's conditions.
func (k *Kubelet) report(n *node) {
	at := apiTime(n.beat(reportEvery))
	obj, err := k.config.API.Get(registry.Nodes, "", n.Name)
	if err != nil || !anyBefore(obj.(*corev1.Node), at) {
		return
	}
	k.updateNode(n, func(node *corev1.Node) {
		for i := range node.Status.Conditions {
			node.Status.Conditions[i].LastHeartbeatTime = at
		}
	})
}

func anyBefore(node *corev1.Node, at metav1.Time) bool {
	for i := range node.Status.Conditions {
		if node.Status.Conditions[i].LastHeartbeatTime.Before(&at) {
			return true
		}
	}
	return false
}

func (k *Kubelet) updateNode(n *node, change func(*corev1.Node)) {
	o := api.WriteOptions{Manager: manager, Subresource: "status"}
	_, _ = k.config.API.Update(registry.Nodes, "", n.Name, o, func(obj store.Object) error {
		change(obj.(*corev1.Node))
		return nil
	})
}

// comeBack says that a node is ready whose kubelet has started, and tells of it.
func (k *Kubelet) comeBack(n *node, rebooted bool) {
	obj, err := k.config.API.Get(registry.Nodes, "", n.Name)
	if err != nil {
		return
	}
	tell := func(typ, reason, message string) { n.recorder.Event(nodeReference(obj), "", typ, reason, message) }
	tell(corev1.EventTypeNormal, "Starting", "Starting kubelet.")
	now := api.Now()
	wasReady := false
	boot := uuidOf("boot", n.Name)
	if n.boots > 0 {
		boot = uuidOf(fmt.Sprint("boot ", n.boots), n.Name)
	}
	k.updateNode(n, func(node *corev1.Node) {
		for _, c := range nodeConditions(now) {
			wasReady = setNodeCondition(&node.Status, c) || wasReady
		}
		node.Status.NodeInfo.BootID = boot
	})
	if rebooted {
		tell(corev1.EventTypeWarning, "Rebooted", "Node "+n.Name+" has been rebooted, boot id: "+boot)
	}
	if !wasReady {
		tell(corev1.EventTypeNormal, "NodeReady", "Node "+n.Name+" status is now: NodeReady")
	}
}

// nodeReference is the node as a kubelet names it in events: it does not know the uid.
func nodeReference(obj store.Object) *corev1.Node {
	ref := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: obj.GetName()}}
	ref.Kind, ref.APIVersion = "Node", "v1"
	return ref
}

// setNodeCondition sets a condition, whose time stays if its status does. It says whether the condition is that of a node that was
// ready already.
func setNodeCondition(status *corev1.NodeStatus, c corev1.NodeCondition) (wasReady bool) {
	for i := range status.Conditions {
		old := &status.Conditions[i]
		if old.Type != c.Type {
			continue
		}
		if old.Status == c.Status {
			c.LastTransitionTime = old.LastTransitionTime
		}
		wasReady = c.Type == corev1.NodeReady && old.Status == corev1.ConditionTrue
		*old = c
		return wasReady
	}
	status.Conditions = append(status.Conditions, c)
	return false
}
