package fake

import (
	"context"
	"io"
	"net"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// Program is what an image runs: it is to an image what http.Handler is to a path. One Program serves all containers
// of its image, at the same time.
//
// Run returns when the process would exit: nil is exit code 0, [Exit] its code, any other error exit code 1, with the
// error in the container's log. ctx ends when the container is told to stop (SIGTERM). What Run has not finished when
// the pod's grace period is over is cut off: every listener, connection and stream of the process fails from then on,
// and the container counts as killed (137). A Run that does not return even then is a stray: see [AllowStrays].
//
// A panic in Run's own goroutine is exit code 2 with its trace in the container's log, as for a real Go program; so it is in
// goroutines that [Process.Go] starts. Nobody can catch a panic in one that a go statement starts: it ends the test process. Its
// trace names the function that Run was in. Neither can os.Exit and log.Fatal be caught: they end the test process too, where a
// program returns [Exit]. runtime.Goexit, which testing.T.FailNow calls, is exit code 2.
type Program interface {
	Run(ctx context.Context, p *Process) error
}

// ProgramFunc makes a [Program] of a function.
type ProgramFunc func(ctx context.Context, p *Process) error

// Run calls f.
func (f ProgramFunc) Run(ctx context.Context, p *Process) error { return f(ctx, p) }

// Pause does nothing until it is told to stop, as registry.k8s.io/pause does.
var Pause Program = ProgramFunc(func(ctx context.Context, _ *Process) error {
	<-ctx.Done()
	return nil
})

// Exit is the error by which a [Program] ends with an exit code: `return fake.Exit(3)`. Nothing is logged for it.
func Exit(code int) error { return kubelet.ExitError{Code: code} }

// Process is one run of a container, as its program sees it. Programs must use it in place of packages os and net:
// a bare net.Listen opens a port of the machine the test runs on, which no pod sees.
//
// Its methods may be called by any goroutine. After the container has ended they fail, and so do its streams.
type Process struct {
	Args   []string // the command line, the command first; empty if neither image nor pod spec has one
	Env    []string // "NAME=value", as os.Environ
	Dir    string   // the working directory
	Stdin  io.Reader
	Stdout io.Writer // goes to the container's log
	Stderr io.Writer // goes to the container's log too

	container *kubelet.Container
}

func newProcess(c *kubelet.Container) *Process {
	return &Process{Args: c.Args, Env: c.Env, Dir: c.Dir, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, container: c}
}

// Listen listens on a TCP port of the pod, as [net.Listen] does on one of the machine. ":8080" listens on the pod's IP
// and its localhost, "127.0.0.1:8080" on its localhost only, and port 0 takes a free one. All containers of a pod share
// its ports: one that is taken is an error for which errors.Is(err, syscall.EADDRINUSE) holds.
func (p *Process) Listen(network, address string) (net.Listener, error) {
	return p.container.Listen(network, address)
}

// DialContext connects to a TCP address, as [net.Dialer.DialContext] does: to any pod by its IP, to the other
// containers of this pod as localhost. Who accepts sees this pod's IP.
func (p *Process) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return p.container.DialContext(ctx, network, address)
}

// Hostname is the pod's name on the network, which all its containers share.
func (p *Process) Hostname() string { return p.container.Hostname() }

// Getenv returns the value of an environment variable, "" if it is not set. Where a name is set twice the last counts.
func (p *Process) Getenv(name string) string { return p.container.Getenv(name) }

// Pod returns a copy of the pod this process runs in, as its node knows it now.
func (p *Process) Pod() *corev1.Pod { return p.container.Pod() }

// Container returns a copy of the container's part of the pod spec.
func (p *Process) Container() *corev1.Container { return p.container.Spec() }
