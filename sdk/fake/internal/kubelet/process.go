package kubelet

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/podnet"
)

// process is one program that runs in a container: the container's own, or one that exec, a probe, a hook or another
// process started there. It ends once: by the return of its program, by a signal, or with its container.
type process struct {
	in      *instance
	pid     int
	started time.Time
	net     *podnet.Owner // what it opens ends with it
	ctx     context.Context
	cancel  context.CancelCauseFunc

	after func(code int32) // called once at its end, before that is news to anybody else; nil: nothing
	once  sync.Once
	code  int32         // written once, before ended is closed
	ended chan struct{} // closed when it has exited or was killed
	over  bool          // the same, for those that count goroutines; guarded by programs.mu

	mu      sync.Mutex
	args    []string            // never changed in place
	signals chan syscall.Signal // nil until the program asks for them
}

// commandOf is what a new process is to be.
type commandOf struct {
	Args, Env      []string
	Dir            string
	Stdin          io.Reader // nil: nothing to read
	Stdout, Stderr io.Writer // nil: thrown away
	// Terminal is what a process with a terminal has for one; nil if it has none.
	Terminal *Terminal
}

// newProcess makes a process of in with a number of its own. It does not run yet; if in has ended it never will.
func (in *instance) newProcess(args []string) *process {
	p := &process{in: in, args: args, started: time.Now(), net: in.sandbox.NewOwnerFor(NetworkUser{in.w}), ended: make(chan struct{})}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	if !in.pids.add(p) {
		p.kill()
	}
	return p
}

// container is what the program of p sees.
func (p *process) container(c commandOf) *Container {
	if c.Stdin == nil {
		c.Stdin = noInput{}
	}
	if c.Stdout == nil {
		c.Stdout = io.Discard
	}
	if c.Stderr == nil {
		c.Stderr = io.Discard
	}
	return &Container{
		Args: c.Args, Env: c.Env, Dir: c.Dir, Terminal: c.Terminal, process: p,
		Stdin:  &endingReader{c.Stdin, p},
		Stdout: &endingWriter{c.Stdout, p}, Stderr: &endingWriter{c.Stderr, p},
	}
}

// start runs a program in a goroutine that the kubelet knows of, unless the process has ended before.
func (p *process) start(program Program, c *Container) {
	if !p.in.w.k.programs.begin(p) {
		return
	}
	go func() {
		defer p.in.w.k.programs.end(p)
		p.label()
		code := int32(codeCrashed)
		defer func() { // in a defer, since Goexit comes this way too
			p.awaitTurn()
			p.finish(code, ErrExited)
		}()
		p.awaitTurn()
		code = p.call(program, c)
	}()
}

// awaitTurn has what a container's own process begins with, and its end, not come in the middle of what others do with the pod.
func (p *process) awaitTurn() {
	if w := p.in.w; w.k.turns.worker.Given() && p == p.in.main {
		w.k.turns.program(w.place(p.in.name)).Wait(p.ended)
	}
}

// spawn runs f in another goroutine of the process, unless that has ended. A panic there ends the process, as one of its program does.
func (p *process) spawn(f func(), stderr io.Writer) {
	if !p.in.w.k.programs.begin(p) {
		return
	}
	go func() {
		defer p.in.w.k.programs.end(p)
		p.label()
		if crashed := guard(f, stderr); crashed {
			p.finish(codeCrashed, ErrExited)
		}
	}()
}

// finish ends the process unless it has ended: everything it holds fails from now on.
func (p *process) finish(code int32, cause error) {
	p.once.Do(func() { p.ending(code, cause) })
}

// ending is what finish does, once.
func (p *process) ending(code int32, cause error) {
	p.code = code
	p.in.w.k.programs.kill(p)
	_ = p.net.Close()
	p.in.pids.remove(p)
	if p.after != nil {
		p.after(code)
	}
	close(p.ended)
	p.cancel(cause) // last: what waited for that finds nothing that it could still write to
}

// kill is SIGKILL, as far as Go can: everything the process holds fails, and it has ended.
func (p *process) kill() { p.killWith(syscall.SIGKILL) }

func (p *process) killWith(s syscall.Signal) {
	p.finish(128+int32(s), ErrKilled)
}

// name is how a process that does not return is called.
func (p *process) name() string {
	name := p.in.w.namespace + "/" + p.in.w.name + "/" + p.in.name
	if p != p.in.main {
		name += fmt.Sprintf(" (%s)", strings.Join(p.commandLine(), " "))
	}
	return name
}

// commandLine is what ps shows of the process.
func (p *process) commandLine() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.args)
}

// hasEnded says whether p has exited or was killed.
func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// endingReader is the standard input of a process: a read fails once the process has ended.
type endingReader struct {
	r io.Reader
	p *process
}

func (r *endingReader) Read(b []byte) (int, error) {
	if r.p.hasEnded() {
		return 0, r.p.gone("read input of")
	}
	return r.r.Read(b)
}

// endingWriter is one of its outputs.
type endingWriter struct {
	w io.Writer
	p *process
}

func (w *endingWriter) Write(b []byte) (int, error) {
	if w.p.hasEnded() {
		return 0, w.p.gone("write output of")
	}
	return w.w.Write(b)
}

// gone is what the streams of a process answer that has ended, which may be long after its cluster has.
func (p *process) gone(doing string) error {
	return fmt.Errorf("%s %s: %w", doing, p.name(), errEnded)
}

// errEnded is what is left of a container that has ended.
var errEnded = fmt.Errorf("%w: %w", ErrExited, fs.ErrClosed)
