package kubelet

import (
	"context"
	"io"
	"slices"
	"sync"

	"github.com/podwright/podwright/sdk/fake/internal/podlog"
)

// console is where a container's own process reads and writes: its log, and whoever is attached to it.
type console struct {
	log      *podlog.Log
	terminal *Terminal // nil for a container without one
	once     bool      // standard input ends with the first one who was attached to it
	input    *io.PipeReader
	typed    *io.PipeWriter // nil for a container without standard input
	start    func(f func()) // runs f in a goroutine that the kubelet waits for

	mu       sync.Mutex
	attached []*attachment
}

// attachment is one who is attached. Its writers are nil for what it does not want.
type attachment struct{ stdout, stderr io.Writer }

// newConsole makes that of a container whose spec asks for standard input (once), a terminal, or neither.
func newConsole(log *podlog.Log, start func(func()), stdin, once, tty bool) *console {
	c := &console{log: log, start: start, once: once}
	if tty {
		c.terminal = NewTerminal()
	}
	if stdin {
		c.input, c.typed = io.Pipe()
	}
	return c
}

// stdin is what the process reads.
func (c *console) stdin() io.Reader {
	if c.input == nil {
		return noInput{}
	}
	return c.input
}

func (c *console) stdout() io.Writer {
	return &outlet{c, c.log.Stdout(), func(a *attachment) io.Writer { return a.stdout }}
}

// stderr is the other output, which with a terminal is the same.
func (c *console) stderr() io.Writer {
	if c.terminal != nil {
		return c.stdout()
	}
	return &outlet{c, c.log.Stderr(), func(a *attachment) io.Writer { return a.stderr }}
}

// outlet is one output of the process. Who is attached gets what is written from then on; one who cannot take it any more is
// let go.
type outlet struct {
	console *console
	log     io.Writer
	of      func(*attachment) io.Writer
}

func (o *outlet) Write(p []byte) (int, error) {
	n, err := o.log.Write(p)
	if err != nil {
		return n, err
	}
	o.console.mu.Lock()
	attached := slices.Clone(o.console.attached)
	o.console.mu.Unlock()
	for _, a := range attached {
		if w := o.of(a); w != nil {
			if _, err := w.Write(p); err != nil {
				o.console.detach(a)
			}
		}
	}
	return n, nil
}

func (c *console) detach(a *attachment) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.attached, a); i >= 0 {
		c.attached = slices.Delete(c.attached, i, i+1)
	}
}

// attach connects streams to the process until it ends or ctx does. Its own reading of streams.Stdin may outlast it by one Read.
func (c *console) attach(ctx context.Context, streams Command, ended <-chan struct{}) {
	a := &attachment{streams.Stdout, streams.Stderr}
	c.mu.Lock()
	c.attached = append(c.attached, a)
	c.mu.Unlock()
	defer c.detach(a)
	if streams.Stdin != nil && c.typed != nil {
		c.start(func() {
			_, err := io.Copy(c.typed, streams.Stdin)
			if c.once && err == nil {
				_ = c.typed.Close()
			}
		})
	}
	select {
	case <-ended:
	case <-ctx.Done():
	}
}

// close lets go of everybody: a read of standard input ends, and so does writing to it.
func (c *console) close() {
	if c.input != nil {
		_ = c.input.Close()
	}
	_ = c.log.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.attached = nil
}
