package gen

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types/descriptor"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/runtime"
)

// said is one object as the generated code builds it.
type said struct {
	Object  json.RawMessage // Unchecked
	Problem string          // Build's
}

// run compiles generated manifests with a program that prints every object, and runs it in this module.
func runManifests(t *testing.T, code []byte) []said {
	t.Helper()
	dir := t.TempDir()
	var calls strings.Builder
	for _, m := range regexp.MustCompile(`(?m)^func (\w+)\(`).FindAllSubmatch(code, -1) {
		fmt.Fprintf(&calls, "\t{b := %s(); _, err := b.Build(); say(b.Unchecked(), err)}\n", m[1])
	}
	main := `package main

import (
	"encoding/json"
	"os"
)

type said struct {
	Object  any
	Problem string
}

func main() {
	out := json.NewEncoder(os.Stdout)
	say := func(obj any, err error) {
		one := said{Object: obj}
		if err != nil {
			one.Problem = err.Error()
		}
		if err := out.Encode(one); err != nil {
			panic(err)
		}
	}
` + calls.String() + "}\n"
	write := func(name string, text []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	cmd := exec.Command("go", "run", write("main.go", []byte(main)), write("manifests.go", code))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running the generated code: %v\n%s", err, stderr.String())
	}
	var all []said
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var one said
		if err := d.Decode(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// accepted are the recorded descriptors that a real server created and that decode strictly.
func accepted(t *testing.T) ([]Manifest, []descriptor.Object) {
	t.Helper()
	var (
		manifests []Manifest
		objects   []descriptor.Object
	)
	files, err := filepath.Glob("../types/testdata/create/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		base := strings.TrimSuffix(file, ".json")
		answer, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var recorded struct{ Response struct{ Status int } }
		if err := json.Unmarshal(answer, &recorded); err != nil || recorded.Response.Status != 201 {
			continue
		}
		for _, ending := range []string{".yaml", ".in.json"} {
			text, err := os.ReadFile(base + ending)
			if err != nil {
				continue
			}
			if obj, err := descriptor.Decode(text); err == nil {
				manifests = append(manifests, Manifest{base + ending, text})
				objects = append(objects, obj)
			}
		}
	}
	return manifests, objects
}

// What a descriptor says and what its Go code says is the same, for every descriptor that a real server took.
func TestManifestsOfRecordedDescriptors(t *testing.T) {
	t.Parallel()
	manifests, objects := accepted(t)
	if len(objects) < 80 {
		t.Fatalf("only %d recorded descriptors were found", len(objects))
	}
	code, err := Manifests(nil, manifests, "", "main")
	if err != nil {
		t.Fatal(err)
	}
	results := runManifests(t, code)
	if len(results) != len(objects) {
		t.Fatalf("%d objects came out, want %d", len(results), len(objects))
	}
	for i, want := range objects {
		name := filepath.Base(manifests[i].Name)
		same(t, name, want, results[i].Object)
		if results[i].Problem != "" {
			t.Errorf("%s: Build: %s", name, results[i].Problem)
		}
	}
}

func same(t *testing.T, name string, want runtime.Object, got json.RawMessage) {
	t.Helper()
	have := want.DeepCopyObject()
	zero(have)
	if err := json.Unmarshal(got, have); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if !equality.Semantic.DeepEqual(want, have) {
		t.Errorf("%s (-want +got):\n%s", name, cmp.Diff(want, have))
	}
}

// zero empties an object, so that decoding into it leaves nothing of what was there.
func zero(obj runtime.Object) {
	switch obj := obj.(type) {
	case *corev1.Pod:
		*obj = corev1.Pod{}
	case *corev1.ReplicationController:
		*obj = corev1.ReplicationController{}
	case *corev1.Service:
		*obj = corev1.Service{}
	case *corev1.ConfigMap:
		*obj = corev1.ConfigMap{}
	case *corev1.Secret:
		*obj = corev1.Secret{}
	case *corev1.Namespace:
		*obj = corev1.Namespace{}
	case *corev1.Node:
		*obj = corev1.Node{}
	default:
		panic(fmt.Sprintf("no %T", obj))
	}
}

// Kubernetes' own test data sets every field of a kind, all members of every union too: what builders cannot say goes to Edit.
func TestManifestsOfAllFields(t *testing.T) {
	t.Parallel()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatal(err)
	}
	var (
		manifests []Manifest
		objects   []descriptor.Object
	)
	for _, kind := range []string{"Pod", "ReplicationController", "Service", "ConfigMap", "Secret", "Namespace", "Node"} {
		for _, ending := range []string{"yaml", "json"} {
			file := filepath.Join(strings.TrimSpace(string(dir)), "testdata/HEAD/core.v1."+kind+"."+ending)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			obj, err := descriptor.Decode(text)
			if err != nil {
				t.Fatal(err)
			}
			manifests, objects = append(manifests, Manifest{file, text}), append(objects, obj)
		}
	}
	code, err := Manifests(nil, manifests, "", "main")
	if err != nil {
		t.Fatal(err)
	}
	for i, result := range runManifests(t, code) {
		same(t, filepath.Base(manifests[i].Name), objects[i], result.Object)
	}
	if !strings.Contains(string(code), "Edit(func(obj *corev1.Pod)") {
		t.Error("the status of a pod is not set by Edit")
	}
}
