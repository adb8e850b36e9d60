package shell

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"mvdan.cc/sh/v3/syntax"
)

// builtin is a command that changes the shell itself. It returns the status.
type builtin func(sh *shell, args []string) int

// builtins is filled by init, since some of them look into it.
var builtins map[string]builtin

func init() {
	builtins = map[string]builtin{
		":": func(*shell, []string) int { return 0 },
		".": dot, "source": dot, "eval": eval, "exec": exec, "exit": exit, "return": ret, "break": leaveLoop, "continue": leaveLoop,
		"cd": cd, "chdir": cd, "pwd": pwd, "export": export, "readonly": export, "local": local,
		"set": set, "shift": shift, "unset": unset, "umask": umask, "times": times, "trap": trap, "wait": wait, "jobs": jobs,
		"read": read, "getopts": getopts, "command": command, "type": typeOf, "hash": hash, "ulimit": ulimit, "kill": kill,
		"fg": gapOf("fg"), "bg": gapOf("bg"), "alias": alias, "unalias": unalias,
	}
}

// special are the builtins that POSIX calls so: variables set before them stay.
var special = map[string]bool{
	":": true, ".": true, "break": true, "continue": true, "eval": true, "exec": true, "exit": true, "export": true, "readonly": true,
	"return": true, "set": true, "shift": true, "times": true, "trap": true, "unset": true, "source": true,
}

func gapOf(name string) builtin {
	return func(sh *shell, _ []string) int {
		sh.errorf("not supported by this shell: %s", name)
		return 2
	}
}

func dot(sh *shell, args []string) int {
	if len(args) < 2 {
		sh.errorf("filename argument required")
		return 2
	}
	name := args[1]
	if !strings.Contains(name, "/") {
		for _, dir := range append(strings.Split(sh.vars.get("PATH"), ":"), ".") {
			if info, err := sh.p.FS().Stat(path.Join(dir, name)); err == nil && !info.IsDir() {
				name = path.Join(dir, name)
				break
			}
		}
	}
	data, err := sh.p.FS().ReadFile(name)
	if err != nil {
		sh.errorf("can't open '%s': No such file or directory", args[1])
		sh.flow = exits
		return 2
	}
	params := sh.params
	if len(args) > 2 {
		sh.params = args[2:]
	}
	sh.calls++
	sh.status = 0
	sh.runText(string(data))
	sh.calls--
	if len(args) > 2 {
		sh.params = params
	}
	if sh.flow == returns {
		sh.flow = goesOn
	}
	return sh.status
}

func eval(sh *shell, args []string) int {
	sh.status = 0
	sh.runText(strings.Join(args[1:], " "))
	return sh.status
}

func exec(sh *shell, args []string) int {
	args = args[1:]
	if len(args) > 1 && args[0] == "-a" {
		args = args[2:]
	}
	p := sh.proc(args)
	c, withArgs, code, err := p.Find(args)
	sh.flow = exits
	if err != nil {
		sh.errorf("%s: %s", args[0], unixText(err))
		return code
	}
	sh.mu.Lock()
	delete(sh.traps, "EXIT")
	sh.mu.Unlock()
	return p.Become(sh.ctx, c, withArgs, sh.files())
}

func exit(sh *shell, args []string) int {
	code := sh.status
	if len(args) > 1 {
		n, err := strconv.Atoi(args[1])
		if err != nil {
			sh.errorf("Illegal number: %s", args[1])
			n = 2
		}
		code = n
	}
	sh.flow = exits
	return code & 0xff
}

func ret(sh *shell, args []string) int {
	code := sh.status
	if len(args) > 1 {
		code, _ = strconv.Atoi(args[1])
	}
	if sh.flow = returns; sh.calls == 0 {
		sh.flow = exits
	}
	return code & 0xff
}

func leaveLoop(sh *shell, args []string) int {
	n := 1
	if len(args) > 1 {
		n, _ = strconv.Atoi(args[1])
	}
	if n < 1 {
		sh.errorf("Illegal number: %s", args[1])
		return 2
	}
	if sh.loops == 0 {
		return 0
	}
	sh.count = min(n, sh.loops)
	if sh.flow = breaks; args[0] == "continue" {
		sh.flow = continues
	}
	sh.status = 0
	return 0
}

func cd(sh *shell, args []string) int {
	args = slices.DeleteFunc(slices.Clone(args[1:]), func(a string) bool { return a == "-L" || a == "-P" || a == "--" })
	to := sh.vars.get("HOME")
	if len(args) > 0 {
		to = args[0]
	}
	show := to == "-"
	if show {
		to = sh.vars.get("OLDPWD")
	}
	dir := path.Clean(to)
	if !path.IsAbs(to) {
		dir = path.Join(sh.p.Dir, to)
	}
	info, err := sh.p.FS().Stat(dir)
	switch {
	case err != nil:
		sh.errorf("can't cd to %s: %s", to, unixText(err))
		return 2
	case !info.IsDir():
		sh.errorf("can't cd to %s: Not a directory", to)
		return 2
	case sh.p.FS().Access(dir, 1) != nil:
		sh.errorf("can't cd to %s: Permission denied", to)
		return 2
	}
	if !sh.assign("OLDPWD", sh.p.Dir) {
		return 2
	}
	sh.p.Dir = dir
	if show {
		fmt.Fprintln(sh.writer(1), dir)
	}
	if sh.assign("PWD", dir) {
		return 0
	}
	return 2
}

func pwd(sh *shell, _ []string) int {
	fmt.Fprintln(sh.writer(1), sh.p.Dir)
	return 0
}

func shift(sh *shell, args []string) int {
	n := 1
	if len(args) > 1 {
		n, _ = strconv.Atoi(args[1])
	}
	if n < 0 || n > len(sh.params) {
		return 1
	}
	sh.params = sh.params[n:]
	return 0
}

func unset(sh *shell, args []string) int {
	functions := false
	for _, name := range args[1:] {
		switch {
		case name == "-f":
			functions = true
		case name == "-v":
			functions = false
		case functions:
			delete(sh.funcs, name)
		case sh.vars.byName[name].readonly:
			sh.errorf("%s: is read only", name)
			sh.flow = exits
			return 2
		default:
			delete(sh.vars.byName, name)
		}
	}
	return 0
}

// export is readonly too.
func export(sh *shell, args []string) int {
	mark := func(v *variable) { v.exported = true }
	shown := func(v variable) bool { return v.exported }
	if args[0] == "readonly" {
		mark, shown = func(v *variable) { v.readonly = true }, func(v variable) bool { return v.readonly }
	}
	names := args[1:]
	if len(names) > 0 && names[0] == "-n" {
		mark, names = func(v *variable) { v.exported = false }, names[1:]
	}
	if len(names) == 0 || names[0] == "-p" {
		for _, name := range sh.vars.names() {
			if v, _ := sh.vars.lookup(name); shown(v) {
				fmt.Fprintf(sh.writer(1), "%s %s=%s\n", args[0], name, forceQuote(v.value))
			}
		}
		return 0
	}
	for _, arg := range names {
		name, value, ok := strings.Cut(arg, "=")
		if !syntax.ValidName(name) {
			sh.errorf("%s: bad variable name", name)
			return 2
		}
		if ok && !sh.assign(name, value) {
			return 2
		}
		v := sh.vars.byName[name]
		mark(&v)
		sh.vars.byName[name] = v
	}
	return 0
}

func local(sh *shell, args []string) int {
	if len(sh.vars.locals) == 0 {
		sh.errorf("not in a function")
		return 2
	}
	for _, arg := range args[1:] {
		name, value, ok := strings.Cut(arg, "=")
		if !syntax.ValidName(name) {
			sh.errorf("%s: bad variable name", name)
			return 2
		}
		sh.vars.hide(name)
		if ok && !sh.assign(name, value) {
			return 2
		}
	}
	return 0
}

// umask takes octal numbers, which are what scripts give it.
func umask(sh *shell, args []string) int {
	switch {
	case len(args) > 1 && args[1] == "-S":
		mask, text := sh.p.Umask(), []string{}
		for i, who := range "ugo" {
			bits := ^mask >> (6 - 3*i) & 7
			may := ""
			for j, c := range "rwx" {
				if bits&(4>>j) != 0 {
					may += string(c)
				}
			}
			text = append(text, string(who)+"="+may)
		}
		fmt.Fprintln(sh.writer(1), strings.Join(text, ","))
	case len(args) > 1:
		mask, err := strconv.ParseUint(args[1], 8, 12)
		if err != nil {
			sh.errorf("illegal mode: %s", args[1])
			return 2
		}
		sh.p.SetUmask(fs.FileMode(mask))
	default:
		fmt.Fprintf(sh.writer(1), "%04o\n", sh.p.Umask())
	}
	return 0
}

func times(sh *shell, _ []string) int {
	fmt.Fprint(sh.writer(1), "0m0.000000s 0m0.000000s\n0m0.000000s 0m0.000000s\n")
	return 0
}

func hash(*shell, []string) int { return 0 }

func ulimit(sh *shell, args []string) int {
	if len(args) > 2 {
		return 0 // limits are accepted, and bound nothing
	}
	fmt.Fprintln(sh.writer(1), "unlimited")
	return 0
}

// command runs a command that is no function, or says what it is.
func command(sh *shell, args []string) int {
	args = args[1:]
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch args[0] {
		case "-v", "-V":
			return describe(sh, args[1:], args[0] == "-V")
		case "-p", "--":
			args = args[1:]
		default:
			sh.errorf("illegal option %s", args[0])
			return 2
		}
	}
	if len(args) == 0 {
		return 0
	}
	if body, ok := sh.funcs[args[0]]; ok {
		delete(sh.funcs, args[0])
		defer func() { sh.funcs[args[0]] = body }()
	}
	sh.run(args, nil, false)
	return sh.status
}

func typeOf(sh *shell, args []string) int { return describe(sh, args[1:], true) }

func describe(sh *shell, names []string, long bool) int {
	status := 0
	for _, name := range names {
		short, text := name, ""
		_, isFunction := sh.funcs[name]
		_, isBuiltin := builtins[name]
		_, isInline := Builtins[name]
		switch file, err := sh.proc([]string{name}).Which(name); {
		case syntax.IsKeyword(name):
			text = "is a shell keyword"
		case sh.alias[name] != "":
			short, text = "alias "+name+"="+forceQuote(sh.alias[name]), "is an alias for "+sh.alias[name]
		case isFunction:
			text = "is a function"
		case isBuiltin && special[name]:
			text = "is a special shell builtin"
		case isBuiltin, isInline:
			text = "is a shell builtin"
		case err == nil:
			short, text = file, "is "+file
		default:
			status = 127
			if long {
				fmt.Fprintf(sh.writer(2), "%s: not found\n", name)
			}
			continue
		}
		if long {
			short = name + " " + text
		}
		fmt.Fprintln(sh.writer(1), short)
	}
	return status
}

// wait waits for jobs; a signal with a trap ends that at once.
func wait(sh *shell, args []string) int {
	if len(args) > 1 {
		status := 0
		for _, arg := range args[1:] {
			j := sh.jobByName(arg)
			if j == nil {
				status = 127
				continue
			}
			if status = sh.await(j); sh.ctx.Err() != nil {
				return status
			}
		}
		return status
	}
	for _, j := range slices.Clone(sh.jobs) {
		if status := sh.await(j); !j.told {
			return status
		}
	}
	return 0
}

// await waits for one job, and takes it off the list.
func (sh *shell) await(j *job) int {
	sh.p.Settle(sh.ctx)
	s, wake := sh.signalled()
	if s == 0 {
		select {
		case <-j.running.Done():
			if sh.p.Settle(sh.ctx); sh.hasSignal() {
				s, _ = sh.signalled()
				return 128 + int(s)
			}
			j.told = true
			sh.jobs = slices.DeleteFunc(sh.jobs, func(other *job) bool { return other == j })
			return j.running.Wait()
		case <-wake:
			s, _ = sh.signalled()
		case <-sh.ctx.Done():
			return 128 + int(syscall.SIGTERM)
		}
	}
	return 128 + int(s)
}

func (sh *shell) hasSignal() bool {
	s, _ := sh.signalled()
	return s != 0
}

// jobByName finds a job by %n, %% or the number of its process.
func (sh *shell) jobByName(name string) *job {
	if rest, ok := strings.CutPrefix(name, "%"); ok {
		if n, err := strconv.Atoi(rest); err == nil {
			if n >= 1 && n <= len(sh.jobs) {
				return sh.jobs[n-1]
			}
			return nil
		}
		if len(sh.jobs) == 0 {
			return nil
		}
		return sh.jobs[len(sh.jobs)-1]
	}
	pid, _ := strconv.Atoi(name)
	for _, j := range sh.jobs {
		if j.running.PID() == pid {
			return j
		}
	}
	return nil
}

func jobs(sh *shell, args []string) int {
	for i, j := range sh.jobs {
		state := "Running"
		if j.ended() {
			state = "Done"
		}
		if len(args) > 1 && args[1] == "-p" {
			fmt.Fprintln(sh.writer(1), j.running.PID())
			continue
		}
		mark := " "
		switch i {
		case len(sh.jobs) - 1:
			mark = "+"
		case len(sh.jobs) - 2:
			mark = "-"
		}
		fmt.Fprintf(sh.writer(1), "[%d]%s  %-27s%s\n", i+1, mark, state, j.text)
	}
	return 0
}

// kill is the command of the same name, which does not know jobs.
func kill(sh *shell, args []string) int {
	args = slices.Clone(args)
	for i, arg := range args[1:] {
		if !strings.HasPrefix(arg, "%") {
			continue
		}
		j := sh.jobByName(arg)
		if j == nil {
			sh.errorf("%s: no such job", arg)
			return 1
		}
		args[i+1] = strconv.Itoa(j.running.PID())
	}
	c, ok := Builtins["/kill"]
	if !ok {
		return gapOf("kill")(sh, args)
	}
	return sh.inline(c, args)
}
