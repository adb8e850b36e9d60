package podfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestModel holds the file system against the operating system's: the same random operations have the same results, errors
// included, and leave the same tree.
func TestModel(t *testing.T) {
	for seed := range uint64(100) {
		compare(t, seed)
	}
}

// FuzzModel goes on where TestModel ends.
func FuzzModel(f *testing.F) {
	f.Add(uint64(1000))
	f.Fuzz(compare)
}

func compare(t *testing.T, seed uint64) {
	if runtime.GOOS != "linux" {
		return // The model is Linux; elsewhere errors differ.
	}
	random := rand.New(rand.NewPCG(seed, 0))
	start := fstest.MapFS{"w": {Mode: fs.ModeDir | 0o755}}
	if seed%2 == 1 {
		start = lived
	}
	dir := t.TempDir()
	ok(t, populate(dir, start))
	ours, theirs := ourWorld(start), osWorld{dir + "/w"}
	var script []string
	for range 120 {
		op := drawOp(random)
		script = append(script, op.String())
		want, got := op.do(theirs), op.do(ours)
		if want != got {
			t.Fatalf("seed %d: %s\nos:    %s\npodfs: %s", seed, strings.Join(script, "\n"), want, got)
		}
	}
	if diff := cmp.Diff(dump(theirs.fsys(), theirs), dump(ours.fsys(), ours)); diff != "" {
		t.Fatalf("seed %d: trees (-os +podfs):\n%s\n%s", seed, diff, strings.Join(script, "\n"))
	}
	consistent(t, ours.ns.root.root.tree)
}

// lived is what half of the runs begin with: an image, for us.
var lived = fstest.MapFS{
	"w":         {Mode: fs.ModeDir | 0o755},
	"w/a":       {Mode: fs.ModeDir | 0o755},
	"w/a/a":     {Data: []byte("first"), Mode: 0o644},
	"w/a/b":     {Mode: fs.ModeDir | 0o755},
	"w/a/b/a":   {Data: []byte("second"), Mode: 0o600},
	"w/a/b/c":   {Data: []byte("../a"), Mode: fs.ModeSymlink | 0o777},
	"w/b":       {Data: []byte("a/b"), Mode: fs.ModeSymlink | 0o777},
	"w/c":       {Mode: fs.ModeDir | 0o755},
	"w/c/d":     {Mode: fs.ModeDir | 0o700},
	"w/c/d/e":   {Data: []byte("0123456789"), Mode: 0o444},
	"w/c/empty": {Mode: 0o755},
}

// populate writes files to a directory of the operating system.
func populate(dir string, files fstest.MapFS) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		to := filepath.Join(dir, name)
		switch {
		case name == "." || err != nil:
			return err
		case d.IsDir():
			return os.Mkdir(to, files[name].Mode.Perm())
		case d.Type() == fs.ModeSymlink:
			return os.Symlink(string(files[name].Data), to)
		}
		return os.WriteFile(to, files[name].Data, files[name].Mode.Perm())
	})
}

// consistent holds that a tree whose files are all closed counts what is in it.
func consistent(t *testing.T, tree *Tree) {
	t.Helper()
	seen, used := map[*inode]int32{}, int64(0)
	var count func(*inode)
	count = func(n *inode) {
		if seen[n]++; seen[n] > 1 {
			return
		}
		if n.opens != 0 {
			t.Errorf("inode %d is open %d times", n.number, n.opens)
		}
		used += blocks(len(n.data))
		for _, child := range n.entries.all() {
			if child != nil {
				count(child)
			}
		}
	}
	count(tree.root)
	equal(t, used, tree.Usage().Used)
	for n, links := range seen {
		if n.links != links {
			t.Errorf("inode %d has %d names and says %d", n.number, links, n.links)
		}
		if n.visited != nil && len(n.watches) > 0 {
			t.Errorf("inode %d is still watched", n.number)
		}
	}
}

// world is what both file systems offer; names have no leading slash.
type world interface {
	OpenFile(name string, flag int, perm fs.FileMode) (file, error)
	Mkdir(name string, perm fs.FileMode) error
	MkdirAll(name string, perm fs.FileMode) error
	Remove(name string) error
	RemoveAll(name string) error
	Rename(from, to string) error
	Symlink(target, name string) error
	Link(from, to string) error
	Chmod(name string, perm fs.FileMode) error
	Truncate(name string, size int64) error
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	ReadLink(name string) (string, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	ReadFile(name string) ([]byte, error)
	WriteFile(name string, data []byte, perm fs.FileMode) error
	Chtimes(name string, a, m time.Time) error
	links(info fs.FileInfo) int
	fsys() fs.FS
}

type file interface {
	io.ReadWriteSeeker
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(int64) error
	Stat() (fs.FileInfo, error)
}

type podWorld struct{ *FS }

// ourWorld is a user's view of an image.
func ourWorld(start fs.FS) podWorld {
	root := NewTree(TreeOptions{Image: NewImage(start)}).FS()
	user := Credentials{UID: os.Getuid(), GID: os.Getgid()}
	if user.UID != 0 {
		_ = fs.WalkDir(root, "/", func(name string, _ fs.DirEntry, _ error) error { return root.Lchown(name, user.UID, user.GID) })
	}
	return podWorld{root.As(user).WithUmask(0o022).In("w")}
}

func (w podWorld) OpenFile(name string, flag int, perm fs.FileMode) (file, error) {
	f, err := w.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}
func (w podWorld) links(info fs.FileInfo) int { return info.Sys().(*Stat).Links }
func (w podWorld) fsys() fs.FS                { return w.FS }

type osWorld struct{ dir string }

func (w osWorld) in(name string) string {
	if name == "" {
		return ""
	}
	return w.dir + "/" + name
}
func (w osWorld) OpenFile(name string, flag int, perm fs.FileMode) (file, error) {
	f, err := os.OpenFile(w.in(name), flag, perm)
	if err != nil {
		return nil, err
	}
	return f, nil
}
func (w osWorld) Mkdir(name string, perm fs.FileMode) error    { return os.Mkdir(w.in(name), perm) }
func (w osWorld) MkdirAll(name string, perm fs.FileMode) error { return os.MkdirAll(w.in(name), perm) }
func (w osWorld) Remove(name string) error                     { return os.Remove(w.in(name)) }
func (w osWorld) RemoveAll(name string) error                  { return os.RemoveAll(w.in(name)) }
func (w osWorld) Rename(a, b string) error                     { return os.Rename(w.in(a), w.in(b)) }
func (w osWorld) Symlink(target, name string) error            { return os.Symlink(target, w.in(name)) }
func (w osWorld) Link(a, b string) error                       { return os.Link(w.in(a), w.in(b)) }
func (w osWorld) Chmod(name string, perm fs.FileMode) error    { return os.Chmod(w.in(name), perm) }
func (w osWorld) Truncate(name string, size int64) error       { return os.Truncate(w.in(name), size) }
func (w osWorld) Stat(name string) (fs.FileInfo, error)        { return os.Stat(w.in(name)) }
func (w osWorld) Lstat(name string) (fs.FileInfo, error)       { return os.Lstat(w.in(name)) }
func (w osWorld) ReadLink(name string) (string, error)         { return os.Readlink(w.in(name)) }
func (w osWorld) ReadDir(name string) ([]fs.DirEntry, error)   { return os.ReadDir(w.in(name)) }
func (w osWorld) ReadFile(name string) ([]byte, error)         { return os.ReadFile(w.in(name)) }
func (w osWorld) Chtimes(name string, a, m time.Time) error    { return os.Chtimes(w.in(name), a, m) }
func (w osWorld) WriteFile(name string, data []byte, perm fs.FileMode) error {
	return os.WriteFile(w.in(name), data, perm)
}
func (w osWorld) links(info fs.FileInfo) int {
	return int(reflect.ValueOf(info.Sys()).Elem().FieldByName("Nlink").Uint())
}
func (w osWorld) fsys() fs.FS { return os.DirFS(w.dir) }

// op is one operation and what it is done to.
type op struct {
	kind  string
	a, b  string
	flag  int
	perm  fs.FileMode
	n     int64
	bytes []byte
	steps []string // on an open file
}

func (o op) String() string {
	return fmt.Sprintf("%s %q %q flag=%#x perm=%o n=%d %q %v", o.kind, o.a, o.b, o.flag, o.perm, o.n, o.bytes, o.steps)
}

var (
	kinds = strings.Fields("open open open mkdir mkdir mkdirall remove removeall rename rename symlink symlink link chmod truncate " +
		"stat lstat readlink readdir readfile writefile writefile chtimes")
	steps = strings.Fields("read read write write readat writeat seekstart seekend seekcur truncate unlink stat")
	names = strings.Fields("a b c d a/a a/b a/c b/a b/b a/b/c a/b/a ./a a/ b/ a/. a/.. ../w/a a//b a/../b c/d/e")
)

func drawOp(random *rand.Rand) op {
	o := op{kind: kinds[random.IntN(len(kinds))], a: names[random.IntN(len(names))], b: names[random.IntN(len(names))]}
	o.perm = [...]fs.FileMode{0o644, 0o600, 0o755, 0o444, 0o777}[random.IntN(5)]
	o.n = int64(random.IntN(20)) - 1
	o.bytes = []byte("0123456789abcdef"[:random.IntN(16)])
	o.flag = [...]int{os.O_RDONLY, os.O_WRONLY, os.O_RDWR}[random.IntN(3)]
	for _, flag := range [...]int{os.O_CREATE, os.O_CREATE, os.O_EXCL, os.O_TRUNC, os.O_APPEND} {
		if random.IntN(3) == 0 {
			o.flag |= flag
		}
	}
	if o.flag&os.O_CREATE == 0 {
		o.flag &^= os.O_EXCL // Undefined.
	}
	if o.flag&accessMode == os.O_RDONLY {
		o.flag &^= os.O_TRUNC // Undefined.
	}
	if o.kind == "open" {
		for range random.IntN(6) {
			o.steps = append(o.steps, steps[random.IntN(len(steps))])
		}
	}
	if os.Getuid() != 0 && strings.Contains("mkdirall chmod", o.kind) {
		o.perm |= 0o700 // Or the temporary directory could not be removed.
	}
	if random.IntN(40) == 0 {
		o.a = ""
	}
	if random.IntN(40) == 0 {
		o.b = strings.Repeat("x", 256)
	}
	return o
}

// do carries out the operation and says what came of it.
func (o op) do(w world) string {
	switch o.kind {
	case "open":
		return o.open(w)
	case "mkdir":
		return result(w.Mkdir(o.a, o.perm))
	case "mkdirall":
		return result(w.MkdirAll(o.a, o.perm))
	case "remove":
		return result(w.Remove(o.a))
	case "removeall":
		return result(w.RemoveAll(o.a))
	case "rename":
		return result(w.Rename(o.a, o.b))
	case "symlink":
		return result(w.Symlink(o.b, o.a))
	case "link":
		return result(w.Link(o.a, o.b))
	case "chmod":
		return result(w.Chmod(o.a, o.perm))
	case "truncate":
		return result(w.Truncate(o.a, o.n))
	case "writefile":
		return result(w.WriteFile(o.a, o.bytes, o.perm))
	case "chtimes":
		return result(w.Chtimes(o.a, time.Time{}, time.Unix(o.n*1000+5000, 0)))
	case "stat":
		info, err := w.Stat(o.a)
		return result(err) + describe(w, info)
	case "lstat":
		info, err := w.Lstat(o.a)
		return result(err) + describe(w, info)
	case "readlink":
		target, err := w.ReadLink(o.a)
		return result(err) + target
	case "readfile":
		data, err := w.ReadFile(o.a)
		return result(err) + string(data)
	}
	list, err := w.ReadDir(o.a)
	return result(err) + fmt.Sprint(list)
}

func (o op) open(w world) string {
	f, err := w.OpenFile(o.a, o.flag, o.perm)
	out := []string{result(err)}
	if err != nil {
		return out[0]
	}
	for _, step := range o.steps {
		buffer := make([]byte, 7)
		n, err := int64(0), error(nil)
		switch step {
		case "read":
			n, err = ints(f.Read(buffer))
		case "write":
			n, err = ints(f.Write(o.bytes))
		case "readat":
			n, err = ints(f.ReadAt(buffer, o.n))
		case "writeat":
			n, err = ints(f.WriteAt(o.bytes, o.n))
		case "seekstart":
			n, err = f.Seek(o.n, io.SeekStart)
		case "seekcur":
			n, err = f.Seek(o.n-3, io.SeekCurrent)
		case "seekend":
			if info, _ := f.Stat(); !info.IsDir() {
				n, err = f.Seek(-o.n, io.SeekEnd)
			}
		case "truncate":
			err = f.Truncate(o.n)
		case "unlink":
			err = w.Remove(o.a)
		case "stat":
			var info fs.FileInfo
			info, err = f.Stat()
			buffer = []byte(describe(w, info))
		}
		out = append(out, fmt.Sprint(step, " ", n, " ", result(err), string(buffer)))
	}
	return strings.Join(append(out, result(f.Close()), result(f.Close())), "; ")
}

func ints(n int, err error) (int64, error) { return int64(n), err }

// result is the error without its paths, which differ.
func result(err error) string {
	if err == nil {
		return "ok "
	}
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return "path error: " + p.Err.Error() + " "
	case errors.As(err, &l):
		return "link error: " + l.Err.Error() + " "
	}
	return err.Error() + " "
}

// describe leaves out what differs: inode numbers, the size and the links of directories, times.
func describe(w world, info fs.FileInfo) string {
	if info == nil {
		return ""
	}
	if info.IsDir() {
		return fmt.Sprint(info.Mode())
	}
	return fmt.Sprint(info.Mode(), info.Size(), w.links(info))
}

// dump is a whole tree.
func dump(fsys fs.FS, w world) []string {
	var out []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		line := filepath.ToSlash(name) + " " + describe(w, info)
		switch d.Type() {
		case 0:
			data, err := fs.ReadFile(fsys, name)
			line += fmt.Sprintf(" %q %v", data, err)
		case fs.ModeSymlink:
			target, err := fs.ReadLink(fsys, name)
			line += fmt.Sprint(" ", target, err)
		}
		out = append(out, line)
		return nil
	})
	if err != nil {
		out = append(out, err.Error())
	}
	return out
}
