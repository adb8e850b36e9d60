package busybox

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// found is one file that find looks at.
type found struct {
	name string
	info fs.FileInfo
}

// finding is one expression of find, read into a condition.
type finding struct {
	ctx                context.Context
	p                  *unix.Proc
	args               []string
	minDepth, maxDepth int
	acts, prune, depth bool
	many               []*manyFiles
	code               int
}

// manyFiles are the names for -exec ... +.
type manyFiles struct {
	command []string
	names   []string
}

func find(ctx context.Context, p *unix.Proc) int {
	args := p.Args[1:]
	for len(args) > 0 && (args[0] == "-L" || args[0] == "-H" || args[0] == "-P") {
		args = args[1:]
	}
	var roots []string
	for len(args) > 0 && !strings.HasPrefix(args[0], "-") && args[0] != "!" && args[0] != "(" {
		roots = append(roots, args[0])
		args = args[1:]
	}
	if roots == nil {
		roots = []string{"."}
	}
	f := &finding{ctx: ctx, p: p, args: args, maxDepth: 1 << 30}
	test, err := f.or()
	if err == nil && len(f.args) > 0 {
		err = fmt.Errorf("unrecognized: %s", f.args[0])
	}
	if err != nil {
		return p.Errorf("%v", err)
	}
	for _, root := range roots {
		f.walk(root, 0, test)
	}
	for _, m := range f.many {
		if len(m.names) > 0 && p.Run(ctx, append(m.command, m.names...)) != 0 {
			f.code = 1
		}
	}
	return f.code
}

func (f *finding) walk(name string, depth int, test func(found) bool) {
	info, err := f.p.FS().Lstat(name)
	if err != nil {
		f.code = failed(f.p, name, err)
		return
	}
	look := func() {
		if depth >= f.minDepth && test(found{name, info}) && !f.acts {
			f.p.Printf("%s\n", name)
		}
	}
	f.prune = false
	if !f.depth {
		look()
	}
	if info.IsDir() && depth < f.maxDepth && !f.prune && f.ctx.Err() == nil {
		entries, err := f.p.FS().ReadDir(name)
		if err != nil {
			f.code = failed(f.p, name, err)
		}
		for _, e := range entries {
			f.walk(joinName(name, e.Name()), depth+1, test)
		}
	}
	if f.depth {
		look()
	}
}

func (f *finding) next(words ...string) bool {
	for _, w := range words {
		if len(f.args) > 0 && f.args[0] == w {
			f.args = f.args[1:]
			return true
		}
	}
	return false
}

func (f *finding) or() (func(found) bool, error) {
	a, err := f.and()
	for err == nil && f.next("-o", "-or") {
		var b func(found) bool
		left := a
		b, err = f.and()
		a = func(x found) bool { return left(x) || b(x) }
	}
	return a, err
}

func (f *finding) and() (func(found) bool, error) {
	test := func(found) bool { return true }
	for len(f.args) > 0 && f.args[0] != "-o" && f.args[0] != "-or" && f.args[0] != ")" {
		f.next("-a", "-and")
		left := test
		right, err := f.not()
		if err != nil {
			return nil, err
		}
		test = func(x found) bool { return left(x) && right(x) }
	}
	return test, nil
}

func (f *finding) not() (func(found) bool, error) {
	switch {
	case f.next("!", "-not"):
		test, err := f.not()
		return func(x found) bool { return !test(x) }, err
	case f.next("("):
		test, err := f.or()
		if err == nil && !f.next(")") {
			err = fmt.Errorf("unmatched (")
		}
		return test, err
	case len(f.args) == 0:
		return nil, fmt.Errorf("an expression is missing")
	}
	return f.primary()
}

func (f *finding) primary() (func(found) bool, error) {
	name := f.args[0]
	f.args = f.args[1:]
	always := func(found) bool { return true }
	switch name {
	case "-print":
		f.acts = true
		return func(x found) bool { f.p.Printf("%s\n", x.name); return true }, nil
	case "-print0":
		f.acts = true
		return func(x found) bool { f.p.Printf("%s\x00", x.name); return true }, nil
	case "-prune":
		return func(found) bool { f.prune = true; return true }, nil
	case "-depth":
		f.depth = true
		return always, nil
	case "-xdev", "-mount", "-follow":
		return always, nil
	case "-empty":
		return f.empty, nil
	case "-delete":
		f.acts, f.depth = true, true
		return func(x found) bool {
			err := f.p.FS().Remove(x.name)
			if err != nil && x.name != "." {
				f.code = failed(f.p, x.name, err)
			}
			return err == nil
		}, nil
	case "-quit":
		return nil, fmt.Errorf("-quit is not supported")
	case "-exec", "-ok":
		return f.exec()
	}
	if len(f.args) == 0 {
		return nil, fmt.Errorf("%s: an argument is missing", name)
	}
	arg := f.args[0]
	f.args = f.args[1:]
	switch name {
	case "-name", "-iname", "-path", "-ipath", "-wholename":
		return f.names(name, arg), nil
	case "-type":
		return func(x found) bool { return string(modeText(x.info.Mode())[0]) == strings.Replace(arg, "f", "-", 1) }, nil
	case "-maxdepth", "-mindepth":
		n, err := strconv.Atoi(arg)
		if name == "-mindepth" {
			f.minDepth = n
		} else {
			f.maxDepth = n
		}
		return always, err
	}
	return f.measured(name, arg)
}

func (f *finding) names(name, arg string) func(found) bool {
	return func(x found) bool {
		s := x.name
		if strings.HasSuffix(name, "name") && name != "-wholename" {
			s = path.Base(s)
			ok, _ := path.Match(folded(name, arg), folded(name, s))
			return ok
		}
		// In a path * stands for slashes too.
		ok, _ := path.Match(strings.ReplaceAll(folded(name, arg), "/", "\x01"), strings.ReplaceAll(folded(name, s), "/", "\x01"))
		return ok
	}
}

func folded(name, s string) string {
	if strings.HasPrefix(name, "-i") {
		return strings.ToLower(s)
	}
	return s
}

func (f *finding) empty(x found) bool {
	if x.info.IsDir() {
		entries, err := f.p.FS().ReadDir(x.name)
		return err == nil && len(entries) == 0
	}
	return x.info.Mode().IsRegular() && x.info.Size() == 0
}

// measured are the conditions about a number, or another file.
func (f *finding) measured(name, arg string) (func(found) bool, error) {
	sign := strings.TrimRight(arg[:min(1, len(arg))], "0123456789")
	compare := func(a, b int64) bool {
		return sign == "+" && a > b || sign == "-" && a < b || sign == "" && a == b
	}
	switch name {
	case "-newer":
		info, err := f.p.FS().Stat(arg)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", arg, unix.Reason(err))
		}
		return func(x found) bool { return x.info.ModTime().After(info.ModTime()) }, nil
	case "-user", "-group":
		file := map[string]string{"-user": "/etc/passwd", "-group": "/etc/group"}[name]
		id, ok := idOf(f.p, file, arg)
		if !ok {
			return nil, fmt.Errorf("unknown name %s", arg)
		}
		return func(x found) bool {
			uid, gid := owner(x.info)
			return name == "-user" && uid == id || name == "-group" && gid == id
		}, nil
	case "-perm":
		n, err := strconv.ParseUint(strings.TrimLeft(arg, "-/+"), 8, 12)
		return func(x found) bool {
			mode := uint64(unixMode(x.info.Mode()))
			return arg[0] == '-' && mode&n == n || arg[0] == '/' && mode&n != 0 || mode == n
		}, err
	case "-size":
		unit := int64(512)
		text := strings.TrimLeft(arg, "+-")
		for suffix, size := range map[string]int64{"c": 1, "k": 1 << 10, "M": 1 << 20, "b": 512} {
			if rest, ok := strings.CutSuffix(text, suffix); ok {
				text, unit = rest, size
				break
			}
		}
		n, err := strconv.ParseInt(text, 10, 64)
		return func(x found) bool { return compare((x.info.Size()+unit-1)/unit, n) }, err
	case "-mtime", "-mmin", "-ctime", "-cmin":
		unit := 24 * time.Hour
		if strings.HasSuffix(name, "min") {
			unit = time.Minute
		}
		n, err := strconv.ParseInt(strings.TrimLeft(arg, "+-"), 10, 64)
		return func(x found) bool { return compare(int64(time.Since(x.info.ModTime())/unit), n) }, err
	}
	return nil, fmt.Errorf("unrecognized: %s", name)
}

func (f *finding) exec() (func(found) bool, error) {
	f.acts = true
	for i, arg := range f.args {
		if arg != ";" && !(arg == "+" && i > 0 && f.args[i-1] == "{}") {
			continue
		}
		command := f.args[:i]
		f.args = f.args[i+1:]
		if arg == "+" {
			m := &manyFiles{command: command[:len(command)-1]}
			f.many = append(f.many, m)
			return func(x found) bool { m.names = append(m.names, x.name); return true }, nil
		}
		return func(x found) bool {
			args := make([]string, len(command))
			for i, word := range command {
				args[i] = strings.ReplaceAll(word, "{}", x.name)
			}
			return f.p.Run(f.ctx, args) == 0
		}, nil
	}
	return nil, fmt.Errorf("-exec: no ; or +")
}
