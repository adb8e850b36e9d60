package sdk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// ExecOptions say what to run in a container, and where its streams go. Streams that are nil are not opened.
type ExecOptions struct {
	// Command is the program and its arguments. No shell is between: for one, say "sh", "-c", "...".
	Command []string
	// Container is where to run it. Without, it is the one that the pod's annotation kubectl.kubernetes.io/default-container
	// names, or the only one; of several the server refuses to choose.
	Container string
	// Stdin is sent until it ends, which the command then sees. A Read of it that is under way when the command ends is not
	// waited for, and what it brings is lost.
	Stdin io.Reader
	// Stdout and Stderr take what the command prints. They are written to by a goroutine each, or by one for both. An error of
	// theirs ends the command's streams; a Write that is under way is waited for, also when ctx ends.
	Stdout, Stderr io.Writer
	// TTY gives the command a terminal, whose output is all in Stdout; Stderr must be nil.
	TTY bool
	// Resize tells of the terminal's size, now and when it changes. Closing it changes nothing. It is for TTY.
	Resize <-chan TerminalSize
}

// TerminalSize is in columns and rows.
type TerminalSize struct{ Width, Height uint16 }

// ExitError is the error of [Client.Exec] and [Client.Attach] when the command has run, and its exit code is not 0.
type ExitError struct {
	Pod, Container string // the pod as namespace/name; the container is empty where the server chose it
	Command        []string
	Code           int
}

func (e *ExitError) Error() string {
	what := strings.Join(e.Command, " ")
	if what == "" {
		what = "the process"
	}
	where := e.Pod
	if e.Container != "" {
		where += " container " + e.Container
	}
	return fmt.Sprintf("%s: %s ended with exit code %d", where, what, e.Code)
}

const defaultContainer = "kubectl.kubernetes.io/default-container"

// Exec runs a command in a container of target and returns when it has ended and all it printed was written: nil for exit code
// 0, an error that wraps an [ExitError] for others. Of a controller or selection it takes the pod most worth talking to.
//
// When ctx ends, so do the streams, and Exec returns ctx's error; the node then kills the command, or, as some runtimes do, leaves it to
// its closed streams. A connection that breaks is an error, and whether the command ran to its end is not known: Exec never tries
// again. It connects by WebSocket, or where the server or a proxy refuses that by SPDY. No goroutine is left but one
// that reads Stdin, until that Read returns.
func (c *Client) Exec(ctx context.Context, target Target, o ExecOptions) error {
	if len(o.Command) == 0 {
		return errors.New("exec: no command given")
	}
	return c.remote(ctx, target, "exec", o)
}

// AttachOptions say which streams of a container's own process to attach to.
type AttachOptions struct {
	// Container is as in [ExecOptions].
	Container string
	// Stdin is sent to the process, if its container has stdin: true; with stdinOnce the process sees its end.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// TTY must be as the container's.
	TTY    bool
	Resize <-chan TerminalSize
}

// Attach connects to the process that runs in a container: what it prints from now on is written to Stdout and Stderr. It returns
// when the process has ended, or the streams have: nil, or an error that wraps an [ExitError] where the server tells the code. The end of
// ctx ends the attachment, not the process. For what was printed before, and not to lose anything, read [Client.Logs].
func (c *Client) Attach(ctx context.Context, target Target, o AttachOptions) error {
	return c.remote(ctx, target, "attach", ExecOptions{
		Container: o.Container, Stdin: o.Stdin, Stdout: o.Stdout, Stderr: o.Stderr, TTY: o.TTY, Resize: o.Resize,
	})
}

// remote runs a subresource of a pod that carries streams.
func (c *Client) remote(ctx context.Context, target Target, verb string, o ExecOptions) error {
	if o.TTY && o.Stderr != nil {
		return fmt.Errorf("%s: with TTY there is one output, Stdout; leave Stderr nil", verb)
	}
	if o.Stdin == nil && o.Stdout == nil && o.Stderr == nil {
		o.Stdout = io.Discard // the server wants one stream at least
	}
	pod, container, err := c.containerOf(ctx, verb, target, o.Container)
	if err != nil {
		return err
	}
	o.Container = container
	address, err := c.remoteAddress(pod, verb, o)
	if err == nil {
		err = c.connect(ctx, address, o)
	}
	if err == nil {
		return nil
	}
	var exit *ExitError
	if errors.As(err, &exit) {
		exit.Pod, exit.Container, exit.Command = pod.Namespace+"/"+pod.Name, o.Container, o.Command
		return fmt.Errorf("%s: %w", verb, err)
	}
	return fmt.Errorf("%s in %s/%s%s: %w", verb, pod.Namespace, pod.Name, containerSuffix(o.Container), err)
}

// containerOf finds the container that a target means, or whose name is given.
func (c *Client) containerOf(ctx context.Context, verb string, target Target, name string) (*corev1.Pod, string, error) {
	ref, err := c.refOf(ctx, target)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", verb, err)
	}
	pods, err := c.podsOf(ctx, ref)
	if err != nil {
		return nil, "", fmt.Errorf("%s in %s: %w", verb, ref, err)
	}
	return &pods[0], execContainer(&pods[0], name), nil
}

func containerSuffix(name string) string {
	if name == "" {
		return ""
	}
	return " container " + name
}

// execContainer is the container that is meant, as kubectl's DefaultContainer does but for its last resort, the first one.
func execContainer(pod *corev1.Pod, name string) string {
	if name = cmp.Or(name, pod.Annotations[defaultContainer]); name == "" && len(pod.Spec.Containers) == 1 {
		name = pod.Spec.Containers[0].Name
	}
	return name
}

func (c *Client) remoteAddress(pod *corev1.Pod, verb string, o ExecOptions) (*url.URL, error) {
	r, err := c.stream(http.MethodPost, podKind)
	if err != nil {
		return nil, err
	}
	r = r.Namespace(pod.Namespace).Name(pod.Name).SubResource(verb)
	for _, p := range o.Command {
		r = r.Param("command", p)
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"stdin", o.Stdin != nil}, {"stdout", o.Stdout != nil}, {"stderr", o.Stderr != nil}, {"tty", o.TTY}} {
		if flag.set {
			r = r.Param(flag.name, "true")
		}
	}
	if o.Container != "" {
		r = r.Param("container", o.Container)
	}
	return r.URL(), nil
}
