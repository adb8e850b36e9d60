package podlog

import (
	"io"
	"time"
)

// A File is what a node has as a log's file: the newest one, whichever that is by now, or one that was rotated. Its methods may be called
// by any number of goroutines. What rotation has dropped reads on, as a file does that has lost its name.
type File struct {
	log     *Log
	segment *segment // nil for the newest
}

// Newest is the file that the container writes to.
func (l *Log) Newest() *File { return &File{log: l} }

// Rotated are the files that it wrote to before, the oldest first, as far as they are kept.
func (l *Log) Rotated() (files []*File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.segments[:max(0, len(l.segments)-1)] {
		files = append(files, &File{l, &s})
	}
	return files
}

// OnRotate has f called after each rotation, by who writes the line that makes it necessary. There is one such function; nil is none.
func (l *Log) OnRotate(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rotated = f
}

// at is the segment as it is now, with the stamp of its last record. The log is locked.
func (f *File) at() (s segment, last int64) {
	switch n := len(f.log.segments); {
	case f.segment != nil:
		return *f.segment, f.segment.ended
	case n > 0:
		return f.log.segments[n-1], f.log.last
	}
	return segment{}, f.log.last
}

// Size is how many bytes there are.
func (f *File) Size() int64 {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	s, _ := f.at()
	return s.bytes
}

// ModTime is when the last record was written, the zero time if none was.
func (f *File) ModTime() time.Time {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	if _, last := f.at(); last > 0 {
		return time.Unix(0, last)
	}
	return time.Time{}
}

// ReadAt reads records in the form of [Log.WriteTo]. It is io.EOF where the file ends now.
func (f *File) ReadAt(p []byte, off int64) (n int, err error) {
	f.log.mu.Lock()
	defer f.log.mu.Unlock()
	s, _ := f.at()
	left := s.bytes - off
	for c := s.head; c != nil && left > 0 && n < len(p); c = c.next {
		if size := int64(len(c.data)); off >= size {
			off -= size
			continue
		}
		copied := copy(p[n:], c.data[off:min(int64(len(c.data)), off+left)])
		off, left, n = 0, left-int64(copied), n+copied
	}
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}
