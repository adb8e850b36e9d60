package kubelet_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func field(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

func amount(of, divisor string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: of, Divisor: resource.MustParse(divisor)}}
}

func configKey(name, key string, optional bool) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key, Optional: &optional}}
}

func secretKey(name, key string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}}
}

// environment is a program that keeps what it was started with and ends.
type environment struct{ kubelet.Container }

func (e *environment) run(ctx context.Context, c *kubelet.Container) error {
	e.Args, e.Env, e.Dir = c.Args, c.Env, c.Dir
	<-ctx.Done()
	return nil
}

func TestEnvironment(t *testing.T) {
	inWorld(t, func(w *world) {
		w.create(registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "cm", Namespace: "default"}, Data: map[string]string{"b": "2", "a": "1"}})
		w.create(registry.Secrets, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s", Namespace: "default"}, Data: map[string][]byte{"k": []byte("hidden")}})
		w.create(registry.Services, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "kubernetes", Namespace: "default"},
			Spec: corev1.ServiceSpec{ClusterIP: "10.96.0.1", Ports: []corev1.ServicePort{{Name: "https", Port: 443, Protocol: corev1.ProtocolTCP}}}})
		var seen environment
		w.images.add("app", kubelet.Image{Program: seen.run, Env: []string{"FROM_IMAGE=i", "LITERAL=hidden by the pod"},
			Entrypoint: []string{"/entry"}, Cmd: []string{"default"}, WorkingDir: "/srv"})
		pod := podOf("app", "app")
		pod.Labels = map[string]string{"app": "crane"}
		c := &pod.Spec.Containers[0]
		c.Args = []string{"--name=$(NAME)", "$$(NAME)", "$(FROM_IMAGE)"}
		c.Resources.Requests = corev1.ResourceList{"cpu": resource.MustParse("1500m")}
		c.EnvFrom = []corev1.EnvFromSource{{Prefix: "CM_", ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "cm"}}}}
		c.Env = []corev1.EnvVar{
			{Name: "LITERAL", Value: "x"},
			{Name: "EXPANDED", Value: "$(LITERAL)/$(CM_a)/$(UNKNOWN)/$(KUBERNETES_SERVICE_HOST)"},
			{Name: "NAME", ValueFrom: field("metadata.name")},
			{Name: "LABEL", ValueFrom: field("metadata.labels['app']")},
			{Name: "NODE", ValueFrom: field("spec.nodeName")},
			{Name: "IP", ValueFrom: field("status.podIP")},
			{Name: "HOST_IP", ValueFrom: field("status.hostIP")},
			{Name: "CPU", ValueFrom: amount("requests.cpu", "1")},
			{Name: "CPU_M", ValueFrom: amount("requests.cpu", "1m")},
			{Name: "MEMORY", ValueFrom: amount("limits.memory", "1Mi")},
			{Name: "KEY", ValueFrom: configKey("cm", "b", false)},
			{Name: "OPTIONAL", ValueFrom: configKey("none", "b", true)},
			{Name: "SECRET", ValueFrom: secretKey("s", "k")},
		}
		w.run(pod)
		want := environment{kubelet.Container{
			Args: []string{"/entry", "--name=app", "$(NAME)", "$(FROM_IMAGE)"},
			Dir:  "/srv",
			Env: strings.Split(`PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOSTNAME=app
FROM_IMAGE=i
LITERAL=x
CM_a=1
CM_b=2
EXPANDED=x/1/$(UNKNOWN)/10.96.0.1
NAME=app
LABEL=crane
NODE=minikube
IP=10.244.0.1
HOST_IP=192.168.49.2
CPU=2
CPU_M=1500
MEMORY=8192
KEY=2
SECRET=hidden
KUBERNETES_SERVICE_HOST=10.96.0.1
KUBERNETES_SERVICE_PORT=443
KUBERNETES_SERVICE_PORT_HTTPS=443
KUBERNETES_PORT=tcp://10.96.0.1:443
KUBERNETES_PORT_443_TCP=tcp://10.96.0.1:443
KUBERNETES_PORT_443_TCP_PROTO=tcp
KUBERNETES_PORT_443_TCP_PORT=443
KUBERNETES_PORT_443_TCP_ADDR=10.96.0.1
HOME=/root`, "\n"),
		}}
		for _, diff := range []string{cmp.Diff(want.Args, seen.Args), cmp.Diff(want.Dir, seen.Dir), cmp.Diff(want.Env, seen.Env)} {
			if diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
	})
}

func TestCommandLine(t *testing.T) {
	tests := []struct {
		rule                                  string
		entrypoint, cmd, command, args, wants []string
	}{
		{"the image's own", []string{"e"}, []string{"c"}, nil, nil, []string{"e", "c"}},
		{"args replace the image's cmd", []string{"e"}, []string{"c"}, nil, []string{"a"}, []string{"e", "a"}},
		{"command replaces both", []string{"e"}, []string{"c"}, []string{"k"}, nil, []string{"k"}},
		{"command and args", []string{"e"}, []string{"c"}, []string{"k"}, []string{"a"}, []string{"k", "a"}},
		{"nothing is the container's name", nil, nil, nil, nil, []string{"app"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				var seen environment
				w.images.add("app", kubelet.Image{Program: seen.run, Entrypoint: test.entrypoint, Cmd: test.cmd})
				pod := podOf("app", "app")
				pod.Spec.Containers[0].Command, pod.Spec.Containers[0].Args = test.command, test.args
				w.run(pod)
				if diff := cmp.Diff(test.wants, seen.Args); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestMissingConfiguration(t *testing.T) {
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "late", Namespace: "default"}, Data: map[string]string{"k": "v"}}
	tests := []struct {
		rule   string
		change func(*corev1.PodSpec)
		state  string
		event  string
	}{
		{"a variable's ConfigMap", func(s *corev1.PodSpec) {
			s.Containers[0].Env = []corev1.EnvVar{{Name: "V", ValueFrom: configKey("late", "k", false)}}
		}, "Pending CreateContainerConfigError", `Warning Failed spec.containers{app}: Error: configmap "late" not found`},
		{"all variables of a ConfigMap", func(s *corev1.PodSpec) {
			s.Containers[0].EnvFrom = []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "late"}}}}
		}, "Pending CreateContainerConfigError", `Warning Failed spec.containers{app}: Error: configmap "late" not found`},
		{"a volume's ConfigMap", func(s *corev1.PodSpec) {
			s.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
				LocalObjectReference: corev1.LocalObjectReference{Name: "late"}}}}}
		}, "Pending ContainerCreating", `Warning FailedMount : MountVolume.SetUp failed for volume "v" : configmap "late" not found`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("app", untilTerminated)
				pod := podOf("app", "app")
				test.change(&pod.Spec)
				w.run(pod)
				states, events := w.states("app"), w.events("app")
				if got := states[len(states)-1]; got != test.state {
					t.Errorf("state = %q, want %q", got, test.state)
				}
				if got := events[len(events)-1]; got != test.event {
					t.Errorf("event = %q, want %q", got, test.event)
				}
				w.create(registry.ConfigMaps, configMap.DeepCopy())
				synctest.Wait()
				if got := w.pod("app").Status.Phase; got != corev1.PodRunning {
					t.Errorf("with the ConfigMap there the pod is %s", got)
				}
			})
		})
	}
}

// A kubelet tries again whenever a pod is other than before, not only when what it waits for comes.
func TestConfigurationErrorOfAnotherPod(t *testing.T) {
	tests := []struct {
		rule, path string
		change     func(*corev1.Pod)
		want       corev1.PodPhase
	}{
		{"the annotation that was missing", "metadata.annotations['at']", func(p *corev1.Pod) { p.Annotations = map[string]string{"at": "x"} }, corev1.PodRunning},
		{"the label that was missing", "metadata.labels['at']", func(p *corev1.Pod) { p.Labels = map[string]string{"at": "x"} }, corev1.PodRunning},
		{"another annotation", "metadata.annotations['at']", func(p *corev1.Pod) { p.Annotations = map[string]string{"other": "x"} }, corev1.PodPending},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("app", untilTerminated)
				pod := podOf("app", "app")
				c := &pod.Spec.Containers[0]
				c.Env = []corev1.EnvVar{{Name: "AT", ValueFrom: field(test.path)}}
				c.VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/data", SubPathExpr: "$(AT)/y"}}
				pod.Spec.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
				w.run(pod)
				if got := w.states("app"); got[len(got)-1] != "Pending CreateContainerConfigError" {
					t.Fatalf("states = %q", got)
				}
				w.update("app", test.change)
				wait(0)
				if got := w.pod("app").Status.Phase; got != test.want {
					t.Errorf("then the pod is %s, want %s", got, test.want)
				}
			})
		})
	}
}

func TestConfigurationErrors(t *testing.T) {
	tests := []struct {
		rule, want string
		from       *corev1.EnvVarSource
	}{
		{"missing secret", `secret "none" not found`, secretKey("none", "k")},
		{"missing key of a ConfigMap", `couldn't find key none in ConfigMap default/cm`, configKey("cm", "none", false)},
		{"missing key of a Secret", `couldn't find key none in Secret default/s`, secretKey("s", "none")},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.create(registry.ConfigMaps, &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "cm", Namespace: "default"}})
				w.create(registry.Secrets, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s", Namespace: "default"}})
				w.handle("app", untilTerminated)
				pod := podOf("app", "app")
				pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "V", ValueFrom: test.from}}
				got := w.run(pod).Status.ContainerStatuses[0].State.Waiting
				if diff := cmp.Diff(&corev1.ContainerStateWaiting{Reason: "CreateContainerConfigError", Message: test.want}, got); diff != "" {
					t.Errorf("waiting (-want +got):\n%s", diff)
				}
			})
		})
	}
}
