package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// drained is a cluster of two nodes whose second has, by label: a pod of a controller, one of a daemon set, one that nobody manages and one
// with files of its own.
func drained(t *testing.T) (c *cluster, node string) {
	t.Helper()
	c, node = serve(t, fake.Nodes(2), fake.UnknownImages(fake.Pause)), "minikube-m02"
	c.kubectl("cordon", "minikube")
	c.kubectl("create", "-f", c.write("web.yaml", `
apiVersion: v1
kind: ReplicationController
metadata: {name: web}
spec:
  replicas: 1
  selector: {app: web}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: idle}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec: {containers: [{name: c, image: idle}]}
`))
	uid := c.kubectl("get", "ds", "agent", "-o", "jsonpath={.metadata.uid}")
	c.kubectl("create", "-f", c.write("pods.yaml", `
apiVersion: v1
kind: Pod
metadata:
  name: agent-x
  labels: {app: agent}
  ownerReferences: [{apiVersion: apps/v1, kind: DaemonSet, name: agent, uid: `+uid+`, controller: true}]
spec: {containers: [{name: c, image: idle}]}
---
apiVersion: v1
kind: Pod
metadata: {name: bare, labels: {app: bare}}
spec: {containers: [{name: c, image: idle}]}
---
apiVersion: v1
kind: Pod
metadata: {name: scratch, labels: {app: scratch}}
spec:
  containers: [{name: c, image: idle}]
  volumes: [{name: files, emptyDir: {}}]
`))
	c.kubectl("wait", "--for=create", "pod", "-l", "app=web", "--timeout=30s")
	c.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=30s")
	c.kubectl("uncordon", "minikube")
	return c, node
}

// A drain refuses what it would lose, all reasons at once, says what to do, and leaves the node cordoned.
func TestDrainRefuses(t *testing.T) {
	t.Parallel()
	c, node := drained(t)
	r := c.try("drain", node)
	if r.code != 1 || r.stdout != "node/minikube-m02 cordoned\n" {
		t.Errorf("exit code %d, %q", r.code, r.stdout)
	}
	has(t, r.stderr, `error: unable to drain node "minikube-m02" due to error: [`,
		"cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): default/agent-x",
		"cannot delete Pods that declare no controller (use --force to override): default/bare",
		"cannot delete Pods with local storage (use --delete-emptydir-data to override): default/scratch",
		"], continuing command...\nThere are pending nodes to be drained:\n minikube-m02\n")
	has(t, normal(c.kubectl("get", "node", node)), "Ready,SchedulingDisabled")
	has(t, c.kubectl("drain", node, "--pod-selector=app=web", "--dry-run=server"), "node/minikube-m02 already cordoned (server dry run)\n",
		"evicting pod default/web-", "(server dry run)\n", "node/minikube-m02 drained (server dry run)\n")
	if got := c.kubectl("get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"); got != node+" "+node+" "+node+" "+node {
		t.Errorf("the pods are on %s", got)
	}
}

// Told what to lose, it evicts all but the pods of daemon sets, and a controller makes up for its own elsewhere. One pod at a time: where
// kubectl waits for several, it has a data race, which a kubectl that was built with -race ends over.
func TestDrain(t *testing.T) {
	t.Parallel()
	c, node := drained(t)
	r := c.try("drain", node, "--force", "--delete-emptydir-data", "--pod-selector=app=scratch", "--timeout=60s")
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s", r.code, r.stderr)
	}
	has(t, r.stdout, "node/minikube-m02 cordoned\n", "evicting pod default/scratch\n", "pod/scratch evicted\n", "node/minikube-m02 drained\n")
	has(t, r.stderr, "Warning: deleting Pods that declare no controller: default/scratch\n")
	c.kubectl("delete", "pod", "bare", "--now")

	r = c.try("drain", node, "--ignore-daemonsets", "--timeout=60s")
	if r.code != 0 {
		t.Fatalf("exit code %d\n%s", r.code, r.stderr)
	}
	has(t, r.stdout, "node/minikube-m02 already cordoned\n", "evicting pod default/web-", " evicted\nnode/minikube-m02 drained\n")
	has(t, r.stderr, "Warning: ignoring DaemonSet-managed Pods: default/agent-x\n")
	c.kubectl("wait", "--for=create", "pod", "-l", "app=web", "--timeout=30s")
	c.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=30s")
	if got, want := c.kubectl("get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.labels.app}={.spec.nodeName} {end}"), "agent=minikube-m02 web=minikube "; got != want {
		t.Errorf("the pods are %q, want %q", got, want)
	}
	has(t, c.kubectl("drain", node, "--ignore-daemonsets"), "node/minikube-m02 already cordoned\nnode/minikube-m02 drained\n")
	has(t, c.kubectl("uncordon", node), "node/minikube-m02 uncordoned\n")
}

// A disruption budget holds a drain up, which tries again until the budget lets it or its time is over.
func TestDrainRespectsBudgets(t *testing.T) {
	t.Parallel()
	c, node := drained(t)
	c.kubectl("delete", "pod", "bare", "scratch", "agent-x", "--now")
	has(t, c.kubectl("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=1"), "poddisruptionbudget.policy/web created")
	c.kubectl("wait", "--for=jsonpath={.status.currentHealthy}=1", "pdb/web", "--timeout=30s")
	const held = "(will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget."
	r := c.try("drain", node, "--timeout=1s")
	if r.code == 0 {
		t.Errorf("it succeeded:\n%s", r.stdout)
	}
	has(t, r.stderr, `error when evicting pods/"web-`, `" -n "default" `+held, "global timeout reached: 1s")

	patient := c.spawn(nil, "drain", node, "--timeout=60s")
	patient.until(held)
	c.kubectl("scale", "rc", "web", "--replicas=2")
	patient.until("pod/web-", " evicted")
	has(t, patient.rest(), "node/minikube-m02 drained\n")
	if got := c.kubectl("get", "pods", "-l", "app=web", "--field-selector=spec.nodeName="+node, "-o", "name"); got != "" {
		t.Errorf("still on the node: %s", got)
	}
}

// Who does not want to ask budgets deletes.
func TestDrainWithoutEviction(t *testing.T) {
	t.Parallel()
	c, node := drained(t)
	c.kubectl("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=1")
	c.kubectl("wait", "--for=jsonpath={.status.currentHealthy}=1", "pdb/web", "--timeout=30s")
	out := c.kubectl("drain", node, "--pod-selector=app=web", "--disable-eviction", "--timeout=60s")
	has(t, out, "pod/web-", " deleted\n", "node/minikube-m02 drained\n")
}
