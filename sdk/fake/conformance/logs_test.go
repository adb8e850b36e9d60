package conformance

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// talker is a pod of two containers and one that runs before them.
const talker = `
apiVersion: v1
kind: Pod
metadata: {name: talker}
spec:
  initContainers:
  - {name: first, image: test/say, args: [before]}
  containers:
  - {name: left, image: test/say, args: [left, stay]}
  - {name: right, image: test/say, args: [right, stay]}
`

// say logs its first argument, and stays if it has a second.
func say(ctx context.Context, p *fake.Process) error {
	fmt.Fprintln(p.Stdout, p.Args[0])
	if len(p.Args) > 1 {
		<-ctx.Done()
		fmt.Fprintln(p.Stdout, p.Args[0], "ends")
	}
	return nil
}

func TestLogsOfSeveralContainers(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/say", say)
	c.kubectl("create", "-f", c.write("talker.yaml", talker))
	c.kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=30s")
	if got, want := c.try("logs", "talker"), (result{"left\n", "Defaulted container \"left\" out of: left, right, first (init)\n", 0}); got != want {
		t.Errorf("logs = %+v, want %+v", got, want)
	}
	for args, want := range map[string]string{
		"logs talker -c right":                                  "right\n",
		"logs talker -c first":                                  "before\n",
		"logs talker --all-containers":                          "before\nleft\nright\n",
		"logs talker --all-containers --prefix":                 "[pod/talker/first] before\n[pod/talker/left] left\n[pod/talker/right] right\n",
		"logs talker -c left --tail=0":                          "",
		"logs talker -c left --since-time=2999-01-01T00:00:00Z": "",
		"logs talker -c left --limit-bytes=2":                   "le",
	} {
		t.Run(args, func(t *testing.T) {
			got := slices.Sorted(strings.Lines(c.kubectl(fields(args)...))) // kubectl takes the containers in the order of a map
			if joined := strings.Join(got, ""); joined != want {
				t.Errorf("printed %q, want %q", joined, want)
			}
		})
	}
	stamped := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z left\n$`)
	if got := c.kubectl("logs", "talker", "-c", "left", "--timestamps"); !stamped.MatchString(got) {
		t.Errorf("with timestamps: %q", got)
	}
	has(t, c.refused("get", "--raw", "/api/v1/namespaces/default/pods/talker/log"),
		"a container name must be specified for pod talker, choose one of: [left right] or one of the init containers: [first]") // kubectl logs names one itself
}

// A log that is followed ends with its container, and has its last words.
func TestLogsFollowToTheEnd(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/say", say)
	c.kubectl("run", "one", "--image=test/say", "--restart=Never", "--", "hello", "stay")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	follow := c.spawn(nil, "logs", "-f", "one")
	follow.until("hello")
	c.kubectl("delete", "pod", "one", "--wait=false")
	if got := follow.rest(); got != "hello ends\n" {
		t.Errorf("the log ended with %q", got)
	}
}

func TestLogsPrevious(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/fail", func(_ context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stderr, "out of luck")
		return fake.Exit(3)
	})
	c.kubectl("run", "one", "--image=test/fail")
	c.kubectl("wait", "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff", "pod/one", "--timeout=30s")
	if got := c.kubectl("logs", "one", "--previous"); got != "out of luck\n" {
		t.Errorf("logs --previous = %q", got)
	}
	has(t, normal(c.kubectl("get", "pod", "one")), "CrashLoopBackOff")
	has(t, normal(c.kubectl("describe", "pod", "one")), "State: Waiting\n Reason: CrashLoopBackOff\n Last State: Terminated\n Reason: Error\n Exit Code: 3\n",
		"Warning BackOff <age> kubelet spec.containers{one}: Back-off restarting failed container one in pod one_default(<uid>)")
}

func TestLogsOfCompletedPod(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/say", say)
	c.kubectl("run", "one", "--image=test/say", "--restart=Never", "--", "done")
	c.kubectl("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/one", "--timeout=30s")
	has(t, normal(c.kubectl("get", "pod", "one")), "one 0/1 Completed 0 <age>")
	if got := c.kubectl("logs", "-f", "one"); got != "done\n" {
		t.Errorf("logs = %q", got)
	}
}
