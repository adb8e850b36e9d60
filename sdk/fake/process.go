package fake

import (
	"context"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// PID is the number of the process in its container: the container's own program is 1. In a pod with shareProcessNamespace
// numbers are the pod's, and 1 is its sandbox.
func (p *Process) PID() int { return p.container.PID() }

// Signals returns a channel of the signals that are sent to this process from now on. Without it they do what they do by default: most
// of them end a process, but not the first one of its container. SIGTERM ends the context of [Program] in any case; SIGKILL cannot be
// caught. Each call returns the same channel; signals that are not read are lost after the sixteenth.
func (p *Process) Signals() <-chan syscall.Signal { return p.container.Signals() }

// Kill sends a signal to a process of the container or, with shareProcessNamespace, of the pod, as kill(2) does: signal 0 only
// asks whether there is one, and pid -1 is all but this one and the first. Errors are syscall.ESRCH, if there is no such process,
// and syscall.EPERM for the sandbox of a pod.
func (p *Process) Kill(pid int, s syscall.Signal) error { return p.container.Kill(pid, s) }

// Resources returns what the container may use now: its requests and limits, without those that were not given. They change while it
// runs when its pod is resized in place. Nothing enforces them, and GOMAXPROCS is the test's.
func (p *Process) Resources() corev1.ResourceRequirements { return p.container.Resources() }

// Ended returns a channel that is closed when the process has ended: its program returned, or it was killed. A program that ignores
// SIGTERM, and with it the end of its context, learns here that it has to return.
func (p *Process) Ended() <-chan struct{} { return p.container.Ended() }

// Go runs f in another goroutine of the process, as a thread. A panic in f ends the process as one in [Program]'s Run does: exit code 2 and
// a trace in the log; in a goroutine that the go statement starts it ends the test. The process does not wait for f: when Run returns it has
// ended, and f has to return too, which [Cluster.Close] waits for. runtime.Goexit ends f and nothing else. After the process
// has ended Go does nothing.
func (p *Process) Go(f func()) { p.container.Go(f) }

// Become changes the command line that ps shows of the process, as exec(3) does. Nothing else changes: the program goes on, and
// [Process.Args] is the caller's to set.
func (p *Process) Become(args ...string) { p.container.Become(args) }

// Listening lists the TCP addresses that somebody in the pod listens on, by port, as netstat does.
func (p *Process) Listening() []net.Addr { return p.container.Listening() }

// ProcessInfo is what ps shows of a process.
type ProcessInfo struct {
	PID       int
	Args      []string
	Container string // by its name in the pod; "" for the pod's sandbox
	Started   time.Time
}

// Processes lists the processes that this one sees, itself included, by number: those of its container or, with
// shareProcessNamespace, of its pod; then number 1 is the pod's sandbox, /pause, which takes no signals.
func (p *Process) Processes() []ProcessInfo {
	var all []ProcessInfo
	for _, peer := range p.container.Processes() {
		all = append(all, ProcessInfo(peer))
	}
	return all
}

// Terminal is that of the process, nil if it has none: it has one in a container with tty: true, and under kubectl exec -t.
func (p *Process) Terminal() *Terminal {
	if p.container.Terminal == nil {
		return nil
	}
	return &Terminal{p.container.Terminal}
}

// Terminal is where somebody sits who reads what a process prints.
type Terminal struct{ t *kubelet.Terminal }

// Size returns the number of columns and rows, 0 and 0 while nobody has said, and a channel that is closed when it changes.
func (t *Terminal) Size() (columns, rows int, changed <-chan struct{}) {
	width, height, changed := t.t.Size()
	return int(width), int(height), changed
}

// Child says how a process that another one starts differs from it. Nil and empty fields mean that it does not.
type Child struct {
	Args, Env      []string
	Dir            string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Start runs program as another process of the container, as a shell does with a command. It may outlast p, but not the
// container. When it should end before, send it a signal: it does not end with p's context.
func (p *Process) Start(program Program, child Child) *Running {
	c := kubelet.Container{Args: child.Args, Env: child.Env, Dir: child.Dir, Stdin: child.Stdin, Stdout: child.Stdout, Stderr: child.Stderr}
	if c.Dir == "" {
		c.Dir = p.Dir
	}
	return &Running{p.container.Fork(asProgram(program), c)}
}

// Running is a process that was started by [Process.Start]. Its methods may be called by any goroutine, also after its end.
type Running struct{ child *kubelet.Child }

// PID is its number, for [Process.Kill].
func (r *Running) PID() int { return r.child.PID() }

// Done is closed when it has ended.
func (r *Running) Done() <-chan struct{} { return r.child.Done() }

// Wait waits for its end and returns its exit code, which for one that a signal has ended is 128 and the number of the signal.
func (r *Running) Wait() int { return r.child.Wait() }

// asProgram is what the kubelet runs.
func asProgram(p Program) kubelet.Program {
	return func(ctx context.Context, c *kubelet.Container) error { return p.Run(ctx, newProcess(c)) }
}
