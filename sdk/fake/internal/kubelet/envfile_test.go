package kubelet_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// A variable comes from a file that an init container wrote.
func TestEnvFromFile(t *testing.T) {
	for name, tc := range map[string]struct {
		file, key string
		optional  bool
		want      string // A value, or part of why the container waits
	}{
		"one of several":         {"# who\nA='1'\n\nNAME='crane'\n", "NAME", false, "crane"},
		"over two lines":         {"NAME='a\nb' # two\n", "NAME", false, "a\nb"},
		"missing":                {"A='1'\n", "NAME", false, `environment variable key "NAME" not found in file "env"`},
		"missing and optional":   {"A='1'\n", "NAME", true, ""},
		"without quotes":         {"NAME=crane\n", "NAME", false, "couldn't parse env file"},
		"space before the value": {"NAME= 'crane'\n", "NAME", true, ""},
		"space before the sign":  {"NAME ='crane'\n", "NAME", false, "couldn't parse env file"},
		"something after it":     {"NAME='crane' x\n", "NAME", false, "couldn't parse env file"},
		"not closed":             {"NAME='crane\n", "NAME", false, "couldn't parse env file"},
		"no sign":                {"NAME\n", "NAME", false, "couldn't parse env file"},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("write", func(_ context.Context, c *kubelet.Container) error {
					return c.FS().WriteFile("/config/env", []byte(tc.file), 0o644)
				})
				w.handle("app", func(ctx context.Context, c *kubelet.Container) error {
					_, _ = fmt.Fprintln(c.Stdout, c.Getenv("NAME"))
					<-ctx.Done()
					return nil
				})
				pod := podOf("app", "app")
				pod.Spec.Volumes = []corev1.Volume{{Name: "config", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
				pod.Spec.InitContainers = []corev1.Container{{Name: "write", Image: "write", VolumeMounts: []corev1.VolumeMount{{Name: "config", MountPath: "/config"}}}}
				pod.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "NAME", ValueFrom: &corev1.EnvVarSource{
					FileKeyRef: &corev1.FileKeySelector{VolumeName: "config", Path: "env", Key: tc.key, Optional: &tc.optional},
				}}}
				state := w.run(pod).Status.ContainerStatuses[0].State
				switch {
				case state.Waiting != nil:
					if !strings.Contains(state.Waiting.Message, tc.want) || tc.want == "" {
						t.Errorf("the container waits: %+v", state.Waiting)
					}
				case w.log("app", "app", false) != tc.want+"\n":
					t.Errorf("NAME = %q, want %q", w.log("app", "app", false), tc.want)
				}
			})
		})
	}
}
