package unix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// Command is a program of an image, or a command of a shell. It returns its exit code. ctx ends when its process does.
type Command func(ctx context.Context, p *Proc) int

// Proc is a process as a [Command] sees it. Its copy of fake.Process is its own: a command may change directory and environment.
type Proc struct {
	fake.Process
	// Files are the descriptors behind Stdin, Stdout and Stderr, for processes that it starts. Nil is a closed one.
	Files [3]*File
	// TTY is the process's terminal, nil if it has none.
	TTY *TTY
	// Parent is the number of the process that started this one; 0 for one that nobody in the container started.
	Parent int
	// Self is what the process calls itself in messages, if that is not the command's name.
	Self string

	life *life
}

// life is what all copies of a Proc of one process share.
type life struct {
	cancel context.CancelCauseFunc
	settle chan chan struct{}

	mu     sync.Mutex
	caught func(syscall.Signal) bool
	inherited
}

// inherited is what a process leaves to those that it starts.
type inherited struct {
	ignored map[syscall.Signal]bool
	umask   fs.FileMode
}

type procKey struct{}

// died is the cause of the end of a process by a signal.
type died struct{ signal syscall.Signal }

func (d died) Error() string { return fmt.Sprintf("the process got signal %d", d.signal) }

// Main makes an image's program of a command, for fake.Cluster.Handle and fake.Exec: it is the first program of its process, and
// has the terminal, if there is one.
func Main(c Command) fake.Program {
	return fake.ProgramFunc(func(ctx context.Context, q *fake.Process) error {
		var files [3]*File
		var tty *TTY
		if q.Terminal() != nil {
			tty = newTTY(q.Stdin, q.Stdout)
			files[0], files[1] = NewFile(tty, nil, nil), NewFile(nil, tty, nil)
			files[2] = files[1].Dup()
		} else {
			files = [3]*File{NewFile(q.Stdin, nil, nil), NewFile(nil, q.Stdout, nil), NewFile(nil, q.Stderr, nil)}
		}
		code, _ := enter(ctx, &Proc{Process: *q, TTY: tty}, c, files, inherited{map[syscall.Signal]bool{}, 0o022})
		return fake.Exit(code)
	})
}

// enter runs a command as the program of a process, and closes its files. by is the signal that ended it, if one did.
func enter(ctx context.Context, p *Proc, c Command, files [3]*File, from inherited) (code int, by syscall.Signal) {
	own, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	p.life = &life{cancel: cancel, settle: make(chan chan struct{}), inherited: from}
	own = context.WithValue(own, procKey{}, p)
	returned := make(chan struct{})
	signals := make(chan struct{})
	go func() {
		defer close(signals)
		p.receive(ctx, returned)
	}()
	defer func() {
		close(returned)
		<-signals
		for _, f := range files {
			if f != nil {
				f.Close()
			}
		}
	}()
	if p.TTY != nil && p.TTY.leader == nil {
		p.TTY.leader = p
		go p.TTY.typed()
	}
	p.bind(own, files)
	code = c(own, p)
	if d, ok := errors.AsType[died](context.Cause(own)); ok {
		code, by = 128+int(d.signal), d.signal
	}
	cancel(context.Canceled)
	return code, by
}

// receive gives the process its signals until it returns or is killed.
func (p *Proc) receive(term context.Context, returned <-chan struct{}) {
	signals := p.Signals()
	if term.Err() != nil { // a SIGTERM that came before it could listen
		p.signal(syscall.SIGTERM)
	}
	for {
		select {
		case s := <-signals:
			p.signal(s)
		case <-p.Ended():
			p.life.cancel(died{syscall.SIGKILL})
			return
		case reply := <-p.life.settle:
			for more := true; more; {
				select {
				case s := <-signals:
					p.signal(s)
				case <-p.Ended():
					p.life.cancel(died{syscall.SIGKILL})
					more = false
				default:
					more = false
				}
			}
			close(reply)
		case <-returned:
			return
		}
	}
}

// Settle returns when every signal that was sent before has done what it does. So it is after kill(2) on oneself.
func (p *Proc) Settle(ctx context.Context) {
	reply := make(chan struct{})
	select {
	case p.life.settle <- reply:
		<-reply
	case <-ctx.Done():
	}
}

// bind gives p streams of files.
func (p *Proc) bind(ctx context.Context, files [3]*File) {
	p.Files = files
	p.Stdin, p.Stdout, p.Stderr = noInput{}, io.Discard, io.Discard
	if files[0] != nil {
		p.Stdin = files[0].Reader(ctx)
	}
	if files[1] != nil {
		p.Stdout = files[1].Writer(ctx)
	}
	if files[2] != nil {
		p.Stderr = files[2].Writer(ctx)
	}
}

// With is p with other streams, for a command that runs in the same process. The files stay the caller's.
func (p *Proc) With(ctx context.Context, args []string, files [3]*File) *Proc {
	q := *p
	q.Args = args
	q.bind(ctx, files)
	return &q
}

type noInput struct{}

func (noInput) Read([]byte) (int, error) { return 0, io.EOF }

// harmless are the signals that do nothing by default.
var harmless = []string{"CHLD", "URG", "WINCH", "CONT", "STOP", "TSTP", "TTIN", "TTOU"}

// Catch sets what is asked about each signal first: f tells whether it took it. Nil goes back to the defaults.
func (p *Proc) Catch(f func(syscall.Signal) bool) {
	p.life.mu.Lock()
	defer p.life.mu.Unlock()
	p.life.caught = f
}

// Ignore makes a signal do nothing to the process and to those that it starts from then on, or brings it back.
func (p *Proc) Ignore(s syscall.Signal, on bool) {
	p.life.mu.Lock()
	defer p.life.mu.Unlock()
	p.life.ignored[s] = on
}

// FS are the files as the process sees them, with its umask.
func (p *Proc) FS() *podfs.FS { return p.Process.FS().WithUmask(p.Umask()) }

// Getenv is a variable of the process's own environment, empty if it is not set.
func (p *Proc) Getenv(name string) string {
	for _, pair := range slices.Backward(p.Env) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// Umask are the permissions that files do not get which the process makes, or those that it starts from then on.
func (p *Proc) Umask() fs.FileMode {
	p.life.mu.Lock()
	defer p.life.mu.Unlock()
	return p.life.umask
}

// SetUmask sets what [Proc.Umask] returns.
func (p *Proc) SetUmask(mask fs.FileMode) {
	p.life.mu.Lock()
	defer p.life.mu.Unlock()
	p.life.umask = mask.Perm()
}

// signal does what a signal does. The kernel spares the first process of a container what is done by default, but for SIGPIPE,
// which only itself can send so.
func (p *Proc) signal(s syscall.Signal) {
	p.life.mu.Lock()
	caught, ignored := p.life.caught, p.life.ignored[s]
	p.life.mu.Unlock()
	switch {
	case ignored && s != syscall.SIGKILL:
	case caught != nil && caught(s), slices.Contains(harmless, SignalName(s)), p.PID() == 1 && s != syscall.SIGPIPE:
	default:
		p.life.cancel(died{s})
	}
}

// Die ends the process as a signal does that it does not catch.
func (p *Proc) Die(s syscall.Signal) { p.life.cancel(died{s}) }

// Pause waits, as sleep does, and returns 0, or 1 if the process ended meanwhile.
func (p *Proc) Pause(ctx context.Context, d time.Duration) int {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0
	case <-ctx.Done():
		return 1
	}
}

// Printf writes to standard output.
func (p *Proc) Printf(format string, args ...any) { _, _ = fmt.Fprintf(p.Stdout, format, args...) }

// Errorf writes to standard error, after the command's name, and returns exit code 1.
func (p *Proc) Errorf(format string, args ...any) int {
	self := p.Self
	if self == "" {
		self = baseName(p.Args[0])
	}
	_, _ = fmt.Fprintf(p.Stderr, self+": "+format+"\n", args...)
	return 1
}
