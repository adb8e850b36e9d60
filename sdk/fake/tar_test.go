package fake_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestCopyWithoutTar: the SDK's copies need no tar in a container of a cluster's own client, whose image is but a function.
func TestCopyWithoutTar(t *testing.T) {
	c := fake.RunT(t)
	c.HandleFunc("bare", func(ctx context.Context, p *fake.Process) error { <-ctx.Done(); return nil })
	client, ctx := c.Client(), t.Context()
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "bare"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "bare"}}}}
	if err := client.Run(ctx, pod); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	want := map[string]string{"a": "first", "sub/b": "second", "empty": ""}
	for name, text := range want {
		if err := os.MkdirAll(filepath.Join(dir, "up", filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "up", name), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a", filepath.Join(dir, "up/link")); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time over what is there
		if err := client.CopyTo(ctx, pod, filepath.Join(dir, "up"), "/tmp/up", sdk.CopyOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.CopyFrom(ctx, pod, "/tmp/up", filepath.Join(dir, "down"), sdk.CopyOptions{}); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name := range want {
		data, err := os.ReadFile(filepath.Join(dir, "down", name))
		if err != nil {
			t.Fatal(err)
		}
		got[name] = string(data)
		if info, err := os.Stat(filepath.Join(dir, "down", name)); err != nil || info.Mode() != 0o640 {
			t.Errorf("%s has mode %v, %v", name, info.Mode(), err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if to, err := os.Readlink(filepath.Join(dir, "down/link")); err != nil || to != "a" {
		t.Errorf("the link leads to %q, %v", to, err)
	}
	for _, err := range []error{
		client.CopyTo(ctx, pod, filepath.Join(dir, "up"), "/nope/up", sdk.CopyOptions{}),
		client.CopyFrom(ctx, pod, "/nope", filepath.Join(dir, "none"), sdk.CopyOptions{}),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v, want that there is no such file", err)
		}
	}
	other, err := sdk.New(c.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := errors.AsType[*sdk.NoTarError](other.CopyFrom(ctx, pod, "/tmp/up", filepath.Join(dir, "other"), sdk.CopyOptions{})); !ok {
		t.Error("a client of its own needs a tar in the container, as on a real cluster")
	}
}
