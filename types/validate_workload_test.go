package types_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	policyv1 "k8s.io/api/policy/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// The smallest valid object of each kind; what follows is merged into its spec.
const (
	named    = "metadata: {name: a, namespace: b}\n"
	pods     = "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: c}]}}"
	selected = named + "spec:\n  selector: {matchLabels: {app: a}}\n  " + pods + "\n"
	once     = "template: {spec: {restartPolicy: Never, containers: [{name: c, image: c}]}}"
)

// newKind makes an empty object of the kind that begins a text.
func newKind(t *testing.T, text string) (runtime.Object, string) {
	t.Helper()
	kind, rest, _ := strings.Cut(text, "\n")
	obj := map[string]func() runtime.Object{
		"Deployment":              func() runtime.Object { return &appsv1.Deployment{} },
		"ReplicaSet":              func() runtime.Object { return &appsv1.ReplicaSet{} },
		"StatefulSet":             func() runtime.Object { return &appsv1.StatefulSet{} },
		"DaemonSet":               func() runtime.Object { return &appsv1.DaemonSet{} },
		"Job":                     func() runtime.Object { return &batchv1.Job{} },
		"CronJob":                 func() runtime.Object { return &batchv1.CronJob{} },
		"PodDisruptionBudget":     func() runtime.Object { return &policyv1.PodDisruptionBudget{} },
		"PriorityClass":           func() runtime.Object { return &schedulingv1.PriorityClass{} },
		"Lease":                   func() runtime.Object { return &coordinationv1.Lease{} },
		"HorizontalPodAutoscaler": func() runtime.Object { return &autoscalingv2.HorizontalPodAutoscaler{} },
	}[kind]()
	return obj, rest
}

func decoded(t *testing.T, text string) runtime.Object {
	t.Helper()
	obj, rest := newKind(t, text)
	if err := yaml.UnmarshalStrict([]byte(rest), obj); err != nil {
		t.Fatal(err)
	}
	types.Default(obj)
	return obj
}

func TestErrorsOfWorkloads(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       []string
	}{
		{"a deployment", "Deployment\n" + selected, nil},
		{"a selector is required", "Deployment\n" + named + "spec: {" + pods + "}", []string{
			"spec.selector: Required value",
			"spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template `labels`"}},
		{"an empty one is too wide", "Deployment\n" + named + "spec: {selector: {}, " + pods + "}", []string{
			"spec.selector: Invalid value: {}: empty selector is invalid for deployment"}},
		{"and selects the template's pods", "ReplicaSet\n" + named + "spec: {selector: {matchLabels: {app: z}}, " + pods + "}", []string{
			"spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template `labels`"}},
		{"numbers are not negative", "Deployment\n" + selected + "  replicas: -1\n  minReadySeconds: -1\n  revisionHistoryLimit: -1", []string{
			"spec.replicas: Invalid value: -1: must be greater than or equal to 0",
			"spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
			"spec.revisionHistoryLimit: Invalid value: -1: must be greater than or equal to 0"}},
		{"progress takes longer than to be ready", "Deployment\n" + selected + "  minReadySeconds: 600", []string{
			"spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"}},
		{"pods of controllers are started again", "ReplicaSet\n" + named + "spec: {selector: {matchLabels: {app: a}}, template: {metadata: {labels: {app: a}}, spec: {restartPolicy: Never, activeDeadlineSeconds: 5, containers: [{name: c, image: c}]}}}", []string{
			`spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"`,
			"spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported"}},
		{"who recreates does not roll", "Deployment\n" + selected + "  strategy: {type: Recreate, rollingUpdate: {}}", []string{
			"spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"}},
		{"something must move", "Deployment\n" + selected + "  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}", []string{
			"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"0%\": may not be 0 when `maxSurge` is 0"}},
		{"and no more than all", "Deployment\n" + selected + "  strategy: {rollingUpdate: {maxUnavailable: 101%}}", []string{
			`spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%`}},
		{"a stateful set's name is a label", "StatefulSet\nmetadata: {name: a.b, namespace: b}\nspec: {selector: {matchLabels: {app: a}}, " + pods + "}", []string{
			`metadata.name: Invalid value: "a.b": must not contain dots`}},
		{"its template mounts what its claims name", "StatefulSet\n" + named + "spec: {selector: {matchLabels: {app: a}}, volumeClaimTemplates: [{metadata: {name: d}}], template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: c, volumeMounts: [{name: d, mountPath: /d}]}]}}}", nil},
		{"it knows two ways to make pods", "StatefulSet\n" + selected + "  podManagementPolicy: Odd", []string{
			`spec.podManagementPolicy: Invalid value: "Odd": must be 'OrderedReady' or 'Parallel'`}},
		{"who updates on deletion does not roll", "StatefulSet\n" + selected + "  updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}}", []string{
			`spec.updateStrategy.rollingUpdate: Invalid value: {"partition":1}: only allowed for updateStrategy 'RollingUpdate'`}},
		{"a daemon set", "DaemonSet\n" + selected, nil},
		{"it goes down or up", "DaemonSet\n" + selected + "  updateStrategy: {rollingUpdate: {maxSurge: 1}}", []string{
			"spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"}},
		{"but not neither", "DaemonSet\n" + selected + "  updateStrategy: {rollingUpdate: {maxUnavailable: 0}}", []string{
			"spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"}},
		{"a job", "Job\n" + named + "spec: {" + once + "}", nil},
		{"a job's pods come to an end", "Job\n" + named + "spec: {" + pods + "}", []string{
			`spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"`}},
		{"a manual selector is required", "Job\n" + named + "spec: {manualSelector: true, " + once + "}", []string{
			"spec.selector: Required value",
			"spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`"}},
		{"an index needs a number of them", "Job\n" + named + "spec: {completionMode: Indexed, parallelism: 2, " + once + "}", []string{
			"spec.completions: Required value: when completion mode is Indexed"}},
		{"limits of an index need one", "Job\n" + named + "spec: {backoffLimitPerIndex: 1, " + once + "}", []string{
			"spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"}},
		{"a cron job", "CronJob\n" + named + "spec: {schedule: '@daily', jobTemplate: {spec: {" + once + "}}}", nil},
		{"has a schedule", "CronJob\n" + named + "spec: {jobTemplate: {spec: {" + once + "}}}", []string{"spec.schedule: Required value"}},
		{"without a time zone", "CronJob\n" + named + "spec: {schedule: 'TZ=UTC * * * * *', jobTemplate: {spec: {" + once + "}}}", []string{
			`spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead`}},
		{"and a name with room for the time", "CronJob\nmetadata: {name: a1234567890123456789012345678901234567890123456789012, namespace: b}\nspec: {schedule: '@daily', jobTemplate: {spec: {" + once + "}}}", []string{
			`metadata.name: Invalid value: "a1234567890123456789012345678901234567890123456789012": must be no more than 52 characters`}},
		{"a budget is a share", "PodDisruptionBudget\n" + named + "spec: {maxUnavailable: 120%}", []string{
			`spec.maxUnavailable: Invalid value: "120%": must not be greater than 100%`}},
		{"a user's priority has a bound", "PriorityClass\nmetadata: {name: a}\nvalue: 1000000001", []string{
			"value: Forbidden: maximum allowed value of a user defined priority is 1000000000"}},
		{"the system's classes are known", "PriorityClass\nmetadata: {name: system-node-critical}\nvalue: 2000001000", nil},
		{"no others begin like them", "PriorityClass\nmetadata: {name: system-a}\nvalue: 1", []string{
			"metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: system-a is not a known system priority class"}},
		{"a lease lasts", "Lease\n" + named + "spec: {leaseDurationSeconds: 0}", []string{"spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"}},
		{"an autoscaler has bounds and a target", "HorizontalPodAutoscaler\n" + named, []string{
			"spec.maxReplicas: Required value: must be set and greater than 0",
			"spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`",
			"spec.scaleTargetRef.kind: Required value", "spec.scaleTargetRef.name: Required value"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, lines(types.Errors(decoded(t, tt.text)))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateErrorsOfWorkloads(t *testing.T) {
	const immutable = "field is immutable"
	both := "spec:\n  selector: {matchLabels: {app: a, b: c}}\n  template: {metadata: {labels: {app: a, b: c}}, spec: {containers: [{name: c, image: c}]}}\n"
	meta := "metadata: {name: a, namespace: b, resourceVersion: '1'}\n"
	job := "Job\n" + meta + "spec: {completions: 2, " + once + "}"
	for _, tt := range []struct{ rule, old, obj, path string }{
		{"a deployment's selector", "Deployment\n" + meta + strings.TrimPrefix(selected, named), "Deployment\n" + meta + both, "spec.selector"},
		{"a replica set's", "ReplicaSet\n" + meta + strings.TrimPrefix(selected, named), "ReplicaSet\n" + meta + both, "spec.selector"},
		{"a daemon set's", "DaemonSet\n" + meta + strings.TrimPrefix(selected, named), "DaemonSet\n" + meta + both, "spec.selector"},
		{"a stateful set's service", "StatefulSet\n" + meta + strings.TrimPrefix(selected, named),
			"StatefulSet\n" + meta + strings.TrimPrefix(selected, named) + "  serviceName: s", "spec.serviceName"},
		{"what a job runs", job, strings.Replace(job, "image: c", "image: d", 1), "spec.template"},
		{"and how often", job, strings.Replace(job, "completions: 2", "completions: 3", 1), "spec.completions"},
		{"a class's policy", "PriorityClass\nmetadata: {name: a, resourceVersion: '1'}", "PriorityClass\nmetadata: {name: a, resourceVersion: '1'}\npreemptionPolicy: Never", "preemptionPolicy"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			old, obj := decoded(t, tt.old), decoded(t, tt.obj)
			if got := types.UpdateErrors(old, old); len(got) > 0 {
				t.Errorf("nothing has changed: %v", got)
			}
			got := types.UpdateErrors(obj, old)
			if len(got) != 1 || got[0].Field != tt.path || got[0].Detail != immutable {
				t.Errorf("got %v, want that %s is immutable", got, tt.path)
			}
		})
	}
}
