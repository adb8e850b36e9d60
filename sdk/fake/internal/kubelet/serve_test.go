package kubelet_test

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/podnet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

func podnetOptions(ip string) podnet.NamespaceOptions {
	return podnet.NamespaceOptions{IP: netip.MustParseAddr(ip)}
}

func TestLogsRefuses(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		w.run(podOf("app", "app"))
		w.run(podOf("unknown", "unknown"))
		pod := podOf("config", "app")
		pod.Spec.Containers[0].EnvFrom = []corev1.EnvFromSource{{ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "none"}}}}
		w.run(pod)
		pod = podOf("init", "app")
		pod.Spec.InitContainers = []corev1.Container{{Name: "wait", Image: "app"}}
		w.run(pod)
		pod = podOf("unbound", "app")
		pod.Spec.NodeName = ""
		w.create(registry.Pods, pod)
		tests := []struct {
			rule, pod, container string
			previous             bool
			want                 string
		}{
			{"no such pod", "none", "app", false, `pods "none" not found`},
			{"on no node", "unbound", "app", false, `pod unbound does not have a host assigned`},
			{"no such container", "app", "none", false, `container "none" in pod "app" is not available`},
			{"no previous run", "app", "app", true, `previous terminated container "app" in pod "app" not found`},
			{"no image", "unknown", "unknown", false, `container "unknown" in pod "unknown" is waiting to start: trying and failing to pull image`},
			{"no configuration", "config", "app", false, `container "app" in pod "config" is waiting to start: CreateContainerConfigError`},
			{"not initialized", "init", "app", false, `container "app" in pod "init" is waiting to start: PodInitializing`},
		}
		for _, test := range tests {
			_, err := w.kubelet.Logs("default", test.pod, test.container, test.previous)
			if err == nil || err.Error() != test.want || !apierrors.IsBadRequest(err) && !apierrors.IsNotFound(err) {
				t.Errorf("%s: error = %v, want %s", test.rule, err, test.want)
			}
		}
	})
}

func TestPreviousLog(t *testing.T) {
	inWorld(t, func(w *world) {
		runs := []string{"one", "two"}
		w.handle("app", func(ctx context.Context, c *kubelet.Container) error {
			if _, err := io.WriteString(c.Stdout, runs[0]+"\n"); err != nil {
				return err
			}
			if runs = runs[1:]; len(runs) == 0 {
				<-ctx.Done()
			}
			return nil
		})
		w.run(podOf("app", "app"))
		if now, before := w.log("app", "app", false), w.log("app", "app", true); now != "two\n" || before != "one\n" {
			t.Errorf("log = %q, previous = %q", now, before)
		}
	})
}

func TestDialPort(t *testing.T) {
	inWorld(t, func(w *world) {
		begin := time.Now()
		w.handle("late", func(ctx context.Context, c *kubelet.Container) error {
			<-time.After(500 * time.Millisecond)
			return serves(":8080")(ctx, c)
		})
		pod := w.run(podOf("crane", "late"))
		conn, err := w.kubelet.DialPort(context.Background(), "default", "crane", pod.UID, 8080)
		if err != nil {
			t.Fatal(err)
		}
		if got := time.Since(begin); got != 500*time.Millisecond {
			t.Errorf("connected after %v: the dial waits for a container that was just started", got)
		}
		text, err := io.ReadAll(conn)
		if string(text) != "crane\n" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
		_ = conn.Close()
		if _, err := w.kubelet.DialPort(context.Background(), "default", "crane", "", 9090); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("closed port: %v, want %v", err, syscall.ECONNREFUSED)
		}
		if got := time.Since(begin); got != time.Second {
			t.Errorf("refused after %v, want a second after the start", got)
		}
		if _, err := w.kubelet.DialPort(context.Background(), "default", "crane", "other", 8080); !apierrors.IsNotFound(err) {
			t.Errorf("another uid: %v, want NotFound", err)
		}
		w.handle("job", exits(0))
		done := podOf("done", "job")
		done.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(done)
		const want = `pod "done" has no network: it is Succeeded`
		if _, err := w.kubelet.DialPort(context.Background(), "default", "done", "", 80); err == nil || err.Error() != want {
			t.Errorf("finished pod: %v, want %s", err, want)
		}
	})
}

func TestContainersOfAPodShareLocalhost(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("server", serves(":80"))
		var got string
		w.handle("client", func(ctx context.Context, c *kubelet.Container) error {
			<-time.After(time.Second)
			conn, err := c.DialContext(ctx, "tcp", "localhost:80")
			if err != nil {
				return err
			}
			text, err := io.ReadAll(conn)
			got = string(text)
			_ = conn.Close()
			<-ctx.Done()
			return err
		})
		w.run(podOf("both", "server", "client"))
		wait(2 * time.Second)
		if got != "both\n" {
			t.Errorf("the neighbour answered %q; log: %s", got, w.log("both", "client", false))
		}
	})
}

func TestOpenStdinWaits(t *testing.T) {
	inWorld(t, func(w *world) {
		var open, none bool
		w.handle("reads", func(_ context.Context, c *kubelet.Container) error {
			_, err := c.Stdin.Read(make([]byte, 1))
			if c.Spec().Stdin {
				open = err == io.EOF
			} else {
				none = err == io.EOF
			}
			return nil
		})
		pod := podOf("p", "reads")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{Name: "open", Image: "reads", Stdin: true})
		w.run(pod)
		synctest.Wait()
		if !none || open {
			t.Errorf("without stdin it ended: %v, want true; with stdin: %v, want false", none, open)
		}
	})
}
