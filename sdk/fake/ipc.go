package fake

import (
	"context"

	"github.com/podwright/podwright/sdk/fake/internal/podipc"
)

// IPC is the inter-process communication of a pod: what its containers share beside the network and volumes, and other pods do
// not see. Names begin with a slash. It is as old as the pod, and outlives restarts of its containers. Safe for concurrent use.
type IPC struct{ ns *podipc.Namespace }

// IPC returns that of the process's pod, or that of its node if the pod has hostIPC.
func (p *Process) IPC() *IPC { return &IPC{p.container.IPC()} }

// Memory returns the shared memory of a name, and makes it, full of zeros, if there is none. Size is in bytes; 0 is that of the
// memory that is there. Errors are syscall.ENOENT for size 0 and no memory, and syscall.EINVAL for a bad name, a negative size or
// another one than that of the memory that is there.
func (c *IPC) Memory(name string, size int) (*SharedMemory, error) {
	m, err := c.ns.Memory(name, size)
	if err != nil {
		return nil, err
	}
	return &SharedMemory{m}, nil
}

// Queue returns the message queue of a name, and makes it if there is none. The error is syscall.EINVAL for a bad name.
func (c *IPC) Queue(name string) (*MessageQueue, error) {
	q, err := c.ns.Queue(name)
	if err != nil {
		return nil, err
	}
	return &MessageQueue{q}, nil
}

// Remove takes the memory and the queue of a name away: who has them keeps them, and who asks next gets new ones. The error is
// syscall.ENOENT if there is neither.
func (c *IPC) Remove(name string) error { return c.ns.Remove(name) }

// SharedMemory is memory of several processes. Each method sees and leaves it as a whole, whatever others do meanwhile.
type SharedMemory struct{ m *podipc.Memory }

// Size is how many bytes it has, which never changes.
func (m *SharedMemory) Size() int { return m.m.Size() }

// ReadAt implements [io.ReaderAt].
func (m *SharedMemory) ReadAt(p []byte, off int64) (int, error) { return m.m.ReadAt(p, off) }

// WriteAt implements [io.WriterAt]. What does not fit is left out, and an error that is io.ErrShortWrite.
func (m *SharedMemory) WriteAt(p []byte, off int64) (int, error) { return m.m.WriteAt(p, off) }

// Update lets f change the bytes while nobody else can see them. f must not keep the slice, nor wait for anything.
func (m *SharedMemory) Update(f func(b []byte)) { m.m.Update(f) }

// MessageQueue carries messages between processes, each whole and to one of them, in the order in which they were sent.
type MessageQueue struct{ q *podipc.Queue }

// Send adds a copy of message, and waits while ten are in the queue already. The error is the cause of ctx's end.
func (q *MessageQueue) Send(ctx context.Context, message []byte) error { return q.q.Send(ctx, message) }

// Receive takes the oldest message, and waits for one. The error is the cause of ctx's end.
func (q *MessageQueue) Receive(ctx context.Context) ([]byte, error) { return q.q.Receive(ctx) }
