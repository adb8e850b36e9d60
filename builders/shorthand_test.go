package builders_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	b "github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
)

// Every everyday word is the same as the words of the API that it stands for.
func TestShorthandsSayWhatTheAPISays(t *testing.T) {
	c, pod := b.Container("app", "nginx").Resources(b.ResourceRequirements().Limit("cpu", "1")), b.Pod("web")
	env := func(name string, from b.EnvVarSource) b.ContainerBuilder {
		return c.Env(b.EnvVar(name, "").ValueFrom(from))
	}
	both := func(r b.ResourceRequirementsBuilder) b.ContainerBuilder { return c.Resources(r.Limit("cpu", "1")) }
	tests := map[string]struct{ want, got any }{
		"Port":            {c.Ports(b.ContainerPort(80).Name("http")), c.Port("http", 80)},
		"Setenv":          {c.Env(b.EnvVar("A", "1")), c.Setenv("A", "1")},
		"SecretEnv":       {env("A", b.SecretKeySelector("s", "k")), c.SecretEnv("A", "s", "k")},
		"ConfigEnv":       {env("A", b.ConfigMapKeySelector("m", "k")), c.ConfigEnv("A", "m", "k")},
		"FieldEnv":        {env("A", b.ObjectFieldSelector("status.podIP")), c.FieldEnv("A", "status.podIP")},
		"Mount":           {c.VolumeMounts(b.VolumeMount("v", "/v")), c.Mount("v", "/v")},
		"MountReadOnly":   {c.VolumeMounts(b.VolumeMount("v", "/v").ReadOnly(true)), c.MountReadOnly("v", "/v")},
		"Request":         {both(b.ResourceRequirements().Request("memory", "1Gi")), c.Request("memory", "1Gi")},
		"Limit":           {both(b.ResourceRequirements().Limit("memory", "1Gi")), c.Limit("memory", "1Gi")},
		"EmptyDir":        {pod.Volumes(b.Volume("v", b.EmptyDirVolumeSource())), pod.EmptyDir("v")},
		"ConfigMapVolume": {pod.Volumes(b.Volume("v", b.ConfigMapVolumeSource("m"))), pod.ConfigMapVolume("v", "m")},
		"SecretVolume":    {pod.Volumes(b.Volume("v", b.SecretVolumeSource("s"))), pod.SecretVolume("v", "s")},
		"Tolerate":        {pod.Tolerations(b.Toleration().Key("k").Operator(corev1.TolerationOpExists)), pod.Tolerate("k")},
	}
	for _, f := range functionsOf(t, "shorthand.go") {
		tt, ok := tests[f.name]
		if !ok {
			t.Errorf("%s is not tested", f.name)
			continue
		}
		want, got := unchecked(reflect.ValueOf(tt.want)), unchecked(reflect.ValueOf(tt.got))
		if diff := cmp.Diff(want.Interface(), got.Interface()); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", f.name, diff)
		}
	}
}

// Request and Limit start from what the container has, whose problems are told once.
func TestRequestAndLimitTellAProblemOnce(t *testing.T) {
	err := b.Container("app", "nginx").Limit("cpu", "much").Request("cpu", "some").Limit("memory", "1Gi").Err()
	var paths []string
	for _, p := range problems(err) {
		path, _, _ := strings.Cut(p, ":")
		paths = append(paths, path)
	}
	if diff := cmp.Diff([]string{"resources.limits[cpu]", "resources.requests[cpu]"}, paths); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}
