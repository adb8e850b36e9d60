package workloads_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/podwright/podwright/types"
	_ "github.com/podwright/podwright/types/workloads"
)

// The smallest valid object of each kind; what follows is merged into its spec.
const (
	named    = "metadata: {name: a, namespace: b, resourceVersion: '1'}\n"
	pods     = "template: {metadata: {labels: {app: a}}, spec: {containers: [{name: c, image: c}]}}"
	selected = named + "spec:\n  selector: {matchLabels: {app: a}}\n  " + pods + "\n"
	once     = "template: {spec: {restartPolicy: Never, containers: [{name: c, image: c}]}}"
)

// An object is a pointer to a type of the API.
type object[T any] interface {
	*T
	runtime.Object
}

// decoded reads an object and gives it its defaults.
func decoded[T any, P object[T]](t *testing.T, text string) P {
	t.Helper()
	obj := P(new(T))
	if err := yaml.UnmarshalStrict([]byte(text), obj); err != nil {
		t.Fatal(err)
	}
	types.Default(obj)
	return obj
}

// made is an object that is created, and what is wrong with it.
type made struct {
	rule, text string
	want       []string
}

func refuses[T any, P object[T]](t *testing.T, rows []made) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) { equal(t, row.want, lines(types.Errors(decoded[T, P](t, row.text)))) })
	}
}

// changed is an object that is updated: some of its text by other text, and what is wrong with that.
type changed struct {
	rule, old, from, to string
	want                []string
}

func refusesChange[T any, P object[T]](t *testing.T, rows []changed) {
	t.Helper()
	for _, row := range rows {
		t.Run(row.rule, func(t *testing.T) {
			if !strings.Contains(row.old, row.from) {
				t.Fatalf("%q is not in %q", row.from, row.old)
			}
			old, obj := decoded[T, P](t, row.old), decoded[T, P](t, strings.Replace(row.old, row.from, row.to, 1))
			equal(t, nil, lines(types.UpdateErrors(old, old)))
			equal(t, row.want, lines(types.UpdateErrors(obj, old)))
		})
	}
}

func lines(list field.ErrorList) (texts []string) {
	for _, e := range list {
		texts = append(texts, e.Error())
	}
	return texts
}

func equal[T any](t *testing.T, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// templates are the kinds that make pods, each with its template.
func templates() map[runtime.Object]*corev1.PodTemplateSpec {
	deployment, set, stateful, daemons := &appsv1.Deployment{}, &appsv1.ReplicaSet{}, &appsv1.StatefulSet{}, &appsv1.DaemonSet{}
	job, cron := &batchv1.Job{}, &batchv1.CronJob{}
	return map[runtime.Object]*corev1.PodTemplateSpec{
		deployment: &deployment.Spec.Template, set: &set.Spec.Template, stateful: &stateful.Spec.Template, daemons: &daemons.Spec.Template,
		job: &job.Spec.Template, cron: &cron.Spec.JobTemplate.Spec.Template,
	}
}

// Whatever makes pods has a pod's defaults in its template, and is free of what features that are off would do.
func TestTemplates(t *testing.T) {
	off := corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "c:1"}}, SchedulingGroup: &corev1.PodSchedulingGroup{}}
	want := &corev1.PodTemplate{Template: corev1.PodTemplateSpec{Spec: *off.DeepCopy()}}
	types.Default(want)
	types.Prepare(want)
	if want.Template.Spec.SchedulingGroup != nil || want.Template.Spec.RestartPolicy != "Always" {
		t.Fatal("a pod template is not prepared")
	}
	for obj, template := range templates() {
		template.Spec = *off.DeepCopy()
		types.Default(obj)
		types.Prepare(obj)
		equal(t, want.Template, *template)
	}
}

// A feature that is off goes on where it was in use before.
func TestTemplatesKeepWhatTheyUse(t *testing.T) {
	for obj, template := range templates() {
		template.Spec.SchedulingGroup = &corev1.PodSchedulingGroup{}
		old := obj.DeepCopyObject()
		types.PrepareUpdate(obj, old)
		if template.Spec.SchedulingGroup == nil {
			t.Errorf("%T: what the old template uses is dropped", obj)
		}
	}
}

// Lists are defaulted item by item, and objects in no namespace need none.
func TestRowsAreFound(t *testing.T) {
	list := &appsv1.DeploymentList{Items: []appsv1.Deployment{{}}}
	types.Default(list)
	if list.Items[0].Spec.Strategy.RollingUpdate == nil {
		t.Error("the items of a list have no defaults")
	}
	if err := types.Check(&schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "a"}}); err != nil {
		t.Errorf("a class that is in no namespace: %v", err)
	}
	if err := types.Check(&batchv1.Job{ObjectMeta: metav1.ObjectMeta{GenerateName: "a-"}, Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{
		Spec: corev1.PodSpec{RestartPolicy: "Never", Containers: []corev1.Container{{Name: "c", Image: "c"}}},
	}}}); err != nil {
		t.Errorf("a job that has not been at a server: %v", err)
	}
}
