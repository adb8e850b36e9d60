package podfs

import (
	"io"
	"io/fs"
	"slices"
	"syscall"
)

// content returns the image's bytes of a file that was not written yet, reading them if need be. Nil says that the file
// has its own. It must be called before the lock is taken.
func (t *Tree) content(n *inode) ([]byte, error) {
	t.mu.RLock()
	lower := n.lower
	t.mu.RUnlock()
	if lower == nil {
		return nil, nil
	}
	b, err := lower.content()
	if b == nil && err == nil {
		b = []byte{}
	}
	return b, err
}

// readAt copies out what stands at an offset.
func (t *Tree) readAt(n *inode, p []byte, off int64) (int, error) {
	if s, ok := n.shown(); ok {
		return readShown(s, p, off)
	}
	image, err := t.content(n)
	if err != nil {
		return 0, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	data, size := n.data, n.size
	if n.lower != nil {
		data, size = image, int64(len(image))
	}
	if off >= size {
		if len(p) == 0 {
			return 0, nil
		}
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), size-off)]
	copied := 0
	if off < int64(len(data)) {
		copied = copy(p, data[off:])
	}
	clear(p[copied:])
	return len(p), nil
}

// readAll is the whole content, for the caller to keep.
func (t *Tree) readAll(n *inode) ([]byte, error) {
	if s, ok := n.shown(); ok {
		return io.ReadAll(io.NewSectionReader(s, 0, s.Size()))
	}
	image, err := t.content(n)
	if err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if n.lower != nil {
		return append(make([]byte, 0, len(image)), image...), nil
	}
	b := make([]byte, n.size)
	copy(b, n.data)
	return b, nil
}

// writeAt writes at an offset, or at the end if that is negative, and returns where it ended. What does not fit any more
// is left out with ENOSPC, as a write to a full disk does.
func (t *Tree) writeAt(who *Credentials, n *inode, p []byte, off int64) (int, int64, error) {
	if err := n.fixed(); err != nil {
		return 0, max(off, 0), err
	}
	image, err := t.content(n)
	if err != nil {
		return 0, max(off, 0), err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.copyUp(n, image); err != nil {
		return 0, max(off, 0), err
	}
	if off < 0 {
		off = n.size
	}
	if len(p) == 0 {
		return 0, off, nil
	}
	if off+int64(len(p)) > maxFile {
		return 0, off, syscall.EFBIG
	}
	fits := p[:max(0, min(int64(len(p)), t.room(len(n.data))-off))]
	if len(fits) > 0 {
		end := off + int64(len(fits))
		t.extend(n, end)
		copy(n.data[off:end], fits)
		n.size = max(n.size, end)
		n.dropSetuid(who)
		n.changed()
	}
	if len(fits) < len(p) {
		err = syscall.ENOSPC
	}
	return len(fits), off + int64(len(fits)), err
}

// copyUp gives a file its own bytes, if it has those of the image or borrowed ones.
func (t *Tree) copyUp(n *inode, image []byte) error {
	if n.borrowed {
		n.data, n.borrowed = slices.Clone(n.data), false
	}
	if n.lower == nil {
		return nil
	}
	if int64(len(image)) > t.room(0) {
		return syscall.ENOSPC
	}
	n.data, n.size, n.lower = slices.Clone(image), int64(len(image)), nil
	t.charge(n, 0, len(n.data))
	return nil
}

// extend makes data reach to end, with zeros.
func (t *Tree) extend(n *inode, end int64) {
	before := len(n.data)
	if int64(before) >= end {
		return
	}
	n.data = slices.Grow(n.data, int(end)-before)[:end]
	clear(n.data[before:])
	t.charge(n, before, len(n.data))
}

// truncate sets the size. What is added is a hole.
func (t *Tree) truncate(who *Credentials, n *inode, size int64) error {
	switch {
	case size < 0:
		return syscall.EINVAL
	case size > maxFile:
		return syscall.EFBIG
	case n.fixed() != nil:
		return n.fixed()
	}
	var image []byte
	if size > 0 {
		var err error
		if image, err = t.content(n); err != nil {
			return err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.copyUp(n, image); err != nil {
		return err
	}
	if before := len(n.data); int64(before) > size {
		n.data = shrink(n.data, int(size))
		t.charge(n, before, len(n.data))
	}
	n.size = size
	n.dropSetuid(who)
	n.changed()
	return nil
}

// shrink gives memory back when most of it is not needed any more.
func shrink(data []byte, size int) []byte {
	if size*2 < cap(data) {
		return append([]byte(nil), data[:size]...)
	}
	return data[:size]
}

// dropSetuid takes away the bits that would lend the owner's rights to what somebody else wrote.
func (n *inode) dropSetuid(who *Credentials) {
	if who.UID != 0 {
		n.perm &^= fs.ModeSetuid | fs.ModeSetgid
	}
}
