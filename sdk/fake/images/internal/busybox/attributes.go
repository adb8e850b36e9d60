package busybox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

func chmod(_ context.Context, p *unix.Proc) int {
	// A mode may begin with a dash, which is no option.
	var recursive bool
	args := p.Args[1:]
	for len(args) > 0 && (args[0] == "-R" || args[0] == "-v" || args[0] == "-c" || args[0] == "-f" || args[0] == "--") {
		recursive = recursive || args[0] == "-R"
		args = args[1:]
	}
	if len(args) < 2 {
		return p.Errorf("usage: chmod [-R] MODE[,MODE]... FILE...")
	}
	code := 0
	change := func(name string, info fs.FileInfo) {
		mode, ok := changedMode(unixMode(info.Mode()), args[0], info.IsDir())
		if !ok {
			code = p.Errorf("invalid mode '%s'", args[0])
			return
		}
		if err := p.FS().Chmod(name, fileMode(mode)); err != nil {
			code = failed(p, name, err)
		}
	}
	for _, name := range args[1:] {
		code = max(code, eachFile(p, name, recursive, change))
	}
	return code
}

// eachFile calls f for a file and, if recursive, all in it.
func eachFile(p *unix.Proc, name string, recursive bool, f func(name string, info fs.FileInfo)) int {
	if !recursive {
		info, err := p.FS().Stat(name)
		if err != nil {
			return failed(p, name, err)
		}
		f(name, info)
		return 0
	}
	code := 0
	walk(p, name, func(name string, info fs.FileInfo, err error) bool {
		switch {
		case err != nil:
			code = failed(p, name, err)
		case info.Mode()&fs.ModeSymlink == 0:
			f(name, info)
		}
		return true
	})
	return code
}

// changedMode applies what chmod takes: 755, or u+x,go-w.
func changedMode(mode uint32, text string, dir bool) (uint32, bool) {
	if n, err := strconv.ParseUint(text, 8, 12); err == nil {
		return uint32(n), true
	}
	for clause := range strings.SplitSeq(text, ",") {
		i := strings.IndexAny(clause, "+-=")
		if i < 0 || strings.Trim(clause[:i], "ugoa") != "" {
			return 0, false
		}
		who := clause[:i]
		if who == "" || strings.Contains(who, "a") {
			who = "ugo"
		}
		op, bits := clause[i], uint32(0)
		for _, c := range clause[i+1:] {
			switch c {
			case 'r':
				bits |= 4
			case 'w':
				bits |= 2
			case 'x':
				bits |= 1
			case 'X':
				if dir || mode&0o111 != 0 {
					bits |= 1
				}
			case 's':
				bits |= 8
			case 't':
				bits |= 16
			default:
				return 0, false
			}
		}
		mode = applyClause(mode, who, op, bits)
	}
	return mode, true
}

func applyClause(mode uint32, who string, op byte, bits uint32) uint32 {
	var mask, value uint32
	for shift, c := range map[int]byte{6: 'u', 3: 'g', 0: 'o'} {
		if strings.IndexByte(who, c) < 0 {
			continue
		}
		mask |= 7 << shift
		value |= (bits & 7) << shift
	}
	for _, special := range []struct {
		who string
		bit uint32
	}{{"u", 0o4000}, {"g", 0o2000}} {
		if strings.Contains(who, special.who) {
			mask |= special.bit
			value |= special.bit * (bits & 8 / 8)
		}
	}
	if bits&16 != 0 {
		value |= 0o1000
	}
	switch op {
	case '+':
		return mode | value
	case '-':
		return mode &^ value
	}
	return mode&^mask | value
}

// chown is chgrp too.
func chown(_ context.Context, p *unix.Proc) int {
	o := parse(p, "+RhvcfLHP", "recursive=R", "no-dereference=h")
	if o == nil || len(o.rest) < 2 {
		return p.Errorf("usage: %s [-R] OWNER FILE...", path.Base(p.Args[0]))
	}
	user, group, _ := strings.Cut(strings.Replace(o.rest[0], ".", ":", 1), ":")
	if path.Base(p.Args[0]) == "chgrp" {
		user, group = "", o.rest[0]
	}
	uid, gid, ok := -1, -1, true
	if user != "" {
		if uid, ok = idOf(p, "/etc/passwd", user); !ok {
			return p.Errorf("unknown user %s", user)
		}
	}
	if group != "" {
		if gid, ok = idOf(p, "/etc/group", group); !ok {
			return p.Errorf("unknown group %s", group)
		}
	}
	code := 0
	for _, name := range o.rest[1:] {
		code = max(code, eachFile(p, name, o.has("R"), func(name string, _ fs.FileInfo) {
			change := p.FS().Chown
			if o.has("h") {
				change = p.FS().Lchown
			}
			if err := change(name, uid, gid); err != nil {
				code = failed(p, name, err)
			}
		}))
	}
	return code
}

func stat(_ context.Context, p *unix.Proc) int {
	o := parse(p, "ftLc:", "format=c", "dereference=L")
	if o == nil {
		return 1
	}
	if o.has("f") {
		return p.Errorf("-f: file systems are not supported")
	}
	code := 0
	for _, name := range o.rest {
		look := p.FS().Lstat
		if o.has("L") {
			look = p.FS().Stat
		}
		info, err := look(name)
		if err != nil {
			code = p.Errorf("can't stat '%s': %s", name, unix.Reason(err))
			continue
		}
		format := o.value("c", "  File: %N\n  Size: %s\tBlocks: %b\tIO Block: 4096   %F\nDevice: 0h/0d\tInode: %i\tLinks: %h\n"+
			"Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %y\nModify: %y\nChange: %y")
		p.Printf("%s\n", statText(p, format, name, info))
	}
	return code
}

func statText(p *unix.Proc, format, name string, info fs.FileInfo) string {
	uid, gid := owner(info)
	st, _ := info.Sys().(*podfs.Stat)
	if st == nil {
		st = &podfs.Stat{Links: 1}
	}
	quoted := name
	if target, err := p.FS().ReadLink(name); err == nil {
		quoted = fmt.Sprintf("'%s' -> '%s'", name, target)
	}
	values := map[byte]any{
		'n': name, 'N': quoted, 's': info.Size(), 'b': (info.Size() + 4095) / 4096 * 8, 'B': 512, 'F': kindName(info), 'i': st.Inode,
		'h': st.Links, 'A': modeText(info.Mode()), 'u': uid, 'U': userName(p, uid), 'g': gid, 'G': groupName(p, gid),
		'Y': info.ModTime().Unix(), 'X': info.ModTime().Unix(), 'Z': info.ModTime().Unix(), 'o': 4096,
	}
	for _, c := range "xyz" {
		values[byte(c)] = info.ModTime().UTC().Format("2006-01-02 15:04:05.000000000 -0700")
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		begin := i + 1
		for i++; i < len(format) && format[i] >= '0' && format[i] <= '9'; i++ {
		}
		if i == len(format) {
			break
		}
		width := format[begin:i]
		switch v, ok := values[format[i]]; {
		case format[i] == 'a':
			fmt.Fprintf(&b, "%"+width+"o", unixMode(info.Mode()))
		case ok:
			fmt.Fprintf(&b, "%"+width+"v", v)
		default:
			b.WriteByte(format[i])
		}
	}
	return b.String()
}

func kindName(info fs.FileInfo) string {
	switch m := info.Mode(); {
	case m.IsDir():
		return "directory"
	case m&fs.ModeSymlink != 0:
		return "symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "fifo"
	case m&fs.ModeSocket != 0:
		return "socket"
	case m&fs.ModeCharDevice != 0:
		return "character special file"
	case m&fs.ModeDevice != 0:
		return "block special file"
	case info.Size() == 0:
		return "regular empty file"
	}
	return "regular file"
}

func readlink(_ context.Context, p *unix.Proc) int {
	o := parse(p, "fnvem", "canonicalize=f")
	if o == nil || len(o.rest) == 0 {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		var to string
		var err error
		if o.has("f", "e", "m") {
			to, err = resolve(p, name)
		} else {
			to, err = p.FS().ReadLink(name)
		}
		if err != nil {
			code = 1
			continue
		}
		p.Printf("%s", to)
		if !o.has("n") {
			p.Printf("\n")
		}
	}
	return code
}

func realpath(_ context.Context, p *unix.Proc) int {
	code := 0
	for _, name := range p.Args[1:] {
		to, err := resolve(p, name)
		if err != nil {
			code = failed(p, name, err)
			continue
		}
		p.Printf("%s\n", to)
	}
	return code
}

// resolve follows all links of a name, whose last part need not be there.
func resolve(p *unix.Proc, name string) (string, error) {
	if !path.IsAbs(name) {
		name = path.Join(p.Dir, name)
	}
	left, at := strings.Split(path.Clean(name), "/"), "/"
	for links := 0; len(left) > 0; {
		part := left[0]
		left = left[1:]
		if part == "" {
			continue
		}
		next := path.Join(at, part)
		info, err := p.FS().Lstat(next)
		if err != nil {
			if len(left) == 0 && errors.Is(err, fs.ErrNotExist) {
				return next, nil
			}
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > 40 {
			return "", syscall.ELOOP
		}
		target, err := p.FS().ReadLink(next)
		if err != nil {
			return "", err
		}
		if path.IsAbs(target) {
			at = "/"
		}
		left = append(strings.Split(target, "/"), left...)
		if at != "/" && slicesHasDots(left) {
			joined := path.Join(at, strings.Join(left, "/"))
			left, at = strings.Split(joined, "/"), "/"
		}
	}
	return at, nil
}

func slicesHasDots(parts []string) bool {
	for _, part := range parts {
		if part == ".." || part == "." {
			return true
		}
	}
	return false
}

func basename(_ context.Context, p *unix.Proc) int {
	o := parse(p, "as:")
	if o == nil || len(o.rest) == 0 {
		return p.Errorf("usage: basename FILE [SUFFIX]")
	}
	suffix := o.value("s", "")
	names := o.rest
	if !o.has("a", "s") {
		if len(names) > 1 {
			suffix = names[1]
		}
		names = names[:1]
	}
	for _, name := range names {
		base := path.Base(name)
		if base != suffix {
			base = strings.TrimSuffix(base, suffix)
		}
		p.Printf("%s\n", base)
	}
	return 0
}

func dirname(_ context.Context, p *unix.Proc) int {
	if len(p.Args) < 2 {
		return p.Errorf("usage: dirname FILENAME")
	}
	for _, name := range p.Args[1:] {
		p.Printf("%s\n", path.Dir(strings.TrimRight(name, "/")+strings.Repeat("/", boolInt(strings.Trim(name, "/") == "" && name != ""))))
	}
	return 0
}

func which(_ context.Context, p *unix.Proc) int {
	o := parse(p, "a")
	if o == nil {
		return 1
	}
	code := 0
	for _, name := range o.rest {
		file, err := p.Which(name)
		if err != nil {
			code = 1
			continue
		}
		p.Printf("%s\n", file)
	}
	return code
}

// readDate reads the usual forms of a date.
func readDate(s string) (time.Time, bool) {
	if seconds, ok := strings.CutPrefix(s, "@"); ok {
		n, err := strconv.ParseInt(seconds, 10, 64)
		return time.Unix(n, 0), err == nil
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02", "200601021504.05", "200601021504",
		"15:04:05", "15:04",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			if strings.HasPrefix(layout, "15") {
				now := time.Now().UTC()
				t = time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
			}
			return t, true
		}
	}
	return time.Time{}, false
}
