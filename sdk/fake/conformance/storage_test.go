package conformance

import "testing"

const claimYAML = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`

// Claims, volumes and classes as kubectl shows them.
func TestClaims(t *testing.T) {
	t.Parallel()
	c := serve(t)
	has(t, normal(c.kubectl("get", "sc")), "standard (default) k8s.io/minikube-hostpath Delete Immediate false <age>")
	c.write("claim.yaml", claimYAML)
	has(t, c.kubectl("apply", "-f", c.file("claim.yaml")), "persistentvolumeclaim/data created")
	c.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/data", "--timeout=30s")
	has(t, normal(c.kubectl("get", "pvc")), "data Bound pvc-<uid> 1Gi RWO standard <unset> <age>")
	has(t, normal(c.kubectl("get", "pv")), "pvc-<uid> 1Gi RWO Delete Bound default/data standard <unset> <age>")
	has(t, normal(c.kubectl("describe", "pvc", "data")), "Status: Bound\n", "Finalizers: [kubernetes.io/pvc-protection]\n", "Used By: <none>\n",
		"Waiting for a volume to be created either by the external provisioner 'k8s.io/minikube-hostpath'", "Successfully provisioned volume pvc-<uid>")
	has(t, c.kubectl("explain", "pv.spec.persistentVolumeReclaimPolicy"), "KIND:       PersistentVolume", "Delete", "Retain")
	has(t, c.kubectl("delete", "pvc", "data"), `persistentvolumeclaim "data" deleted`)
	c.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=30s")
	has(t, c.refused("delete", "priorityclass", "system-node-critical"), "this is a system priority class and cannot be deleted")
}
