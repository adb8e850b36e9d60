package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newServedAPI(tb testing.TB) *api.API {
	tb.Helper()
	a := api.New(registry.NewTable(registry.Served...), 1)
	mustCreate(tb, a, registry.Namespaces, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "default"}})
	return a
}

func template(policy corev1.RestartPolicy) corev1.PodTemplateSpec {
	spec := pod("").Spec
	spec.RestartPolicy = policy
	return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "a"}}, Spec: spec}
}

var (
	inDefault = metav1.ObjectMeta{Name: "a", Namespace: "default"}
	ofA       = &metav1.LabelSelector{MatchLabels: map[string]string{"app": "a"}}
)

func mustUpdate(t *testing.T, a *api.API, r *registry.Resource, subresource string, change func(store.Object)) store.Object {
	t.Helper()
	obj, err := a.Update(r, "default", "a", api.WriteOptions{Manager: "test", Subresource: subresource}, func(obj store.Object) error {
		change(obj)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return obj
}

// TestGenerationsOfWorkloads: what counts as a new generation is each kind's own business.
func TestGenerationsOfWorkloads(t *testing.T) {
	annotate := func(obj store.Object) { obj.SetAnnotations(map[string]string{"k": "v"}) }
	image := func(obj store.Object) {
		switch obj := obj.(type) {
		case *appsv1.Deployment:
			obj.Spec.Template.Spec.Containers[0].Image = "nginx:2"
		case *appsv1.ReplicaSet:
			obj.Spec.Template.Spec.Containers[0].Image = "nginx:2"
		case *corev1.PodTemplate:
			obj.Template.Spec.Containers[0].Image = "nginx:2"
		}
	}
	deployment := func() store.Object {
		return &appsv1.Deployment{ObjectMeta: inDefault, Spec: appsv1.DeploymentSpec{Selector: ofA, Template: template("")}}
	}
	set := func() store.Object {
		return &appsv1.ReplicaSet{ObjectMeta: inDefault, Spec: appsv1.ReplicaSetSpec{Selector: ofA, Template: template("")}}
	}
	podTemplate := func() store.Object { return &corev1.PodTemplate{ObjectMeta: inDefault, Template: template("")} }
	for _, tt := range []struct {
		rule        string
		row         *registry.Resource
		obj         func() store.Object
		subresource string
		change      func(store.Object)
		want        int64
	}{
		{"a deployment's template", registry.Deployments, deployment, "", image, 2},
		{"a deployment's annotations, which its replica sets get", registry.Deployments, deployment, "", annotate, 2},
		{"but not by its status", registry.Deployments, deployment, "status", annotate, 1},
		{"a replica set's template", registry.ReplicaSets, set, "", image, 2},
		{"not its annotations", registry.ReplicaSets, set, "", annotate, 1},
		{"a pod template", registry.PodTemplates, podTemplate, "", image, 2},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			a := newServedAPI(t)
			if got := mustCreate(t, a, tt.row, tt.obj()).GetGeneration(); got != 1 {
				t.Errorf("a new one is of generation %d", got)
			}
			if got := mustUpdate(t, a, tt.row, tt.subresource, tt.change).GetGeneration(); got != tt.want {
				t.Errorf("generation %d, want %d", got, tt.want)
			}
		})
	}
}

func TestAPriorityClassHasOneGeneration(t *testing.T) {
	a := newServedAPI(t)
	mustCreate(t, a, registry.PriorityClasses, &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Value: 5})
	obj, err := a.Update(registry.PriorityClasses, "", "a", api.WriteOptions{Manager: "test"}, func(obj store.Object) error {
		obj.(*schedulingv1.PriorityClass).Description = "d"
		return nil
	})
	if err != nil || obj.GetGeneration() != 1 {
		t.Errorf("generation %d, %v", obj.GetGeneration(), err)
	}
}

// TestStatusAndSpecAreApart: each half of an object has a door of its own.
func TestStatusAndSpecAreApart(t *testing.T) {
	a := newServedAPI(t)
	both := func(replicas int32) func(store.Object) {
		return func(obj store.Object) {
			d := obj.(*appsv1.Deployment)
			d.Spec.Replicas, d.Status.Replicas = &replicas, replicas
			d.Labels = map[string]string{"set": "yes"}
		}
	}
	seen := func(obj store.Object) [3]any {
		d := obj.(*appsv1.Deployment)
		return [3]any{*d.Spec.Replicas, d.Status.Replicas, len(d.Labels)}
	}
	created := &appsv1.Deployment{ObjectMeta: inDefault, Spec: appsv1.DeploymentSpec{Selector: ofA, Template: template("")}, Status: appsv1.DeploymentStatus{Replicas: 9}}
	for _, tt := range []struct {
		rule string
		obj  store.Object
		want [3]any
	}{
		{"created", mustCreate(t, a, registry.Deployments, created), [3]any{int32(1), int32(0), 0}},
		{"by the status, which keeps the labels too", mustUpdate(t, a, registry.Deployments, "status", both(4)), [3]any{int32(1), int32(4), 0}},
		{"by the main resource", mustUpdate(t, a, registry.Deployments, "", both(5)), [3]any{int32(5), int32(4), 1}},
	} {
		if diff := cmp.Diff(tt.want, seen(tt.obj)); diff != "" {
			t.Errorf("%s: replicas, those there are, labels (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestEveryWorkloadWithReplicasScales(t *testing.T) {
	for _, tt := range []struct {
		row *registry.Resource
		obj store.Object
	}{
		{registry.Deployments, &appsv1.Deployment{ObjectMeta: inDefault, Spec: appsv1.DeploymentSpec{Selector: ofA, Template: template("")}}},
		{registry.ReplicaSets, &appsv1.ReplicaSet{ObjectMeta: inDefault, Spec: appsv1.ReplicaSetSpec{Selector: ofA, Template: template("")}}},
		{registry.StatefulSets, &appsv1.StatefulSet{ObjectMeta: inDefault, Spec: appsv1.StatefulSetSpec{Selector: ofA, Template: template("")}}},
	} {
		t.Run(tt.row.Kind, func(t *testing.T) {
			a := newServedAPI(t)
			mustCreate(t, a, tt.row, tt.obj)
			scale, err := a.UpdateScale(tt.row, "default", "a", api.WriteOptions{Manager: "scaler"}, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
				was.Spec.Replicas = 7
				return was, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if scale.Spec.Replicas != 7 || scale.Status.Selector != "app=a" {
				t.Errorf("scale = %+v", scale)
			}
			obj, err := a.Get(tt.row, "default", "a")
			if err != nil {
				t.Fatal(err)
			}
			if got := **tt.row.Replicas(obj).Desired; got != 7 || obj.GetGeneration() != 2 {
				t.Errorf("%d replicas in generation %d, want 7 in 2", got, obj.GetGeneration())
			}
			if diff := cmp.Diff([]string{"scaler scale owns", "test"}, replicaOwners(obj.GetManagedFields())); diff != "" {
				t.Errorf("owners (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAJobSelectsItsOwnPods, whatever its name turns out to be.
func TestAJobSelectsItsOwnPods(t *testing.T) {
	a := newServedAPI(t)
	job := mustCreate(t, a, registry.Jobs, &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "j-", Namespace: "default"}, Spec: batchv1.JobSpec{Template: template("Never")},
	}).(*batchv1.Job)
	uid := string(job.UID)
	if diff := cmp.Diff(map[string]string{"batch.kubernetes.io/controller-uid": uid}, job.Spec.Selector.MatchLabels); diff != "" {
		t.Errorf("selector (-want +got):\n%s", diff)
	}
	want := map[string]string{
		"app": "a", "job-name": job.Name, "batch.kubernetes.io/job-name": job.Name, "controller-uid": uid, "batch.kubernetes.io/controller-uid": uid,
	}
	if diff := cmp.Diff(want, job.Spec.Template.Labels); diff != "" {
		t.Errorf("labels of pods (-want +got):\n%s", diff)
	}
	manual := mustCreate(t, a, registry.Jobs, &batchv1.Job{ObjectMeta: inDefault, Spec: batchv1.JobSpec{
		ManualSelector: new(true), Selector: ofA, Template: template("Never"),
	}}).(*batchv1.Job)
	if diff := cmp.Diff(ofA, manual.Spec.Selector); diff != "" {
		t.Errorf("a manual selector (-want +got):\n%s", diff)
	}
}

func TestADaemonSetCountsItsTemplates(t *testing.T) {
	const count = appsv1.DeprecatedTemplateGeneration
	a := newServedAPI(t)
	mustCreate(t, a, registry.DaemonSets, &appsv1.DaemonSet{ObjectMeta: inDefault, Spec: appsv1.DaemonSetSpec{Selector: ofA, Template: template("")}})
	for _, tt := range []struct {
		rule   string
		change func(*appsv1.DaemonSet)
		want   string
	}{
		{"nothing", func(*appsv1.DaemonSet) {}, "1"},
		{"the count itself", func(ds *appsv1.DaemonSet) { ds.Annotations[count] = "8" }, "1"},
		{"the count taken away", func(ds *appsv1.DaemonSet) { ds.Annotations = nil }, "1"},
		{"another part of the spec", func(ds *appsv1.DaemonSet) { ds.Spec.MinReadySeconds = 3 }, "1"},
		{"the template", func(ds *appsv1.DaemonSet) { ds.Spec.Template.Spec.Containers[0].Image = "nginx:2" }, "2"},
	} {
		obj := mustUpdate(t, a, registry.DaemonSets, "", func(obj store.Object) { tt.change(obj.(*appsv1.DaemonSet)) })
		if got := obj.GetAnnotations()[count]; got != tt.want {
			t.Errorf("%s changes: %s, want %s", tt.rule, got, tt.want)
		}
	}
}

// TestWorkloadsHaveRules: what is made and changed is held against the rules of its kind, each half of it against its own.
func TestWorkloadsHaveRules(t *testing.T) {
	a := newServedAPI(t)
	said := func(err error) string {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	deployment := &appsv1.Deployment{ObjectMeta: inDefault, Spec: appsv1.DeploymentSpec{Template: template("")}}
	_, err := a.Create(registry.Deployments, deployment, api.WriteOptions{Manager: "test"})
	want := "Deployment.apps \"a\" is invalid: [spec.selector: Required value, " +
		"spec.template.metadata.labels: Invalid value: {\"app\":\"a\"}: `selector` does not match template `labels`]"
	if diff := cmp.Diff(want, said(err)); diff != "" {
		t.Errorf("without a selector (-want +got):\n%s", diff)
	}
	deployment.Spec.Selector = ofA
	var warned []string
	options := api.WriteOptions{Manager: "test", Warn: func(text string) { warned = append(warned, text) }}
	if _, err := a.Create(registry.Deployments, deployment, options); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		subresource, want string
		change            func(*appsv1.Deployment)
		warned            []string
	}{
		{"", "Deployment.apps \"a\" is invalid: spec.progressDeadlineSeconds: Invalid value: 1: must be greater than minReadySeconds",
			func(d *appsv1.Deployment) { d.Spec.ProgressDeadlineSeconds, d.Spec.MinReadySeconds = new(int32(1)), 1 }, nil},
		{"status", "Deployment.apps \"a\" is invalid: status.readyReplicas: Invalid value: 1: cannot be greater than status.replicas",
			func(d *appsv1.Deployment) { d.Status.ReadyReplicas = 1 }, nil},
		{"", "", func(d *appsv1.Deployment) {
			d.Spec.Template.Spec.NodeSelector = map[string]string{"beta.kubernetes.io/os": "linux"}
		},
			[]string{`spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead`}},
		{"status", "", func(d *appsv1.Deployment) { d.Status.Replicas = 1 }, nil},
	} {
		warned = nil
		options.Subresource = tt.subresource
		_, err := a.Update(registry.Deployments, "default", "a", options, func(obj store.Object) error {
			tt.change(obj.(*appsv1.Deployment))
			return nil
		})
		if diff := cmp.Diff(tt.want, said(err)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(tt.warned, warned); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
	}
}
