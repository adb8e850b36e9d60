package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Events are in two groups, and kubectl finds them in either.
func TestEventsOfTheirOwnGroup(t *testing.T) {
	t.Parallel()
	c := serve(t)
	pod := c.craneRuns()
	has(t, c.got("get", "events.events.k8s.io", "--field-selector=regarding.name="+pod), "LAST SEEN TYPE REASON OBJECT MESSAGE\n",
		"<age> Normal Scheduled pod/crane-<rand> Successfully assigned default/crane-<rand> to minikube\n",
		"<age> Normal Started pod/crane-<rand> Container started\n")
	has(t, c.got("get", "events.v1.events.k8s.io", "--field-selector=reason=Scheduled", "-o", "yaml"),
		"apiVersion: events.k8s.io/v1\n", "note: Successfully assigned default/crane-<rand> to minikube\n", "reportingController: default-scheduler\n")
	c.kubectl("wait", "--for=jsonpath={.reason}=Started", "events.events.k8s.io", "--field-selector=reason=Started", "--timeout=30s")
	c.kubectl("delete", "events.events.k8s.io", "--all")
	has(t, c.try("get", "events").stderr, "No resources found in default namespace.")
}

// What is applied in one version is there in the other.
func TestApplyEventsOfTheirOwnGroup(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	file := c.write("event.yaml", `
apiVersion: events.k8s.io/v1
kind: Event
metadata: {name: burnt}
eventTime: "2026-01-02T03:04:05.000000Z"
reportingController: example.com/baker
reportingInstance: baker-1
action: Bake
reason: Burnt
regarding: {kind: Pod, namespace: default, name: web}
note: all black
type: Warning
`)
	has(t, c.kubectl("apply", "--server-side", "-f", file), "event.events.k8s.io/burnt serverside-applied\n")
	has(t, c.kubectl("apply", "--server-side", "-f", file), "event.events.k8s.io/burnt serverside-applied\n")
	has(t, c.got("get", "event", "burnt", "--no-headers"), " Warning Burnt pod/web all black\n")
	has(t, c.refused("patch", "events.events.k8s.io", "burnt", "-p", `{"note":"white"}`), `The Event "burnt" is invalid: message: Invalid value: "white": field is immutable`)
	has(t, c.kubectl("explain", "events.regarding", "--api-version=events.k8s.io/v1"), "GROUP:      events.k8s.io\n", "FIELD: regarding <ObjectReference>\n")
	has(t, c.kubectl("delete", "-f", file), `event.events.k8s.io "burnt" deleted`)
}
