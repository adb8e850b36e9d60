package conformance

import (
	"regexp"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

var (
	machineID = regexp.MustCompile(`(Machine ID: +)[0-9a-f]{32}`)
	// lease is what the node's Lease says, which is not served.
	lease = regexp.MustCompile(`(?m)^Lease: .*\n`)
)

func TestDescribeNode(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.craneRuns()
	got := lease.ReplaceAllString(c.kubectl("describe", "node", "minikube"), "")
	golden(t, "chapter/describe-node.txt", machineID.ReplaceAllString(got, "${1}<machine>"))
}

// A pod whose image nobody registered says what to do, where a user looks first.
func TestDescribePodWithoutImage(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.kubectl("run", "one", "--image=no/such:v1")
	c.kubectl("wait", `--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff`, "pod/one", "--timeout=30s")
	has(t, normal(c.kubectl("get", "pod", "one")), "one 0/1 ImagePullBackOff 0 <age>")
	has(t, normal(c.kubectl("describe", "pod", "one")),
		"Normal Scheduled <age> default-scheduler Successfully assigned default/one to minikube",
		`Normal Pulling <age> kubelet spec.containers{one}: Pulling image "no/such:v1"`,
		`Warning Failed <age> kubelet spec.containers{one}: Failed to pull image "no/such:v1": no program is registered for this image`,
		"Warning Failed <age> kubelet spec.containers{one}: Error: ErrImagePull",
		`Normal BackOff <age> kubelet spec.containers{one}: Back-off pulling image "no/such:v1"`,
		"Warning Failed <age> kubelet spec.containers{one}: Error: ImagePullBackOff",
	)
	has(t, c.refused("logs", "one"), `container "one" in pod "one" is waiting to start: trying and failing to pull image`)
}

func TestDescribeUnschedulablePod(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.kubectl("cordon", "minikube")
	has(t, normal(c.kubectl("get", "nodes")), "minikube Ready,SchedulingDisabled control-plane")
	events := c.spawn(nil, "get", "events", "-w", "--field-selector=reason=FailedScheduling", "-o", "jsonpath={.message}{'\\n'}")
	c.kubectl("run", "one", "--image=heejeong/crane")
	has(t, events.until("available"), "0/1 nodes are available: 1 node(s) were unschedulable.")
	has(t, normal(c.kubectl("describe", "pod", "one")), "Status: Pending", "PodScheduled False", "Warning FailedScheduling <age> default-scheduler 0/1 nodes are available")
	c.kubectl("uncordon", "minikube")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
}

// describe works for the kinds that are only kept.
func TestDescribeObjects(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "configmap", "settings", "--from-literal=colour=green")
	for args, want := range map[string][]string{
		"describe cm settings":        {"Name: settings\n", "colour:\n--\ngreen\n"},
		"describe namespace default":  {"Name: default\n", "Labels: kubernetes.io/metadata.name=default\n", "Status: Active"},
		"describe service kubernetes": {"Name: kubernetes\n", "IP: 10.96.0.1\n", "Port: https 443/TCP\n"},
	} {
		t.Run(args, func(t *testing.T) { has(t, normal(c.kubectl(fields(args)...)), want...) })
	}
}
