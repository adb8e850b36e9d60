package fake_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// namesIn lists a directory of the node.
func namesIn(t *testing.T, c *fake.Cluster, dir string) (names []string) {
	t.Helper()
	files, err := c.NodeFiles("minikube")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := files.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestNodeLogFiles: logs are files of the node, in the format of CRI, where a collector that runs in a pod finds them. They are rotated
// and compressed, and go with the run before the last, and with the pod.
func TestNodeLogFiles(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.LogRotation(200, 0, 3))
		c.HandleFunc("writer", func(ctx context.Context, p *fake.Process) error {
			for i := range 12 {
				fmt.Fprintln(p.Stdout, "line", i)
				<-time.After(10 * time.Second)
			}
			fmt.Fprintln(p.Stderr, "over")
			return fake.Exit(1)
		})
		collected := make(chan string, 1)
		c.HandleFunc("collector", func(ctx context.Context, p *fake.Process) error {
			<-time.After(15 * time.Second)
			names, err := p.FS().Glob("/var/log/containers/writer_default_main-*.log")
			if err != nil || len(names) != 1 {
				return fmt.Errorf("links %v, %v", names, err)
			}
			data, err := p.FS().ReadFile(names[0])
			collected <- string(data)
			<-ctx.Done()
			return err
		})
		client := c.Client()
		run := func(name string, volumes ...corev1.Volume) *corev1.Pod {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PodSpec{Volumes: volumes,
				Containers: []corev1.Container{{Name: "main", Image: name}}}}
			for _, v := range volumes {
				pod.Spec.Containers[0].VolumeMounts = append(pod.Spec.Containers[0].VolumeMounts, corev1.VolumeMount{Name: v.Name, MountPath: v.HostPath.Path})
			}
			if err := client.Run(t.Context(), pod); err != nil {
				t.Fatal(err)
			}
			return pod
		}
		writer := run("writer")
		run("collector", corev1.Volume{Name: "logs", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/var/log"}}})
		text := <-collected
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for i, line := range lines {
			stamp, rest, _ := strings.Cut(line, " ")
			if _, err := time.Parse("2006-01-02T15:04:05.000000000Z", stamp); err != nil || rest != fmt.Sprintf("stdout F line %d", i) {
				t.Errorf("line %d is %q: %v", i, line, err)
			}
		}
		if len(lines) != 2 {
			t.Errorf("the collector has %q", text)
		}

		<-time.After(100 * time.Second)
		synctest.Wait()
		dir := fmt.Sprintf("/var/log/pods/default_writer_%s/main", writer.UID)
		if diff := cmp.Diff([]string{"0.log", "0.log.20000101-000030.gz", "0.log.20000101-000110"}, namesIn(t, c, dir)); diff != "" {
			t.Error(diff)
		}
		checkCompressed(t, c, dir+"/0.log.20000101-000030.gz", "line 2")

		<-time.After(20 * time.Minute) // in which it is restarted some times
		var pod corev1.Pod
		if err := client.Get(t.Context(), "writer", &pod); err != nil {
			t.Fatal(err)
		}
		n := pod.Status.ContainerStatuses[0].RestartCount
		runs := map[string]bool{}
		for _, name := range namesIn(t, c, dir) {
			run, _, _ := strings.Cut(name, ".")
			runs[run] = true
		}
		if diff := cmp.Diff(map[string]bool{fmt.Sprint(n - 1): true, fmt.Sprint(n): true}, runs); n < 3 || diff != "" {
			t.Errorf("after %d restarts: %s", n, diff)
		}

		if err := client.Delete(t.Context(), &pod); err != nil {
			t.Fatal(err)
		}
		if err := client.Wait(t.Context(), sdk.PodNamed("writer"), sdk.Deleted()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, dir := range []string{"/var/log/pods", "/var/log/containers"} {
			if names := namesIn(t, c, dir); len(names) != 1 || !strings.Contains(names[0], "collector") {
				t.Errorf("once the pod is gone %s has %v", dir, names)
			}
		}
	})
}

func checkCompressed(t *testing.T, c *fake.Cluster, name, part string) {
	t.Helper()
	files, err := c.NodeFiles("minikube")
	if err != nil {
		t.Fatal(err)
	}
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.Contains(string(text), part) {
		t.Errorf("%s holds %q, %v", name, text, err)
	}
}
