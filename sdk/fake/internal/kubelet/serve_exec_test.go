package kubelet_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// echoing is an image whose own program idles, and whose commands print their arguments, read their input and fail as asked.
func echoing() kubelet.Image {
	return kubelet.Image{Program: untilTerminated, Env: []string{"COLOUR=red"}, WorkingDir: "/srv", Exec: func(ctx context.Context, c *kubelet.Container) error {
		switch c.Args[0] {
		case "cat":
			_, err := io.Copy(c.Stdout, c.Stdin)
			return err
		case "wait":
			<-ctx.Done()
			return context.Cause(ctx)
		}
		fmt.Fprintf(c.Stdout, "%s in %s, %s", strings.Join(c.Args, " "), c.Dir, c.Getenv("COLOUR"))
		fmt.Fprint(c.Stderr, "done")
		return kubelet.ExitError{Code: 7}
	}}
}

func TestExec(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("echo", echoing())
		w.handle("plain", untilTerminated)
		pod := podOf("app", "echo")
		pod.Spec.Containers = append(pod.Spec.Containers, corev1.Container{
			Name: "plain", Image: "plain", ImagePullPolicy: corev1.PullAlways, TerminationMessagePolicy: corev1.TerminationMessageReadFile,
		})
		w.run(pod)
		for _, tc := range []struct {
			rule, container string
			args            []string
			stdin           io.Reader
			stdout, stderr  string
			code            int
		}{
			{"a command has the container's environment and directory", "echo", []string{"say", "hi"}, nil, "say hi in /srv, red", "done", 7},
			{"a command reads its input to the end", "echo", []string{"cat"}, strings.NewReader("purr"), "purr", "", 0},
			{"a command without input reads nothing", "echo", []string{"cat"}, nil, "", "", 0},
			{"an image without commands has no file to run", "plain", []string{"ls"}, nil, "",
				"OCI runtime exec failed: exec failed: unable to start container process: exec: \"ls\": executable file not found in $PATH: unknown\n", 127},
		} {
			var stdout, stderr strings.Builder
			code, err := w.kubelet.Exec(w.Context(), "default", "app", "", tc.container,
				kubelet.Command{Args: tc.args, Stdin: tc.stdin, Stdout: &stdout, Stderr: &stderr})
			if err != nil || code != tc.code || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
				t.Errorf("%s: code %d, %v, stdout %q, stderr %q", tc.rule, code, err, &stdout, &stderr)
			}
		}
		if _, err := w.kubelet.Exec(w.Context(), "default", "app", "", "nope", kubelet.Command{Args: []string{"ls"}}); err == nil ||
			err.Error() != `container not found ("nope")` {
			t.Errorf("in no container: %v", err)
		}
		if _, err := w.kubelet.Exec(w.Context(), "default", "app", "other", "echo", kubelet.Command{Args: []string{"ls"}}); err == nil {
			t.Error("in another pod of the name: no error")
		}
	})
}

// TestExecEnds: with its caller's context, and with its container.
func TestExecEnds(t *testing.T) {
	inWorld(t, func(w *world) {
		w.images.add("echo", echoing())
		w.run(podOf("app", "echo"))
		codes := make(chan int, 2)
		begin := func(ctx context.Context) {
			go func() {
				code, err := w.kubelet.Exec(ctx, "default", "app", "", "echo", kubelet.Command{Args: []string{"wait"}})
				if err != nil {
					t.Error(err)
				}
				codes <- code
			}()
			synctest.Wait()
		}
		ctx, cancel := context.WithCancel(w.Context())
		begin(ctx)
		cancel()
		if code := <-codes; code != 137 {
			t.Errorf("with its context: %d, want 137", code)
		}
		begin(w.Context())
		w.delete("app", 0)
		if code := <-codes; code != 137 {
			t.Errorf("with its container: %d, want 137", code)
		}
		synctest.Wait()
		if strays := w.kubelet.Strays(); len(strays) > 0 {
			t.Errorf("strays: %v", strays)
		}
	})
}

func TestAttach(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("upper", func(_ context.Context, c *kubelet.Container) error {
			text, err := io.ReadAll(c.Stdin)
			fmt.Fprint(c.Stdout, strings.ToUpper(string(text)))
			fmt.Fprint(c.Stderr, "shouted\n")
			return err
		})
		pod := podOf("app", "upper")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.Containers[0].Stdin, pod.Spec.Containers[0].StdinOnce = true, true
		w.run(pod)
		var stdout, stderr strings.Builder
		err := w.kubelet.Attach(w.Context(), "default", "app", "", "upper",
			kubelet.Command{Stdin: strings.NewReader("quiet\n"), Stdout: &stdout, Stderr: &stderr})
		if err != nil || stdout.String() != "QUIET\n" || stderr.String() != "shouted\n" {
			t.Errorf("%v, stdout %q, stderr %q", err, &stdout, &stderr)
		}
		wait(0)
		if phase := w.pod("app").Status.Phase; phase != corev1.PodSucceeded {
			t.Errorf("phase %s: the program did not see the end of its input", phase)
		}
		if err := w.kubelet.Attach(w.Context(), "default", "app", "", "upper", kubelet.Command{}); err == nil {
			t.Error("to a container that has ended: no error")
		}
	})
}

// TestSignals: what kill does inside a pod whose containers share their processes, and whose do not.
func TestSignals(t *testing.T) {
	inWorld(t, func(w *world) {
		heard, armed := make(chan syscall.Signal, 1), make(chan struct{})
		w.handle("listener", func(ctx context.Context, c *kubelet.Container) error {
			signals := c.Signals()
			close(armed)
			select {
			case s := <-signals:
				heard <- s
			case <-ctx.Done():
			}
			<-ctx.Done()
			return nil
		})
		answers := make(chan error, 4)
		w.handle("sender", func(ctx context.Context, c *kubelet.Container) error {
			<-armed
			for _, p := range c.Processes() {
				if p.Container == "listener" {
					answers <- c.Kill(p.PID, syscall.SIGHUP)
				}
			}
			answers <- c.Kill(1, syscall.SIGTERM)
			answers <- c.Kill(99, 0)
			<-ctx.Done()
			return nil
		})
		pod := podOf("app", "listener")
		pod.Spec.Containers[0].Name = "listener"
		pod.Spec.ShareProcessNamespace = new(true)
		second := pod.Spec.Containers[0]
		second.Name, second.Image = "sender", "sender"
		pod.Spec.Containers = append(pod.Spec.Containers, second)
		w.run(pod)
		if err := <-answers; err != nil {
			t.Errorf("to a neighbour: %v", err)
		}
		if s := <-heard; s != syscall.SIGHUP {
			t.Errorf("heard %v", s)
		}
		if err := <-answers; err != syscall.EPERM {
			t.Errorf("to the sandbox: %v, want EPERM", err)
		}
		if err := <-answers; err != syscall.ESRCH {
			t.Errorf("to nobody: %v, want ESRCH", err)
		}
	})
}

// TestForkedProcesses end with a signal's code, and with their container.
func TestForkedProcesses(t *testing.T) {
	inWorld(t, func(w *world) {
		codes := make(chan int, 2)
		w.handle("parent", func(ctx context.Context, c *kubelet.Container) error {
			idle := func(ctx context.Context, _ *kubelet.Container) error { <-ctx.Done(); return nil }
			child := c.Fork(idle, kubelet.Container{Args: []string{"child"}})
			if err := c.Kill(child.PID(), syscall.SIGINT); err != nil {
				return err
			}
			codes <- child.Wait()
			left := c.Fork(idle, kubelet.Container{Args: []string{"left"}})
			go func() { codes <- left.Wait() }()
			return nil
		})
		pod := podOf("app", "parent")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(pod)
		if code := <-codes; code != 128+int(syscall.SIGINT) {
			t.Errorf("interrupted: %d", code)
		}
		if code := <-codes; code != 137 {
			t.Errorf("left behind: %d", code)
		}
	})
}
