package builders_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-multierror"
	b "github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// fiveMistakes are two that a builder sees and three that only the server's rules do.
func fiveMistakes() b.PodBuilder {
	return b.Pod("web").
		RestartPolicy("Sometimes").
		Containers(
			b.Container("app", "").Limit("cpu", "5O0m").Port("http", 70000),
			b.Container("proxy", "envoyproxy/envoy:v1.31").LivenessProbe(b.Probe(nil)),
		)
}

func TestBuildReportsEverythingAtOnce(t *testing.T) {
	pod, err := fiveMistakes().Build()
	if pod != nil {
		t.Errorf("a pod is built all the same: %v", pod)
	}
	want := `Pod "web" is invalid:
  spec.containers[0].resources.limits[cpu]: Invalid value: "5O0m": quantities must match the regular expression ` +
		`'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
  spec.containers[1].livenessProbe: Required value: one ProbeHandler must be given, not nil
  spec.containers[0].image: Required value
  spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive
  spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(fmt.Sprint(err), "\n")); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
	var many *multierror.Error
	if !errors.As(err, &many) || len(many.Errors) != 5 {
		t.Fatalf("the error is no *multierror.Error of five: %#v", err)
	}
	for _, e := range many.Errors {
		if _, ok := errors.AsType[*field.Error](e); !ok {
			t.Errorf("%v is a %T, not a *field.Error", e, e)
		}
	}
	var first *field.Error
	if !errors.As(err, &first) || first.Field != "spec.containers[0].resources.limits[cpu]" {
		t.Errorf("the first *field.Error is %v", first)
	}
}

// What the builder was not told wrongly is reported in the order of the server, which is that of types.Check.
func TestBuildReportsInTheOrderOfTheServer(t *testing.T) {
	pod := b.Pod("Web").Label("app", "a b").RestartPolicy("Sometimes").DNSPolicy("Mine").
		Containers(b.Container("a", ""), b.Container("a", "nginx").Mount("cache", "/cache"))
	_, err := pod.Build()
	want := types.Check(pod.Unchecked())
	if want == nil {
		t.Fatal("nothing is wrong with the pod")
	}
	if diff := cmp.Diff(want.Error(), fmt.Sprint(err)); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}

func TestNilUnionsAreProblemsOfBuild(t *testing.T) {
	env := func(v b.EnvVarBuilder) b.PodBuilder {
		return b.Pod("web").Containers(b.Container("app", "nginx").Env(v))
	}
	hook := func(v b.LifecycleBuilder) b.PodBuilder {
		return b.Pod("web").Containers(b.Container("app", "nginx").Lifecycle(v))
	}
	volume := func(v b.VolumeBuilder) b.PodBuilder {
		return b.Pod("web").Containers(b.Container("app", "nginx")).Volumes(v)
	}
	for _, tt := range []struct {
		union string
		pod   b.PodBuilder
		path  string
	}{
		{"VolumeSource", volume(b.Volume("data", nil)), "spec.volumes[0]"},
		{"VolumeSource", volume(b.Volume("data", (*b.EmptyDirVolumeSourceBuilder)(nil))), "spec.volumes[0]"},
		{"VolumeSource", volume(b.Volume("data", b.EmptyDirVolumeSource()).VolumeSource(nil)), "spec.volumes[0]"},
		{"VolumeProjection", volume(b.Volume("data", b.ProjectedVolumeSource().Sources(b.SecretProjection("s"), nil))),
			"spec.volumes[0].projected.sources[1]"},
		{"EnvVarSource", env(b.EnvVar("A", "").ValueFrom(nil)), "spec.containers[0].env[0].valueFrom"},
		{"LifecycleHandler", hook(b.Lifecycle().PreStop(nil)), "spec.containers[0].lifecycle.preStop"},
		{"ProbeHandler", b.Pod("web").Containers(b.Container("app", "nginx").StartupProbe(b.Probe(nil))), "spec.containers[0].startupProbe"},
	} {
		t.Run(tt.path, func(t *testing.T) {
			for root, build := range map[string]func() error{
				"":               func() error { _, err := tt.pod.Build(); return err },
				"spec.template.": func() error { return onlyAbout("spec.template.spec", b.ReplicationController("rc").Template(tt.pod)) },
			} {
				want := []string{root + tt.path + ": Required value: one " + tt.union + " must be given, not nil"}
				if diff := cmp.Diff(want, problems(build())); diff != "" {
					t.Errorf("(-want, +got):\n%s", diff)
				}
			}
		})
	}
}

// onlyAbout is what is wrong with a controller below a path.
func onlyAbout(path string, rc b.ReplicationControllerBuilder) error {
	_, err := rc.Build()
	var kept *multierror.Error
	for _, e := range err.(*multierror.Error).Errors {
		if strings.HasPrefix(e.Error(), path) {
			kept = multierror.Append(kept, e)
		}
	}
	return kept.ErrorOrNil()
}

func problems(err error) []string {
	var many *multierror.Error
	if !errors.As(err, &many) {
		return nil
	}
	var list []string
	for _, e := range many.Errors {
		list = append(list, e.Error())
	}
	return list
}

func TestErrTellsWithoutValidation(t *testing.T) {
	if err := b.Pod("Not A Name").Err(); err != nil {
		t.Errorf("Err validates: %v", err)
	}
	err := b.Container("app", "nginx").Request("cpu", "1 core").Err()
	if want := "resources.requests[cpu]: Invalid value: \"1 core\": "; !strings.HasPrefix(fmt.Sprint(err), want) {
		t.Errorf("got %v, want %s...", err, want)
	}
}

// A part is built without validation, as only the whole can be validated.
func TestBuildOfAPartReportsWhatItWasTold(t *testing.T) {
	if c, err := b.Container("Not A Name", "").Build(); err != nil || c.Name != "Not A Name" {
		t.Errorf("got %v, %v", c, err)
	}
	v, err := b.Volume("data", b.EmptyDirVolumeSource().SizeLimit("lots")).Build()
	if v != nil || !strings.HasPrefix(fmt.Sprint(err), `emptyDir.sizeLimit: Invalid value: "lots": `) {
		t.Errorf("got %v, %v", v, err)
	}
}

func TestMustBuildPanicsWithTheErrorOfBuild(t *testing.T) {
	_, want := fiveMistakes().Build()
	defer func() {
		if diff := cmp.Diff(want.Error(), fmt.Sprint(recover())); diff != "" {
			t.Errorf("(-want, +got):\n%s", diff)
		}
	}()
	fiveMistakes().MustBuild()
}

// An error handed out is the caller's: what he does to it does not come back.
func TestErrorsAreIndependent(t *testing.T) {
	pod := fiveMistakes()
	want := pod.Err().Error()
	for _, err := range []error{pod.Err(), func() error { _, err := pod.Build(); return err }()} {
		for _, e := range err.(*multierror.Error).Errors {
			*e.(*field.Error) = field.Error{Type: field.ErrorTypeForbidden, Field: "changed"}
		}
	}
	if diff := cmp.Diff(want, pod.Err().Error()); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}

func TestAddedNothingIsNoProblem(t *testing.T) {
	pod, err := b.Pod("web").Labels(nil).Finalizers().With().Containers(b.Container("app", "nginx").Env()).Build()
	if err != nil {
		t.Fatal(err)
	}
	want := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "nginx"}}}}
	want.APIVersion, want.Kind, want.Name = "v1", "Pod", "web"
	if diff := cmp.Diff(want, pod); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}
