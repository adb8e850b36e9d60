package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// The picture is there as soon as the server answers.
func TestDraws(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cluster.svg")
	serve(t, "-nodes", "2", "-draw", file)
	if picture := read(t, file); !strings.Contains(picture, "minikube-m02") {
		t.Errorf("no second node in %s", picture)
	}
}

// It is written again when there is something new, and only then.
func TestDrawsWhatIsNew(t *testing.T) {
	c := fake.RunT(t, fake.APIOnly())
	d := &drawing{cluster: c, file: filepath.Join(t.TempDir(), "cluster.svg")}
	update := func() string {
		t.Helper()
		if err := d.update(); err != nil {
			t.Fatal(err)
		}
		return read(t, d.file)
	}
	update()
	if err := os.WriteFile(d.file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := update(); got != "mine" {
		t.Errorf("nothing was new, and the file was written: %s", got)
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "crane"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "crane", Image: "crane"}}}}
	client := kubernetes.NewForConfigOrDie(c.RESTConfig())
	if _, err := client.CoreV1().Pods("default").Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := update(); !strings.Contains(got, "pod crane") {
		t.Errorf("the new pod is not in %s", got)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
