package builders_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	b "github.com/podwright/podwright/builders"
	corev1 "k8s.io/api/core/v1"
)

// The objects that tests and benchmarks of this package make, once by builders and once as literals.
func TestBuildersMakeWhatLiteralsSay(t *testing.T) {
	pod, err := twoContainers().Build()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(twoContainersLiteral(), pod); diff != "" {
		t.Errorf("(-literal, +built):\n%s", diff)
	}
	rc, err := chapter().Build()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(chapterLiteral(), rc); diff != "" {
		t.Errorf("(-literal, +built):\n%s", diff)
	}
}

// So do the apply configurations that the benchmarks stand beside.
func TestApplyConfigurationsSayTheSame(t *testing.T) {
	pod, rc := &corev1.Pod{}, &corev1.ReplicationController{}
	for into, from := range map[any]any{pod: twoContainersApplied(), rc: chapterApplied()} {
		data, err := json.Marshal(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(twoContainersLiteral(), pod); diff != "" {
		t.Errorf("(-literal, +applied):\n%s", diff)
	}
	if diff := cmp.Diff(chapterLiteral(), rc); diff != "" {
		t.Errorf("(-literal, +applied):\n%s", diff)
	}
}

// The literals have none of the server's defaults, so neither has what Build returns; and what it returns is what Unchecked
// does, not what was validated.
func TestBuildAppliesNoDefaults(t *testing.T) {
	pod := b.Pod("web").Containers(b.Container("app", "nginx"))
	if diff := cmp.Diff(pod.Unchecked(), pod.MustBuild()); diff != "" {
		t.Errorf("(-Unchecked, +Build):\n%s", diff)
	}
	want := `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web"},` +
		`"spec":{"containers":[{"name":"app","image":"nginx","resources":{}}]},"status":{}}`
	got, err := json.Marshal(pod.MustBuild())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
}

func TestBuildTwiceGivesEqualAndIndependentObjects(t *testing.T) {
	pod, want := twoContainers(), twoContainersLiteral()
	for range 3 {
		got := pod.MustBuild()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want, +got):\n%s", diff)
		}
		scribble(reflect.ValueOf(got))
		if cmp.Equal(want, got) {
			t.Fatal("the scribbling changed nothing")
		}
	}
}

// One base, many goroutines: the race detector watches, and each must get its own.
func TestABaseIsSafeToShare(t *testing.T) {
	base := twoContainers().Annotation("a", "1").Annotation("b", "2")
	bad := b.Container("bad", "nginx").Limit("cpu", "much")
	var wg sync.WaitGroup
	for i := range 16 {
		name := fmt.Sprint("pod-", i)
		wg.Go(func() {
			mine := base.Name(name).Label("app", name).Finalizers("example.com/" + name)
			for range 20 {
				pod, err := mine.Annotation("i", name).
					With(func(p b.PodBuilder) b.PodBuilder { return p.Containers(b.Container(name, "nginx")) }).
					Edit(func(p *corev1.Pod) { p.Spec.Volumes[0].Name = "cache" }).
					Build()
				if err != nil {
					t.Error(err)
					return
				}
				if got := pod.Spec.Containers[2].Name + pod.Labels["app"] + pod.Annotations["i"]; got != name+name+name {
					t.Errorf("%s got somebody else's: %s", name, got)
				}
				scribble(reflect.ValueOf(pod))
				if _, err := base.Containers(bad).Build(); err == nil {
					t.Error("a bad quantity is no error")
				} else {
					scribble(reflect.ValueOf(err))
				}
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(twoContainersLiteral().Spec, base.MustBuild().Spec); diff != "" {
		t.Errorf("the base has changed (-want, +got):\n%s", diff)
	}
}
