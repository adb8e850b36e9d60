package kubelet_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

func explode() { panic(errors.New("boom")) }

func TestExitCodes(t *testing.T) {
	tests := []struct {
		rule    string
		program kubelet.Program
		code    int32
		log     string // a pattern
	}{
		{"nil is 0", exits(0), 0, `^$`},
		{"an ExitError is its code", exits(42), 42, `^$`},
		{"a wrapped ExitError is its code", func(context.Context, *kubelet.Container) error {
			return fmt.Errorf("wrapped: %w", kubelet.ExitError{Code: 3})
		}, 3, `^$`},
		{"only eight bits count", exits(256 + 5), 5, `^$`},
		{"an error is 1 and is logged", func(context.Context, *kubelet.Container) error {
			return errors.New("no more paper")
		}, 1, `^no more paper\n$`},
		{"a panic is 2 and leaves a trace", func(context.Context, *kubelet.Container) error {
			explode()
			return nil
		}, 2, `^panic: boom\n\ngoroutine \d+ .*\n.*kubelet_test\.explode\(`},
		{"a panic of the runtime is 2", func(context.Context, *kubelet.Container) error {
			var none *kubelet.Container
			return errors.New(none.Dir)
		}, 2, `^panic: runtime error: invalid memory address`},
		{"a call of Goexit is 2 and is explained", func(context.Context, *kubelet.Container) error {
			runtime.Goexit()
			return nil
		}, 2, `called runtime.Goexit`},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("app", test.program)
				pod := podOf("app", "app")
				pod.Spec.RestartPolicy = corev1.RestartPolicyNever
				state := w.run(pod).Status.ContainerStatuses[0].State.Terminated
				if state == nil || state.ExitCode != test.code {
					t.Errorf("state = %+v, want exit code %d", state, test.code)
				}
				if got := w.log("app", "app", false); !regexp.MustCompile(test.log).MatchString(got) {
					t.Errorf("log = %q, want a match of %s", got, test.log)
				}
			})
		})
	}
}

func TestFallbackToLogsOnError(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", func(_ context.Context, c *kubelet.Container) error {
			_, _ = fmt.Fprintln(c.Stdout, strings.Repeat("x", 4000))
			return errors.New("the reason")
		})
		pod := podOf("app", "app")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.Containers[0].TerminationMessagePolicy = corev1.TerminationMessageFallbackToLogsOnError
		got := w.run(pod).Status.ContainerStatuses[0].State.Terminated.Message
		if len(got) != 2048 || !strings.HasSuffix(got, "x\nthe reason\n") {
			t.Errorf("message of %d bytes = %q", len(got), got)
		}
	})
}

// serves is a program that listens on a port until it is stopped.
func serves(address string) kubelet.Program {
	return func(ctx context.Context, c *kubelet.Container) error {
		l, err := c.Listen("tcp", address)
		if err != nil {
			return err
		}
		go func() {
			<-ctx.Done()
			_ = l.Close()
		}()
		for {
			conn, err := l.Accept()
			if err != nil {
				return nil
			}
			_, _ = fmt.Fprintf(conn, "%s\n", c.Hostname())
			_ = conn.Close()
		}
	}
}

func TestTwoContainersOnOnePort(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("a", serves(":8080"))
		w.handle("b", serves("127.0.0.1:8080"))
		pod := podOf("p", "a")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(pod)
		pod = podOf("q", "a", "b")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(pod)
		synctest.Wait()
		logs := []string{w.log("q", "a", false), w.log("q", "b", false)}
		const inUse = "listen tcp :8080: bind: address already in use\n"
		want := [][]string{{"", strings.Replace(inUse, ":8080", "127.0.0.1:8080", 1)}, {inUse, ""}}
		if !cmp.Equal(logs, want[0]) && !cmp.Equal(logs, want[1]) {
			t.Errorf("logs = %q: one of the two must say %q", logs, inUse)
		}
		if got := w.log("p", "a", false); got != "" {
			t.Errorf("another pod has another address, but its log says %q", got)
		}
	})
}

func TestExitFreesThePort(t *testing.T) {
	inWorld(t, func(w *world) {
		var errs []error
		w.handle("leaks", func(ctx context.Context, c *kubelet.Container) error {
			_, err := c.Listen("tcp", ":80") // and nobody closes it
			if errs = append(errs, err); len(errs) == 1 {
				return errors.New("crash")
			}
			return untilTerminated(ctx, c)
		})
		w.handle("neighbour", untilTerminated)
		w.run(podOf("p", "leaks", "neighbour"))
		if len(errs) != 2 || errs[0] != nil || errs[1] != nil {
			t.Errorf("Listen of two runs: %v, want it to succeed in both", errs)
		}
	})
}
