package conformance

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
)

// counts logs lines by number, and stays.
func counts(ctx context.Context, p *fake.Process) error {
	for i := range 15 {
		fmt.Fprintln(p.Stdout, "line", i)
	}
	<-ctx.Done()
	return nil
}

// replicas is a controller of two pods that count.
const replicas = `
apiVersion: v1
kind: ReplicationController
metadata: {name: many}
spec:
  replicas: 2
  selector: {app: many}
  template:
    metadata: {labels: {app: many}}
    spec: {containers: [{name: c, image: test/counts}]}
`

func (c *cluster) many() (pods []string) {
	c.t.Helper()
	c.HandleFunc("test/counts", counts)
	c.kubectl("create", "-f", c.write("many.yaml", replicas))
	c.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=2", "rc/many", "--timeout=30s")
	for _, name := range strings.Fields(c.kubectl("get", "pods", "-l", "app=many", "-o", "jsonpath={.items[*].metadata.name}")) {
		c.spawn(nil, "logs", "-f", name).until("line 14") // it is ready before it has said all
		pods = append(pods, name)
	}
	return pods
}

// By labels one sees ten lines of each pod, unless one asks for more; of a controller one pod, unless one asks for all.
func TestLogsOfSeveralPods(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pods := c.many()
	for args, want := range map[string]int{
		"logs -l app=many":                      2 * 10,
		"logs -l app=many --tail=-1":            2 * 15,
		"logs -l app=many --tail=3":             2 * 3,
		"logs -l app=many --since=1h --tail=-1": 2 * 15,
		"logs rc/many":                          15,
		"logs rc/many --tail=2":                 2,
		"logs rc/many --all-pods":               2 * 15,
		"logs rc/many --all-pods --tail=4":      2 * 4,
		"logs -l app=many --all-containers":     2 * 10,
	} {
		t.Run(args, func(t *testing.T) {
			if got := strings.Count(c.kubectl(fields(args)...), "\n"); got != want {
				t.Errorf("%d lines, want %d", got, want)
			}
		})
	}
	got := slices.Sorted(strings.Lines(c.kubectl("logs", "-l", "app=many", "--tail=1", "--prefix")))
	want := []string{"[pod/" + pods[0] + "/c] line 14\n", "[pod/" + pods[1] + "/c] line 14\n"}
	if !slices.Equal(got, want) {
		t.Errorf("with prefixes: %q, want %q", got, want)
	}
	if got := slices.Sorted(strings.Lines(c.kubectl("logs", "rc/many", "--all-pods", "--tail=1"))); !slices.Equal(got, want) {
		t.Errorf("of all pods, which have prefixes: %q, want %q", got, want)
	}
	if r := c.try("logs", "rc/many", "--tail=1"); !regexp.MustCompile(`^Found 2 pods, using pod/(` + strings.Join(pods, "|") + `)\n$`).MatchString(r.stderr) {
		t.Errorf("of a controller: %q", r.stderr)
	}
	has(t, c.refused("logs", "-f", "-l", "app=many", "--max-log-requests=1"),
		"error: you are attempting to follow 2 log streams, but maximum allowed concurrency is 1, use --max-log-requests to increase the limit")
	if r := c.try("logs", "-l", "app=nobody"); r.code != 0 || r.stderr != "No resources found in default namespace.\n" {
		t.Errorf("of nobody: %+v", r)
	}
	has(t, c.refused("logs", "-l", "app=many", pods[0]), "only a selector (-l) or a POD name is allowed")
}

// Who follows several pods sees all of them, until the last has ended.
func TestLogsFollowSeveralPods(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pods := c.many()
	follow := c.spawn(nil, "logs", "-f", "-l", "app=many", "--prefix", "--tail=1")
	seen := []string{follow.until("line 14"), follow.until("line 14")}
	slices.Sort(seen)
	if want := []string{"[pod/" + pods[0] + "/c] line 14", "[pod/" + pods[1] + "/c] line 14"}; !slices.Equal(seen, want) {
		t.Errorf("it begins with %q, want %q", seen, want)
	}
	c.kubectl("delete", "rc", "many", "--wait=false")
	if got := follow.rest(); got != "" {
		t.Errorf("it ends with %q", got)
	}
}

// Stamps are what --since-time takes, whose seconds count.
func TestLogsSince(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/twice", func(ctx context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "early")
		select {
		case <-time.After(2100 * time.Millisecond): // so that the next second has begun, and --since=2s leaves out the first
			fmt.Fprintln(p.Stdout, "late")
		case <-ctx.Done():
		}
		<-ctx.Done()
		return nil
	})
	c.kubectl("run", "one", "--image=test/twice")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	c.spawn(nil, "logs", "-f", "one").until("late")
	lines := strings.Split(strings.TrimSpace(c.kubectl("logs", "one", "--timestamps")), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	var stamps []string
	for _, line := range lines {
		stamp, _, _ := strings.Cut(line, " ")
		if _, err := time.Parse(time.RFC3339Nano, stamp); err != nil {
			t.Errorf("line %q: %v", line, err)
		}
		stamps = append(stamps, stamp)
	}
	for args, want := range map[string]string{
		"logs one --since-time=" + stamps[0]:                   "early\nlate\n",
		"logs one --since-time=" + stamps[1]:                   "late\n",
		"logs one --since-time=" + stamps[1] + " --timestamps": lines[1] + "\n",
		"logs one --since=1h":                                  "early\nlate\n",
		"logs one --since=1h --tail=1":                         "late\n",
	} {
		t.Run(args, func(t *testing.T) {
			if got := c.kubectl(fields(args)...); got != want {
				t.Errorf("printed %q, want %q", got, want)
			}
		})
	}
	if got := c.kubectl("logs", "one", "--since=2s"); strings.Contains(got, "early") {
		t.Errorf("--since=2s shows what is older: %q", got)
	}
	has(t, c.refused("logs", "one", "--since=1s", "--since-time="+stamps[0]), "at most one of `sinceTime` or `sinceSeconds` may be specified")
}

// After a restart the log is that of the container which runs; the one before is asked for.
func TestLogsAfterRestart(t *testing.T) {
	t.Parallel()
	c := serve(t)
	var starts atomic.Int32
	c.HandleFunc("test/second", func(ctx context.Context, p *fake.Process) error {
		n := starts.Add(1)
		fmt.Fprintln(p.Stdout, "start", n)
		if n == 1 {
			return fake.Exit(1)
		}
		<-ctx.Done()
		return nil
	})
	c.kubectl("run", "one", "--image=test/second")
	c.kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].restartCount}=1", "pod/one", "--timeout=60s")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=60s")
	c.spawn(nil, "logs", "-f", "one").until("start 2")
	for args, want := range map[string]string{"logs one": "start 2\n", "logs one --previous": "start 1\n", "logs one -p --tail=1": "start 1\n"} {
		if got := c.kubectl(fields(args)...); got != want {
			t.Errorf("%s: %q, want %q", args, got, want)
		}
	}
}

// What has no log says why; who does not mind sees the others.
func TestLogsOfWaitingContainer(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/counts", counts)
	c.kubectl("create", "-f", c.write("half.yaml", `
apiVersion: v1
kind: Pod
metadata: {name: half, labels: {app: half}}
spec:
  containers:
  - {name: works, image: test/counts}
  - {name: waits, image: test/unknown}
`))
	c.kubectl("wait", `--for=jsonpath={.status.containerStatuses[?(@.name=="works")].ready}=true`, "pod/half", "--timeout=30s")
	c.kubectl("wait", `--for=jsonpath={.status.containerStatuses[?(@.name=="waits")].state.waiting.reason}=ImagePullBackOff`, "pod/half", "--timeout=30s")
	c.spawn(nil, "logs", "-f", "half", "-c", "works").until("line 14")
	const why = `container "waits" in pod "half" is waiting to start: trying and failing to pull image`
	has(t, c.refused("logs", "half", "-c", "waits"), "Error from server (BadRequest): "+why)
	r := c.try("logs", "half", "--all-containers", "--ignore-errors", "--tail=1")
	if lines := slices.Sorted(strings.Lines(r.stdout)); r.code != 0 || !slices.Equal(lines, []string{"error: " + why + "\n", "line 14\n"}) {
		t.Errorf("with --ignore-errors: %+v", r)
	}
	follow := c.spawn(nil, "logs", "half", "--all-containers", "--ignore-errors", "-f", "--tail=1")
	seen := []string{follow.until(""), follow.until("")}
	slices.Sort(seen)
	if want := []string{"error: " + why, "line 14"}; !slices.Equal(seen, want) {
		t.Errorf("following: %q, want %q", seen, want)
	}
	c.kubectl("delete", "pod", "half", "--wait=false")
	if got := follow.rest(); got != "" {
		t.Errorf("it ends with %q", got)
	}
}
