package images_test

import (
	"context"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// world is a cluster with all images, in a bubble.
type world struct {
	*testing.T
	cluster *fake.Cluster
	client  *sdk.Client
}

// inWorld runs a test in a world of its own.
func inWorld(t *testing.T, f func(w world)) {
	t.Helper()
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		images.Register(c, images.All()...)
		f(world{t, c, c.Client()})
	})
}

// command is a pod that runs a command once.
func command(name, image string, args ...string) *corev1.Pod {
	return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{
		RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{Name: "main", Image: image, Command: args}},
	}}
}

// outcome runs a pod to its end and returns what its container printed, and its exit code.
func (w world) outcome(pod *corev1.Pod) (printed string, code int32) {
	w.Helper()
	ctx := context.Background()
	if err := w.client.Create(ctx, pod); err != nil {
		w.Fatal(err)
	}
	if err := w.client.Wait(ctx, sdk.PodNamed(pod.Name), sdk.Phase(corev1.PodSucceeded, corev1.PodFailed)); err != nil {
		w.Fatal(err)
	}
	if err := w.client.Get(ctx, pod.Name, pod); err != nil {
		w.Fatal(err)
	}
	printed = w.log(pod.Name, pod.Spec.Containers[0].Name)
	if s := pod.Status.ContainerStatuses[0].State.Terminated; s != nil {
		code = s.ExitCode
	}
	if err := w.client.Delete(ctx, pod, sdk.Grace(0)); err != nil {
		w.Fatal(err)
	}
	return printed, code
}

// log is all that a container has printed.
func (w world) log(pod, container string) string {
	w.Helper()
	var b strings.Builder
	for line, err := range w.client.Logs(context.Background(), sdk.PodNamed(pod), sdk.LogOptions{Container: container}) {
		if err != nil {
			w.Fatal(err)
		}
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}
