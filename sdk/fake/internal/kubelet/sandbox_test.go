package kubelet_test

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// TestHostNetwork: such a pod has its node's address and shares its ports, which are free again when it has gone.
func TestHostNetwork(t *testing.T) {
	inWorld(t, func(w *world) {
		errs := make(chan error, 2)
		w.handle("web", func(ctx context.Context, c *kubelet.Container) error {
			_, err := c.Listen("tcp", ":80")
			errs <- err
			<-ctx.Done()
			return nil
		})
		host := func(name string) *corev1.Pod {
			pod := podOf(name, "web")
			pod.Spec.HostNetwork = true
			return pod
		}
		if got := w.run(host("one")); got.Status.PodIP != "192.168.49.2" || got.Status.PodIP != got.Status.HostIP {
			t.Errorf("address %s on %s", got.Status.PodIP, got.Status.HostIP)
		}
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
		w.run(host("two"))
		if err := <-errs; !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("a second one on the port: %v", err)
		}
		w.delete("one", 0)
		w.delete("two", 0)
		wait(0)
		w.run(host("three"))
		if err := <-errs; err != nil {
			t.Errorf("when the first is gone: %v", err)
		}
	})
}

// TestIPC: containers of a pod share memory, which another pod does not see.
func TestIPC(t *testing.T) {
	inWorld(t, func(w *world) {
		seen := make(chan byte, 3)
		w.handle("count", func(ctx context.Context, c *kubelet.Container) error {
			m, err := c.IPC().Memory("/count", 1)
			if err != nil {
				return err
			}
			m.Update(func(b []byte) { b[0]++; seen <- b[0] })
			<-ctx.Done()
			return nil
		})
		pod := podOf("pair", "count", "count")
		pod.Spec.Containers[1].Name = "second"
		w.run(pod)
		w.run(podOf("other", "count"))
		if a, b, c := <-seen, <-seen, <-seen; a != 1 || b != 2 || c != 1 {
			t.Errorf("counted %d, %d and %d", a, b, c)
		}
	})
}

// TestLocalhostIsThePods, also for a process that exec started.
func TestLocalhostIsThePods(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("web", func(ctx context.Context, c *kubelet.Container) error {
			l, err := c.Listen("tcp", "127.0.0.1:80")
			if err != nil {
				return err
			}
			context.AfterFunc(ctx, func() { _ = l.Close() })
			for {
				conn, err := l.Accept()
				if err != nil {
					return nil
				}
				_, _ = io.WriteString(conn, "hello")
				_ = conn.Close()
			}
		})
		w.images.add("client", kubelet.Image{Program: untilTerminated, Exec: func(ctx context.Context, c *kubelet.Container) error {
			var conn net.Conn
			conn, err := c.DialContext(ctx, "tcp", "localhost:80")
			if err != nil {
				return err
			}
			_, err = io.Copy(c.Stdout, conn)
			return errors.Join(err, conn.Close())
		}})
		w.run(podOf("app", "web", "client"))
		var out output
		code, err := w.kubelet.Exec(w.Context(), "default", "app", "", "client", kubelet.Command{Args: []string{"get"}, Stdout: &out, Stderr: &out})
		if err != nil || code != 0 || string(out) != "hello" {
			t.Errorf("%d, %v, %q", code, err, out)
		}
	})
}

// output collects what is written.
type output []byte

func (o *output) Write(p []byte) (int, error) {
	*o = append(*o, p...)
	return len(p), nil
}
