package apply

import (
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/applyconfigurations"
	"sigs.k8s.io/yaml"
)

// configured is the JSON of an object's apply configuration.
func configured(t *testing.T, obj runtime.Object) string {
	t.Helper()
	gvk, err := kindOf(obj)
	if err != nil {
		t.Fatal(err)
	}
	config := applyconfigurations.ForKind(gvk)
	if err := fill(config, obj); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// generic is JSON or YAML as maps and lists.
func generic(t *testing.T, data string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := yaml.Unmarshal([]byte(data), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func podOf(change func(*corev1.PodSpec)) *corev1.Pod {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web"}}
	change(&pod.Spec)
	return pod
}

func TestIntegersAreNotRounded(t *testing.T) {
	pod := podOf(func(s *corev1.PodSpec) { s.ActiveDeadlineSeconds = new(int64(1<<53 + 1)) }) // which no float64 holds
	got, err := Pod(pod)
	if err != nil || *got.Spec.ActiveDeadlineSeconds != 1<<53+1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNothingIsShared(t *testing.T) {
	pod := podOf(func(s *corev1.PodSpec) {
		s.Containers = []corev1.Container{{Name: "a", Args: []string{"x"}, Stdin: true}}
		s.TerminationGracePeriodSeconds, s.NodeSelector = new(int64(1)), map[string]string{"k": "v"}
	})
	before := pod.DeepCopy()
	got, err := Pod(pod)
	if err != nil {
		t.Fatal(err)
	}
	got.Spec.NodeSelector["k"] = "changed"
	got.Spec.Containers[0].Args[0] = "changed"
	*got.Spec.TerminationGracePeriodSeconds = 2
	if diff := cmp.Diff(before, pod); diff != "" {
		t.Errorf("a change of the result changed the object (-before +after):\n%s", diff)
	}
}

func TestConcurrentUse(t *testing.T) {
	pod := podOf(func(s *corev1.PodSpec) { s.Containers = []corev1.Container{{Name: "a"}} })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := Pod(pod); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func BenchmarkPod(b *testing.B) {
	pod := podOf(func(s *corev1.PodSpec) {
		s.Containers = []corev1.Container{
			{Name: "app", Image: "nginx:1.27", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}}, Env: []corev1.EnvVar{{Name: "MODE", Value: "prod"}},
				Resources:    corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("100m")}},
				VolumeMounts: []corev1.VolumeMount{{Name: "cache", MountPath: "/cache"}}},
			{Name: "proxy", Image: "envoyproxy/envoy:v1.31", Args: []string{"-c", "/etc/envoy/envoy.yaml"}},
		}
		s.Volumes = []corev1.Volume{{Name: "cache", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Pod(pod); err != nil {
			b.Fatal(err)
		}
	}
}
