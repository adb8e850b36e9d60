package unix

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/podwright/podwright/sdk/fake"
)

// Exit codes of what cannot be run.
const (
	CodeNotExecutable = 126
	CodeNotFound      = 127
)

// magic begins the files that stand for programs. What follows is the program's name in the table of [Register].
const magic = "\x7fELF\x02\x01\x01 podwright "

var table = map[string]Command{}

// Register makes a command known under the name that its files have in them. It is for init functions.
func Register(program string, c Command) { table[program] = c }

// Binary is the content of the file of a program. It can be copied, linked and renamed, and runs wherever it is.
func Binary(program string) []byte { return []byte(magic + program + "\n") }

// Find looks a command up as execvp(3) does, by PATH unless its name has a slash. args are what to run it with: a script is run by
// its interpreter. The error's text is what a shell says after the name; code is the shell's exit code.
func (p *Proc) Find(args []string) (c Command, withArgs []string, code int, err error) {
	file, err := p.Which(args[0])
	if err != nil {
		return nil, nil, CodeNotFound, err
	}
	c, withArgs, err = p.load(file, args, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNotFound):
		return nil, nil, CodeNotFound, err
	case err != nil:
		return nil, nil, CodeNotExecutable, err
	}
	return c, withArgs, 0, nil
}

// errNotFound is a shell's word for a command that is nowhere in PATH.
var errNotFound = errors.New("not found")

// Which finds the file of a command.
func (p *Proc) Which(name string) (string, error) {
	if strings.Contains(name, "/") {
		if _, err := p.FS().Stat(name); err != nil {
			return "", errNotFound
		}
		return name, nil
	}
	search := p.Getenv("PATH")
	if search == "" {
		search = "/sbin:/usr/sbin:/bin:/usr/bin"
	}
	for _, dir := range strings.Split(search, ":") {
		file := path.Join(dir, name)
		info, err := p.FS().Stat(file)
		if err == nil && info.Mode().IsRegular() && p.FS().Access(file, 1) == nil {
			return file, nil
		}
	}
	return "", errNotFound
}

// deepest is how many interpreters may stand behind each other, as the kernel has it.
const deepest = 4

func (p *Proc) load(file string, args []string, depth int) (Command, []string, error) {
	info, err := p.FS().Stat(file)
	switch {
	case err != nil:
		return nil, nil, errNotFound
	case info.IsDir():
		return nil, nil, syscall.EACCES
	case p.FS().Access(file, 1) != nil:
		return nil, nil, syscall.EACCES
	case depth > deepest:
		return nil, nil, syscall.ELOOP
	}
	f, err := p.FS().OpenFile(file, syscall.O_RDONLY, 0)
	if err != nil {
		return nil, nil, syscall.EACCES
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	if program, ok := strings.CutPrefix(line, magic); ok {
		c := table[strings.TrimSpace(program)]
		if c == nil {
			return nil, nil, fmt.Errorf("the program %q is not one of the ready-made images", strings.TrimSpace(program))
		}
		return c, args, nil
	}
	interpreter, ok := strings.CutPrefix(line, "#!")
	if !ok {
		interpreter = "/bin/sh" // what execvp does with a file that the kernel refuses
	}
	words := strings.SplitN(strings.TrimSpace(interpreter), " ", 2)
	withArgs := []string{words[0]}
	if len(words) > 1 {
		withArgs = append(withArgs, strings.TrimSpace(words[1]))
	}
	if _, err := p.FS().Stat(words[0]); err != nil {
		return nil, nil, errNotFound
	}
	return p.load(words[0], append(append(withArgs, file), args[1:]...), depth+1)
}

// Child is a process that another one has started.
type Child struct {
	*fake.Running
	by *atomic.Int32 // what ended it, ofItself, or 0 for a program that could not say, since it was killed
}

const ofItself = -1

// Signal is what ended the process, for which it waits; 0 if it ended of itself.
func (c *Child) Signal() syscall.Signal {
	<-c.Done()
	if c.by.Load() == ofItself {
		return 0
	}
	return syscall.Signal(c.Wait() - 128) // which knows best: one that is killed may have been told to end before
}

// Start runs a command as another process, which gets its own descriptors of files. Dir and environment are p's.
func (p *Proc) Start(c Command, args []string, files [3]*File) *Child {
	own := dup(files)
	tty, parent := p.TTY, p.PID()
	p.life.mu.Lock()
	left := inherited{maps.Clone(p.life.ignored), p.life.umask}
	p.life.mu.Unlock()
	env, dir := append([]string(nil), p.Env...), p.Dir
	by := &atomic.Int32{}
	running := p.Process.Start(fake.ProgramFunc(func(ctx context.Context, q *fake.Process) error {
		q.Env, q.Dir = env, dir
		code, signal := enter(ctx, &Proc{Process: *q, TTY: tty, Parent: parent}, c, own, left)
		by.Store(cmp.Or(int32(signal), ofItself))
		return fake.Exit(code)
	}), fake.Child{Args: args, Env: env, Dir: dir})
	return &Child{running, by}
}

func dup(files [3]*File) (own [3]*File) {
	for i, f := range files {
		if f != nil {
			own[i] = f.Dup()
		}
	}
	return own
}

// Run runs a command by name as another process with p's streams, and waits for it. What is not found is reported on p's standard
// error. When ctx ends the other process is left to itself.
func (p *Proc) Run(ctx context.Context, args []string) int {
	return p.RunWith(ctx, args, p.Files)
}

// RunWith is Run with other files.
func (p *Proc) RunWith(ctx context.Context, args []string, files [3]*File) int {
	r, code := p.Launch(args, files)
	if r == nil {
		return code
	}
	select {
	case <-r.Done():
		return r.Wait()
	case <-ctx.Done():
		return 1
	}
}

// Launch is Run that does not wait. Without a command of the name it is nil and the exit code.
func (p *Proc) Launch(args []string, files [3]*File) (*Child, int) {
	c, withArgs, code, err := p.Find(args)
	if err != nil {
		p.Errorf("can't execute '%s': %s", args[0], reason(err))
		return nil, code
	}
	return p.Start(c, withArgs, files), 0
}

// Become runs a command in p's own process, as exec(3) does.
func (p *Proc) Become(ctx context.Context, c Command, args []string, files [3]*File) int {
	p.Catch(nil)
	p.Process.Become(args...)
	return c(ctx, p.With(ctx, args, files))
}

// Dispatch runs the command that p's arguments name, as the container runtime does: an error is in its words.
func Dispatch(ctx context.Context, p *Proc) int {
	if len(p.Args) == 0 {
		fmt.Fprintln(p.Stderr, "no command: neither the image nor the pod names one")
		return CodeNotFound
	}
	c, args, code, err := p.Find(p.Args)
	if err == nil {
		p.Args = args
		return c(ctx, p)
	}
	text := "permission denied"
	if code == CodeNotFound {
		text = "executable file not found in $PATH"
		if strings.Contains(p.Args[0], "/") {
			text = "no such file or directory"
		}
	}
	fmt.Fprintf(p.Stderr, "exec: %q: %s\n", p.Args[0], text)
	return code
}

// reason is an error's text in the words of a shell.
func reason(err error) string {
	if errors.Is(err, errNotFound) {
		return "No such file or directory"
	}
	return Reason(err)
}

func baseName(s string) string { return strings.TrimPrefix(path.Base(s), "-") }
