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
		"Job", "PodDisruptionBudget", "PriorityClass", "Lease", "EndpointSlice", "SelfSubjectReview", "TokenReview", "SelfSubjectAccessReview", "Role",
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

// What can be asked of paths that are no objects.
func TestRawPaths(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for path, want := range map[string][]string{
		"/":                                 {`"/apis/apps/v1",`, `"/healthz/ping",`, `"/openapi/v2",`},
		"/healthz":                          {"ok"},
		"/readyz?verbose":                   {"[+]ping ok\n", "readyz check passed\n"},
		"/livez/etcd":                       {"ok"},
		"/version":                          {`"gitVersion": "v1.37.2"`},
		"/apis/apps":                        {`"kind":"APIGroup"`, `"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}`},
		"/openapi/v3":                       {`"api/v1":{"serverRelativeURL":"/openapi/v3/api/v1?hash=`},
		"/.well-known/openid-configuration": {`"issuer":"https://kubernetes.default.svc.cluster.local"`},
	} {
		t.Run(path, func(t *testing.T) { has(t, c.kubectl("get", "--raw", path), want...) })
	}
	has(t, c.refused("get", "--raw", "/metrics"), "Error from server: the fake has no metrics")
}

// Every version that is served is one of a real cluster's.
func TestAPIVersions(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	recorded, err := os.ReadFile("testdata/golden/api-versions.txt")
	if err != nil {
		t.Fatal(err)
	}
	real, got := strings.Fields(string(recorded)), strings.Fields(c.kubectl("api-versions"))
	for _, version := range got {
		if !slices.Contains(real, version) {
			t.Errorf("no real cluster has %s", version)
		}
	}
	if !slices.Contains(got, "rbac.authorization.k8s.io/v1") || !slices.IsSorted(got) {
		t.Errorf("versions %q", got)
	}
}

func TestVersionForms(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	has(t, c.try("version").stdout, "Client Version: ", "Server Version: v1.37.2\n") // this kubectl was built without a version of its own
	has(t, c.try("version", "-o", "json").stdout, `"gitVersion": "v1.37.2"`, `"minCompatibilityMinor": "36"`)
}

func TestClusterInfoDump(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	dump := c.kubectl("cluster-info", "dump", "--namespaces=default")
	has(t, dump, `"kind": "NodeList"`, `"kind": "EventList"`, `"kind": "ReplicationControllerList"`, `"kind": "ServiceList"`, `"kind": "DaemonSetList"`,
		`"kind": "DeploymentList"`, `"kind": "ReplicaSetList"`, `"kind": "PodList"`, "==== START logs for container crane of pod default/"+pod+" ====\n")
}

// Who asks for no OpenAPI v3 gets by with the older document: explain, and the validation of a client.
func TestOlderOpenAPI(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly(), fake.Forbid(fake.Rule{NonResourceURLs: []string{"/openapi/v3", "/openapi/v3/*"}}))
	manifest := c.write("wrong.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wrong}\ndatum: {a: b}\n")
	has(t, c.refused("create", "--validate=strict", "-f", manifest), `unknown field "datum"`)
	has(t, c.kubectl("explain", "role.rules", "--output=plaintext-openapiv2"), "RESOURCE: rules <[]Object>", "nonResourceURLs")
	right := c.write("right.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: right}\ndata: {a: b}\n")
	has(t, c.kubectl("apply", "-f", right), "configmap/right created\n")
	right = c.write("right.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: right}\ndata: {a: c}\n")
	has(t, c.kubectl("apply", "-f", right), "configmap/right configured\n")
}
