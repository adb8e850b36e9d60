package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"sync"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"mvdan.cc/sh/v3/syntax"
)

// Builtins are commands that sh runs without another process because it can: echo, test and their like.
var Builtins = map[string]unix.Command{}

// shell is one process that interprets. A subshell is another one, with a copy of all that is here.
type shell struct {
	p      *unix.Proc
	ctx    context.Context
	arg0   string // $0
	params []string
	vars   variables
	funcs  map[string]*syntax.Stmt
	alias  map[string]string
	fds    map[int]*unix.File
	on     options
	status int
	line   uint   // of the statement, for messages
	name   string // of the builtin or script, for messages
	bash   bool   // is it called so, and may do more than sh

	flow    flow
	count   int  // of loops that break or continue leaves
	loops   int  // around us
	calls   int  // of functions, and files that . reads
	tested  int  // how many conditions we are in, where -e does nothing
	last    bool // this statement is the last one of the process
	subCode int  // the status of the last command substitution

	pid    int // $$
	parent int // $PPID
	jobs   []*job
	lastBg int

	mu       sync.Mutex
	traps    map[string]string
	pending  []syscall.Signal
	wake     chan struct{} // closed when something is pending
	front    []int         // what ^C reaches
	stopLine bool          // ^C was typed: what is left of the line is not run
}

// flow is why statements that follow are not run.
type flow int

const (
	goesOn flow = iota
	breaks
	continues
	returns
	exits
)

// options are those of set, by letter.
type options map[byte]bool

// Main is the command sh.
func Main(ctx context.Context, p *unix.Proc) int {
	sh := newShell(ctx, p)
	defer sh.closeFiles()
	p.Catch(sh.catch)
	script, name, code := sh.arguments(p.Args[1:])
	if code >= 0 {
		return code
	}
	switch {
	case script != nil:
		sh.name = name
		sh.last = true
		sh.runText(*script)
	case p.TTY != nil || sh.on['i']:
		sh.interact()
	default:
		sh.runStdin()
	}
	return sh.leave()
}

func newShell(ctx context.Context, p *unix.Proc) *shell {
	sh := &shell{
		p: p, ctx: ctx, arg0: p.Args[0], funcs: map[string]*syntax.Stmt{}, alias: map[string]string{}, fds: map[int]*unix.File{}, on: options{},
		traps: map[string]string{}, wake: make(chan struct{}), pid: p.PID(), parent: p.Parent,
		bash: strings.TrimPrefix(path.Base(p.Args[0]), "-") == "bash",
	}
	for i, f := range p.Files {
		if f != nil {
			sh.fds[i] = f.Dup()
		}
	}
	sh.vars.init(p.Env, p.Dir)
	return sh
}

func (sh *shell) closeFiles() {
	for _, f := range sh.fds {
		f.Close()
	}
}

// arguments reads the command line. The script is nil if it comes from standard input; code is not negative if there is nothing to do.
func (sh *shell) arguments(args []string) (script *string, name string, code int) {
	var command, stdin bool
	for len(args) > 0 && len(args[0]) > 1 && (args[0][0] == '-' || args[0][0] == '+') {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			break
		}
		if long, ok := strings.CutPrefix(arg, "--"); ok {
			if long == "login" || long == "posix" || long == "norc" || long == "noprofile" {
				continue
			}
			return nil, "", sh.p.Errorf("unrecognized option: %s", arg) + 1
		}
		for i := 1; i < len(arg); i++ {
			switch c := arg[i]; {
			case c == 'c':
				command = true
			case c == 's':
				stdin = true
			case c == 'l':
			case c == 'o':
				if len(args) == 0 {
					return nil, "", sh.p.Errorf("-o: option requires an argument") + 1
				}
				if err := sh.on.setLong(args[0], arg[0] == '-'); err != nil {
					return nil, "", sh.p.Errorf("%v", err) + 1
				}
				args = args[1:]
			case strings.IndexByte(letters, c) < 0:
				return nil, "", sh.p.Errorf("illegal option -%c", c) + 1
			default:
				sh.on[c] = arg[0] == '-'
			}
		}
	}
	switch {
	case command && len(args) == 0:
		return nil, "", sh.p.Errorf("-c requires an argument") + 1
	case command:
		text := args[0]
		if args = args[1:]; len(args) > 0 {
			sh.arg0, sh.params = args[0], args[1:]
		}
		return &text, "", -1
	case stdin || len(args) == 0:
		sh.params = args
		return nil, "", -1
	}
	data, err := sh.p.FS().ReadFile(args[0])
	if err != nil {
		fmt.Fprintf(sh.p.Stderr, "%s: can't open '%s': %s\n", sh.arg0, args[0], unix.Reason(err))
		return nil, "", 2
	}
	text := string(data)
	sh.arg0, sh.params = args[0], args[1:]
	return &text, args[0], -1
}

// runText runs a script that is there as a whole. What stands before a mistake in it is run.
func (sh *shell) runText(text string) {
	var stmts []*syntax.Stmt
	var mistake error
	for st, err := range parser().StmtsSeq(strings.NewReader(text)) {
		if err == nil {
			err = sh.foreign(st)
		}
		if err != nil {
			mistake = err
			break
		}
		stmts = append(stmts, st)
	}
	last := sh.last && mistake == nil
	sh.last = false
	sh.stmtsLast(stmts, last)
	if mistake != nil && !sh.stopped() {
		sh.syntaxError(mistake)
	}
}

// runStdin runs standard input, statement by statement.
func (sh *shell) runStdin() {
	for st, err := range parser().StmtsSeq(sh.reader(0)) {
		if err == nil {
			err = sh.foreign(st)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) && sh.ctx.Err() == nil {
				sh.syntaxError(err)
			}
			return
		}
		sh.stmt(st)
		if sh.stopped() {
			return
		}
	}
}

func parser() *syntax.Parser { return syntax.NewParser(syntax.Variant(syntax.LangBash)) }

func (sh *shell) syntaxError(err error) {
	text, line := inAsh(err)
	if line > 0 {
		sh.line = line
	}
	sh.errorf("syntax error: %s", text)
	sh.status, sh.flow = 2, exits
}

// leave runs the EXIT trap and returns the exit code.
func (sh *shell) leave() int {
	sh.mu.Lock()
	text, ok := sh.traps["EXIT"]
	delete(sh.traps, "EXIT")
	sh.mu.Unlock()
	if ok && text != "" && sh.ctx.Err() == nil {
		status := sh.status
		sh.flow = goesOn
		sh.runTrap(text)
		if sh.flow != exits {
			sh.status = status
		}
	}
	return sh.status & 0xff
}

// stopped says whether the statements that follow are not run.
func (sh *shell) stopped() bool { return sh.flow != goesOn || sh.ctx.Err() != nil }

// errorf writes a message as ash does.
func (sh *shell) errorf(format string, args ...any) {
	prefix := sh.arg0 + ": "
	if sh.name != "" {
		if sh.name != sh.arg0 {
			prefix += sh.name + ": "
		}
		prefix += fmt.Sprintf("line %d: ", sh.line)
	}
	fmt.Fprintf(sh.writer(2), prefix+format+"\n", args...)
}

// gap says that something of the language is missing here, and fails.
func (sh *shell) gap(what string) {
	sh.errorf("%s: not supported by this shell", what)
	sh.status, sh.flow = 2, exits
}

func (sh *shell) reader(fd int) io.Reader {
	if f := sh.fds[fd]; f != nil {
		return f.Reader(sh.ctx)
	}
	return badFile{}
}

func (sh *shell) writer(fd int) io.Writer {
	if f := sh.fds[fd]; f != nil {
		return f.Writer(sh.ctx)
	}
	return badFile{}
}

// badFile is a descriptor that is closed.
type badFile struct{}

func (badFile) Read([]byte) (int, error)  { return 0, syscall.EBADF }
func (badFile) Write([]byte) (int, error) { return 0, syscall.EBADF }

// files are the first three descriptors, for a command.
func (sh *shell) files() [3]*unix.File { return [3]*unix.File{sh.fds[0], sh.fds[1], sh.fds[2]} }
