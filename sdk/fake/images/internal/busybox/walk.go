package busybox

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
	"github.com/podwright/podwright/sdk/fake/podfs"
)

// walk calls f for a file and all that is in it, by name, a directory before what is in it, until f returns false. Symbolic links are
// not followed.
func walk(p *unix.Proc, name string, f func(name string, info fs.FileInfo, err error) bool) bool {
	info, err := p.FS().Lstat(name)
	if !f(name, info, err) {
		return false
	}
	if err != nil || !info.IsDir() {
		return true
	}
	entries, err := p.FS().ReadDir(name)
	if err != nil {
		return f(name, info, err)
	}
	for _, e := range entries {
		if !walk(p, joinName(name, e.Name()), f) {
			return false
		}
	}
	return true
}

// joinName is path.Join that keeps "./".
func joinName(dir, name string) string {
	return strings.TrimSuffix(dir, "/") + "/" + name
}

// owner are the numbers of a file's user and group.
func owner(info fs.FileInfo) (uid, gid int) {
	if s, ok := info.Sys().(*podfs.Stat); ok {
		return s.UID, s.GID
	}
	return 0, 0
}

// userName is a user's name by /etc/passwd, or the number.
func userName(p *unix.Proc, uid int) string { return nameIn(p, "/etc/passwd", uid) }

func groupName(p *unix.Proc, gid int) string { return nameIn(p, "/etc/group", gid) }

func nameIn(p *unix.Proc, file string, id int) string {
	for _, row := range rows(p, file) {
		if len(row) > 2 && row[2] == strconv.Itoa(id) {
			return row[0]
		}
	}
	return strconv.Itoa(id)
}

// idOf is the number of a name, or of a number that is written out.
func idOf(p *unix.Proc, file, name string) (int, bool) {
	for _, row := range rows(p, file) {
		if len(row) > 2 && row[0] == name {
			name = row[2]
			break
		}
	}
	n, err := strconv.Atoi(name)
	return n, err == nil
}

func rows(p *unix.Proc, file string) (all [][]string) {
	data, _ := p.FS().ReadFile(file)
	for line := range strings.Lines(string(data)) {
		all = append(all, strings.Split(strings.TrimSpace(line), ":"))
	}
	return all
}

// modeText is a mode as ls -l writes it.
func modeText(m fs.FileMode) string {
	kind := byte('-')
	for _, k := range []struct {
		mode fs.FileMode
		c    byte
	}{{fs.ModeDir, 'd'}, {fs.ModeSymlink, 'l'}, {fs.ModeNamedPipe, 'p'}, {fs.ModeSocket, 's'}, {fs.ModeCharDevice, 'c'}, {fs.ModeDevice, 'b'}} {
		if m&k.mode != 0 {
			kind = k.c
			break
		}
	}
	text := []byte(m.Perm().String())
	text[0] = kind
	for _, special := range []struct {
		mode fs.FileMode
		at   int
		c    byte
	}{{fs.ModeSetuid, 3, 's'}, {fs.ModeSetgid, 6, 's'}, {fs.ModeSticky, 9, 't'}} {
		if m&special.mode == 0 {
			continue
		}
		if text[special.at] == '-' {
			special.c -= 'a' - 'A'
		}
		text[special.at] = special.c
	}
	return string(text)
}

// unixMode are the permission bits as a number.
func unixMode(m fs.FileMode) uint32 {
	n := uint32(m.Perm())
	if m&fs.ModeSetuid != 0 {
		n |= 0o4000
	}
	if m&fs.ModeSetgid != 0 {
		n |= 0o2000
	}
	if m&fs.ModeSticky != 0 {
		n |= 0o1000
	}
	return n
}

func fileMode(n uint32) fs.FileMode {
	m := fs.FileMode(n & 0o777)
	for bit, mode := range map[uint32]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if n&bit != 0 {
			m |= mode
		}
	}
	return m
}

// into is where a file goes that is copied to a directory: in it, under its own name.
func into(p *unix.Proc, from, to string) string {
	if info, err := p.FS().Stat(to); err == nil && info.IsDir() {
		return joinName(to, path.Base(path.Clean(from)))
	}
	return to
}
