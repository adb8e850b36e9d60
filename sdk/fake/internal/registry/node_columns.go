package registry

import (
	"maps"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var nodeColumns = []metav1.TableColumnDefinition{
	nameColumn,
	{Name: "Status", Type: "string", Description: "Whether the node is ready, and whether pods may be put on it."},
	{Name: "Roles", Type: "string", Description: "What the node is for, by its role labels."},
	ageColumn,
	{Name: "Version", Type: "string", Description: nodeInfoDoc["kubeletVersion"]},
	{Name: "Internal-IP", Type: "string", Priority: wide, Description: corev1.NodeStatus{}.SwaggerDoc()["addresses"]},
	{Name: "External-IP", Type: "string", Priority: wide, Description: corev1.NodeStatus{}.SwaggerDoc()["addresses"]},
	{Name: "OS-Image", Type: "string", Priority: wide, Description: nodeInfoDoc["osImage"]},
	{Name: "Kernel-Version", Type: "string", Priority: wide, Description: nodeInfoDoc["kernelVersion"]},
	{Name: "Container-Runtime", Type: "string", Priority: wide, Description: nodeInfoDoc["containerRuntimeVersion"]},
}

var nodeInfoDoc = corev1.NodeSystemInfo{}.SwaggerDoc()

func nodeCells(obj store.Object) []any {
	node := obj.(*corev1.Node)
	info := &node.Status.NodeInfo
	return []any{
		node.Name,
		nodeStatus(node),
		joined(nodeRoles(node)),
		age(node),
		info.KubeletVersion,
		nodeAddress(node, corev1.NodeInternalIP),
		nodeAddress(node, corev1.NodeExternalIP),
		orElse(info.OSImage, cellUnknown),
		kernel(info),
		orElse(info.ContainerRuntimeVersion, cellUnknown),
	}
}

// nodeStatus is Ready, NotReady or, before the node has reported at all, Unknown.
func nodeStatus(node *corev1.Node) string {
	status := "Unknown"
	for _, c := range node.Status.Conditions {
		if c.Type != corev1.NodeReady {
			continue
		}
		status = "NotReady"
		if c.Status == corev1.ConditionTrue {
			status = "Ready"
		}
	}
	if node.Spec.Unschedulable {
		status += ",SchedulingDisabled"
	}
	return status
}

// What labels give a node a role: the first by its name, the older second by its value.
const (
	roleLabelPrefix = "node-role.kubernetes.io/"
	roleLabel       = "kubernetes.io/role"
)

func nodeRoles(node *corev1.Node) []string {
	roles := map[string]bool{}
	for k, v := range node.Labels {
		role, found := strings.CutPrefix(k, roleLabelPrefix)
		if k == roleLabel {
			role, found = v, true
		}
		if found && role != "" {
			roles[role] = true
		}
	}
	return slices.Sorted(maps.Keys(roles))
}

func nodeAddress(node *corev1.Node, t corev1.NodeAddressType) string {
	for _, a := range node.Status.Addresses {
		if a.Type == t {
			return a.Address
		}
	}
	return cellNone
}

// kernel names the machine's architecture beside the kernel's version.
func kernel(info *corev1.NodeSystemInfo) string {
	switch {
	case info.KernelVersion == "":
		return cellUnknown
	case info.Architecture == "":
		return info.KernelVersion
	}
	return info.KernelVersion + " (" + info.Architecture + ")"
}
