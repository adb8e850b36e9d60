// Package cond decides the conditions of test, [ and [[.
//
// The thing people get wrong is that the number of arguments decides how they are read, as POSIX has it: `test -f` is true, since one
// argument is a string that is not empty.
//
//	ok, err := cond.Eval(p, []string{"-f", "/etc/hosts"})
package cond

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// Eval decides the arguments of test.
func Eval(p *unix.Proc, args []string) (bool, error) {
	switch len(args) {
	case 0:
		return false, nil
	case 1:
		return args[0] != "", nil
	case 2:
		if args[0] == "!" {
			return args[1] == "", nil
		}
	case 3:
		if isBinary(args[1]) {
			return Binary(p, args[0], args[1], args[2])
		}
	case 4:
		if args[0] == "!" {
			ok, err := Eval(p, args[1:])
			return !ok, err
		}
	}
	e := &expression{p: p, left: args}
	ok, err := e.or()
	if err == nil && len(e.left) > 0 {
		err = fmt.Errorf("%s: unknown operand", e.left[0])
	}
	return ok, err
}

// expression is arguments that are read by the grammar of -a, -o, ! and parentheses.
type expression struct {
	p    *unix.Proc
	left []string
}

func (e *expression) next(word string) bool {
	if len(e.left) == 0 || e.left[0] != word {
		return false
	}
	e.left = e.left[1:]
	return true
}

func (e *expression) or() (bool, error) {
	ok, err := e.and()
	for err == nil && e.next("-o") {
		var more bool
		more, err = e.and()
		ok = ok || more
	}
	return ok, err
}

func (e *expression) and() (bool, error) {
	ok, err := e.not()
	for err == nil && e.next("-a") {
		var more bool
		more, err = e.not()
		ok = ok && more
	}
	return ok, err
}

func (e *expression) not() (bool, error) {
	if len(e.left) > 1 && e.next("!") {
		ok, err := e.not()
		return !ok, err
	}
	return e.primary()
}

func (e *expression) primary() (bool, error) {
	args := e.left
	switch {
	case len(args) == 0:
		return false, fmt.Errorf("argument expected")
	case len(args) > 2 && isBinary(args[1]):
		e.left = args[3:]
		return Binary(e.p, args[0], args[1], args[2])
	case args[0] == "(" && len(args) > 1:
		e.left = args[1:]
		ok, err := e.or()
		if err == nil && !e.next(")") {
			err = fmt.Errorf("closing paren expected")
		}
		return ok, err
	case len(args) > 1 && len(args[0]) == 2 && args[0][0] == '-':
		e.left = args[2:]
		return Unary(e.p, args[0], args[1])
	}
	e.left = args[1:]
	return args[0] != "", nil
}

// Unary decides an operator with one operand.
func Unary(p *unix.Proc, op, arg string) (bool, error) {
	switch op {
	case "-n":
		return arg != "", nil
	case "-z":
		return arg == "", nil
	case "-t":
		n, err := strconv.Atoi(arg)
		return err == nil && p.TTY != nil && n >= 0 && n < 3, nil
	case "-r":
		return p.FS().Access(arg, 4) == nil, nil
	case "-w":
		return p.FS().Access(arg, 2) == nil, nil
	case "-x":
		return p.FS().Access(arg, 1) == nil, nil
	case "-h", "-L":
		info, err := p.FS().Lstat(arg)
		return err == nil && info.Mode()&fs.ModeSymlink != 0, nil
	}
	check, ok := files[op]
	if !ok {
		return false, fmt.Errorf("%s: unknown operand", op)
	}
	info, err := p.FS().Stat(arg)
	return err == nil && check(info), nil
}

// files are the conditions about a file that is there.
var files = map[string]func(fs.FileInfo) bool{
	"-e": func(fs.FileInfo) bool { return true },
	"-a": func(fs.FileInfo) bool { return true },
	"-f": func(i fs.FileInfo) bool { return i.Mode().IsRegular() },
	"-d": func(i fs.FileInfo) bool { return i.IsDir() },
	"-s": func(i fs.FileInfo) bool { return i.Size() > 0 },
	"-b": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeDevice != 0 && i.Mode()&fs.ModeCharDevice == 0 },
	"-c": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeCharDevice != 0 },
	"-p": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeNamedPipe != 0 },
	"-S": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeSocket != 0 },
	"-g": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeSetgid != 0 },
	"-u": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeSetuid != 0 },
	"-k": func(i fs.FileInfo) bool { return i.Mode()&fs.ModeSticky != 0 },
}

var texts = map[string]func(a, b string) bool{
	"=":  func(a, b string) bool { return a == b },
	"==": func(a, b string) bool { return a == b },
	"!=": func(a, b string) bool { return a != b },
	"<":  func(a, b string) bool { return a < b },
	">":  func(a, b string) bool { return a > b },
}

var numbers = map[string]func(a, b int64) bool{
	"-eq": func(a, b int64) bool { return a == b },
	"-ne": func(a, b int64) bool { return a != b },
	"-lt": func(a, b int64) bool { return a < b },
	"-le": func(a, b int64) bool { return a <= b },
	"-gt": func(a, b int64) bool { return a > b },
	"-ge": func(a, b int64) bool { return a >= b },
}

func isBinary(op string) bool {
	_, text := texts[op]
	_, number := numbers[op]
	return text || number || op == "-nt" || op == "-ot" || op == "-ef"
}

// Binary decides an operator with two operands.
func Binary(p *unix.Proc, a, op, b string) (bool, error) {
	if check, ok := texts[op]; ok {
		return check(a, b), nil
	}
	if check, ok := numbers[op]; ok {
		x, err := number(a)
		if err != nil {
			return false, err
		}
		y, err := number(b)
		if err != nil {
			return false, err
		}
		return check(x, y), nil
	}
	i, errA := p.FS().Stat(a)
	j, errB := p.FS().Stat(b)
	switch op {
	case "-nt":
		return errA == nil && (errB != nil || i.ModTime().After(j.ModTime())), nil
	case "-ot":
		return errB == nil && (errA != nil || i.ModTime().Before(j.ModTime())), nil
	case "-ef":
		return errA == nil && errB == nil && podfs.SameFile(i, j), nil
	}
	return false, fmt.Errorf("%s: unknown operand", op)
}

func number(s string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: bad number", s)
	}
	return n, nil
}
