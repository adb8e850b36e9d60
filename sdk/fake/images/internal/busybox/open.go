package busybox

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// openInput opens a file to read, or standard input for "-". What cannot be opened is reported.
func openInput(ctx context.Context, p *unix.Proc, name string) (io.Reader, func(), bool) {
	r, closeIt, err := tryInput(ctx, p, name)
	if err != nil {
		p.Errorf("can't open '%s': %s", name, unix.Reason(err))
	}
	return r, closeIt, err == nil
}

// tryInput is openInput that reports nothing.
func tryInput(ctx context.Context, p *unix.Proc, name string) (io.Reader, func(), error) {
	if name == "-" {
		return p.Stdin, func() {}, nil
	}
	f, err := p.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, nil, err
	}
	return f.Reader(ctx), f.Close, nil
}

// eachInput calls f for the files that are named, or for standard input if none is. The exit code is 1 if any failed.
func eachInput(ctx context.Context, p *unix.Proc, names []string, f func(name string, r io.Reader) error) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	code := 0
	for _, name := range names {
		r, closeIt, ok := openInput(ctx, p, name)
		if !ok {
			code = 1
			continue
		}
		err := f(name, r)
		closeIt()
		if ctx.Err() != nil {
			return 1
		}
		if err != nil && err != io.EOF {
			code = p.Errorf("%s: %s", name, unix.Reason(err))
		}
	}
	return code
}

// eachLine calls f for each line, without its end, until it returns false. What is after the last line feed is a line too.
func eachLine(r io.Reader, f func(line string) bool) error {
	b := bufio.NewReader(r)
	for {
		line, err := b.ReadString('\n')
		if line != "" && !f(strings.TrimSuffix(line, "\n")) {
			return nil
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// allLines are the lines of all inputs.
func allLines(ctx context.Context, p *unix.Proc, names []string) (lines []string, code int) {
	code = eachInput(ctx, p, names, func(_ string, r io.Reader) error {
		return eachLine(r, func(line string) bool {
			lines = append(lines, line)
			return true
		})
	})
	return lines, code
}

// buffered is standard output in larger pieces; flush must be called before the command waits, or ends.
func buffered(p *unix.Proc) *bufio.Writer { return bufio.NewWriterSize(p.Stdout, 32<<10) }
