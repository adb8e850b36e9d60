package podfs

import (
	"context"
	"io/fs"
	"sync"
)

// A Watch tells when what a name leads to is other than before, without asking again and again. It follows the name, not
// the file: a symbolic link on the way that leads elsewhere, a file renamed over it, its removal and its making are
// changes like a write. So a program that watches a file of a configMap volume sees each update once it is complete.
type Watch struct {
	view   *FS
	name   string
	signal chan struct{}

	mu   sync.Mutex // guards what follows
	on   []*inode
	last state
	shut bool
}

// state is what a watch compares.
type state struct {
	file           *inode
	version, below uint32
	problem        string
}

// Watch begins to watch a name, which need not be there. A directory changes when an entry is made or removed and when a
// file in it is written or its attributes change, but not when one further down is; a change through another hard link is
// seen at the name made last. Close it when it is not needed any more.
func (f *FS) Watch(name string) (*Watch, error) {
	if err := f.checkPath(name); err != nil {
		return nil, pathError("watch", name, err)
	}
	w := &Watch{view: f, name: name, signal: make(chan struct{}, 1)}
	if err := f.ns.open.add(w); err != nil {
		return nil, pathError("watch", name, err)
	}
	_, err := w.look()
	return w, err
}

// Wait waits until the name leads to something else than when Wait last returned, or when the watch began. What happened
// in between is one change. It ends with the context's error, or with [fs.ErrClosed] after Close or [Namespace.Close].
// One goroutine at a time may wait.
func (w *Watch) Wait(ctx context.Context) error {
	for {
		changed, err := w.look()
		if err != nil || changed {
			return err
		}
		select {
		case <-w.signal:
		case <-ctx.Done():
			return pathError("watch", w.name, ctx.Err())
		case <-w.view.ns.done:
			return pathError("watch", w.name, fs.ErrClosed)
		}
	}
}

// Close ends the watch and a Wait. It may be called more than once.
func (w *Watch) Close() error {
	w.view.ns.open.remove(w)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut = true
	w.leave()
	w.wake()
	return nil
}

// wake lets Wait look again. It never waits.
func (w *Watch) wake() {
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// look follows the name anew, subscribing to each directory before its entries are read, so that nothing is missed.
func (w *Watch) look() (changed bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.shut {
		return false, pathError("watch", w.name, fs.ErrClosed)
	}
	w.leave()
	now := state{}
	found, walkErr := w.view.walk(w.name, true, w.join)
	if walkErr != nil {
		now.problem = walkErr.Error()
	}
	if n := found.at.ino; n != nil {
		n.tree.mu.RLock()
		now.file, now.version, now.below = n, n.version, n.below
		n.tree.mu.RUnlock()
	}
	changed = now != w.last
	w.last = now
	return changed, nil
}

func (w *Watch) join(n *inode) {
	n.tree.mu.Lock()
	defer n.tree.mu.Unlock()
	n.visit().watches[w] = struct{}{}
	w.on = append(w.on, n)
}

func (w *Watch) leave() {
	for _, n := range w.on {
		n.tree.mu.Lock()
		delete(n.watches, w)
		n.tree.mu.Unlock()
	}
	w.on = w.on[:0]
}
