package conformance

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
)

// versions are those of lists in JSON.
var versions = regexp.MustCompile(`("resourceVersion":)"\d+"`)

// fields are the arguments of a command line without quotes.
func fields(args string) []string { return strings.Fields(args) }

// got is what kubectl prints without what varies.
func (c *cluster) got(args ...string) string {
	c.t.Helper()
	return normal(c.kubectl(args...))
}

func TestOutputForms(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	for _, tc := range []struct{ args, want string }{
		{"get pods -o name", "pod/crane-<rand>\n"},
		{"get pods -o wide --no-headers", "crane-<rand> 1/1 Running 0 <age> 10.244.0.1 minikube <none> <none>\n"},
		{"get pods -A", "NAMESPACE NAME READY STATUS RESTARTS AGE\ndefault crane-<rand> 1/1 Running 0 <age>\n"},
		{"get pods --show-kind -L app", "NAME READY STATUS RESTARTS AGE APP\npod/crane-<rand> 1/1 Running 0 <age> crane\n"},
		{"get pods -o custom-columns=WHO:.metadata.name,WHAT:.spec.containers[*].image", "WHO WHAT\ncrane-<rand> heejeong/crane\n"},
		{"get pods -o jsonpath={.items[*].spec.containers[*].ports[*].containerPort}", "7070"},
		{"get pods -o go-template={{range.items}}{{.status.phase}}{{end}}", "Running"},
		{"get pods --field-selector=status.phase=Running,spec.nodeName=minikube -o name", "pod/crane-<rand>\n"},
		{"get pods --field-selector=status.phase!=Running -o name", ""},
		{"get pods --sort-by=.metadata.name", "NAME READY STATUS RESTARTS AGE\ncrane-<rand> 1/1 Running 0 <age>\n"},
		{"get po,rc,svc -o name", "pod/crane-<rand>\nreplicationcontroller/crane\nservice/kubernetes\n"},
		{"get rc/crane node/minikube -o name", "replicationcontroller/crane\nnode/minikube\n"},
		{"get -f testdata/golden/crane.json", "NAME DESIRED CURRENT READY AGE\ncrane 1 1 1 <age>\n"},
		{"get pods -n kube-system -o name", ""},
		{"get pod nope --ignore-not-found", ""},
		{"get rc crane --subresource=scale -o jsonpath={.spec.replicas},{.status.selector}", "1,app=crane"},
		{"get --raw /api/v1/namespaces/default/pods?limit=0&fieldSelector=metadata.name=x", `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":<rv>},"items":[]}` + "\n"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			got := versions.ReplaceAllString(c.got(fields(tc.args)...), "${1}<rv>")
			if diff := cmp.Diff(tc.want, strings.TrimSuffix(got, " ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	var list corev1.PodList
	if err := json.Unmarshal([]byte(c.kubectl("get", "pods", "-o", "json")), &list); err != nil || len(list.Items) != 1 || list.Items[0].Name != pod {
		t.Errorf("get -o json holds %d pods, %v", len(list.Items), err)
	}
}

// Each command that cannot be carried out ends with exit code 1 and the message of a real cluster.
func TestRefusals(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	golden(t, "golden/get-nonexistent.txt", c.refused("get", "pods", "nope"))
	for _, tc := range []struct{ args, says string }{
		{"get podz", `error: the server doesn't have a resource type "podz"`},
		{"get pods --field-selector=colour=green", `field label not supported: colour`},
		{"get pods -l a=b=c", `found '=', expected: ',' or 'end of string'`},
		{"get --raw /nope", "Error from server (NotFound): the server could not find the requested resource"},
		{"describe pod nope", `Error from server (NotFound): pods "nope" not found`},
		{"delete pod nope", `Error from server (NotFound): pods "nope" not found`},
		{"scale rc nope --replicas=1", `Error from server (NotFound): replicationcontrollers "nope" not found`},
		{"logs nope", `error: error from server (NotFound): pods "nope" not found in namespace "default"`},
		{"port-forward nope :8080", `Error from server (NotFound): pods "nope" not found`},
		{"label rc crane a!=b", `Invalid value`},
		{"label pod nope a=b", `Error from server (NotFound): pods "nope" not found`},
		{"explain pods.nope", `error: field "nope" does not exist`},
		{"wait --for=condition=Ready pod/nope", `Error from server (NotFound): pods "nope" not found`},
		{"wait --for=condition=Odd pod/" + pod + " --timeout=100ms", "error: timed out waiting for the condition on pods/" + pod},
		{"rollout status rc/crane", "error: no status viewer has been implemented for ReplicationController"},
		{"get --raw /apis/networking.k8s.io/v1/ingressclasses", "Error from server (NotFound): the server could not find the requested resource"},
		{"top pods", "error: Metrics API not available"},
	} {
		t.Run(tc.args, func(t *testing.T) { has(t, c.refused(fields(tc.args)...), tc.says) })
	}
}

// With -w kubectl shows one object until it is gone, and each state it goes through.
func TestWatchOne(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	w := c.spawn(nil, "get", "pod", pod, "-w", "--output-watch-events", "-o", "jsonpath={.type} {.object.status.phase} {.object.metadata.labels.rel}{'\\n'}")
	w.until("ADDED Running")
	c.kubectl("label", "pod", pod, "rel=stable")
	w.until("MODIFIED Running stable")
	c.kubectl("delete", "pod", pod)
	w.until("DELETED")
}
