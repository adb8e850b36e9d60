package kubelet

import (
	"context"
	"fmt"
	"io"
	"slices"
)

// Command is a command to run in a container beside its own program.
type Command struct {
	Args  []string
	Stdin io.Reader // nil: nothing to read
	// Stdout and Stderr get the output, nil throws it away. With a terminal all of it goes to Stdout.
	Stdout, Stderr io.Writer
	Terminal       *Terminal // nil: none
}

// codeNotFound is the exit code of a shell for a command that it does not find.
const codeNotFound = 127

// textNotFound is what a container runtime prints for it.
const textNotFound = "OCI runtime exec failed: exec failed: unable to start container process: exec: %q: executable file not found in $PATH: unknown\n"

// exec runs a command in a container until it ends, and returns its exit code. When ctx ends it is killed, and so it is when
// its container ends. An image that has no commands answers as a container runtime does for a file that is not there.
func (in *instance) exec(ctx context.Context, c Command) (code int32) {
	program := in.commands
	if program == nil {
		if c.Stderr != nil {
			_, _ = fmt.Fprintf(c.Stderr, textNotFound, c.Args[0])
		}
		return codeNotFound
	}
	p := in.newProcess(c.Args)
	p.start(program, p.container(commandOf{
		Args: c.Args, Env: in.env, Dir: in.dir, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, Terminal: c.Terminal,
	}))
	select {
	case <-p.ended:
	case <-ctx.Done():
		p.kill()
	}
	return p.code
}

// Child is a process that another process of the container started.
type Child struct{ process *process }

// PID is its number.
func (c *Child) PID() int { return c.process.pid }

// Done is closed when it has ended.
func (c *Child) Done() <-chan struct{} { return c.process.ended }

// Wait waits for its end and returns its exit code: 128 and the number of the signal for one that a signal ended.
func (c *Child) Wait() int {
	<-c.process.ended
	return int(c.process.code)
}

// Fork starts program as a process of the same container. Its streams, environment and directory are those of child, where they
// are set, and c's own where they are not. It ends with its container at the latest; once that has ended, it is killed before it begins.
func (c *Container) Fork(program Program, child Container) *Child {
	in := c.process.in
	if child.Args == nil {
		child.Args = c.Args
	}
	if child.Env == nil {
		child.Env = slices.Clone(c.Env)
	}
	if child.Dir == "" {
		child.Dir = c.Dir
	}
	if child.Stdin == nil {
		child.Stdin = c.Stdin
	}
	if child.Stdout == nil {
		child.Stdout = c.Stdout
	}
	if child.Stderr == nil {
		child.Stderr = c.Stderr
	}
	if child.Terminal == nil {
		child.Terminal = c.Terminal
	}
	p := in.newProcess(child.Args)
	p.start(program, p.container(commandOf{
		Args: child.Args, Env: child.Env, Dir: child.Dir,
		Stdin: child.Stdin, Stdout: child.Stdout, Stderr: child.Stderr, Terminal: child.Terminal,
	}))
	return &Child{p}
}
