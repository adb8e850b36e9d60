package shell

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"mvdan.cc/sh/v3/syntax"
)

// fork runs f in a subshell: another process with a copy of the shell.
func (sh *shell) fork(f func(sub *shell)) *job { return sh.forkWith(nil, f) }

// forkWith is fork with other files for the descriptors that it names; they stay the caller's.
func (sh *shell) forkWith(files map[int]*unix.File, f func(sub *shell)) *job {
	// The copy is made here, since the shell goes on before the other process begins.
	sub := sh.copy(files)
	c := func(ctx context.Context, p *unix.Proc) int {
		sub.begin(ctx, p)
		defer sub.closeFiles()
		f(sub)
		return sub.leave()
	}
	return &job{running: sh.proc(sh.p.Args).Start(c, sh.p.Args, [3]*unix.File{})}
}

// copy is what a subshell has of its shell: all but its traps, jobs, and loops.
func (sh *shell) copy(files map[int]*unix.File) *shell {
	sub := &shell{
		arg0: sh.arg0, params: slices.Clone(sh.params), vars: sh.vars.copy(), funcs: maps.Clone(sh.funcs), alias: maps.Clone(sh.alias), bash: sh.bash,
		fds: map[int]*unix.File{}, on: maps.Clone(sh.on), status: sh.status, line: sh.line, name: sh.name, calls: sh.calls,
		tested: sh.tested, loops: sh.loops, pid: sh.pid, parent: sh.parent, lastBg: sh.lastBg, traps: map[string]string{}, wake: make(chan struct{}),
	}
	delete(sub.on, 'i')
	for n, f := range sh.fds {
		sub.fds[n] = f.Dup()
	}
	for n, f := range files {
		if old := sub.fds[n]; old != nil {
			old.Close()
		}
		sub.fds[n] = f.Dup()
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for name, text := range sh.traps { // signals that are ignored stay so
		if text == "" {
			sub.traps[name] = ""
		}
	}
	return sub
}

// begin is the subshell's start in its own process.
func (sh *shell) begin(ctx context.Context, p *unix.Proc) {
	sh.ctx, sh.p = ctx, p
	p.Catch(sh.catch)
}

// pipeline joins commands by pipes, and waits for all of them. Its status is that of the last one.
func (sh *shell) pipeline(c *syntax.BinaryCmd) {
	var stages []*syntax.Stmt
	all := map[int]bool{} // whose standard error goes the same way
	var flatten func(st *syntax.Stmt)
	flatten = func(st *syntax.Stmt) {
		if b, ok := st.Cmd.(*syntax.BinaryCmd); ok && len(st.Redirs) == 0 && !st.Negated && (b.Op == syntax.Pipe || b.Op == syntax.PipeAll) {
			flatten(b.X)
			all[len(stages)-1] = b.Op == syntax.PipeAll
			flatten(b.Y)
			return
		}
		stages = append(stages, st)
	}
	flatten(&syntax.Stmt{Cmd: c, Position: c.Pos()})
	var jobs []*job
	var in *unix.File
	for i, st := range stages {
		files := map[int]*unix.File{}
		if in != nil {
			files[0] = in
		}
		var next, out *unix.File
		if i < len(stages)-1 {
			next, out = unix.Pipe()
			if files[1] = out; all[i] {
				files[2] = out
			}
		}
		jobs = append(jobs, sh.forkWith(files, func(sub *shell) {
			sub.stmtsLast([]*syntax.Stmt{st}, true)
		}))
		if in != nil {
			in.Close()
		}
		if out != nil {
			out.Close()
		}
		in = next
	}
	failed := 0
	for i, j := range jobs {
		sh.status = sh.waitAll(j, jobs[i:])
		if sh.status != 0 {
			failed = sh.status
		}
	}
	if sh.on[pipefail] {
		sh.status = failed
	}
}

// substitute is $(...): it writes what the commands print, until nobody can print any more.
func (sh *shell) substitute(w io.Writer, cs *syntax.CmdSubst) error {
	if cs.TempFile || cs.ReplyVar {
		sh.gap("${ command;}")
		return errReported
	}
	if text, ok := onlyInput(cs.Stmts); ok { // $(<file) is the file
		name, good := sh.literal(text)
		if !good {
			return errReported
		}
		data, err := sh.p.FS().ReadFile(name)
		if err != nil {
			sh.errorf("can't open %s: %s", name, unix.Reason(err))
			sh.subCode = 1
			return nil
		}
		_, err = w.Write(data)
		return err
	}
	read, write := unix.Pipe()
	j := sh.forkWith(map[int]*unix.File{1: write}, func(sub *shell) { sub.stmtsLast(cs.Stmts, true) })
	write.Close()
	_, _ = io.Copy(w, read.Reader(sh.ctx))
	read.Close()
	sh.subCode = sh.wait(j)
	sh.status = sh.subCode
	return nil
}

func onlyInput(list []*syntax.Stmt) (*syntax.Word, bool) {
	if len(list) == 1 && list[0].Cmd == nil && len(list[0].Redirs) == 1 && list[0].Redirs[0].Op == syntax.RdrIn {
		return list[0].Redirs[0].Word, true
	}
	return nil, false
}

// background starts a statement and goes on. Its standard input is empty, as without job control.
func (sh *shell) background(st *syntax.Stmt) {
	one := *st
	one.Background = false
	files := map[int]*unix.File{}
	if !sh.on['i'] {
		empty := unix.NewFile(nothing{}, nil, nil)
		defer empty.Close()
		files[0] = empty
	}
	j := sh.forkWith(files, func(sub *shell) { sub.stmtsLast([]*syntax.Stmt{&one}, true) })
	j.text = source(&one)
	sh.jobs = append(sh.jobs, j)
	sh.lastBg = j.running.PID()
	sh.status = 0
}

type nothing struct{}

func (nothing) Read([]byte) (int, error) { return 0, io.EOF }

// job is a process that the shell has started.
type job struct {
	running *unix.Child
	text    string
	told    bool // its end was shown or waited for
}

func (j *job) ended() bool {
	select {
	case <-j.running.Done():
		return true
	default:
		return false
	}
}

// wait waits for a job in the foreground. Traps have to wait with it.
func (sh *shell) wait(j *job) int { return sh.waitAll(j, []*job{j}) }

// waitAll waits for j, while ^C reaches all of those given.
func (sh *shell) waitAll(j *job, front []*job) int {
	var pids []int
	for _, one := range front {
		pids = append(pids, one.running.PID())
	}
	sh.setFront(pids)
	defer sh.setFront(nil)
	select {
	case <-j.running.Done():
		sh.tellSignal(j.running.Signal())
		return j.running.Wait()
	case <-sh.ctx.Done():
		return 128 + int(syscall.SIGTERM)
	}
}

// tellSignal says what killed a command in the foreground, but for what is common.
func (sh *shell) tellSignal(s syscall.Signal) {
	if s != 0 && s != syscall.SIGINT && s != syscall.SIGPIPE && sh.ctx.Err() == nil {
		text := s.String()
		fmt.Fprintln(sh.writer(2), strings.ToUpper(text[:1])+text[1:])
	}
}

func (sh *shell) setFront(pids []int) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.front = pids
}

// timed is what looks like the keyword time, which sh does not know: it is a command, before the first command of a pipeline.
func (sh *shell) timed(c *syntax.TimeClause) {
	words := []*syntax.Word{literalWord("time")}
	if c.PosixFormat {
		words = append(words, literalWord("-p"))
	}
	if c.Stmt == nil {
		sh.call(&syntax.CallExpr{Args: words}, nil, false)
		return
	}
	sh.stmt(before(words, c.Stmt))
}

// before is a statement with words in front of its first command, if that is a simple one.
func before(words []*syntax.Word, st *syntax.Stmt) *syntax.Stmt {
	one := *st
	switch c := st.Cmd.(type) {
	case *syntax.CallExpr:
		call := *c
		call.Args = append(slices.Clone(words), c.Args...)
		one.Cmd = &call
	case *syntax.BinaryCmd:
		pair := *c
		pair.X = before(words, c.X)
		one.Cmd = &pair
	}
	return &one
}

func literalWord(s string) *syntax.Word {
	return &syntax.Word{Parts: []syntax.WordPart{&syntax.Lit{Value: s}}}
}

// time runs a statement and tells how long it took.
func (sh *shell) time(c *syntax.TimeClause) {
	begin := time.Now()
	if c.Stmt != nil {
		sh.stmt(c.Stmt)
	}
	took := time.Since(begin)
	for _, row := range []struct {
		name string
		d    time.Duration
	}{{"real", took}, {"user", 0}, {"sys", 0}} {
		sh.p.With(sh.ctx, sh.p.Args, [3]*unix.File{nil, sh.fds[2], sh.fds[2]}).
			Printf("%s\t%dm %.2fs\n", row.name, int(row.d.Minutes()), row.d.Seconds()-60*float64(int(row.d.Minutes())))
	}
}
