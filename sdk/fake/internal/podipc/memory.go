package podipc

import (
	"fmt"
	"io"
	"sync"
	"syscall"
)

// Memory is a piece of shared memory. Each of its methods sees and leaves it as a whole, whatever others do at the same time,
// which real shared memory needs a semaphore for.
type Memory struct {
	mu    sync.Mutex
	bytes []byte
}

// Size is how many bytes it has, which never changes.
func (m *Memory) Size() int { return len(m.bytes) }

// ReadAt is that of [io.ReaderAt].
func (m *Memory) ReadAt(p []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if off < 0 {
		return 0, fmt.Errorf("read shared memory at %d: %w", off, syscall.EINVAL)
	}
	if off >= int64(len(m.bytes)) {
		return 0, io.EOF
	}
	n := copy(p, m.bytes[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// WriteAt is that of [io.WriterAt]: what does not fit is an error, and the rest is written.
func (m *Memory) WriteAt(p []byte, off int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if off < 0 || off > int64(len(m.bytes)) {
		return 0, fmt.Errorf("write shared memory at %d: %w", off, syscall.EINVAL)
	}
	n := copy(m.bytes[off:], p)
	if n < len(p) {
		return n, fmt.Errorf("write %d bytes to shared memory at %d: %w", len(p), off, io.ErrShortWrite)
	}
	return n, nil
}

// Update lets f change the bytes while nobody else can see them. f must not keep the slice, nor block.
func (m *Memory) Update(f func(b []byte)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(m.bytes)
}
