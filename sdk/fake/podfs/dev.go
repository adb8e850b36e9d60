package podfs

import (
	"encoding/binary"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"syscall"
	"time"
)

// NewDev makes what is mounted at a container's /dev: null, zero, full, random and urandom, the directories shm, pts and
// mqueue, and the links fd, stdin, stdout and stderr to /proc/self/fd, which is for the caller to supply. The n-th open of
// random or urandom gives bytes that seed and n decide.
func NewDev(seed uint64) *Tree {
	return NewTree(TreeOptions{Image: devImage(), Seed: seed})
}

// random is a device whose bytes the tree's seed decides.
type random struct{}

func (random) open(n *inode, _ <-chan struct{}, _ int) (io.ReadWriteCloser, error) {
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], n.tree.draw())
	return stream{rand.NewChaCha8(key).Read, swallow}, nil
}

// devImage is what is the same in every /dev.
var devImage = sync.OnceValue(func() *Image {
	const char = fs.ModeDevice | fs.ModeCharDevice | 0o666
	l := &listing{nodes: map[string]*imageNode{
		"null":    {mode: char, node: fixed(empty, swallow)},
		"zero":    {mode: char, node: fixed(zeros, swallow)},
		"full":    {mode: char, node: fixed(zeros, full)},
		"random":  {mode: char, node: random{}},
		"urandom": {mode: char, node: random{}},
		"shm":     {mode: fs.ModeDir | fs.ModeSticky | 0o777},
		"mqueue":  {mode: fs.ModeDir | fs.ModeSticky | 0o777},
		"pts":     {mode: fs.ModeDir | 0o755},
		"fd":      {mode: fs.ModeSymlink | 0o777, node: symlink("/proc/self/fd")},
		"stdin":   {mode: fs.ModeSymlink | 0o777, node: symlink("/proc/self/fd/0")},
		"stdout":  {mode: fs.ModeSymlink | 0o777, node: symlink("/proc/self/fd/1")},
		"stderr":  {mode: fs.ModeSymlink | 0o777, node: symlink("/proc/self/fd/2")},
	}}
	i := &Image{}
	i.root = &imageNode{image: i, mode: fs.ModeDir | 0o755, modTime: time.Unix(0, 0)}
	for _, n := range l.nodes {
		n.image, n.modTime = i, time.Unix(0, 0)
	}
	l.sort()
	i.root.listing.Store(l)
	return i
})

func fixed(read, write func([]byte) (int, error)) Device {
	return func(int) (io.ReadWriteCloser, error) { return stream{read, write}, nil }
}

func empty([]byte) (int, error)     { return 0, io.EOF }
func zeros(p []byte) (int, error)   { clear(p); return len(p), nil }
func swallow(p []byte) (int, error) { return len(p), nil }
func full([]byte) (int, error)      { return 0, syscall.ENOSPC }
