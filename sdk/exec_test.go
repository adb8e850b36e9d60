package sdk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/streaming/pkg/httpstream"
	"k8s.io/streaming/pkg/httpstream/wsstream"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/images"
)

// shellPod is a cluster with a running pod sh, of a container main that reads its stdin and prints it.
func shellPod(t *testing.T) *fake.Cluster {
	t.Helper()
	c := fake.RunT(t)
	images.Register(c, images.Busybox)
	echo := fake.ProgramFunc(func(ctx context.Context, p *fake.Process) error {
		_, err := io.Copy(p.Stdout, p.Stdin)
		if err == nil {
			<-ctx.Done()
		}
		return err
	})
	c.Handle("bare", echo)
	c.Handle("waiter", fake.Pause, fake.Exec(fake.ProgramFunc(waiter)))
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "sh"}, Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "main", Image: "busybox", Command: []string{"sleep", "100000"}}, {Name: "bare", Image: "bare", Stdin: true}, {Name: "waiter", Image: "waiter"},
	}}}
	ok(t, c.Client().Run(t.Context(), pod))
	return c
}

// waiter prints the size of its terminal when it has one, and waits until it is killed.
func waiter(ctx context.Context, p *fake.Process) error {
	fmt.Fprintln(p.Stdout, "waiting")
	for term := p.Terminal(); term != nil; {
		columns, rows, changed := term.Size()
		if columns > 0 {
			fmt.Fprintf(p.Stdout, "%dx%d\n", columns, rows)
		}
		if columns == 100 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
	<-ctx.Done()
	return nil
}

// withoutWebSocket is a client whose WebSockets a proxy refuses.
func withoutWebSocket(t *testing.T, c *fake.Cluster) *sdk.Client {
	t.Helper()
	config := c.RESTConfig()
	config.Wrap(func(next http.RoundTripper) http.RoundTripper { return refuser{next} })
	return clientOf(t, config)
}

type refuser struct{ http.RoundTripper }

func (r refuser) RoundTrip(req *http.Request) (*http.Response, error) {
	if len(req.Header[wsstream.WebSocketProtocolHeader]) > 0 {
		return nil, &httpstream.UpgradeFailureError{Cause: errors.New("the proxy takes no WebSockets")}
	}
	return r.RoundTripper.RoundTrip(req)
}

// eachProtocol runs a test by WebSocket and by SPDY, in a bubble, which holds that no goroutine is left.
func eachProtocol(t *testing.T, test func(t *testing.T, c *sdk.Client)) {
	for _, protocol := range []string{"WebSocket", "SPDY"} {
		t.Run(protocol, func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) {
				c := shellPod(t)
				client := clientOf(t, c.RESTConfig()) // as any cluster's, where copies need a tar
				if protocol == "SPDY" {
					client = withoutWebSocket(t, c)
				}
				test(t, client)
			})
		})
	}
}

func TestExec(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 1<<15)
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		for _, tt := range []struct {
			rule           string
			command        []string
			stdin          io.Reader
			stdout, stderr string
			code           int
		}{
			{"output", []string{"echo", "hello", "world"}, nil, "hello world\n", "", 0},
			{"both outputs, and an exit code", []string{"sh", "-c", "echo out; echo err >&2; exit 3"}, nil, "out\n", "err\n", 3},
			{"input to its end", []string{"cat"}, strings.NewReader("some text"), "some text", "", 0},
			{"half a mebibyte each way", []string{"cat"}, strings.NewReader(big), big, "", 0},
			{"input that nobody reads", []string{"true"}, strings.NewReader("x"), "", "", 0},
		} {
			var stdout, stderr bytes.Buffer
			err := c.Exec(t.Context(), sdk.PodNamed("sh"), sdk.ExecOptions{Command: tt.command, Container: "main", Stdin: tt.stdin, Stdout: &stdout, Stderr: &stderr})
			code := 0
			var exit *sdk.ExitError
			if errors.As(err, &exit) {
				code, err = exit.Code, nil
				equal(t, tt.rule+": the error's pod", "default/sh", exit.Pod)
			}
			ok(t, err)
			equal(t, tt.rule+": exit code", tt.code, code)
			equal(t, tt.rule+": stdout", tt.stdout, stdout.String())
			equal(t, tt.rule+": stderr", tt.stderr, stderr.String())
		}
	})
}

func TestExecFails(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		for _, tt := range []struct {
			rule   string
			target sdk.Target
			o      sdk.ExecOptions
			want   []string
		}{
			{"no command", sdk.PodNamed("sh"), sdk.ExecOptions{}, []string{"exec: no command given"}},
			{"no pod", sdk.PodNamed("nobody"), sdk.ExecOptions{Command: []string{"true"}}, []string{"exec in Pod default/nobody", "not found"}},
			{"no such container", sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"true"}, Container: "x"}, []string{"exec in default/sh container x", "container x is not valid"}},
			{"several containers", sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"true"}}, []string{"exec in default/sh: ", "a container name must be specified"}},
			{"no such command", sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"nothing"}, Container: "bare"}, []string{"exec", "nothing"}},
			{"two outputs of a terminal", sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"true"}, TTY: true, Stderr: io.Discard}, []string{"leave Stderr nil"}},
		} {
			t.Log(tt.rule)
			says(t, c.Exec(t.Context(), tt.target, tt.o), tt.want...)
		}
	})
}

// A writer that fails ends the command's streams, and its error is the caller's.
func TestExecWriterFails(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		full := errors.New("disk full")
		r, w := io.Pipe()
		r.CloseWithError(full)
		err := c.Exec(t.Context(), sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"echo", "x"}, Container: "main", Stdout: w})
		if !errors.Is(err, full) {
			t.Errorf("%v", err)
		}
	})
}

func TestExecEndsWithItsContext(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		var out bytes.Buffer
		err := c.Exec(ctx, sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"wait"}, Container: "waiter", Stdout: &out})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		equal(t, "output until then", "waiting\n", out.String())
		cancel()
		if err := c.Exec(ctx, sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"wait"}, Container: "waiter"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("with a context that has ended: %v", err)
		}
	})
}

func TestExecTerminal(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		sizes := make(chan sdk.TerminalSize)
		go func() {
			defer close(sizes)
			sizes <- sdk.TerminalSize{Width: 80, Height: 24}
			<-time.After(time.Second)
			sizes <- sdk.TerminalSize{Width: 100, Height: 30}
		}()
		var out bytes.Buffer
		ok(t, c.Exec(t.Context(), sdk.PodNamed("sh"), sdk.ExecOptions{Command: []string{"wait"}, Container: "waiter", Stdout: &out, TTY: true, Resize: sizes}))
		equal(t, "sizes", "waiting 80x24 100x30", strings.Join(strings.Fields(out.String()), " "))
	})
}

// TestAttach: what is typed reaches the process, what it prints comes back, until the container ends.
func TestAttach(t *testing.T) {
	eachProtocol(t, func(t *testing.T, c *sdk.Client) {
		typed, keyboard := io.Pipe()
		screen, printed := io.Pipe()
		ended := make(chan error)
		go func() {
			ended <- c.Attach(t.Context(), sdk.PodNamed("sh"), sdk.AttachOptions{Container: "bare", Stdin: typed, Stdout: printed})
		}()
		if _, err := keyboard.Write([]byte("typed\n")); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len("typed\n"))
		if _, err := io.ReadFull(screen, got); err != nil {
			t.Fatal(err)
		}
		equal(t, "echo", "typed\n", string(got))
		ok(t, c.Delete(t.Context(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "sh"}}, sdk.Grace(0)))
		ok(t, <-ended)
		keyboard.Close() // the reader of stdin ends with its Read
	})
}
