package conformance

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Kinds that nothing here acts on are objects like any others: kubectl makes, shows, scales and explains them.
func TestWorkloadsAreObjects(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, tc := range []struct{ args, says string }{
		{"create deployment web --image=heejeong/crane --replicas=2", "deployment.apps/web created\n"},
		{"scale deployment web --replicas=5", "deployment.apps/web scaled\n"},
		{"set image deployment/web crane=heejeong/crane:v2", "deployment.apps/web image updated\n"},
		{"autoscale deployment web --max=4", "horizontalpodautoscaler.autoscaling/web autoscaled\n"},
		{"create job once --image=heejeong/crane", "job.batch/once created\n"},
		{"create cronjob daily --image=heejeong/crane --schedule=@daily", "cronjob.batch/daily created\n"},
		{"create pdb web --selector=app=web --min-available=1", "poddisruptionbudget.policy/web created\n"},
		{"create quota small --hard=pods=3", "resourcequota/small created\n"},
		{"create priorityclass high --value=1000", "priorityclass.scheduling.k8s.io/high created\n"},
	} {
		if got := c.kubectl(strings.Fields(tc.args)...); got != tc.says {
			t.Errorf("%s said %q, want %q", tc.args, got, tc.says)
		}
	}
	for args, want := range map[string][]string{
		"get deployments -o wide": {"NAME   READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES              SELECTOR\n", "web    0/5     0            0", "heejeong/crane:v2   app=web"},
		"get hpa":                 {"NAME   REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE\n", "web    Deployment/web   cpu: <unknown>/80%   1         4         0"},
		"get jobs":                {"NAME   STATUS    COMPLETIONS   DURATION   AGE\n", "once   Running   0/1"},
		"get cj":                  {"NAME    SCHEDULE   TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE\n", "daily   @daily     <none>     False     0        <none>"},
		"get pdb":                 {"NAME   MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE\n", "web    1               N/A               0"},
		"get quota":               {"NAME    REQUEST   LIMIT   AGE\n", "small"},
		"get pc high":             {"NAME   VALUE   GLOBAL-DEFAULT   AGE   PREEMPTIONPOLICY\n", "high   1000    false", "PreemptLowerPriority"},
		"get all":                 {"deployment.apps/web", "cronjob.batch/daily", "job.batch/once", "horizontalpodautoscaler.autoscaling/web"},
		"get deployment web -o jsonpath={.metadata.generation}":              {"3"},
		"get job once -o jsonpath={.spec.template.metadata.labels.job-name}": {"once"},
		"get jobs --field-selector status.successful=0 -o name":              {"job.batch/once\n"},
		"explain deployment.spec.strategy":                                   {"GROUP:      apps\n", "FIELD: strategy <DeploymentStrategy>", "rollingUpdate\t<RollingUpdateDeployment>"},
		"explain leases.spec.holderIdentity":                                 {"FIELD: holderIdentity <string>"},
		"describe deployment web":                                            {"Replicas:               5 desired | 0 updated | 0 total | 0 available | 0 unavailable", "25% max unavailable, 25% max surge"},
		"api-resources --api-group=batch -o name":                            {"cronjobs.batch\n", "jobs.batch\n"},
		"run p --image=heejeong/crane --overrides={\"spec\":{\"priorityClassName\":\"high\"}} -o jsonpath={.spec.priority}": {"1000"},
	} {
		t.Run(args, func(t *testing.T) { has(t, c.kubectl(strings.Fields(args)...), want...) })
	}
}

// Server-side apply merges lists of these kinds by the same keys as those of pods.
func TestApplyOfWorkloads(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	file := c.write("web.yaml", `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: c:1}]}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1}
addressType: IPv4
endpoints: [{addresses: [10.1.2.3]}]
ports: [{port: 80}]
`)
	has(t, c.kubectl("apply", "--server-side", "-f", file), "statefulset.apps/web serverside-applied\n", "endpointslice.discovery.k8s.io/web-1 serverside-applied\n")
	c.kubectl("patch", "statefulset", "web", "-p", `{"spec":{"template":{"spec":{"containers":[{"name":"d","image":"d:1"}]}}}}`)
	has(t, c.kubectl("apply", "--server-side", "-f", file), "statefulset.apps/web serverside-applied\n")
	if got := c.kubectl("get", "statefulset", "web", "-o", "jsonpath={.spec.template.spec.containers[*].name}"); got != "d c" && got != "c d" {
		t.Errorf("containers %q, want both", got)
	}
	has(t, c.kubectl("get", "endpointslices"), "web-1        IPv4          80      10.1.2.3")
	has(t, c.refused("patch", "statefulset", "web", "-p", `{"spec":{"serviceName":"s"}}`), "spec.serviceName", "field is immutable")
	has(t, c.kubectl("delete", "-f", file), `statefulset.apps "web" deleted`)
}

// What a server refuses of these kinds is refused, in its words.
func TestWorkloadsHaveRules(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for args, want := range map[string]string{
		"create cronjob odd --image=c --schedule=often":      `spec.schedule: Invalid value: "often": expected exactly 5 fields, found 1: [often]`,
		"create pdb odd --selector=a=b --min-available=101%": `spec.minAvailable: Invalid value: "101%": must not be greater than 100%`,
		"create quota odd --hard=pods=1 --scopes=Odd":        `spec.scopes: Invalid value: ["Odd"]: unsupported scope`,
		"create priorityclass system-odd --value=1":          "system-odd is not a known system priority class",
		"create deployment odd --image=c --replicas=-1":      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
		"get jobs --field-selector=status.phase=Running":     `field label "status.phase" not supported for Job`,
	} {
		t.Run(args, func(t *testing.T) { has(t, c.refused(strings.Fields(args)...), want) })
	}
}
