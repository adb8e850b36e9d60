package conformance

import (
	"context"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

func TestRunAndExpose(t *testing.T) {
	t.Parallel()
	c := serve(t)
	has(t, c.kubectl("run", "one", "--image=heejeong/crane", "--port=8080", "--expose", "--env=COLOUR=green"), "service/one created", "pod/one created")
	c.kubectl("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")
	has(t, c.got("get", "services"), "one ClusterIP ", " 8080/TCP <age>")
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	has(t, c.kubectl("expose", "rc", "crane", "--port=80", "--target-port=8080"), "service/crane exposed")
	if got, want := c.kubectl("get", "service", "crane", "-o", "jsonpath={.spec.selector} {.spec.ports[*].targetPort}"), `{"app":"crane"} 8080`; got != want {
		t.Errorf("the service selects %s, want %s", got, want)
	}
	has(t, c.refused("expose", "rc", "crane", "--port=80"), `services "crane" already exists`)
	has(t, c.kubectl("delete", "service", "crane"), `service "crane" deleted from default namespace`)
}

// A pod that has failed stays, with its exit code.
func TestRunToFailure(t *testing.T) {
	t.Parallel()
	c := serve(t)
	c.HandleFunc("test/fail", func(context.Context, *fake.Process) error { return fake.Exit(7) })
	c.kubectl("run", "one", "--image=test/fail", "--restart=Never")
	c.kubectl("wait", "--for=jsonpath={.status.phase}=Failed", "pod/one", "--timeout=30s")
	has(t, c.got("get", "pod", "one"), "one 0/1 Error 0 <age>")
	if got := c.kubectl("get", "pod", "one", "-o", "jsonpath={.status.containerStatuses[0].state.terminated.exitCode}"); got != "7" {
		t.Errorf("exit code %q, want 7", got)
	}
}

// kubectl events tells of one object; get events tells of all.
func TestEvents(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	has(t, c.got("events", "--for=pod/"+pod),
		"<age> Normal Scheduled Pod/crane-<rand> Successfully assigned default/crane-<rand> to minikube\n",
		"<age> Normal Pulling Pod/crane-<rand> Pulling image \"heejeong/crane\"\n",
		"<age> Normal Created Pod/crane-<rand> Container created\n",
		"<age> Normal Started Pod/crane-<rand> Container started\n")
	has(t, c.got("events", "--for=rc/crane"), "LAST SEEN TYPE REASON OBJECT MESSAGE\n<age> Normal SuccessfulCreate ReplicationController/crane Created pod: crane-<rand>\n")
	w := c.spawn(nil, "events", "--for=rc/crane", "--watch")
	w.until("SuccessfulCreate")
	c.kubectl("scale", "rc", "crane", "--replicas=0")
	has(t, w.until("SuccessfulDelete"), "Deleted pod: "+pod)
	has(t, c.try("events", "--types=Warning").stderr, "No events found in default namespace.")
}

func TestWaitForms(t *testing.T) {
	t.Parallel()
	c := serve(t)
	creation := c.spawn(nil, "wait", "--for=create", "rc/crane", "--timeout=30s", "-v=7")
	creation.until(`verb="GET"`, "/replicationcontrollers/crane") // it asks before there is one
	pod := c.craneRuns()
	has(t, creation.rest(), "replicationcontroller/crane condition met")
	for args, want := range map[string]string{
		"wait --for=condition=Ready pod/" + pod:                  "pod/crane-<rand> condition met\n",
		"wait --for=condition=Ready=true pods --all":             "pod/crane-<rand> condition met\n",
		"wait --for=condition=Ready pod -l app=crane":            "pod/crane-<rand> condition met\n",
		"wait --for=jsonpath={.status.phase}=Running pod/" + pod: "pod/crane-<rand> condition met\n",
		"wait --for=jsonpath={.status.podIP} pod/" + pod:         "pod/crane-<rand> condition met\n",
		"wait --for=delete pod/nope":                             "",
		"wait --for=condition=Ready node/minikube":               "node/minikube condition met\n",
	} {
		t.Run(args, func(t *testing.T) {
			if got := c.got(fields(args)...); got != want {
				t.Errorf("said %q, want %q", got, want)
			}
		})
	}
	has(t, c.refused("wait", "--for=condition=Ready", "pod", "-l", "app=nope"), "error: no matching resources found")
}
