package support_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/support"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func pod(name, image string) *corev1.Pod {
	p := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: image}}}}
	p.Name = name
	return p
}

func TestBuild(t *testing.T) {
	for _, tt := range []struct {
		rule string
		obj  *corev1.Pod
		errs support.Problems
		want []string
	}{
		{"what is right is returned", pod("web", "nginx"), support.Problems{}, nil},
		{"the server's rules hold", pod("web", ""), support.Problems{}, []string{"spec.containers[0].image"}},
		{"what the builder was told comes first", pod("web", ""), problem("spec.volumes[0]"),
			[]string{"spec.volumes[0]", "spec.containers[0].image"}},
		{"what follows from that is left out", pod("web", ""), problem("spec.containers[0].image"), []string{"spec.containers[0].image"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			obj, err := support.Build(tt.obj, tt.errs)
			if diff := cmp.Diff(tt.want, paths(err)); diff != "" {
				t.Errorf("(-want, +got):\n%s", diff)
			}
			if (obj == nil) != (err != nil) || err == nil && obj != tt.obj {
				t.Errorf("got %p and %v", obj, err)
			}
		})
	}
}

func TestBuildNamesTheObject(t *testing.T) {
	_, err := support.Build(pod("web", ""), problem("spec.volumes[0]"))
	want := "Pod \"web\" is invalid:\n  spec.volumes[0]: Required value\n  spec.containers[0].image: Required value"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}

func TestBuildPart(t *testing.T) {
	c := &corev1.Container{}
	if got, err := support.BuildPart(c, support.Problems{}); got != c || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	if got, err := support.BuildPart(c, problem("image")); got != nil || err == nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestMust(t *testing.T) {
	c := &corev1.Container{}
	if got := support.Must(c, nil); got != c {
		t.Errorf("got %v", got)
	}
	want := &field.Error{Type: field.ErrorTypeRequired, Field: "image"}
	defer func() {
		if got := recover(); got != want {
			t.Errorf("panics with %v", got)
		}
	}()
	support.Must(c, want)
}
