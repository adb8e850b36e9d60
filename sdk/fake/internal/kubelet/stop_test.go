package kubelet_test

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
)

func TestDeletionWithinTheGracePeriod(t *testing.T) {
	inWorld(t, func(w *world) {
		var cause error
		w.handle("app", func(ctx context.Context, _ *kubelet.Container) error {
			<-ctx.Done()
			cause = context.Cause(ctx)
			<-time.After(10 * time.Second)
			return kubelet.ExitError{Code: 7}
		})
		w.run(podOf("app", "app"))
		w.delete("app", -1)
		wait(9 * time.Second)
		if pod := w.pod("app"); pod == nil || pod.DeletionTimestamp == nil || pod.Status.ContainerStatuses[0].State.Running == nil {
			t.Fatalf("while the program stops the pod is %+v, want it there and running", pod)
		}
		wait(2 * time.Second)
		if pod := w.pod("app"); pod != nil {
			t.Errorf("after the program stopped the pod is still there: %s", pod.Status.Phase)
		}
		if !errors.Is(cause, kubelet.ErrTerminated) {
			t.Errorf("cause = %v, want %v", cause, kubelet.ErrTerminated)
		}
		want := []string{"Pending", "Pending ContainerCreating", "Running Running", "Failed Error(7)"}
		if diff := cmp.Diff(want, w.states("app")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		events := w.events("app")
		if got := events[len(events)-1]; got != "Normal Killing spec.containers{app}: Stopping container app" {
			t.Errorf("last event = %q", got)
		}
	})
}

// held is a program that takes no notice of its context until it is released, and then tries what it still can.
type held struct {
	release  chan struct{}
	listener net.Listener
	errs     map[string]error
}

func (h *held) run(ctx context.Context, c *kubelet.Container) error {
	h.listener, _ = c.Listen("tcp", ":80")
	<-h.release
	h.errs = map[string]error{"cause": context.Cause(ctx)}
	_, h.errs["write"] = c.Stdout.Write([]byte("late\n"))
	_, h.errs["accept"] = h.listener.Accept()
	_, h.errs["dial"] = c.DialContext(context.Background(), "tcp", "localhost:80")
	_, h.errs["listen"] = c.Listen("tcp", ":81")
	return errors.New("too late to matter")
}

func TestDeletionPastTheGracePeriod(t *testing.T) {
	inWorld(t, func(w *world) {
		h := &held{release: make(chan struct{})}
		w.handle("app", h.run)
		w.run(podOf("app", "app"))
		w.delete("app", -1)
		wait(31 * time.Second)
		if pod := w.pod("app"); pod != nil {
			t.Errorf("after the grace period the pod is still there: %s", pod.Status.Phase)
		}
		want := []string{"Pending", "Pending ContainerCreating", "Running Running", "Failed Error(137)"}
		if diff := cmp.Diff(want, w.states("app")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"default/app/app"}, w.kubelet.Strays()); diff != "" {
			t.Errorf("strays (-want +got):\n%s", diff)
		}
		close(h.release)
		synctest.Wait()
		for what, err := range map[string]error{"cause": kubelet.ErrTerminated, "write": fs.ErrClosed, "accept": net.ErrClosed, "dial": net.ErrClosed, "listen": net.ErrClosed} {
			if !errors.Is(h.errs[what], err) {
				t.Errorf("%s after the kill: %v, want %v", what, h.errs[what], err)
			}
		}
		if strays := w.kubelet.Strays(); strays != nil {
			t.Errorf("strays after the program returned: %v", strays)
		}
	})
}

func TestGraceCanBeShortened(t *testing.T) {
	inWorld(t, func(w *world) {
		h := &held{release: make(chan struct{})}
		defer close(h.release)
		w.handle("app", h.run)
		w.run(podOf("app", "app"))
		w.delete("app", -1)
		wait(time.Second)
		w.delete("app", 3)
		wait(2 * time.Second)
		if w.pod("app") == nil {
			t.Error("the pod is gone before the shorter grace period is over")
		}
		wait(2 * time.Second)
		if w.pod("app") != nil {
			t.Error("the pod is there after the shorter grace period")
		}
	})
}

func TestForcedDeletionKillsAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		begin := time.Now()
		var cause error
		w.handle("app", func(ctx context.Context, _ *kubelet.Container) error {
			<-ctx.Done()
			cause = context.Cause(ctx)
			return nil
		})
		w.run(podOf("app", "app"))
		w.delete("app", 0)
		synctest.Wait()
		if !errors.Is(cause, kubelet.ErrKilled) || time.Since(begin) > time.Second {
			t.Errorf("cause = %v after %v, want %v at once", cause, time.Since(begin), kubelet.ErrKilled)
		}
		if _, err := w.kubelet.Logs("default", "app", "app", false); err == nil {
			t.Error("the log is there after the pod is gone")
		}
	})
}

func TestDeletionFreesTheAddress(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		pod := w.run(podOf("app", "app"))
		peer, err := w.network.NewNamespace(podnetOptions(pod.Status.PodIP))
		if err == nil {
			t.Fatalf("the address of a running pod is free: %v", peer.IP())
		}
		w.delete("app", -1)
		synctest.Wait()
		if _, err = w.network.NewNamespace(podnetOptions(pod.Status.PodIP)); err != nil {
			t.Errorf("the address of a deleted pod: %v", err)
		}
	})
}

func TestDeletionOfAPodThatNeverStarted(t *testing.T) {
	inWorld(t, func(w *world) {
		w.run(podOf("app", "unknown"))
		w.delete("app", -1)
		synctest.Wait()
		if pod := w.pod("app"); pod != nil {
			t.Errorf("the pod is still there: %s", asYAML(t, pod))
		}
	})
}

func TestDeletionInACrashLoop(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", exits(3))
		w.run(podOf("app", "app"))
		w.delete("app", -1)
		synctest.Wait()
		states := w.states("app")
		if got := states[len(states)-1]; w.pod("app") != nil || got != "Failed Error(3)" {
			t.Errorf("last state = %q, want the container as it ended, and the pod gone", got)
		}
	})
}

func TestFinalizersHoldAStoppedPod(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		pod := podOf("app", "app")
		pod.Finalizers = []string{"example.com/hold"}
		w.run(pod)
		w.delete("app", -1)
		wait(time.Minute)
		got := w.pod("app")
		if got == nil || got.Status.Phase != corev1.PodSucceeded {
			t.Fatalf("pod = %+v, want it Succeeded and there", got)
		}
		w.update("app", func(p *corev1.Pod) { p.Finalizers = nil })
		synctest.Wait()
		if w.pod("app") != nil {
			t.Error("the pod is there after its last finalizer went")
		}
	})
}

func TestReplacedPodGetsItsOwnWorker(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		first := w.run(podOf("app", "app"))
		w.delete("app", 0)
		second := w.run(podOf("app", "app"))
		if first.UID == second.UID || second.Status.Phase != corev1.PodRunning {
			t.Errorf("second pod: uid %s after %s, %s", second.UID, first.UID, second.Status.Phase)
		}
	})
}

func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose end finds any goroutine that is left
		w := newWorld(t)
		var cause error
		w.handle("good", func(ctx context.Context, _ *kubelet.Container) error {
			<-ctx.Done()
			cause = context.Cause(ctx)
			return nil
		})
		h := &held{release: make(chan struct{})}
		w.handle("bad", h.run)
		w.handle("crash", exits(1))
		w.run(podOf("good", "good"))
		w.run(podOf("bad", "bad"))
		w.run(podOf("crash", "crash"))
		w.run(podOf("unknown", "unknown"))
		begin := time.Now()
		w.stop()
		synctest.Wait()
		if got := time.Since(begin); got != kubelet.DefaultKillWait {
			t.Errorf("Run waited %v for the stray, want %v", got, kubelet.DefaultKillWait)
		}
		if !errors.Is(cause, kubelet.ErrKilled) {
			t.Errorf("cause = %v, want %v", cause, kubelet.ErrKilled)
		}
		if diff := cmp.Diff([]string{"default/bad/bad"}, w.kubelet.Strays()); diff != "" {
			t.Errorf("strays (-want +got):\n%s", diff)
		}
		if got := w.pod("good").Status.Phase; got != corev1.PodRunning {
			t.Errorf("a kubelet that stops wrote phase %s", got)
		}
		close(h.release)
	})
}

func TestSidecarsStopLast(t *testing.T) {
	inWorld(t, func(w *world) {
		var order []string
		stops := func(name string) {
			w.handle(name, func(ctx context.Context, _ *kubelet.Container) error {
				<-ctx.Done()
				<-time.After(time.Second)
				order = append(order, name)
				return nil
			})
		}
		stops("one")
		stops("two")
		stops("main")
		pod := podOf("p", "main")
		pod.Spec.InitContainers = []corev1.Container{
			{Name: "one", Image: "one", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
			{Name: "two", Image: "two", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
		}
		w.run(pod)
		w.delete("p", -1)
		wait(10 * time.Second)
		if diff := cmp.Diff([]string{"main", "two", "one"}, order); diff != "" {
			t.Errorf("order of stops (-want +got):\n%s", diff)
		}
	})
}

// A deletion that comes while the worker is busy starting the pod is not lost, though the worker's own status write may
// be what brings the news of it. Which comes first is the scheduler's choice, so it is tried often.
func TestDeletionWhileStarting(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		for range 100 {
			w.images.asked = func() {
				w.images.asked = nil
				w.delete("app", -1)
			}
			w.create(registry.Pods, podOf("app", "app"))
			synctest.Wait()
			if pod := w.pod("app"); pod != nil {
				t.Fatalf("the deleted pod is still there: %+v", pod.Status)
			}
		}
	})
}
