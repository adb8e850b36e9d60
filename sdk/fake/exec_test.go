package fake_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/remotecommand"
	"k8s.io/client-go/util/exec"
)

// shell is an image whose commands do a little of what a shell does.
func shell(c *fake.Cluster) {
	idle := fake.ProgramFunc(func(ctx context.Context, p *fake.Process) error {
		fmt.Fprintln(p.Stdout, "up")
		_, err := io.Copy(p.Stdout, p.Stdin)
		<-ctx.Done()
		return err
	})
	c.Handle("shell", idle, fake.Exec(fake.ProgramFunc(func(ctx context.Context, p *fake.Process) error {
		switch p.Args[0] {
		case "echo":
			fmt.Fprintln(p.Stdout, strings.Join(p.Args[1:], " "))
			return nil
		case "fail":
			fmt.Fprintln(p.Stderr, "no")
			return fake.Exit(3)
		case "cat":
			_, err := io.Copy(p.Stdout, p.Stdin)
			return err
		case "size":
			for {
				columns, rows, changed := p.Terminal().Size()
				if columns > 0 {
					fmt.Fprintf(p.Stdout, "%dx%d", columns, rows)
					return nil
				}
				select {
				case <-changed:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		case "wait":
			fmt.Fprintln(p.Stdout, "waiting")
			<-ctx.Done()
			return nil
		}
		return fake.Exit(127)
	})))
}

// executors are the two protocols of a client.
var executors = map[string]func(config *rest.Config, req *rest.Request) (remotecommand.Executor, error){
	"SPDY": func(config *rest.Config, req *rest.Request) (remotecommand.Executor, error) {
		return remotecommand.NewSPDYExecutor(config, "POST", req.URL())
	},
	"WebSocket": func(config *rest.Config, req *rest.Request) (remotecommand.Executor, error) {
		return remotecommand.NewWebSocketExecutor(config, "GET", req.URL().String())
	},
}

// eachExecutor runs a test over memory and loopback by each protocol, on a cluster with a pod of two containers that runs.
func eachExecutor(t *testing.T, test func(ctx context.Context, t *testing.T, run func(o *corev1.PodExecOptions, s remotecommand.StreamOptions) error, client kubernetes.Interface)) {
	for _, way := range []string{"memory", "loopback"} {
		for name, executor := range executors {
			t.Run(way+" "+name, func(t *testing.T) {
				t.Parallel()
				ctx := testContext(t)
				c := fake.RunT(t)
				shell(c)
				config := c.RESTConfig()
				if way == "loopback" {
					e, err := c.Serve(ctx, "127.0.0.1:0")
					if err != nil {
						t.Fatal(err)
					}
					config = e.RESTConfig()
				}
				client := kubernetes.NewForConfigOrDie(config)
				pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "sh"}, Spec: corev1.PodSpec{Containers: []corev1.Container{
					{Name: "main", Image: "shell", Stdin: true, StdinOnce: true}, {Name: "tty", Image: "shell", Stdin: true, TTY: true},
				}}}
				if err := c.Client().Run(ctx, pod); err != nil {
					t.Fatal(err)
				}
				test(ctx, t, func(o *corev1.PodExecOptions, s remotecommand.StreamOptions) error {
					subresource := "exec"
					if o.Command == nil {
						subresource = "attach"
					}
					o.Stdin, o.Stdout, o.Stderr, o.TTY = s.Stdin != nil, s.Stdout != nil, s.Stderr != nil, s.Tty
					req := client.CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name("sh").SubResource(subresource).
						VersionedParams(o, scheme.ParameterCodec)
					e, err := executor(config, req)
					if err != nil {
						return err
					}
					return e.StreamWithContext(ctx, s)
				}, client)
			})
		}
	}
}

func TestExec(t *testing.T) {
	eachExecutor(t, func(_ context.Context, t *testing.T, run func(*corev1.PodExecOptions, remotecommand.StreamOptions) error, _ kubernetes.Interface) {
		big := strings.Repeat("0123456789abcdef", 1<<16)
		for _, tc := range []struct {
			rule           string
			command        []string
			stdin          string
			stdout, stderr string
			code           int
		}{
			{"output", []string{"echo", "hello", "world"}, "", "hello world\n", "", 0},
			{"an exit code, and the other output", []string{"fail"}, "", "", "no\n", 3},
			{"input to its end", []string{"cat"}, "some text", "some text", "", 0},
			{"a mebibyte each way", []string{"cat"}, big, big, "", 0},
		} {
			var stdout, stderr strings.Builder
			streams := remotecommand.StreamOptions{Stdout: &stdout, Stderr: &stderr}
			if tc.stdin != "" {
				streams.Stdin = strings.NewReader(tc.stdin)
			}
			err := run(&corev1.PodExecOptions{Container: "main", Command: tc.command}, streams)
			code := 0
			var exit exec.CodeExitError
			if errors.As(err, &exit) {
				code, err = exit.Code, nil
			}
			if err != nil || code != tc.code || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
				t.Errorf("%s: code %d, %v, %d bytes %.40q, stderr %q", tc.rule, code, err, stdout.Len(), stdout.String(), &stderr)
			}
		}
		err := run(&corev1.PodExecOptions{Container: "nope", Command: []string{"echo"}}, remotecommand.StreamOptions{Stdout: io.Discard})
		if err == nil || !strings.Contains(err.Error(), "container nope is not valid for pod sh") && !strings.Contains(err.Error(), "bad handshake") {
			t.Errorf("in no container: %v", err)
		}
	})
}

// sizes is a queue of one terminal size, and then waits.
type sizes struct {
	once chan remotecommand.TerminalSize
	done <-chan struct{}
}

func (q *sizes) Next() *remotecommand.TerminalSize {
	select {
	case s := <-q.once:
		return &s
	case <-q.done:
		return nil
	}
}

func TestExecTerminal(t *testing.T) {
	eachExecutor(t, func(ctx context.Context, t *testing.T, run func(*corev1.PodExecOptions, remotecommand.StreamOptions) error, _ kubernetes.Interface) {
		once := make(chan remotecommand.TerminalSize, 1)
		once <- remotecommand.TerminalSize{Width: 80, Height: 24}
		var out strings.Builder
		err := run(&corev1.PodExecOptions{Container: "main", Command: []string{"size"}},
			remotecommand.StreamOptions{Stdout: &out, Tty: true, TerminalSizeQueue: &sizes{once, ctx.Done()}})
		if err != nil || out.String() != "80x24" {
			t.Errorf("%v, %q", err, &out)
		}
	})
}

// TestAttach: what is typed reaches the program, and what it prints from then on comes back, until the container ends.
func TestAttach(t *testing.T) {
	eachExecutor(t, func(ctx context.Context, t *testing.T, run func(*corev1.PodExecOptions, remotecommand.StreamOptions) error, client kubernetes.Interface) {
		r, w := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- run(&corev1.PodExecOptions{Container: "main"}, remotecommand.StreamOptions{Stdin: strings.NewReader("typed\n"), Stdout: w, Stderr: io.Discard})
			_ = w.Close()
		}()
		lines := bufio.NewScanner(r)
		for lines.Scan() && lines.Text() != "typed" { // what the program said at its start may come before
		}
		if lines.Text() != "typed" {
			t.Errorf("it ended with %q, %v", lines.Text(), lines.Err())
		}
		go func() { _, _ = io.Copy(io.Discard, r) }()
		if err := client.CoreV1().Pods("default").Delete(ctx, "sh", metav1.DeleteOptions{GracePeriodSeconds: new(int64)}); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; err != nil {
			t.Errorf("at the end of the container: %v", err)
		}
	})
}

// TestExecEndsWithItsClient: a command whose client leaves is killed.
func TestExecEndsWithItsClient(t *testing.T) {
	for name, executor := range executors {
		t.Run(name, func(t *testing.T) {
			c := fake.RunT(t)
			killed := make(chan struct{})
			c.Handle("shell", fake.Pause, fake.Exec(fake.ProgramFunc(func(ctx context.Context, p *fake.Process) error {
				defer close(killed)
				fmt.Fprintln(p.Stdout, "waiting")
				<-ctx.Done()
				return nil
			})))
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "sh"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "shell"}}}}
			if err := c.Client().Run(testContext(t), pod); err != nil {
				t.Fatal(err)
			}
			config := c.RESTConfig()
			req := kubernetes.NewForConfigOrDie(config).CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name("sh").SubResource("exec").
				VersionedParams(&corev1.PodExecOptions{Command: []string{"wait"}, Stdout: true}, scheme.ParameterCodec)
			e, err := executor(config, req)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(testContext(t))
			r, w := io.Pipe()
			ended := make(chan error, 1)
			go func() { ended <- e.StreamWithContext(ctx, remotecommand.StreamOptions{Stdout: w}) }()
			if _, err := io.ReadFull(r, make([]byte, len("waiting\n"))); err != nil {
				t.Fatal(err)
			}
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Errorf("the client's own end: %v", err)
			}
			<-killed
		})
	}
}

// TestExecInABubble: SPDY works in virtual time. (client-go's WebSocket executor leaves a goroutine of its own behind when its
// context ends, which a bubble does not stand.)
func TestExecInABubble(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t)
		shell(c)
		pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "sh"}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "main", Image: "shell"}}}}
		if err := c.Client().Run(t.Context(), pod); err != nil {
			t.Fatal(err)
		}
		config := c.RESTConfig()
		req := kubernetes.NewForConfigOrDie(config).CoreV1().RESTClient().Post().Resource("pods").Namespace("default").Name("sh").SubResource("exec").
			VersionedParams(&corev1.PodExecOptions{Command: []string{"echo", "hi"}, Stdout: true}, scheme.ParameterCodec)
		e, err := executors["SPDY"](config, req)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if err := e.StreamWithContext(t.Context(), remotecommand.StreamOptions{Stdout: &out}); err != nil || out.String() != "hi\n" {
			t.Errorf("%v, %q", err, &out)
		}
	})
}
