package busybox

import (
	"bytes"
	"context"
	"io"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/rogpeppe/go-internal/diff"
)

// diff shows two files as unified diff does, which is the only way busybox has.
func diffFiles(ctx context.Context, p *unix.Proc, o *options) int {
	a, b, ok := twoFiles(ctx, p, o.rest)
	switch {
	case !ok:
		return 2
	case bytes.Equal(a, b):
		return 0
	case o.has("q"):
		p.Printf("Files %s and %s differ\n", o.rest[0], o.rest[1])
		return 1
	}
	text := diff.Diff(o.rest[0], a, o.rest[1], b)
	if _, rest, found := bytes.Cut(text, []byte("\n")); found { // its first line is a command line
		text = rest
	}
	_, _ = p.Stdout.Write(text)
	return 1
}

func twoFiles(ctx context.Context, p *unix.Proc, names []string) (a, b []byte, ok bool) {
	if len(names) != 2 {
		p.Errorf("two files are needed")
		return nil, nil, false
	}
	var data [2][]byte
	for i, name := range names {
		r, closeIt, ok := openInput(ctx, p, name)
		if !ok {
			return nil, nil, false
		}
		data[i], _ = io.ReadAll(r)
		closeIt()
	}
	return data[0], data[1], true
}

func diffCommand(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "abdiqNrsTtuwBU:L:")
	if o == nil {
		return 2
	}
	if o.has("r", "N") {
		p.Errorf("diffs of directories are not supported")
		return 2
	}
	return diffFiles(ctx, p, o)
}

func cmpFiles(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "sl")
	if o == nil {
		return 2
	}
	a, b, ok := twoFiles(ctx, p, o.rest)
	switch {
	case !ok:
		return 2
	case bytes.Equal(a, b):
		return 0
	case o.has("s"):
		return 1
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	if i == min(len(a), len(b)) {
		shorter := o.rest[0]
		if len(b) < len(a) {
			shorter = o.rest[1]
		}
		p.Errorf("EOF on %s", shorter)
		return 1
	}
	p.Printf("%s %s differ: char %d, line %d\n", o.rest[0], o.rest[1], i+1, bytes.Count(a[:i], []byte("\n"))+1)
	return 1
}
