package sdktest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/rest"

	"github.com/podwright/podwright/sdk"
)

// trial is a rule being tried. All that it makes has its name and its label.
type trial struct {
	*testing.T
	*sdk.Client
	options
	ctx    context.Context
	config *rest.Config
	name   string
}

// label is the key of the label that says which rule an object is of.
const label = "sdktest"

func dashed(name string) string { return strings.ReplaceAll(name, " ", "-") }

// ok ends the trial if there is an error.
func (t *trial) ok(err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (t *trial) equal(what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// is holds that an error is of a sort.
func (t *trial) is(what string, is func(error) bool, err error) {
	t.Helper()
	if err == nil || !is(err) {
		t.Errorf("the error is not %s: %v", what, err)
	}
}

// wraps is for is.
func wraps(want error) func(error) bool { return func(err error) bool { return errors.Is(err, want) } }

// says holds that an error's text has all the words.
func (t *trial) says(err error, words ...string) {
	t.Helper()
	for _, w := range words {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q: %v", w, err)
		}
	}
}

func (t *trial) meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: t.name + "-" + name, Labels: map[string]string{label: t.name, "app": name}}
}

// selector is of all that the trial makes.
func (t *trial) selector() string { return label + "=" + t.name }

func (t *trial) configMap(name string) *corev1.ConfigMap {
	return &corev1.ConfigMap{ObjectMeta: t.meta(name), Data: map[string]string{"a": "1"}}
}

// pod is a pod that ends within a second.
func (t *trial) pod(name string, containers ...corev1.Container) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: t.meta(name), Spec: corev1.PodSpec{
		Containers: containers, TerminationGracePeriodSeconds: new(int64(1)), AutomountServiceAccountToken: new(false),
	}}
}

// once is a pod whose containers run once.
func (t *trial) once(name string, containers ...corev1.Container) *corev1.Pod {
	p := t.pod(name, containers...)
	p.Spec.RestartPolicy = corev1.RestartPolicyNever
	return p
}

// shell is a container that runs a script.
func (t *trial) shell(name, script string) corev1.Container {
	return corev1.Container{Name: name, Image: t.busybox, Command: []string{"sh", "-c", script}}
}

// idle ends a script that goes on until the container is told to stop.
const idle = "\ntrap 'exit 0' TERM; while :; do sleep 1; done"

// web is a container that serves HTTP on port 8080, http by name, and is ready when it does. Of /hostname the answer is the pod's name,
// of /echo?msg=x it is x.
func (t *trial) web() corev1.Container {
	return corev1.Container{
		Name: "web", Image: t.agnhost, Args: []string{"netexec", "--http-port=8080", "--udp-port=-1"},
		Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
		ReadinessProbe: &corev1.Probe{PeriodSeconds: 1, FailureThreshold: 60,
			ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/hostname", Port: intstr.FromString("http")}}},
	}
}

// controller is a ReplicationController of pods like the given one.
func (t *trial) controller(name string, replicas int32, pod *corev1.Pod) *corev1.ReplicationController {
	meta := t.meta(name)
	pod.Name, pod.Labels = "", meta.Labels
	return &corev1.ReplicationController{ObjectMeta: meta, Spec: corev1.ReplicationControllerSpec{
		Replicas: &replicas, Selector: meta.Labels, Template: &corev1.PodTemplateSpec{ObjectMeta: pod.ObjectMeta, Spec: pod.Spec},
	}}
}

// run makes an object, and waits until it is ready.
func (t *trial) run(obj sdk.Object) {
	t.Helper()
	t.ok(t.Client.Run(t.ctx, obj))
}
