package unix

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/podfs"
)

// File is a file descriptor: several may stand for one open file, which is closed with the last of them.
type File struct {
	open   *openFile
	closed atomic.Bool
}

// openFile is what descriptors share.
type openFile struct {
	r     contextReader
	w     contextWriter
	close func()
	refs  atomic.Int32
}

// contextReader is a reader that stops waiting when somebody is not there any more.
type contextReader interface {
	ReadContext(ctx context.Context, b []byte) (int, error)
}

type contextWriter interface {
	WriteContext(ctx context.Context, b []byte) (int, error)
}

// NewFile makes a descriptor of streams, of which a nil one cannot be used (EBADF). What close does, nil for nothing, is done when
// neither it nor any [File.Dup] of it is open.
func NewFile(r io.Reader, w io.Writer, close func()) *File {
	o := &openFile{close: close}
	o.refs.Store(1)
	if r != nil {
		o.r = patient(r)
	}
	if w != nil {
		if ready, ok := w.(contextWriter); ok {
			o.w = ready
		} else {
			o.w = promptWriter{w}
		}
	}
	return &File{open: o}
}

// OpenFile opens a file of p, as podfs.FS.OpenFile does. The names of the process's own streams, such as /dev/stdout, stand for
// those, whatever they are.
func (p *Proc) OpenFile(name string, flag int, perm fs.FileMode) (*File, error) {
	if n, ok := streamNames[name]; ok {
		if f := p.Files[n]; f != nil {
			return f.Dup(), nil
		}
		return nil, &fs.PathError{Op: "open", Path: name, Err: syscall.ENXIO}
	}
	f, err := p.FS().OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return ofFile(f), nil
}

// streamNames are other names of the first three descriptors.
var streamNames = map[string]int{
	"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2,
	"/dev/fd/0": 0, "/dev/fd/1": 1, "/dev/fd/2": 2,
	"/proc/self/fd/0": 0, "/proc/self/fd/1": 1, "/proc/self/fd/2": 2,
}

func ofFile(f *podfs.File) *File {
	return NewFile(f, f, func() { _ = f.Close() })
}

// Dup is another descriptor of the same open file.
func (f *File) Dup() *File {
	f.open.refs.Add(1)
	return &File{open: f.open}
}

// Close gives the descriptor back. A second Close does nothing.
func (f *File) Close() {
	if f.closed.Swap(true) || f.open.refs.Add(-1) > 0 || f.open.close == nil {
		return
	}
	f.open.close()
}

// Reader reads the file for somebody whose life is ctx.
func (f *File) Reader(ctx context.Context) io.Reader { return &boundReader{ctx, f} }

// Writer writes to it.
func (f *File) Writer(ctx context.Context) io.Writer { return &boundWriter{ctx, f} }

type boundReader struct {
	ctx  context.Context
	file *File
}

func (r *boundReader) Read(b []byte) (int, error) {
	if r.file.open.r == nil {
		return 0, syscall.EBADF
	}
	return r.file.open.r.ReadContext(r.ctx, b)
}

type boundWriter struct {
	ctx  context.Context
	file *File
}

// Write ends the process when nobody reads any more, as SIGPIPE does by default.
func (w *boundWriter) Write(b []byte) (int, error) {
	if w.file.open.w == nil {
		return 0, syscall.EBADF
	}
	if err := context.Cause(w.ctx); err != nil {
		return 0, err
	}
	n, err := w.file.open.w.WriteContext(w.ctx, b)
	if errors.Is(err, syscall.EPIPE) {
		if p, ok := w.ctx.Value(procKey{}).(*Proc); ok {
			p.signal(syscall.SIGPIPE)
		}
	}
	return n, err
}

// promptWriter is one that never waits for long.
type promptWriter struct{ io.Writer }

func (w promptWriter) WriteContext(_ context.Context, b []byte) (int, error) { return w.Write(b) }

// promptReader is one that never waits.
type promptReader struct{ io.Reader }

func (r promptReader) ReadContext(_ context.Context, b []byte) (int, error) { return r.Read(b) }

// patient makes any reader one that can be left waiting.
func patient(r io.Reader) contextReader {
	switch r := r.(type) {
	case contextReader:
		return r
	case *podfs.File:
		if info, err := r.Stat(); err == nil && (info.Mode().IsRegular() || info.IsDir()) {
			return promptReader{r}
		}
	}
	return &patientReader{r: r}
}

// patientReader reads on for somebody who has gone, and keeps what it got for who comes next.
type patientReader struct {
	r io.Reader

	mu      sync.Mutex
	reading chan struct{} // closed at the end of the read that is under way; nil if none is
	held    []byte
	err     error
}

func (r *patientReader) ReadContext(ctx context.Context, b []byte) (int, error) {
	for {
		r.mu.Lock()
		if n := copy(b, r.held); n > 0 || len(b) == 0 {
			r.held = r.held[n:]
			r.mu.Unlock()
			return n, nil
		}
		if err := r.err; err != nil {
			r.mu.Unlock()
			return 0, err
		}
		if r.reading == nil {
			r.reading = make(chan struct{})
			go r.read(len(b), r.reading)
		}
		reading := r.reading
		r.mu.Unlock()
		select {
		case <-reading:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// read reads once. It ends at the latest with the container, whose end fails all of its streams.
func (r *patientReader) read(size int, done chan struct{}) {
	b := make([]byte, size)
	n, err := r.r.Read(b)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.held, r.err, r.reading = b[:n], err, nil
	close(done)
}
