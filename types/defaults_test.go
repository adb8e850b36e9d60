package types_test

import (
	"math/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/randfill"
)

func TestDefaultPullPolicy(t *testing.T) {
	tests := []struct {
		image string
		want  corev1.PullPolicy
	}{
		{"nginx", "Always"},
		{"nginx:latest", "Always"},
		{"nginx:1.25", "IfNotPresent"},
		{"heejeong/crane", "Always"},
		{"registry.example.com:5000/a/b", "Always"},
		{"registry.example.com:5000/a/b:v1", "IfNotPresent"},
		{"localhost/a", "Always"},
		{"nginx@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "IfNotPresent"},
		{"nginx:latest@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "Always"},
		{"NOT AN IMAGE", "IfNotPresent"},
		{"Upper/case", "Always"}, // the first part looks like a registry
		{"a/Upper", "IfNotPresent"},
		{"", "IfNotPresent"},
		{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "IfNotPresent"},
	}
	for _, test := range tests {
		t.Run(test.image, func(t *testing.T) {
			pod := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Image: test.image}}}}
			types.Default(pod)
			if got := pod.Spec.Containers[0].ImagePullPolicy; got != test.want {
				t.Errorf("%q is pulled %s, want %s", test.image, got, test.want)
			}
		})
	}
}

func TestDefaultOfPodsIsNotThatOfTemplates(t *testing.T) {
	spec := corev1.PodSpec{HostNetwork: true, TerminationGracePeriodSeconds: new(int64(-1)), Containers: []corev1.Container{{
		Name: "c", Image: "c:1", Ports: []corev1.ContainerPort{{ContainerPort: 80}},
		Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1")}},
	}}}
	pod := &corev1.Pod{Spec: *spec.DeepCopy()}
	rc := &corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Template: &corev1.PodTemplateSpec{
		ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "c"}}, Spec: *spec.DeepCopy()}}}
	types.Default(pod)
	types.Default(rc)
	if got := pod.Spec.Containers[0]; got.Ports[0].HostPort != 80 || got.Resources.Requests.Cpu().String() != "1" || pod.Spec.EnableServiceLinks == nil ||
		*pod.Spec.TerminationGracePeriodSeconds != 1 {
		t.Errorf("a pod lacks defaults of its own: %+v", got)
	}
	if got := rc.Spec.Template.Spec.Containers[0]; got.Ports[0].HostPort != 0 || got.Resources.Requests != nil || rc.Spec.Template.Spec.EnableServiceLinks != nil {
		t.Errorf("a template has defaults of pods: %+v", got)
	}
	if *rc.Spec.Replicas != 1 || rc.Labels["app"] != "c" || rc.Spec.Selector["app"] != "c" {
		t.Errorf("labels, selector and replicas: %v, %v, %v", rc.Labels, rc.Spec.Selector, *rc.Spec.Replicas)
	}
	rc.Labels["x"] = "y"
	if len(rc.Spec.Template.Labels) != 1 {
		t.Error("the controller's labels and the template's are one map")
	}
}

func TestPreparePodLevelResources(t *testing.T) {
	list := func(cpu string) corev1.ResourceList { return corev1.ResourceList{"cpu": resource.MustParse(cpu)} }
	always := new(corev1.ContainerRestartPolicyAlways)
	pod := &corev1.Pod{Spec: corev1.PodSpec{
		Resources: &corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("10"), "memory": resource.MustParse("1Gi")}},
		InitContainers: []corev1.Container{
			{Resources: corev1.ResourceRequirements{Requests: list("1")}, RestartPolicy: always},
			{Resources: corev1.ResourceRequirements{Requests: list("6")}},
		},
		Containers: []corev1.Container{{Resources: corev1.ResourceRequirements{Requests: list("2")}}, {Resources: corev1.ResourceRequirements{Requests: list("3")}}},
	}}
	types.Default(pod)
	types.Prepare(pod)
	requests := pod.Spec.Resources.Requests
	if cpu, memory := requests.Cpu().String(), requests.Memory().String(); cpu != "7" || memory != "1Gi" {
		t.Errorf("requests are cpu %s and memory %s; the init container of 6 runs beside the sidecar of 1, and memory is the limit", cpu, memory)
	}
}

func TestDefaultService(t *testing.T) {
	s := &corev1.Service{Spec: corev1.ServiceSpec{Type: "LoadBalancer", SessionAffinity: "ClientIP", Ports: []corev1.ServicePort{{Port: 80}}}}
	types.Default(s)
	want := corev1.ServiceSpec{
		Type: "LoadBalancer", SessionAffinity: "ClientIP",
		SessionAffinityConfig: &corev1.SessionAffinityConfig{ClientIP: &corev1.ClientIPConfig{TimeoutSeconds: new(int32(10800))}},
		Ports:                 []corev1.ServicePort{{Port: 80, Protocol: "TCP", TargetPort: intstr.FromInt32(80)}},
		ExternalTrafficPolicy: "Cluster", InternalTrafficPolicy: new(corev1.ServiceInternalTrafficPolicyCluster), AllocateLoadBalancerNodePorts: new(true),
	}
	if diff := cmp.Diff(want, s.Spec); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDefaultOfOtherKinds(t *testing.T) {
	namespace, waiting := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "web"}}, &corev1.Namespace{}
	secret := &corev1.Secret{}
	node := &corev1.Node{Status: corev1.NodeStatus{Capacity: corev1.ResourceList{"cpu": resource.MustParse("2")}}}
	for _, obj := range []runtime.Object{namespace, waiting, secret, node, nil, &metav1.Status{}} {
		types.Default(obj)
	}
	if namespace.Labels[corev1.LabelMetadataName] != "web" || namespace.Status.Phase != "Active" {
		t.Errorf("namespace: %+v", namespace)
	}
	if waiting.Labels != nil {
		t.Errorf("a namespace without a name is labelled with it: %v", waiting.Labels)
	}
	if secret.Type != "Opaque" {
		t.Errorf("secret: %s", secret.Type)
	}
	if node.Status.Allocatable.Cpu().String() != "2" {
		t.Errorf("node: %v", node.Status.Allocatable)
	}
}

// TestLaws holds for any pod and controller, however odd: defaults set twice are set once, validation changes nothing, what has not
// changed may be updated to, and nothing panics.
func TestLaws(t *testing.T) {
	for seed := range int64(60) {
		for _, obj := range []runtime.Object{&corev1.Pod{}, &corev1.ReplicationController{}, &corev1.Service{}, &corev1.Node{}, &corev1.Secret{}, &corev1.Event{},
			&corev1.LimitRange{}, &corev1.ResourceQuota{}, &corev1.Endpoints{}, &corev1.PersistentVolumeClaim{}, &corev1.PodTemplate{}} {
			fill(obj, seed)
			types.Default(obj)
			once := obj.DeepCopyObject()
			types.Default(obj)
			if diff := cmp.Diff(once, obj); diff != "" {
				t.Fatalf("seed %d: the second Default changed\n%s", seed, diff)
			}
			if pod, ok := obj.(*corev1.Pod); ok {
				types.Admit(pod, "abcde")
			}
			types.Prepare(obj)
			once = obj.DeepCopyObject()
			first := lines(types.Errors(obj))
			types.Warnings(obj)
			if diff := cmp.Diff(first, lines(types.Errors(obj))); diff != "" {
				t.Fatalf("seed %d: the order of errors varies\n%s", seed, diff)
			}
			types.StatusUpdateErrors(obj, once)
			types.PrepareUpdate(obj.DeepCopyObject(), once)
			for _, text := range lines(types.UpdateErrors(obj, once)) {
				if len(first) == 0 {
					t.Fatalf("seed %d: an update that changes nothing: %s", seed, text)
				}
			}
			if diff := cmp.Diff(once, obj); diff != "" {
				t.Fatalf("seed %d: validation changed\n%s", seed, diff)
			}
		}
	}
}

// fill gives most fields random values.
func fill(obj runtime.Object, seed int64) {
	randfill.New().RandSource(rand.NewSource(seed)).NilChance(0.4).NumElements(0, 3).MaxDepth(14).Funcs(
		func(q *resource.Quantity, c randfill.Continue) {
			*q = *resource.NewMilliQuantity(c.Int63n(1e6)-1e5, resource.DecimalSI)
		},
		func(v *metav1.Time, c randfill.Continue) { *v = metav1.Time{Time: time.Unix(c.Int63n(1e9), 0)} },
		func(v *intstr.IntOrString, c randfill.Continue) { *v = intstr.FromInt32(c.Int31n(1e5)) },
	).Fill(obj)
}
