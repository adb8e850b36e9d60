package busybox

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// oldStyle makes "-n 5" of "-5", as head and tail have it.
func oldStyle(p *unix.Proc) {
	if len(p.Args) > 1 && len(p.Args[1]) > 1 && p.Args[1][0] == '-' && p.Args[1][1] >= '0' && p.Args[1][1] <= '9' {
		p.Args = append([]string{p.Args[0], "-n", p.Args[1][1:]}, p.Args[2:]...)
	}
}

// count reads a number with a suffix k, m or b.
func count(s string) (n int, err error) {
	factor := 1
	switch strings.ToLower(s[max(0, len(s)-1):]) {
	case "k":
		factor = 1 << 10
	case "m":
		factor = 1 << 20
	case "g":
		factor = 1 << 30
	case "b":
		factor = 512
	}
	if factor > 1 {
		s = s[:len(s)-1]
	}
	n, err = strconv.Atoi(s)
	return n * factor, err
}

func heading(p *unix.Proc, o *options, i int, name string) {
	if len(o.rest) < 2 && !o.has("v") || o.has("q") {
		return
	}
	if i > 0 {
		p.Printf("\n")
	}
	p.Printf("==> %s <==\n", name)
}

func head(ctx context.Context, p *unix.Proc) int {
	oldStyle(p)
	o := parse(p, "n:c:qv", "lines=n", "bytes=c")
	if o == nil {
		return 1
	}
	n, err := count(o.value("c", o.value("n", "10")))
	if err != nil {
		return p.Errorf("invalid number '%s'", o.value("c", o.value("n", "10")))
	}
	i := 0
	return eachInput(ctx, p, o.rest, func(name string, r io.Reader) error {
		heading(p, o, i, name)
		i++
		switch {
		case o.has("c"):
			_, err := io.CopyN(p.Stdout, r, int64(n))
			return err
		case n < 0:
			return allBut(p, r, -n)
		case n == 0:
			return nil
		}
		left := n
		b := bufio.NewReaderSize(r, 4096)
		for left > 0 {
			line, err := b.ReadString('\n')
			if _, werr := io.WriteString(p.Stdout, line); werr != nil || err != nil {
				return err
			}
			left--
		}
		return nil
	})
}

// allBut is head -n -3.
func allBut(p *unix.Proc, r io.Reader, n int) error {
	var held []string
	return eachLine(r, func(line string) bool {
		if held = append(held, line); len(held) > n {
			p.Printf("%s\n", held[0])
			held = held[1:]
		}
		return true
	})
}

func tail(ctx context.Context, p *unix.Proc) int {
	oldStyle(p)
	o := parse(p, "n:c:fFqvs:", "lines=n", "bytes=c", "follow=f", "retry=F")
	if o == nil {
		return 1
	}
	text := o.value("c", o.value("n", "10"))
	from := strings.HasPrefix(text, "+")
	n, err := count(strings.TrimLeft(text, "+-"))
	if err != nil {
		return p.Errorf("invalid number '%s'", text)
	}
	i := 0
	names := o.rest
	if o.has("F") {
		names = nil
		for _, name := range o.rest { // a file may come later
			if _, err := p.FS().Stat(name); err == nil {
				names = append(names, name)
			} else {
				p.Errorf("can't open '%s': %s", name, unix.Reason(err))
			}
		}
	}
	code := 0
	if len(names) > 0 || len(o.rest) == 0 {
		code = eachInput(ctx, p, names, func(name string, r io.Reader) error {
			heading(p, o, i, name)
			i++
			data, err := io.ReadAll(r)
			_, _ = p.Stdout.Write(end(data, n, from, o.has("c")))
			return err
		})
	}
	if o.has("f", "F") && len(o.rest) > 0 && (code == 0 || o.has("F")) {
		return follow(ctx, p, o)
	}
	return code
}

// end is the last n lines or bytes, or all from the nth on.
func end(data []byte, n int, from, bytes bool) []byte {
	switch {
	case bytes && from:
		return data[min(max(n-1, 0), len(data)):]
	case bytes:
		return data[max(0, len(data)-n):]
	}
	lines := strings.SplitAfter(string(data), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if from {
		return []byte(strings.Join(lines[min(max(n-1, 0), len(lines)):], ""))
	}
	return []byte(strings.Join(lines[max(0, len(lines)-n):], ""))
}

// follow prints what is added to files, and looks each second, as tail -f does. A file that became shorter is read from its start; with
// -F so is another file of the same name.
func follow(ctx context.Context, p *unix.Proc, o *options) int {
	offsets := map[string]int64{}
	for _, name := range o.rest {
		if info, err := p.FS().Stat(name); err == nil {
			offsets[name] = info.Size()
		}
	}
	shown := o.rest[len(o.rest)-1]
	for p.Pause(ctx, time.Second) == 0 {
		for _, name := range o.rest {
			data := added(p, name, offsets)
			if len(data) == 0 {
				continue
			}
			if len(o.rest) > 1 && name != shown && !o.has("q") {
				p.Printf("\n==> %s <==\n", name)
			}
			shown = name
			if _, err := p.Stdout.Write(data); err != nil {
				return 1
			}
		}
	}
	return 1
}

func added(p *unix.Proc, name string, offsets map[string]int64) []byte {
	f, err := p.FS().OpenFile(name, os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		offsets[name] = 0
	}
	if err != nil {
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	if info.Size() < offsets[name] {
		offsets[name] = 0
	}
	data := make([]byte, info.Size()-offsets[name])
	n, _ := f.ReadAt(data, offsets[name])
	offsets[name] += int64(n)
	return data[:n]
}
