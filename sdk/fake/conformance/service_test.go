package conformance

import "testing"

const policyFile = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: friends
spec:
  podSelector: {matchLabels: {app: crane}}
  ingress:
  - from: [{podSelector: {matchLabels: {role: friend}}}]
    ports: [{port: 8080}]
`

func TestServices(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.craneRuns()
	c.kubectl("expose", "rc", "crane", "--port=80", "--target-port=8080", "--type=NodePort", "--overrides",
		`{"apiVersion":"v1","kind":"Service","spec":{"clusterIP":"10.96.0.77"}}`)
	c.kubectl("wait", "--for=jsonpath={.subsets[0].addresses[0].ip}=10.244.0.1", "endpoints/crane", "--timeout=30s")
	c.kubectl("wait", "--for=jsonpath={.endpoints[0].conditions.ready}=true", "endpointslice", "-l", "kubernetes.io/service-name=crane", "--timeout=30s")
	has(t, c.got("get", "svc", "crane"), "crane NodePort 10.96.0.77 <none> 80:3")
	has(t, c.got("describe", "svc", "crane"), "IP Family Policy: SingleStack\n", "IP Families: IPv4\n", "IP: 10.96.0.77\n", "Endpoints: 10.244.0.1:8080\n",
		"Session Affinity: None\n", "External Traffic Policy: Cluster\n", "Internal Traffic Policy: Cluster\n")
	has(t, c.got("get", "endpoints", "crane"), "crane 10.244.0.1:8080 <age>\n")
	has(t, c.got("get", "endpointslices", "-l", "kubernetes.io/service-name=crane", "--no-headers"), " IPv4 8080 10.244.0.1 <age>\n")
	has(t, c.refused("create", "service", "clusterip", "other", "--tcp=80", "--clusterip=10.96.0.77"),
		`error: failed to create ClusterIP service: Service "other" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.77"]: `+
			`failed to allocate IP 10.96.0.77: provided IP is already allocated`)
}

func TestNetworkPolicy(t *testing.T) {
	t.Parallel()
	c := serve(t)
	has(t, c.kubectl("apply", "-f", c.write("policy.yaml", policyFile)), "networkpolicy.networking.k8s.io/friends created\n")
	has(t, c.got("get", "netpol"), "NAME POD-SELECTOR AGE\nfriends app=crane <age>\n")
	has(t, c.got("describe", "netpol", "friends"), "Allowing ingress traffic:\n", "To Port: 8080/TCP\n", "PodSelector: role=friend\n", "Policy Types: Ingress\n")
	has(t, c.got("get", "netpol", "friends", "-o", "jsonpath={.spec.policyTypes} {.spec.ingress[0].ports[0].protocol} {.metadata.generation}"), `["Ingress"] TCP 1`)
}
