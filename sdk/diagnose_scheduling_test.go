package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestDiagnoseScheduling(t *testing.T) {
	tainted := fake.NodesLike(fake.NodeSpec{Taints: []corev1.Taint{{Key: "gpu", Value: "yes", Effect: corev1.TaintEffectNoSchedule}}})
	onPort := func(p *corev1.Pod) { main(p).Ports = []corev1.ContainerPort{{ContainerPort: 8080, HostPort: 80}} }
	first := faulty("pause", onPort)
	first.Name = "first"
	claiming := func(name string) func(*corev1.Pod) {
		return func(p *corev1.Pod) {
			p.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{
				PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}}}
		}
	}
	claim := func(name, class string) *corev1.PersistentVolumeClaim {
		c := &corev1.PersistentVolumeClaim{}
		c.Name = name
		c.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
		c.Spec.StorageClassName = &class
		c.Spec.Resources.Requests = quantities("storage", "1Gi")
		return c
	}
	cordon := func(t *testing.T, _ *fake.Cluster, c *sdk.Client) {
		var node corev1.Node
		ok(t, c.Get(t.Context(), "minikube", &node))
		node.Spec.Unschedulable = true
		ok(t, c.Update(t.Context(), &node))
		ok(t, c.Create(t.Context(), faulty("pause")))
	}
	runFaults(t, []fault{
		{name: "there is no node", options: []fake.Option{fake.Nodes(0)}, objects: []sdk.Object{faulty("pause")}, want: []string{"problem NoNodes: app"},
			says: []string{"there is no node"}},
		{name: "there is no scheduler", options: []fake.Option{fake.Without(fake.Scheduler)}, objects: []sdk.Object{faulty("pause")}, want: []string{"problem NotScheduled: app"},
			says: []string{`the scheduler "default-scheduler" has not looked at it`}},
		{name: "no node is large enough", objects: []sdk.Object{faulty("pause", requesting("cpu", "64"))}, want: []string{"problem Insufficient: app"},
			says: []string{"to 1 of 1 nodes: Insufficient cpu (the pod requests 64, and no node has more than the 2 of minikube)"}},
		{name: "the nodes are full", objects: []sdk.Object{func() sdk.Object { p := faulty("pause", requesting("cpu", "1500m")); p.Name = "large"; return p }(),
			faulty("pause", requesting("cpu", "1"))}, want: []string{"problem Insufficient: app"}, says: []string{"the pod requests 1, and other pods have requested the rest"}},
		{name: "the nodes refuse it for several reasons", options: []fake.Option{tainted}, objects: []sdk.Object{faulty("pause", requesting("memory", "1Ti"))},
			want: []string{"problem Insufficient: app", "problem Taints: app"}, says: []string{"1 of 2 nodes: Insufficient memory", "1 of 2 nodes: node(s) had untolerated taint(s) (minikube-m02: gpu=yes:NoSchedule)"}},
		{name: "no node has the labels", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"disk": "ssd"} })},
			want: []string{"problem NodeSelector: app"}, says: []string{"(disk=ssd)"}},
		{name: "the node is cordoned", then: cordon, want: []string{"problem Cordoned: app"}, says: []string{"kubectl uncordon"}},
		{name: "a host port is taken", objects: []sdk.Object{first, faulty("pause", onPort)}, want: []string{"problem HostPort: app"}, says: []string{"(80/TCP)"}},
		{name: "a scheduling gate holds it", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) { p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "example.com/budget"}} })},
			want: []string{"problem SchedulingGated: app"}, says: []string{"example.com/budget"}},
		{name: "its claim is missing", objects: []sdk.Object{faulty("pause", claiming("data"))}, want: []string{"problem ClaimMissing: app"},
			says: []string{"waits for the claim data, which is not there"}},
		{name: "its claim has no volume", objects: []sdk.Object{claim("data", "fast"), faulty("pause", claiming("data"))},
			want: []string{"problem ClaimPending: data"}, says: []string{"the storage class fast", "not found"}},
		{name: "a claim without a volume", objects: []sdk.Object{claim("data", "fast")}, target: claim("data", ""), want: []string{"problem ClaimPending: data"},
			says: []string{"PersistentVolumeClaim default/data has no volume: it has no volume yet, with the storage class fast"}},
		{name: "a claim with a volume", objects: []sdk.Object{claim("data", "standard")}, target: claim("data", ""), want: []string{"note ClaimBound: data"}},
	})
}
