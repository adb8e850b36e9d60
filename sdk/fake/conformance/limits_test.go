package conformance

import "testing"

const boundedYAML = `
apiVersion: v1
kind: LimitRange
metadata: {name: bounds}
spec:
  limits:
  - {type: Container, default: {cpu: "2", memory: 64Mi}, defaultRequest: {cpu: "1", memory: 32Mi}, max: {cpu: "2"}}
---
apiVersion: v1
kind: ResourceQuota
metadata: {name: budget}
spec:
  hard: {pods: "1", requests.cpu: "3", limits.memory: 1Gi, count/deployments.apps: "0"}
`

// Limit ranges and quotas as kubectl shows them and meets them.
func TestLimitsAndQuotas(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.write("bounded.yaml", boundedYAML)
	has(t, c.kubectl("apply", "-f", c.file("bounded.yaml")), "limitrange/bounds created", "resourcequota/budget created")
	c.kubectl("wait", "--for=jsonpath={.status.used.pods}=0", "quota/budget", "--timeout=30s")
	c.kubectl("run", "one", "--image=heejeong/crane")
	has(t, normal(c.kubectl("describe", "quota", "budget")), "pods 1 1", "requests.cpu 1 3", "limits.memory 64Mi 1Gi", "count/deployments.apps 0 0")
	has(t, normal(c.kubectl("get", "quota", "budget")),
		"budget count/deployments.apps: 0/0, pods: 1/1, requests.cpu: 1/3 limits.memory: 64Mi/1Gi <age>")
	has(t, normal(c.kubectl("describe", "limits", "bounds")), "Container cpu - 2 1 2 -", "Container memory - - 32Mi 64Mi -")
	has(t, normal(c.kubectl("describe", "namespace", "default")), "Resource Quotas\n", "pods 1 1\n", "Resource Limits\n", "Container cpu - 2 1 2 -\n")
	has(t, c.refused("run", "two", "--image=heejeong/crane"),
		`Error from server (Forbidden): pods "two" is forbidden: exceeded quota: budget, requested: pods=1, used: pods=1, limited: pods=1`)
	has(t, c.refused("create", "deployment", "d", "--image=heejeong/crane"), `deployments.apps "d" is forbidden: exceeded quota: budget`)
	has(t, c.kubectl("create", "quota", "dry", "--hard=pods=2", "--dry-run=server"), "resourcequota/dry created (server dry run)")
	has(t, c.kubectl("delete", "pod", "one", "--now"), `pod "one" deleted`)
	c.kubectl("wait", "--for=jsonpath={.status.used.pods}=0", "quota/budget", "--timeout=30s")
}

// A drained node keeps the pods that a disruption budget wants.
func TestDrainHeedsBudgets(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.kubectl("run", "one", "--image=heejeong/crane", "--labels=app=web")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	has(t, c.kubectl("create", "pdb", "web", "--selector=app=web", "--min-available=1"), "poddisruptionbudget.policy/web created")
	c.kubectl("wait", "--for=jsonpath={.status.currentHealthy}=1", "pdb/web", "--timeout=30s")
	has(t, normal(c.kubectl("get", "pdb")), "web 1 N/A 0 <age>")
	has(t, c.refused("drain", "minikube", "--force", "--timeout=1s"), "Cannot evict pod as it would violate the pod's disruption budget.")
	c.kubectl("delete", "pdb", "web")
	has(t, c.kubectl("drain", "minikube", "--force", "--timeout=60s"), "pod/one evicted", "node/minikube drained")
}
