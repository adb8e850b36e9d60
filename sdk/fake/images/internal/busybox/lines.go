package busybox

import (
	"bufio"
	"context"
	"io"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// lineReader gives lines one by one. Whether one is the last is found out only if somebody asks, since it means to wait for more.
type lineReader interface {
	next() (line string, ok bool)
	last() bool
}

// inputLines are the lines of files one after the other, or of standard input if none is named. What cannot be read is reported, and
// makes code 1.
type inputLines struct {
	ctx   context.Context
	p     *unix.Proc
	names []string
	code  int

	begun   bool
	in      *bufio.Reader
	name    string
	release func()
	ahead   *string // a line that was read to see whether there is one
}

func (l *inputLines) next() (string, bool) {
	if line := l.ahead; line != nil {
		l.ahead = nil
		return *line, true
	}
	for l.in != nil || l.open() {
		line, err := l.in.ReadString('\n')
		if err != nil && err != io.EOF && l.ctx.Err() == nil {
			l.code = l.p.Errorf("%s: %s", l.name, unix.Reason(err))
		}
		if err != nil {
			l.close()
		}
		if line != "" {
			return strings.TrimSuffix(line, "\n"), true
		}
	}
	return "", false
}

func (l *inputLines) last() bool {
	if l.ahead == nil {
		line, ok := l.next()
		if !ok {
			return true
		}
		l.ahead = &line
	}
	return false
}

// open opens the next input that can be opened.
func (l *inputLines) open() bool {
	if !l.begun && len(l.names) == 0 {
		l.names = []string{"-"}
	}
	for l.begun = true; len(l.names) > 0; {
		l.name = l.names[0]
		l.names = l.names[1:]
		r, release, ok := openInput(l.ctx, l.p, l.name)
		if !ok {
			l.code = 1
			continue
		}
		l.in, l.release = bufio.NewReader(r), release
		return true
	}
	return false
}

func (l *inputLines) close() {
	if l.in != nil {
		l.release()
		l.in = nil
	}
}
