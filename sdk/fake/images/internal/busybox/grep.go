package busybox

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

func grep(ctx context.Context, p *unix.Proc) int {
	o := parse(p, "HhnlLoqvscFiwxrREaIe:f:m:A:B:C:z", "color", "color:", "count=c", "quiet=q", "ignore-case=i", "invert-match=v",
		"only-matching=o", "recursive=r", "extended-regexp=E", "fixed-strings=F", "line-number=n", "no-messages=s", "line-buffered",
		"files-with-matches=l", "word-regexp=w", "regexp=e", "max-count=m")
	if o == nil {
		return 2
	}
	if name := path.Base(p.Args[0]); name == "egrep" {
		o.flags["E"]++
	} else if name == "fgrep" {
		o.flags["F"]++
	}
	patterns := o.values["e"]
	for _, file := range o.values["f"] {
		data, err := p.FS().ReadFile(file)
		if err != nil {
			p.Errorf("%s: %s", file, unix.Reason(err))
			return 2
		}
		patterns = append(patterns, strings.TrimSuffix(string(data), "\n"))
	}
	if patterns == nil {
		if len(o.rest) == 0 {
			p.Errorf("usage: grep [OPTIONS] PATTERN [FILE]...")
			return 2
		}
		patterns, o.rest = o.rest[:1], o.rest[1:]
	}
	re, err := grepPattern(o, patterns)
	if err != nil {
		p.Errorf("bad regex '%s': %v", strings.Join(patterns, "\n"), err)
		return 2
	}
	g := &grepper{p: p, o: o, re: re}
	for _, n := range []struct {
		flag string
		to   *int
	}{{"A", &g.after}, {"B", &g.before}, {"m", &g.limit}} {
		var ok bool
		if *n.to, ok = o.number(p, n.flag, atoiOr(o.value("C", ""), 0)*boolInt(n.flag != "m")); !ok {
			return 2
		}
	}
	return g.run(ctx)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func atoiOr(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

func grepPattern(o *options, patterns []string) (*regexp.Regexp, error) {
	var all []string
	for _, one := range patterns {
		for line := range strings.SplitSeq(one, "\n") {
			switch {
			case o.has("F"):
				line = regexp.QuoteMeta(line)
			case o.has("E"):
				line = classes(line)
			default:
				line = basic(line)
			}
			switch {
			case o.has("x"):
				line = "^(?:" + line + ")$"
			case o.has("w"):
				line = `\b(?:` + line + `)\b`
			}
			all = append(all, "(?:"+line+")")
		}
	}
	flags := ""
	if o.has("i") {
		flags = "(?i)"
	}
	return regexp.Compile(flags + strings.Join(all, "|"))
}

type grepper struct {
	p                    *unix.Proc
	o                    *options
	re                   *regexp.Regexp
	before, after, limit int
	names, found         bool
}

func (g *grepper) run(ctx context.Context) int {
	files := g.o.rest
	if g.o.has("r", "R") {
		files = g.tree(files)
	}
	code := 0
	if g.o.has("s") { // what cannot be opened is not told, but makes the exit code 2
		files, code = g.readable(ctx, files)
		if code != 0 && len(files) == 0 {
			return 2
		}
	}
	g.names = (len(g.o.rest) > 1 || g.o.has("r", "R", "H")) && !g.o.has("h")
	code = max(code, eachInput(ctx, g.p, files, func(name string, r io.Reader) error {
		if name == "-" {
			name = "(standard input)"
		}
		return g.file(name, r)
	}))
	switch {
	case g.found && (code == 0 || g.o.has("q")):
		return 0
	case code != 0:
		return 2
	}
	return 1
}

func (g *grepper) readable(ctx context.Context, names []string) (files []string, code int) {
	for _, name := range names {
		_, closeIt, err := tryInput(ctx, g.p, name)
		if err != nil {
			code = 1
			continue
		}
		closeIt()
		files = append(files, name)
	}
	return files, code
}

func (g *grepper) tree(roots []string) (files []string) {
	if len(roots) == 0 {
		roots = []string{"."}
	}
	for _, root := range roots {
		_ = walk(g.p, root, func(name string, info fs.FileInfo, err error) bool {
			if err == nil && info.Mode().IsRegular() {
				files = append(files, name)
			}
			return true
		})
	}
	return files
}

func (g *grepper) file(name string, r io.Reader) error {
	number, matched, owed, shown := 0, 0, 0, 0
	var held []string // lines before a match
	err := eachLine(r, func(line string) bool {
		number++
		if g.re.MatchString(line) == g.o.has("v") {
			switch {
			case owed > 0:
				owed--
				g.line(name, number, "-", line)
				shown = number
			case g.before > 0:
				if held = append(held, line); len(held) > g.before {
					held = held[1:]
				}
			}
			return true
		}
		matched++
		g.found = true
		if g.o.has("q", "l", "L") {
			return false
		}
		if !g.o.has("c") {
			if (g.before > 0 || g.after > 0) && shown > 0 && number-len(held) > shown+1 {
				g.p.Printf("--\n")
			}
			for i, before := range held {
				g.line(name, number-len(held)+i, "-", before)
			}
			g.match(name, number, line)
			held, owed, shown = nil, g.after, number
		}
		return g.limit == 0 || matched < g.limit
	})
	switch {
	case g.o.has("l") && matched > 0, g.o.has("L") && matched == 0:
		g.p.Printf("%s\n", name)
	case g.o.has("c") && !g.o.has("q"):
		prefix := ""
		if g.names {
			prefix = name + ":"
		}
		g.p.Printf("%s%d\n", prefix, matched)
	}
	return err
}

func (g *grepper) match(name string, number int, line string) {
	if !g.o.has("o") {
		g.line(name, number, ":", line)
		return
	}
	for _, part := range g.re.FindAllString(line, -1) {
		if part != "" {
			g.line(name, number, ":", part)
		}
	}
}

func (g *grepper) line(name string, number int, mark, line string) {
	prefix := ""
	if g.names {
		prefix = name + mark
	}
	if g.o.has("n") {
		prefix += fmt.Sprint(number) + mark
	}
	g.p.Printf("%s%s\n", prefix, line)
}
