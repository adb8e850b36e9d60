package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Nodes are cordoned, drained, tainted and described by kubectl, and the pods follow.
func TestNodes(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.Nodes(2), fake.UnknownImages(fake.Pause))
	const second = "minikube-m02"
	has(t, c.kubectl("cordon", "minikube"), "node/minikube cordoned")
	c.kubectl("wait", "--for=jsonpath={.spec.taints[0].key}=node.kubernetes.io/unschedulable", "node/minikube", "--timeout=30s")
	has(t, normal(c.kubectl("get", "node", "minikube")), "minikube Ready,SchedulingDisabled control-plane <age> v1.37.2")
	c.kubectl("run", "bare", "--image=idle")
	c.kubectl("wait", "--for=condition=Ready", "pod/bare", "--timeout=30s")
	if got := c.kubectl("get", "pod", "bare", "-o", "jsonpath={.spec.nodeName}"); got != second {
		t.Errorf("the pod is on %q", got)
	}
	has(t, c.kubectl("uncordon", "minikube"), "node/minikube uncordoned")

	has(t, c.refused("drain", second), "cannot delete Pods that declare no controller (use --force to override): default/bare")
	has(t, c.kubectl("drain", second, "--force", "--timeout=60s"), "evicting pod default/bare", "node/minikube-m02 drained")
	has(t, c.refused("get", "pod", "bare"), `pods "bare" not found`)
	has(t, normal(c.kubectl("describe", "node", second)), "Unschedulable: true", "Taints: node.kubernetes.io/unschedulable:NoSchedule", "HolderIdentity: "+second)
	c.kubectl("uncordon", second)

	c.kubectl("run", "other", "--image=idle", `--overrides={"spec":{"nodeSelector":{"kubernetes.io/hostname":"minikube-m02"}}}`)
	c.kubectl("wait", "--for=condition=Ready", "pod/other", "--timeout=30s")
	has(t, c.kubectl("taint", "node", second, "gone=now:NoExecute"), "node/minikube-m02 tainted")
	c.kubectl("wait", "--for=delete", "pod/other", "--timeout=60s")
	has(t, c.kubectl("taint", "node", second, "gone-"), "node/minikube-m02 untainted")
	has(t, c.refused("top", "node"), "Metrics API not available")

	c.kubectl("delete", "node", second)
	has(t, c.kubectl("get", "lease", "-n", "kube-node-lease"), "minikube")
}
