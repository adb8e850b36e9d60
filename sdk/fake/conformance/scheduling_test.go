package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Two replicas that keep apart need two nodes; a third says what it waits for, until there is one.
func TestScheduling(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.Nodes(2), fake.UnknownImages(fake.Pause))
	c.kubectl("create", "-f", c.write("apart.yaml", `
apiVersion: v1
kind: ReplicationController
metadata: {name: db}
spec:
  replicas: 2
  selector: {app: db}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: c, image: idle}]
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
          - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}
`))
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=2", "rc/db", "--timeout=30s")
	if got := c.kubectl("get", "pods", "--sort-by=.spec.nodeName", "-o", "jsonpath={.items[*].spec.nodeName}"); got != "minikube minikube-m02" {
		t.Errorf("the replicas are on %s", got)
	}
	c.kubectl("create", "-f", c.write("near.yaml", `
apiVersion: v1
kind: Pod
metadata: {name: third}
spec:
  containers: [{name: c, image: idle}]
  affinity:
    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers: [{name: c, image: idle}]
  affinity:
    podAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: cache}}}
---
apiVersion: v1
kind: Pod
metadata: {name: spread, labels: {app: spread}}
spec:
  containers: [{name: c, image: idle}]
  topologySpreadConstraints:
  - {topologyKey: topology.kubernetes.io/zone, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: spread}}}
`))
	for pod, want := range map[string]string{
		"third": "2 node(s) didn't match pod anti-affinity rules. preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.",
		"web":   "2 node(s) didn't match pod affinity rules. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
		"spread": "2 node(s) didn't match pod topology spread constraints (missing required label). " +
			"preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
	} {
		c.kubectl("wait", "--for=condition=PodScheduled=False", "pod/"+pod, "--timeout=30s")
		has(t, normal(c.kubectl("describe", "pod", pod)), " Warning FailedScheduling <age> default-scheduler 0/2 nodes are available: "+want+"\n")
	}
	c.kubectl("scale", "rc", "db", "--replicas=1")
	c.kubectl("run", "cache", "--image=idle", "-l", "app=cache")
	c.kubectl("label", "node", "minikube", "topology.kubernetes.io/zone=a")
	c.kubectl("wait", "--for=condition=Ready", "pod/third", "pod/web", "pod/spread", "pod/cache", "--timeout=30s")
	if web, cache := c.nodeOf("web"), c.nodeOf("cache"); web != cache {
		t.Errorf("web is on %s, the cache on %s", web, cache)
	}
	if got := c.nodeOf("spread"); got != "minikube" {
		t.Errorf("the pod that wants a zone is on %s", got)
	}
}

func (c *cluster) nodeOf(pod string) string {
	c.t.Helper()
	return c.kubectl("get", "pod", pod, "-o", "jsonpath={.spec.nodeName}")
}
