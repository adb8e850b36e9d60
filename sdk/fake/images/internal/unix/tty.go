package unix

import (
	"bytes"
	"context"
	"io"
	"sync"
	"syscall"
)

// TTY is the line discipline of a terminal: it echoes what is typed, gives it to programs by lines, lets a line be corrected and
// makes signals of keys, as stty(1) has it by default. Output has its line ends written as a terminal wants them.
type TTY struct {
	in     io.Reader
	leader *Proc

	mu      sync.Mutex
	out     io.Writer
	line    []byte        // being typed
	ready   []byte        // for who reads
	ends    int           // how often ^D was typed on an empty line
	err     error         // nothing more will be typed
	changed chan struct{} // closed at the next change
}

func newTTY(in io.Reader, out io.Writer) *TTY {
	return &TTY{in: in, out: out, changed: make(chan struct{})}
}

// Write prints, with a carriage return before each line feed.
func (t *TTY) Write(b []byte) (int, error) {
	if _, err := t.out.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Read is ReadContext without an end.
func (t *TTY) Read(b []byte) (int, error) { return t.ReadContext(context.Background(), b) }

// ReadContext returns what was typed, once its line is finished. ^D on an empty line is the end of the file, for one read.
func (t *TTY) ReadContext(ctx context.Context, b []byte) (int, error) {
	for {
		t.mu.Lock()
		n := copy(b, t.ready)
		t.ready = t.ready[n:]
		end, changed := t.err != nil, t.changed
		if n == 0 && t.ends > 0 {
			t.ends--
			end = true
		}
		t.mu.Unlock()
		switch {
		case n > 0:
			return n, nil
		case end:
			return 0, io.EOF
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// typed takes what is typed until that ends, or the container does.
func (t *TTY) typed() {
	b := make([]byte, 1024)
	for {
		n, err := t.in.Read(b)
		for _, c := range b[:n] {
			t.key(c)
		}
		if err != nil {
			t.change(func() { t.err, t.ready, t.line = err, append(t.ready, t.line...), nil })
			return
		}
	}
}

func (t *TTY) change(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f()
	close(t.changed)
	t.changed = make(chan struct{})
}

// The keys that do something.
const (
	keyInterrupt = 0x03
	keyEnd       = 0x04
	keyBackspace = 0x08
	keyKill      = 0x15
	keyQuit      = 0x1c
	keyDelete    = 0x7f
)

func (t *TTY) key(c byte) {
	switch c {
	case keyInterrupt:
		t.stop("^C", syscall.SIGINT)
	case keyQuit:
		t.stop("^\\", syscall.SIGQUIT)
	case keyEnd:
		t.change(func() {
			if len(t.line) == 0 {
				t.ends++
			}
			t.ready, t.line = append(t.ready, t.line...), nil
		})
	case keyBackspace, keyDelete:
		t.erase(1)
	case keyKill:
		t.erase(len(t.line))
	case '\r', '\n':
		t.echo("\r\n")
		t.change(func() { t.ready, t.line = append(append(t.ready, t.line...), '\n'), nil })
	default:
		t.echo(string([]byte{c}))
		t.change(func() { t.line = append(t.line, c) })
	}
}

func (t *TTY) echo(s string) { _, _ = io.WriteString(t.out, s) }

func (t *TTY) erase(n int) {
	for range min(n, len(t.line)) {
		t.echo("\b \b")
		t.change(func() { t.line = t.line[:len(t.line)-1] })
	}
}

// stop throws the line away and sends a signal to who leads the terminal.
func (t *TTY) stop(shown string, s syscall.Signal) {
	t.echo(shown + "\r\n")
	t.change(func() { t.line, t.ready = nil, nil })
	t.leader.signal(s)
}
