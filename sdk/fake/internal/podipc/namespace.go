package podipc

import (
	"fmt"
	"strings"
	"sync"
	"syscall"
)

// Namespace is what the containers of one pod share, or with hostIPC all of a node that ask for it. Safe for concurrent use.
type Namespace struct {
	mu     sync.Mutex
	memory map[string]*Memory // nil before there is any, as in most pods
	queues map[string]*Queue
}

// New returns an empty namespace.
func New() *Namespace {
	return new(Namespace)
}

// Memory returns the shared memory of a name, and makes it, full of zeros, if there is none. Size is in bytes; 0 is that of the
// memory that is there. Errors are syscall.ENOENT for size 0 and no memory, and syscall.EINVAL for a bad name, a negative size,
// or one that is not that of the memory that is there.
func (ns *Namespace) Memory(name string, size int) (*Memory, error) {
	if err := checkName(name); err != nil || size < 0 {
		return nil, fmt.Errorf("shared memory %q of %d bytes: %w", name, size, syscall.EINVAL)
	}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	m := ns.memory[name]
	switch {
	case m == nil && size == 0:
		return nil, fmt.Errorf("shared memory %q: %w", name, syscall.ENOENT)
	case m == nil:
		m = &Memory{bytes: make([]byte, size)}
		if ns.memory == nil {
			ns.memory = map[string]*Memory{}
		}
		ns.memory[name] = m
	case size != 0 && size != len(m.bytes):
		return nil, fmt.Errorf("shared memory %q of %d bytes: it has %d: %w", name, size, len(m.bytes), syscall.EINVAL)
	}
	return m, nil
}

// Queue returns the message queue of a name, and makes it if there is none. The error is syscall.EINVAL for a bad name.
func (ns *Namespace) Queue(name string) (*Queue, error) {
	if err := checkName(name); err != nil {
		return nil, fmt.Errorf("message queue %q: %w", name, err)
	}
	ns.mu.Lock()
	defer ns.mu.Unlock()
	q := ns.queues[name]
	if q == nil {
		q = newQueue()
		if ns.queues == nil {
			ns.queues = map[string]*Queue{}
		}
		ns.queues[name] = q
	}
	return q, nil
}

// Remove takes the memory and the queue of a name out of the namespace, as shm_unlink and mq_unlink do: who has them keeps them,
// and the next one to ask gets new ones. The error is syscall.ENOENT if there is neither.
func (ns *Namespace) Remove(name string) error {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if ns.memory[name] == nil && ns.queues[name] == nil {
		return fmt.Errorf("remove %q: %w", name, syscall.ENOENT)
	}
	delete(ns.memory, name)
	delete(ns.queues, name)
	return nil
}

// checkName refuses what shm_open and mq_open refuse.
func checkName(name string) error {
	rest, ok := strings.CutPrefix(name, "/")
	if !ok || rest == "" || len(rest) > 255 || strings.ContainsAny(rest, "/\x00") {
		return syscall.EINVAL
	}
	return nil
}
