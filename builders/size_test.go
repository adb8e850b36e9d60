package builders_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// programs make the same pod and hold it as an object of the API.
var programs = map[string]string{
	"literal": `package main

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

var made runtime.Object

func main() {
	made = &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "app", Image: "nginx", Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 80}}}},
			Volumes:    []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		},
	}
	println(made)
}
`,
	"unchecked": builderProgram("made = pod.Unchecked()"),
	"build":     builderProgram("made, err = pod.Build()"),
}

func builderProgram(end string) string {
	return `package main

import (
	b "github.com/podwright/podwright/builders"
	"k8s.io/apimachinery/pkg/runtime"
)

var (
	made runtime.Object
	err  error
)

func main() {
	pod := b.Pod("web").Label("app", "web").
		Containers(b.Container("app", "nginx").Port("http", 80)).
		Volumes(b.Volume("data", b.EmptyDirVolumeSource()))
	` + end + `
	println(made, err)
}
`
}

// A program that has the API's types already grows by little when it makes its objects with builders: the linker drops the
// methods that are not called. Build brings the server's validation with it, and is only reported.
func TestBuildersAddLittleToAProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("links three programs")
	}
	literal, unchecked, build := linked(t, "literal"), linked(t, "unchecked"), linked(t, "build")
	t.Logf("literal %d kB, Unchecked +%d kB, Build +%d kB", literal/1000, (unchecked-literal)/1000, (build-literal)/1000)
	if added := unchecked - literal; added >= 150_000 {
		t.Errorf("a pod made by builders and Unchecked adds %d kB, want less than 150 kB", added/1000)
	}
}

// linked is the size of a program, without what is only for debuggers.
func linked(t *testing.T, program string) int64 {
	t.Helper()
	dir := t.TempDir()
	src, bin := filepath.Join(dir, "main.go"), filepath.Join(dir, "program")
	if err := os.WriteFile(src, []byte(programs[program]), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(bin)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
