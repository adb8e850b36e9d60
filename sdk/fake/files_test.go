package fake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestSharedVolume is the chapter's pod: a web server and the program that fetches its content, with a volume between them.
func TestSharedVolume(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		c.HandleFunc("puller", func(ctx context.Context, p *fake.Process) error {
			for i := 1; ; i++ {
				if err := p.FS().WriteFile("/content/index.html", fmt.Appendf(nil, "version %d", i), 0o644); err != nil {
					return err
				}
				select {
				case <-time.After(time.Minute):
				case <-ctx.Done():
					return nil
				}
			}
		})
		c.HandleFunc("web", func(ctx context.Context, p *fake.Process) error {
			l, err := p.Listen("tcp", ":80")
			if err != nil {
				return err
			}
			root, err := p.FS().Sub("/usr/share/html")
			if err != nil {
				return err
			}
			s := &http.Server{Handler: http.FileServerFS(root)}
			stop := context.AfterFunc(ctx, func() { _ = s.Close() })
			defer stop()
			_ = s.Serve(l)
			return nil
		})
		mount := func(path string, readOnly bool) []corev1.VolumeMount {
			return []corev1.VolumeMount{{Name: "content", MountPath: path, ReadOnly: readOnly}}
		}
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "site"}, Spec: corev1.PodSpec{
			Volumes: []corev1.Volume{{Name: "content", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
			Containers: []corev1.Container{
				{Name: "web", Image: "web", VolumeMounts: mount("/usr/share/html", true)},
				{Name: "puller", Image: "puller", VolumeMounts: mount("/content", false)},
			},
		}}
		client := c.Client()
		if err := client.Run(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // for the first content
		forward, err := client.PortForward(t.Context(), sdk.PodNamed("site"), "8080:80")
		if err != nil {
			t.Fatal(err)
		}
		defer forward.Close()
		for i := 1; i <= 2; i++ {
			resp, err := forward.HTTPClient().Get("http://site/")
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if want := fmt.Sprintf("version %d", i); string(text) != want {
				t.Errorf("%q, want %q", text, want)
			}
			<-time.After(time.Minute + time.Second) // not just when the next version comes
		}
	})
}

// TestFilesFromOutside: a test prepares and looks at the files of a container, of its image and of its node.
func TestFilesFromOutside(t *testing.T) {
	c := fake.RunT(t)
	c.Handle("app", fake.Pause, fake.Files(fstest.MapFS{"etc/app.conf": {Data: []byte("default")}}))
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "app"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "app"}}}}
	if err := c.Client().Run(testContext(t), pod); err != nil {
		t.Fatal(err)
	}
	files, err := c.Files("default", "app", "main")
	if err != nil {
		t.Fatal(err)
	}
	if text, err := files.ReadFile("/etc/app.conf"); err != nil || string(text) != "default" {
		t.Errorf("%q, %v", text, err)
	}
	token, err := files.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/token")
	if err != nil || strings.Count(string(token), ".") != 2 {
		t.Errorf("token %q, %v", token, err)
	}
	if _, err := c.Files("default", "app", "nope"); err == nil || !strings.Contains(err.Error(), `container not found ("nope")`) {
		t.Errorf("of no container: %v", err)
	}
	if _, err := c.NodeFiles("nope"); err == nil {
		t.Error("of no node: no error")
	}
	node, err := c.NodeFiles("minikube")
	if err != nil {
		t.Fatal(err)
	}
	if err := node.WriteFile("/etc/machine-id", []byte("x"), 0o444); err != nil {
		t.Error(err)
	}
}
