package kubelet

import "sync"

// Terminal is what a process with a terminal has for one: its size, which changes. Safe for concurrent use.
type Terminal struct {
	mu      sync.Mutex
	width   uint16
	height  uint16
	changed chan struct{} // closed at the next change
}

// NewTerminal returns a terminal of unknown size, 0 by 0.
func NewTerminal() *Terminal { return &Terminal{changed: make(chan struct{})} }

// Size returns how many columns and rows it has, and a channel that is closed when that changes.
func (t *Terminal) Size() (width, height uint16, changed <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.width, t.height, t.changed
}

// Resize sets the size.
func (t *Terminal) Resize(width, height uint16) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if width == t.width && height == t.height {
		return
	}
	t.width, t.height = width, height
	close(t.changed)
	t.changed = make(chan struct{})
}
