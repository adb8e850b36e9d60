package conformance

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
)

var (
	requestLine = regexp.MustCompile(`"Request" verb="(\w+)" url="https?://[^/]*([^"]*)" headers=<`)
	kept        = regexp.MustCompile(`^\t(?:Accept|Content-Type): `)
	perRun      = []string{"hash", "continue", "resourceVersion", "timeoutSeconds"} // parameters that differ from run to run
)

// requestsIn are the requests in what kubectl logs with -v=7: verb and path, then what is sent and wanted.
func requestsIn(log string) []string {
	var requests []string
	inHeaders := false
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		if m := requestLine.FindStringSubmatch(line); m != nil {
			requests = append(requests, m[1]+" "+evened(m[2]))
			inHeaders = true
		} else if line == " >" {
			inHeaders = false
		} else if inHeaders && kept.MatchString(line) {
			requests[len(requests)-1] += "; " + strings.TrimSpace(line)
		}
	}
	return requests
}

// evened is a URL without its host, to be read and compared. Field selectors are sorted: kubectl makes them of a map.
func evened(rawURL string) string {
	path, rawQuery, _ := strings.Cut(rawURL, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return rawURL
	}
	var b strings.Builder
	b.WriteString(path)
	for i, key := range slices.Sorted(maps.Keys(query)) {
		value := query.Get(key)
		switch {
		case slices.Contains(perRun, key):
			value = "<" + key + ">"
		case key == "fieldSelector":
			parts := strings.Split(value, ",")
			slices.Sort(parts)
			value = strings.Join(parts, ",")
		}
		b.WriteString([]string{"?", "&"}[min(i, 1)] + key + "=" + value)
	}
	return normal(b.String())
}

// traced are the requests that kubectl made of a real cluster.
func traced(t *testing.T, file string) []string {
	t.Helper()
	trace, err := os.ReadFile(filepath.Join("testdata/golden", file))
	if err != nil {
		t.Fatal(err)
	}
	return requestsIn(string(trace))
}

// requests runs a command and returns the requests it made.
func (c *cluster) requests(args ...string) []string {
	c.t.Helper()
	return requestsIn(c.try(append(args, "-v=7")...).stderr)
}

// What kubectl asks depends on what it was told: by discovery, by OpenAPI, and by the answers before. So it asks the
// fake what it asked a real cluster if it was told the same.
func TestRequestsAreThoseOfARealCluster(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.craneRuns()
	c.kubectl("scale", "rc", "crane", "--replicas=2")
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=2", "rc/crane", "--timeout=30s")
	c.kubectl("expose", "rc", "crane", "--port=80")
	for _, tc := range []struct{ file, args string }{
		{"trace-get-pods.txt", "get pods"},
		{"trace-get-all-namespaces.txt", "get pods -A"},
		{"trace-get-pods-selector.txt", "get pods -l app=crane"},
		{"trace-get-pods-yaml.txt", "get pods -o yaml"},
		{"trace-get-limit.txt", "get pods --chunk-size=1"},
		{"trace-get-watch.txt", "get pods --watch --request-timeout=2s"},
		{"trace-get-events.txt", "get events"},
		{"trace-describe-rc.txt", "describe rc crane"},
		{"trace-explain.txt", "explain rc"},
		{"trace-logs.txt", "logs rc/crane --all-pods=false"},
		{"trace-create-dry.txt", "create -f testdata/golden/crane.json --dry-run=server"},
		{"trace-label.txt", "label rc crane a=b"},
		{"trace-annotate.txt", "annotate rc crane a=b"},
		{"trace-patch.txt", `patch rc crane -p {"metadata":{"labels":{"c":"d"}}}`},
		{"trace-apply.txt", "apply -f testdata/golden/crane.json"},
		{"trace-scale.txt", "scale rc crane --replicas=1"},
		{"trace-delete-svc.txt", "delete svc crane"},
		{"trace-delete-rc.txt", "delete rc crane"},
		{"trace-run.txt", "run one --image=heejeong/crane"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if diff := cmp.Diff(traced(t, tc.file), c.requests(strings.Fields(tc.args)...)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.file, diff)
			}
		})
	}
}

// describe lists all pods if it is given no name, and asks for the events of each.
func TestDescribePodRequests(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.craneRuns()
	if diff := cmp.Diff(traced(t, "trace-describe-pod.txt"), c.requests("describe", "pods")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Typed clients speak protobuf since client-go 0.37, and do not fall back when it is refused.
func TestWritesInProtobuf(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, args := range []string{
		"create namespace n", "create configmap c --from-literal=a=b", "create secret generic s --from-literal=a=b", "create serviceaccount sa",
	} {
		t.Run(args, func(t *testing.T) {
			r := c.try(append(strings.Fields(args), "-v=7")...)
			has(t, strings.Join(requestsIn(r.stderr), "\n"), "; Content-Type: application/vnd.kubernetes.protobuf")
			has(t, r.stdout, " created")
		})
	}
	has(t, c.kubectl("get", "secret", "s", "-o", "jsonpath={.type} {.data.a}"), "Opaque Yg==")
}

// kubectl api-resources asks anew each time, but does not load again what has not changed.
func TestDiscoveryIsAggregatedAndCached(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	const accept = "; Accept: application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
	first := c.try("api-resources", "-v=7").stderr
	has(t, strings.Join(requestsIn(first), "\n"), "GET /api?timeout=32s"+accept, "GET /apis?timeout=32s"+accept)
	again := c.try("api-resources", "-v=8").stderr
	if got := strings.Count(again, "X-From-Cache: 1\n"); got != 2 { // what client-go makes of 304 Not Modified
		t.Errorf("%d answers were not modified, want 2:\n%s", got, again)
	}
	if got := requestsIn(c.try("get", "pods", "-v=7").stderr); len(got) != 1 {
		t.Errorf("with the cache warm, get pods makes %d requests, want 1: %q", len(got), got)
	}
}

// With --current-replicas kubectl puts the scale, and names no content type.
func TestScaleIfCurrent(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.craneRuns()
	has(t, c.refused("scale", "rc", "crane", "--replicas=3", "--current-replicas=2"), "error: Expected replicas to be 2, was 1")
	r := c.try("scale", "rc", "crane", "--replicas=2", "--current-replicas=1", "-v=7")
	has(t, r.stdout, "replicationcontroller/crane scaled")
	put := "PUT /api/v1/namespaces/default/replicationcontrollers/crane/scale; Accept: application/json, */*"
	if got := requestsIn(r.stderr); got[len(got)-1] != put {
		t.Errorf("requests = %q, the last should be %q", got, put)
	}
	has(t, c.kubectl("get", "rc", "crane", "-o", "jsonpath={.spec.replicas}"), "2")
	has(t, normal(c.kubectl("get", "rc", "crane", "--subresource=scale")), "NAME DESIRED AVAILABLE AGE\ncrane 2 ")
}
