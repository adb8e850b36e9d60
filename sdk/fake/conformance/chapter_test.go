package conformance

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// What kubectl prints of the chapter's controller and its pod is what it printed for a real cluster.
func TestGet(t *testing.T) {
	c := serve(t)
	pod := c.craneRuns()
	for _, tc := range []struct{ file, args string }{
		{"golden/pods.txt", "get pods"},
		{"golden/pods-wide.txt", "get pods -o wide"},
		{"golden/pods-labels.txt", "get pods --show-labels"},
		{"golden/rc.txt", "get rc"},
		{"golden/rc-wide.txt", "get rc -o wide"},
		{"golden/all.txt", "get all"},
		{"golden/namespaces.txt", "get namespaces"},
		{"chapter/nodes-wide.txt", "get nodes -o wide"},
		{"chapter/pod.yaml", "get pod -o yaml " + pod},
		{"chapter/pod.json", "get pod -o json " + pod},
		{"chapter/describe-pod.txt", "describe pod " + pod},
		{"chapter/describe-rc.txt", "describe rc crane"},
		{"chapter/events.txt", "get events --sort-by=.metadata.creationTimestamp"},
		{"golden/explain-pods.txt", "explain pods"},
		{"golden/explain-rc-spec.txt", "explain rc.spec"},
	} {
		t.Run(tc.args, func(t *testing.T) { golden(t, tc.file, c.kubectl(strings.Fields(tc.args)...)) })
	}
	if got := c.kubectl("get", "pod", pod, "-o", "jsonpath={.status.podIP} {.spec.nodeName}"); got != "10.244.0.1 minikube" {
		t.Errorf("jsonpath = %q", got)
	}
	if got := c.kubectl("get", "pods", "-A", "-o", "name"); got != "pod/"+pod+"\n" {
		t.Errorf("names = %q", got)
	}
	has(t, c.refused("get", "pod", "nope"), `Error from server (NotFound): pods "nope" not found`)
}

func TestCreate(t *testing.T) {
	c := serve(t)
	if got := c.kubectl("create", "-f", "testdata/golden/crane.json"); got != "replicationcontroller/crane created\n" {
		t.Errorf("create = %q", got)
	}
	for _, tc := range []struct{ name, descriptor, says string }{
		{"name taken", "", `Error from server (AlreadyExists)`},
		{"malformed JSON", `{"kind": "Pod"`, "error parsing"},
		{"unknown kind", `{"kind": "Podd", "apiVersion": "v1", "metadata": {"name": "a"}}`, `no matches for kind "Podd" in version "v1"`},
		{"user-defined kind", `{"kind": "CustomResourceDefinition", "apiVersion": "apiextensions.k8s.io/v1", "metadata": {"name": "a"}}`,
			`The CustomResourceDefinition "a" is invalid`},
		{"unknown field", `{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "c", "image": "i", "imagee": "x"}]}}`,
			`strict decoding error: unknown field "spec.containers[0].imagee"`},
		{"missing image", `{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}, "spec": {"containers": [{"name": "c"}]}}`,
			`The Pod "a" is invalid: spec.containers[0].image: Required value`},
		{"unknown namespace", `{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a", "namespace": "x"}, "spec": {"containers": [{"name": "c", "image": "i"}]}}`,
			`namespaces "x" not found`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := "testdata/golden/crane.json"
			if tc.descriptor != "" {
				file = c.write("bad.json", tc.descriptor)
			}
			has(t, c.refused("create", "-f", file), tc.says)
		})
	}
	has(t, c.kubectl("create", "configmap", "settings", "--from-literal=a=b"), "configmap/settings created") // in protobuf
	has(t, c.kubectl("create", "namespace", "other"), "namespace/other created")
	has(t, c.kubectl("delete", "namespace", "other"), `namespace "other" deleted`)
}

func TestApply(t *testing.T) {
	c := serve(t)
	golden(t, "golden/apply.txt", c.kubectl("apply", "-f", "testdata/golden/crane.json"))
	c.kubectl("wait", "--for=jsonpath={.status.availableReplicas}=1", "rc/crane", "--timeout=30s")
	golden(t, "golden/rc-no-managed-fields.yaml", c.kubectl("get", "rc", "crane", "-o", "yaml"))
	golden(t, "golden/apply-again.txt", c.kubectl("apply", "-f", "testdata/golden/crane.json"))
	has(t, c.kubectl("apply", "--server-side", "--force-conflicts", "-f", "testdata/golden/crane.json"), "replicationcontroller/crane serverside-applied")
}

func TestLogs(t *testing.T) {
	c := serve(t)
	pod := c.craneRuns()
	follow := bufio.NewScanner(c.start("logs", "-f", pod))
	if !follow.Scan() || follow.Text() != "crane is up" {
		t.Fatalf("logs -f begins with %q", follow.Text())
	}
	ask(t, c, pod)
	if !follow.Scan() || follow.Text() != "GET /" {
		t.Errorf("logs -f goes on with %q", follow.Text())
	}
	if got := c.kubectl("logs", pod, "-c", "crane"); got != "crane is up\nGET /\n" {
		t.Errorf("logs -c = %q", got)
	}
	if got := c.kubectl("logs", "rc/crane", "--tail=1"); got != "GET /\n" {
		t.Errorf("logs --tail=1 = %q", got)
	}
	if got := c.kubectl("logs", "-l", "app=crane", "--prefix", "--limit-bytes=5"); got != "[pod/"+pod+"/crane] crane" {
		t.Errorf("logs --prefix --limit-bytes=5 = %q", got)
	}
	has(t, c.refused("logs", pod, "-c", "nope"), "container nope is not valid for pod "+pod)
	has(t, c.refused("logs", pod, "--previous"), `previous terminated container "crane" in pod "`+pod+`" not found`)
}

var forwarding = regexp.MustCompile(`^Forwarding from 127\.0\.0\.1:(\d+) -> 8080$`)

// ask forwards a free local port to the pod's 8080, as the chapter does, and makes a request through it.
func ask(t *testing.T, c *cluster, pod string) {
	t.Helper()
	lines := bufio.NewScanner(c.start("port-forward", pod, ":8080"))
	for lines.Scan() {
		m := forwarding.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		resp, err := http.Get("http://127.0.0.1:" + m[1] + "/")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if want := fmt.Sprintf("this is %s\n", pod); err != nil || string(body) != want {
			t.Errorf("through the forward comes %q, %v; want %q", body, err, want)
		}
		return
	}
	t.Error("kubectl port-forward never said that it forwards")
}

func TestLabelAndSelect(t *testing.T) {
	c := serve(t)
	pod := c.craneRuns()
	has(t, c.kubectl("label", "pod", pod, "rel=stable"), "pod/"+pod+" labeled")
	if got := c.kubectl("get", "pods", "-l", "app=crane,rel in (stable,beta)", "-o", "name"); got != "pod/"+pod+"\n" {
		t.Errorf("selected %q", got)
	}
	has(t, c.try("get", "pods", "-l", "rel=beta").stderr, "No resources found in default namespace.")
	has(t, c.refused("label", "pod", pod, "rel=beta"), "'rel' already has a value (stable), and --overwrite is false")
	c.kubectl("label", "pod", pod, "rel=beta", "--overwrite")
	has(t, c.kubectl("get", "pods", "-L", "rel"), "REL", "beta")
	has(t, c.kubectl("label", "pod", pod, "rel-"), "pod/"+pod+" unlabeled")
	has(t, c.kubectl("annotate", "pod", pod, "why=because"), "pod/"+pod+" annotated")
	has(t, c.refused("get", "pods", "-l", "a b"), "unable to parse requirement: found 'b'")
}

func TestScaleAndDelete(t *testing.T) {
	c := serve(t)
	pod := c.craneRuns()
	has(t, c.kubectl("scale", "rc", "crane", "--replicas=3"), "replicationcontroller/crane scaled")
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=3", "rc/crane", "--timeout=30s")
	if got := strings.Count(c.kubectl("get", "pods", "-l", "app=crane", "-o", "name"), "\n"); got != 3 {
		t.Errorf("%d pods, want 3", got)
	}
	golden(t, "golden/delete-dry.txt", c.kubectl("delete", "rc", "crane", "--dry-run=server"))
	has(t, c.kubectl("delete", "pod", pod), `pod "`+pod+`" deleted from default namespace`)
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=3", "rc/crane", "--timeout=30s") // replaced
	has(t, c.kubectl("delete", "rc", "crane"), `replicationcontroller "crane" deleted from default namespace`)
	c.kubectl("wait", "--for=delete", "pod", "-l", "app=crane", "--timeout=30s")
	has(t, c.try("get", "pods").stderr, "No resources found in default namespace.")
}

func TestWatch(t *testing.T) {
	c := serve(t)
	lines := bufio.NewScanner(c.start("get", "pods", "-w"))
	c.craneRuns()
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Running") && strings.Contains(lines.Text(), "1/1") {
			return
		}
	}
	t.Error("get -w never showed the pod run")
}

func TestAboutTheCluster(t *testing.T) {
	c := serve(t)
	// This kubectl does not know its own version, which its makefile writes into it, and complains of that.
	has(t, c.try("version").stdout, "Server Version: v1.37.2")
	has(t, c.kubectl("api-resources"), "replicationcontrollers", "rc", "v1", "ReplicationController")
	has(t, c.kubectl("api-versions"), "v1\n")
	has(t, normal(c.kubectl("describe", "node", "minikube")), "kubelet is posting ready status", "Container Runtime Version: docker://28.5.1", "Non-terminated Pods: (0 in total)")
	if got := c.kubectl("get", "--raw", "/readyz"); got != "ok" {
		t.Errorf("readyz = %q", got)
	}
}
