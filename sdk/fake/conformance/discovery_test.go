package conformance

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Each line of api-resources is one of a real cluster's, and those of the core group that the fake is for are there.
func TestAPIResources(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	recorded, err := os.ReadFile("testdata/golden/api-resources.txt")
	if err != nil {
		t.Fatal(err)
	}
	real := strings.Split(normal(string(recorded)), "\n")
	got := strings.Split(c.got("api-resources"), "\n")
	for _, line := range got {
		if !slices.Contains(real, line) {
			t.Errorf("no real cluster has %q", line)
		}
	}
	for _, kind := range []string{
		"ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController",
		"ResourceQuota", "Secret", "Service", "ServiceAccount", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet", "HorizontalPodAutoscaler", "CronJob",
		"Job", "PodDisruptionBudget", "PriorityClass", "Lease", "EndpointSlice",
	} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasSuffix(line, " "+kind) }) {
			t.Errorf("there is no %s", kind)
		}
	}
	has(t, c.kubectl("api-resources", "--categories=all", "-o", "name"), "pods\n", "replicationcontrollers\n", "services\n")
	has(t, c.kubectl("api-resources", "--namespaced=false", "-o", "name"), "namespaces\n", "nodes\n")
}

func TestExplainForms(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for args, want := range map[string][]string{
		"explain pods.spec.containers.image":        {"FIELD: image <string>", "Container image name."},
		"explain po.spec.containers.livenessProbe":  {"FIELD: livenessProbe <Probe>", "httpGet\t<HTTPGetAction>"},
		"explain rc.spec.replicas":                  {"FIELD: replicas <integer>"},
		"explain pod --recursive":                   {"      imagePullPolicy\t<string>\n", "  managedFields\t<[]ManagedFieldsEntry>\n"},
		"explain pods --output=plaintext-openapiv2": {"KIND:     Pod\nVERSION:  v1\n", "Pod is a collection of containers that can run on a host."},
		"explain cm.data --api-version=v1":          {"FIELD: data <map[string]string>"},
	} {
		t.Run(args, func(t *testing.T) { has(t, c.kubectl(fields(args)...), want...) })
	}
}

// The version is in what anybody may ask; all else needs the token.
func TestVersionAndToken(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	has(t, c.try("version", "-o", "yaml").stdout, "gitVersion: v1.37.2\n", "minCompatibilityMinor: \"36\"\n", "major: \"1\"\n")
	c.kubectl("get", "pods") // so that it is not discovery that is refused
	has(t, c.refused("get", "pods", "--token=wrong"), "error: You must be logged in to the server (Unauthorized)")
	has(t, c.kubectl("cluster-info"), "Kubernetes control plane", "is running at", "https://127.0.0.1:")
}
