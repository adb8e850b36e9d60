package podfs

import (
	"io/fs"
	"syscall"
)

// LockMode says how to lock a file.
type LockMode int

// The modes of [File.Flock]. LockNonblock is added to one of the first two.
const (
	LockShared    LockMode = 1
	LockExclusive LockMode = 2
	LockNonblock  LockMode = 4
	LockRelease   LockMode = 8
)

// flock is the advisory lock of a file, guarded by the tree's lock.
type flock struct {
	holders   map[*File]struct{}
	exclusive bool
	changed   chan struct{} // closed and replaced when somebody unlocks
}

// Flock locks the file against others who lock it, as flock(2): any number may hold it shared, or one exclusively, and it
// is let go of with LockRelease or Close. A file that holds the lock may ask for the other mode. It waits for its turn, or is
// EWOULDBLOCK with LockNonblock. Reading and writing take no notice of locks.
func (f *File) Flock(mode LockMode) error {
	if err := f.ready("flock", 0); err != nil {
		return err
	}
	if mode == LockRelease {
		f.unlock()
		return nil
	}
	exclusive := mode&LockExclusive != 0
	if exclusive == (mode&LockShared != 0) {
		return pathError("flock", f.name, syscall.EINVAL)
	}
	for {
		changed := f.tryLock(exclusive)
		if err := f.ready("flock", 0); err != nil || changed == nil {
			return err
		}
		if mode&LockNonblock != 0 {
			return pathError("flock", f.name, syscall.EWOULDBLOCK)
		}
		select {
		case <-changed:
		case <-f.view.ns.done:
			return pathError("flock", f.name, fs.ErrClosed)
		}
	}
}

// tryLock takes the lock, or returns what is closed when it may be free. A file that was closed meanwhile gets none: Close
// lets go of the lock after it has said so.
func (f *File) tryLock(exclusive bool) <-chan struct{} {
	n := f.at.ino
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	if f.closed.Load() {
		return nil
	}
	if n.visit().lock == nil {
		n.lock = &flock{holders: map[*File]struct{}{}, changed: make(chan struct{})}
	}
	l := n.lock
	_, mine := l.holders[f]
	others := len(l.holders)
	if mine {
		others--
	}
	if others > 0 && (exclusive || l.exclusive) {
		return l.changed
	}
	l.holders[f], l.exclusive = struct{}{}, exclusive
	l.signal()
	return nil
}

// unlock lets go of the lock if the file holds it.
func (f *File) unlock() {
	n := f.at.ino
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	if n.visited == nil || n.lock == nil {
		return
	}
	delete(n.lock.holders, f)
	n.lock.signal()
}

func (l *flock) signal() {
	close(l.changed)
	l.changed = make(chan struct{})
}
