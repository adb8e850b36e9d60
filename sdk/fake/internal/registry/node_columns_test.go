package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestNodeCells(t *testing.T) {
	const status, roles, internalIP, externalIP, kernelVersion = 1, 2, 5, 6, 8
	ready := func(s corev1.ConditionStatus) corev1.NodeStatus {
		return corev1.NodeStatus{Conditions: []corev1.NodeCondition{{Type: corev1.NodeMemoryPressure, Status: "False"}, {Type: corev1.NodeReady, Status: s}}}
	}
	labelled := func(labels map[string]string) corev1.Node {
		return corev1.Node{ObjectMeta: metav1.ObjectMeta{Labels: labels}}
	}
	for _, tt := range []struct {
		name string
		node corev1.Node
		cell int
		want string
	}{
		{"a node that never reported is unknown", corev1.Node{}, status, "Unknown"},
		{"ready", corev1.Node{Status: ready("True")}, status, "Ready"},
		{"not ready", corev1.Node{Status: ready("False")}, status, "NotReady"},
		{"a node that stopped reporting is not ready", corev1.Node{Status: ready("Unknown")}, status, "NotReady"},
		{"cordoned", corev1.Node{Status: ready("True"), Spec: corev1.NodeSpec{Unschedulable: true}}, status, "Ready,SchedulingDisabled"},
		{"no role", corev1.Node{}, roles, "<none>"},
		{"a role label without a role", labelled(map[string]string{"node-role.kubernetes.io/": ""}), roles, "<none>"},
		{
			"roles of both forms, sorted, each once",
			labelled(map[string]string{"node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/a": "x", "kubernetes.io/role": "worker"}), roles, "a,worker",
		},
		{"no address", corev1.Node{}, internalIP, "<none>"},
		{
			"the first address of a type",
			corev1.Node{Status: corev1.NodeStatus{Addresses: []corev1.NodeAddress{{Type: "InternalIP", Address: "10.0.0.1"}, {Type: "ExternalIP", Address: "1.2.3.4"}, {Type: "ExternalIP", Address: "1.2.3.5"}}}},
			externalIP, "1.2.3.4",
		},
		{"no kernel", corev1.Node{}, kernelVersion, "<unknown>"},
		{"a kernel without architecture", corev1.Node{Status: corev1.NodeStatus{NodeInfo: corev1.NodeSystemInfo{KernelVersion: "6.8.0"}}}, kernelVersion, "6.8.0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(any(tt.want), nodeCells(&tt.node)[tt.cell]); diff != "" {
				t.Errorf("cell (-want +got):\n%s", diff)
			}
		})
	}
}
