package apply_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/apply"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

var bakery = metav1.ApplyOptions{FieldManager: "bakery"}

func clientset(t *testing.T) *kubernetes.Clientset {
	t.Helper()
	return kubernetes.NewForConfigOrDie(fake.RunT(t, fake.APIOnly()).RESTConfig())
}

func webPod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default", Labels: map[string]string{"app": "web", "tier": "front"}},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "app", Image: "nginx:1.27", Ports: []corev1.ContainerPort{{ContainerPort: 80, Protocol: corev1.ProtocolTCP}}}},
			Volumes:    []corev1.Volume{{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		},
	}
}

func applied(t *testing.T, client kubernetes.Interface, pod *corev1.Pod) *corev1.Pod {
	t.Helper()
	config, err := apply.Pod(pod)
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.CoreV1().Pods("default").Apply(t.Context(), config, bakery)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// owned is what the only manager of an object owns.
func owned(t *testing.T, obj metav1.Object) any {
	t.Helper()
	entries := obj.GetManagedFields()
	if len(entries) != 1 || entries[0].Manager != bakery.FieldManager || entries[0].Operation != metav1.ManagedFieldsOperationApply {
		t.Fatalf("managedFields = %+v", entries)
	}
	var fields any
	if err := json.Unmarshal(entries[0].FieldsV1.Raw, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

type fields = map[string]any

func TestAppliedPodOwnsWhatItSays(t *testing.T) {
	got := applied(t, clientset(t), webPod())
	port := fields{".": fields{}, "f:containerPort": fields{}, "f:protocol": fields{}}
	want := fields{
		"f:metadata": fields{"f:labels": fields{"f:app": fields{}, "f:tier": fields{}}},
		"f:spec": fields{
			"f:containers": fields{`k:{"name":"app"}`: fields{".": fields{}, "f:name": fields{}, "f:image": fields{},
				"f:ports": fields{`k:{"containerPort":80,"protocol":"TCP"}`: port}}},
			"f:volumes": fields{`k:{"name":"cache"}`: fields{".": fields{}, "f:name": fields{}, "f:emptyDir": fields{}}},
		},
	}
	if diff := cmp.Diff(any(want), owned(t, got)); diff != "" {
		t.Errorf("owned (-want +got):\n%s", diff)
	}
}

// The trap that the package is there for: without it, this is what the same object owns.
func TestJSONOfAPodOwnsResources(t *testing.T) {
	pod := webPod()
	pod.Kind, pod.APIVersion = "Pod", "v1"
	data, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	got, err := clientset(t).CoreV1().Pods("default").Patch(t.Context(), "web", types.ApplyPatchType, data, bakery.ToPatchOptions())
	if err != nil {
		t.Fatal(err)
	}
	if raw := string(got.ManagedFields[0].FieldsV1.Raw); !strings.Contains(raw, `"f:resources":{}`) {
		t.Errorf("owned = %s, want resources among it", raw)
	}
}

func TestApplyingAgain(t *testing.T) {
	client, pod := clientset(t), webPod()
	first := applied(t, client, pod)
	if again := applied(t, client, pod); again.ResourceVersion != first.ResourceVersion {
		t.Errorf("the same pod applied twice went from version %s to %s", first.ResourceVersion, again.ResourceVersion)
	}
	delete(pod.Labels, "tier")
	got := applied(t, client, pod)
	if diff := cmp.Diff(map[string]string{"app": "web"}, got.Labels); diff != "" {
		t.Errorf("labels, with one left out (-want +got):\n%s", diff)
	}
	if got.Spec.RestartPolicy != corev1.RestartPolicyAlways || got.ResourceVersion == first.ResourceVersion {
		t.Errorf("restartPolicy = %q in version %s: the server's defaults are to stay", got.Spec.RestartPolicy, got.ResourceVersion)
	}
}

func TestAppliedControllerLeavesReplicasToOthers(t *testing.T) {
	client := clientset(t).CoreV1().ReplicationControllers("default")
	rc := &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: corev1.ReplicationControllerSpec{
			Selector: map[string]string{"app": "web"},
			Template: &corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": "web"}},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "nginx:1.27"}}},
			},
		},
	}
	put := func(opts metav1.ApplyOptions) (*corev1.ReplicationController, error) {
		config, err := apply.ReplicationController(rc)
		if err != nil {
			t.Fatal(err)
		}
		return client.Apply(t.Context(), config, opts)
	}
	first, err := put(bakery)
	if err != nil {
		t.Fatal(err)
	}
	want := fields{"f:spec": fields{
		"f:selector": fields{},
		"f:template": fields{
			"f:metadata": fields{"f:labels": fields{"f:app": fields{}}},
			"f:spec":     fields{"f:containers": fields{`k:{"name":"app"}`: fields{".": fields{}, "f:name": fields{}, "f:image": fields{}}}},
		},
	}}
	if diff := cmp.Diff(any(want), owned(t, first)); diff != "" {
		t.Errorf("owned (-want +got):\n%s", diff)
	}

	first.Spec.Replicas = new(int32(3)) // by an autoscaler, say
	if _, err := client.Update(t.Context(), first, metav1.UpdateOptions{FieldManager: "scaler"}); err != nil {
		t.Fatal(err)
	}
	if got, err := put(bakery); err != nil || *got.Spec.Replicas != 3 {
		t.Errorf("applied again without replicas: %v, %v; want 3 of them as before", got.Spec.Replicas, err)
	}
	rc.Spec.Replicas = new(int32(0))
	if _, err := put(bakery); !apierrors.IsConflict(err) {
		t.Errorf("applied with 0 replicas: %v, want a conflict with the scaler", err)
	}
	forced := bakery
	forced.Force = true
	if got, err := put(forced); err != nil || *got.Spec.Replicas != 0 {
		t.Errorf("by force: %v, want 0 replicas", err)
	}
}

func TestReadAndAppliedAgainOwnsEverything(t *testing.T) {
	client := clientset(t)
	applied(t, client, webPod())
	live, err := client.CoreV1().Pods("default").Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got := applied(t, client, live) // no precondition, no managedFields, no status in the way
	spec := owned(t, got).(fields)["f:spec"].(fields)
	if _, ok := spec["f:restartPolicy"]; !ok {
		t.Errorf("owned = %v, want the server's defaults too, as the package documentation warns", spec)
	}
}
