package kubelet_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

func TestRegister(t *testing.T) {
	inWorld(t, func(w *world) {
		for range 2 { // a node that is there stays as it is
			if err := w.kubelet.Register(); err != nil {
				t.Fatal(err)
			}
		}
		obj, err := w.api.Get(registry.Nodes, "", "minikube")
		if err != nil {
			t.Fatal(err)
		}
		node := obj.(*corev1.Node)
		want := []corev1.NodeAddress{{Type: "InternalIP", Address: "192.168.49.2"}, {Type: "Hostname", Address: "minikube"}}
		if diff := cmp.Diff(want, node.Status.Addresses); diff != "" {
			t.Errorf("addresses (-want +got):\n%s", diff)
		}
		ready := node.Status.Conditions[len(node.Status.Conditions)-1]
		if ready.Type != corev1.NodeReady || ready.Status != corev1.ConditionTrue || ready.Message != "kubelet is posting ready status" {
			t.Errorf("last condition = %+v", ready)
		}
		if node.Spec.PodCIDR != "10.244.0.0/16" {
			t.Errorf("podCIDR = %q", node.Spec.PodCIDR)
		}
		info := node.Status.NodeInfo
		for what, pattern := range map[string]string{
			info.MachineID: `^[0-9a-f]{32}$`, info.SystemUUID: `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
			info.KubeletVersion: `^v1\.37\.2$`, info.ContainerRuntimeVersion: `^docker://28\.5\.1$`,
		} {
			if !regexp.MustCompile(pattern).MatchString(what) {
				t.Errorf("nodeInfo: %q does not match %s", what, pattern)
			}
		}
	})
}

// TestRegisteredFields holds who owns what in each node, which is found out once in a process, against what the node tells by itself.
func TestRegisteredFields(t *testing.T) {
	nodes := kubelet.Nodes(3)
	for range 2 { // what the first finds out, the second takes over
		inWorld(t, func(w *world) {
			if err := kubelet.New(kubelet.Config{API: w.api, Network: w.network, Images: w.images, Nodes: nodes}).Register(); err != nil {
				t.Fatal(err)
			}
			plain := api.New(registry.NewTable(registry.Core...), 1)
			for _, n := range nodes {
				got, err := w.api.Get(registry.Nodes, "", n.Name)
				if err != nil {
					t.Fatal(err)
				}
				obj := n.Object(api.Now())
				obj.Spec = *got.(*corev1.Node).Spec.DeepCopy()
				want, err := plain.Create(registry.Nodes, obj, api.WriteOptions{Manager: got.GetManagedFields()[0].Manager})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(*want.GetManagedFields()[0].FieldsV1, *got.GetManagedFields()[0].FieldsV1); diff != "" {
					t.Errorf("%s (-by itself +by shape):\n%s", n.Name, diff)
				}
			}
		})
	}
}

func TestNodes(t *testing.T) {
	var got []string
	for _, n := range kubelet.Nodes(3) {
		got = append(got, n.Name+" "+n.IP.String())
	}
	want := []string{"minikube 192.168.49.2", "minikube-m02 192.168.49.3", "minikube-m03 192.168.49.4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
}
