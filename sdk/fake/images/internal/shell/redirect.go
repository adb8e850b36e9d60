package shell

import (
	"maps"
	"os"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// redirect opens what the redirections of a command name, from left to right. restore brings the descriptors back. Without ok the
// reason was reported.
func (sh *shell) redirect(redirs []*syntax.Redirect) (restore func(), ok bool) {
	if len(redirs) == 0 {
		return func() {}, true
	}
	before := sh.fds
	sh.fds = maps.Clone(before)
	var opened []*unix.File
	restore = func() {
		sh.fds = before
		for _, f := range opened {
			f.Close()
		}
	}
	for _, r := range redirs {
		f, fds, good := sh.open(r)
		if f != nil {
			opened = append(opened, f)
		}
		if !good {
			return restore, false
		}
		for _, n := range fds {
			if f == nil {
				delete(sh.fds, n)
			} else {
				sh.fds[n] = f
			}
		}
	}
	return restore, true
}

// open opens one redirection for descriptors. No file means that they are closed.
func (sh *shell) open(r *syntax.Redirect) (f *unix.File, fds []int, ok bool) {
	fd := 1
	switch r.Op {
	case syntax.RdrIn, syntax.RdrInOut, syntax.DplIn, syntax.Hdoc, syntax.DashHdoc, syntax.WordHdoc:
		fd = 0
	}
	if r.N != nil {
		n, err := strconv.Atoi(r.N.Value)
		if err != nil {
			sh.gap("a descriptor in a variable")
			return nil, nil, false
		}
		fd = n
	}
	fds = []int{fd}
	switch r.Op {
	case syntax.Hdoc, syntax.DashHdoc:
		return sh.document(r), fds, true
	case syntax.WordHdoc:
		text, good := sh.literal(r.Word)
		return unix.NewFile(strings.NewReader(text+"\n"), nil, nil), fds, good
	}
	word, ok := sh.literal(r.Word)
	if !ok {
		return nil, nil, false
	}
	switch r.Op {
	case syntax.DplIn, syntax.DplOut:
		if r.Op == syntax.DplOut && r.N == nil && word != "-" && strings.Trim(word, "0123456789") != "" { // >&file
			return sh.openFile(word, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, []int{1, 2})
		}
		return sh.duplicate(word, fds)
	case syntax.RdrAll:
		return sh.openFile(word, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, []int{1, 2})
	case syntax.AppAll:
		return sh.openFile(word, os.O_WRONLY|os.O_CREATE|os.O_APPEND, []int{1, 2})
	case syntax.RdrOut:
		flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
		if sh.on['C'] {
			if info, err := sh.p.FS().Stat(word); err == nil && info.Mode().IsRegular() {
				sh.errorf("can't create %s: File exists", word)
				return nil, nil, false
			}
		}
		return sh.openFile(word, flag, fds)
	}
	return sh.openFile(word, fileFlags[r.Op], fds)
}

var fileFlags = map[syntax.RedirOperator]int{
	syntax.RdrIn:    os.O_RDONLY,
	syntax.RdrInOut: os.O_RDWR | os.O_CREATE,
	syntax.RdrClob:  os.O_WRONLY | os.O_CREATE | os.O_TRUNC,
	syntax.AppOut:   os.O_WRONLY | os.O_CREATE | os.O_APPEND,
}

func (sh *shell) openFile(name string, flag int, fds []int) (*unix.File, []int, bool) {
	f, err := sh.proc(sh.p.Args).OpenFile(name, flag, 0o666)
	if err != nil {
		verb := "open"
		if flag&os.O_CREATE != 0 {
			verb = "create"
		}
		text := unix.Reason(err)
		if verb == "create" && text == "No such file or directory" {
			text = "nonexistent directory"
		}
		if verb == "open" && text == "No such file or directory" {
			text = "no such file"
		}
		sh.errorf("can't %s %s: %s", verb, name, text)
		return nil, nil, false
	}
	return f, fds, true
}

func (sh *shell) duplicate(word string, fds []int) (*unix.File, []int, bool) {
	if word == "-" {
		return nil, fds, true
	}
	n, err := strconv.Atoi(word)
	if err != nil || sh.fds[n] == nil {
		sh.errorf("%s: Bad file descriptor", word)
		return nil, nil, false
	}
	return sh.fds[n].Dup(), fds, true
}

// document is a here-document.
func (sh *shell) document(r *syntax.Redirect) *unix.File {
	var text string
	if r.Hdoc != nil {
		if r.Op == syntax.DashHdoc {
			r.Hdoc = withoutTabs(r.Hdoc)
		}
		var err error
		if text, err = expand.Document(sh.config(), r.Hdoc); err != nil {
			sh.expandError(err)
		}
	}
	return unix.NewFile(strings.NewReader(text), nil, nil)
}

// withoutTabs takes the tabs away that begin the lines of <<-.
func withoutTabs(w *syntax.Word) *syntax.Word {
	out := &syntax.Word{}
	begin := true
	for _, part := range w.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok {
			out.Parts = append(out.Parts, part)
			begin = false
			continue
		}
		lines := strings.SplitAfter(lit.Value, "\n")
		for i, line := range lines {
			if begin {
				lines[i] = strings.TrimLeft(line, "\t")
			}
			begin = strings.HasSuffix(line, "\n") || begin && line == ""
		}
		copied := *lit
		copied.Value = strings.Join(lines, "")
		out.Parts = append(out.Parts, &copied)
	}
	return out
}
