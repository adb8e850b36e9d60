package kubelet_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

func execHook(name string) *corev1.LifecycleHandler {
	return &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{name}}}
}

// TestPostStart: until the hook is done the container does not count as running, and those after it are not started.
func TestPostStart(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("app", kubelet.Image{Program: untilTerminated, Exec: func(ctx context.Context, _ *kubelet.Container) error {
			select {
			case <-time.After(3 * time.Second):
			case <-ctx.Done():
			}
			return nil
		}})
		w.handle("second", untilTerminated)
		pod := podOf("app", "app", "second")
		pod.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{PostStart: execHook("warm-up")}
		got := w.run(pod)
		for _, c := range got.Status.ContainerStatuses {
			if c.State.Waiting == nil || c.State.Waiting.Reason != "ContainerCreating" {
				t.Errorf("%s during the hook: %+v", c.Name, c.State)
			}
		}
		wait(3 * time.Second)
		if got := w.pod("app"); !ready(got) {
			t.Errorf("after the hook: %+v", got.Status)
		}
	})
}

// TestPostStartFails: the container is killed and restarted.
func TestPostStartFails(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("app", kubelet.Image{Program: untilTerminated, Exec: exits(1)})
		pod := podOf("app", "app")
		pod.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{PostStart: execHook("fail")}
		w.run(pod)
		wait(time.Second)
		if diff := cmp.Diff([]string{"FailedPostStartHook"}, firsts(w.told("app", "Killing"))); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"PostStartHook failed"}, firsts(w.told("app", "FailedPostStartHook"))); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if got := w.pod("app").Status.ContainerStatuses[0]; got.RestartCount == 0 || ready(w.pod("app")) {
			t.Errorf("status %+v", got)
		}
	})
}

// firsts drops how often an event was counted.
func firsts(messages []string) []string {
	for i := range messages {
		messages[i], _, _ = strings.Cut(messages[i], " (x")
	}
	return messages
}

// TestPreStop: SIGTERM waits for the hook, for as long as the grace period is, and a little is left for the program then.
func TestPreStop(t *testing.T) {
	for _, tc := range []struct {
		rule    string
		hook    *corev1.LifecycleHandler
		grace   int64
		term    time.Duration // after the deletion
		gone    time.Duration
		ignores bool // the program does not end at SIGTERM
	}{
		{"a hook that ends", &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 3}}, 30, 3 * time.Second, 3 * time.Second, false},
		{"what is left of the grace period", &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: 3}}, 30, 3 * time.Second, 30 * time.Second, true},
		{"a hook that takes too long", execHook("forever"), 10, 10 * time.Second, 10 * time.Second, false},
		{"two seconds at least", execHook("forever"), 10, 10 * time.Second, 12 * time.Second, true},
		{"a hook that fails", execHook("fail"), 30, 0, 0, false},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				var terminated time.Time
				w.images.add("app", kubelet.Image{Program: func(ctx context.Context, c *kubelet.Container) error {
					<-ctx.Done()
					terminated = time.Now()
					if tc.ignores {
						again := time.NewTicker(100 * time.Millisecond)
						defer again.Stop()
						for range again.C {
							if _, err := c.Stdout.Write(nil); err != nil { // it was killed
								break
							}
						}
					}
					return nil
				}, Exec: func(ctx context.Context, c *kubelet.Container) error {
					if c.Args[0] == "fail" {
						return kubelet.ExitError{Code: 1}
					}
					<-ctx.Done()
					return nil
				}})
				pod := podOf("app", "app")
				pod.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{PreStop: tc.hook}
				w.run(pod)
				deleted := time.Now()
				w.delete("app", tc.grace)
				var gone time.Duration
				for w.pod("app") != nil {
					if gone = time.Since(deleted); gone > time.Minute {
						t.Fatal("the pod does not go")
					}
					wait(100 * time.Millisecond)
				}
				if got := terminated.Sub(deleted); got != tc.term {
					t.Errorf("SIGTERM after %v, want %v", got, tc.term)
				}
				if gone > tc.gone || gone < tc.gone-100*time.Millisecond && tc.gone > 0 {
					t.Errorf("gone after %v, want %v", gone, tc.gone)
				}
			})
		})
	}
}
