package busybox

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// listed is one row of ls.
type listed struct {
	name, path string
	info       fs.FileInfo
}

func ls(_ context.Context, p *unix.Proc) int {
	o := parse(p, "1AaCxdLHRFplinshrSXvctukwT:w:", "color", "color:", "full-time", "group-directories-first", "all=a", "almost-all=A",
		"reverse=r", "recursive=R", "human-readable=h", "inode=i")
	if o == nil {
		return 1
	}
	names, code := o.rest, 0
	if len(names) == 0 {
		names = []string{"."}
	}
	var files, dirs []listed
	for _, name := range names {
		info, err := p.FS().Lstat(name)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && !o.has("l", "d") || o.has("L", "H") {
			if to, terr := p.FS().Stat(name); terr == nil {
				info = to
			}
		}
		switch {
		case err != nil:
			code = p.Errorf("%s: %s", name, unix.Reason(err))
		case info.IsDir() && !o.has("d"):
			dirs = append(dirs, listed{name, name, info})
		default:
			files = append(files, listed{name, name, info})
		}
	}
	show(p, o, files, false)
	for i, dir := range dirs {
		headed := len(names) > 1 || o.has("R")
		if headed {
			if i > 0 || len(files) > 0 {
				p.Printf("\n")
			}
			p.Printf("%s:\n", dir.name)
		}
		code = max(code, listDir(p, o, dir))
	}
	return code
}

func listDir(p *unix.Proc, o *options, dir listed) int {
	entries, err := p.FS().ReadDir(dir.path)
	if err != nil {
		return p.Errorf("can't open '%s': %s", dir.name, unix.Reason(err))
	}
	var rows []listed
	if o.has("a") {
		for _, name := range []string{".", ".."} {
			if info, err := p.FS().Stat(joinName(dir.path, name)); err == nil {
				rows = append(rows, listed{name, joinName(dir.path, name), info})
			}
		}
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && !o.has("a", "A") {
			continue
		}
		file := joinName(dir.path, e.Name())
		info, err := p.FS().Lstat(file)
		if to, terr := p.FS().Stat(file); err == nil && o.has("L") && terr == nil {
			info = to
		}
		if err == nil {
			rows = append(rows, listed{e.Name(), file, info})
		}
	}
	show(p, o, rows, true)
	code := 0
	for _, row := range rows {
		if o.has("R") && row.info.IsDir() && row.name != "." && row.name != ".." {
			p.Printf("\n%s:\n", row.path)
			code = max(code, listDir(p, o, listed{row.path, row.path, row.info}))
		}
	}
	return code
}

func show(p *unix.Proc, o *options, rows []listed, inDir bool) {
	switch {
	case o.has("t"):
		slices.SortStableFunc(rows, func(a, b listed) int { return b.info.ModTime().Compare(a.info.ModTime()) })
	case o.has("S"):
		slices.SortStableFunc(rows, func(a, b listed) int { return cmp.Compare(b.info.Size(), a.info.Size()) })
	default:
		slices.SortStableFunc(rows, func(a, b listed) int { return cmp.Compare(a.name, b.name) })
	}
	if o.has("r") {
		slices.Reverse(rows)
	}
	if o.has("l", "s") && inDir {
		blocks := int64(0)
		for _, row := range rows {
			blocks += (row.info.Size() + 4095) / 4096 * 4
		}
		p.Printf("total %d\n", blocks)
	}
	w := buffered(p)
	for _, row := range rows {
		if o.has("i") {
			if s, ok := row.info.Sys().(*podfs.Stat); ok {
				fmt.Fprintf(w, "%7d ", s.Inode)
			}
		}
		if o.has("l", "n", "full-time") {
			fmt.Fprint(w, longRow(p, o, row))
		}
		fmt.Fprint(w, row.name, kindMark(o, row.info))
		if target, err := p.FS().ReadLink(row.path); err == nil && o.has("l", "n", "full-time") && row.info.Mode()&fs.ModeSymlink != 0 {
			fmt.Fprint(w, " -> ", target)
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush()
}

func kindMark(o *options, info fs.FileInfo) string {
	switch m := info.Mode(); {
	case m.IsDir() && o.has("F", "p"):
		return "/"
	case !o.has("F"):
	case m&fs.ModeSymlink != 0:
		return "@"
	case m&fs.ModeNamedPipe != 0:
		return "|"
	case m&fs.ModeSocket != 0:
		return "="
	case m&0o111 != 0:
		return "*"
	}
	return ""
}

// halfYear is how old a file is for which ls shows the year in place of the time.
const halfYear = 183 * 24 * time.Hour

func longRow(p *unix.Proc, o *options, row listed) string {
	links, user, group := 1, "", ""
	if s, ok := row.info.Sys().(*podfs.Stat); ok {
		links = s.Links
	}
	uid, gid := owner(row.info)
	user, group = userName(p, uid), groupName(p, gid)
	if o.has("n") {
		user, group = strconv.Itoa(uid), strconv.Itoa(gid)
	}
	size := strconv.FormatInt(row.info.Size(), 10)
	if o.has("h") {
		size = human(row.info.Size())
	}
	t := row.info.ModTime().UTC()
	when := t.Format("Jan _2 15:04")
	if age := time.Since(t); age > halfYear || age < -15*time.Minute {
		when = t.Format("Jan _2  2006")
	}
	if o.has("full-time") {
		when = t.Format("2006-01-02 15:04:05 -0700")
	}
	return fmt.Sprintf("%-10s %4d %-8s %-8s %9s %s ", modeText(row.info.Mode()), links, user, group, size, when)
}

// human writes a size with a unit, as -h does.
func human(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	f, unit := float64(n), 0
	for f >= 1024 && unit < 6 {
		f /= 1024
		unit++
	}
	if f >= 10 {
		return fmt.Sprintf("%.0f%c", f, " KMGTPE"[unit])
	}
	return fmt.Sprintf("%.1f%c", f, " KMGTPE"[unit])
}
