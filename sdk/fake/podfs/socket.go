package podfs

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"sync/atomic"
	"syscall"
)

// A Dial connects to whoever listens on a socket.
type Dial func(ctx context.Context) (net.Conn, error)

// socket is what a listening program leaves in the file system.
type socket struct {
	dial Dial
	dead atomic.Bool
}

// Close says that nobody listens any more.
func (s *socket) Close() error {
	s.dead.Store(true)
	return nil
}

// Bind makes a socket file, as bind(2) on a Unix address does: a name that exists is EADDRINUSE, even if nobody listens
// there any more. [FS.Connect] calls dial, in whatever container shares the file. unbind makes connecting ECONNREFUSED and
// leaves the file, as [Namespace.Close] does and as when the listening program dies; a listener that is closed orderly
// removes the file too.
func (f *FS) Bind(name string, dial Dial) (unbind func(), err error) {
	s := &socket{dial: dial}
	err = f.special("bind", name, fs.ModeSocket, fs.ModePerm, s)
	if errors.Is(err, syscall.EEXIST) {
		err = pathError("bind", name, syscall.EADDRINUSE)
	}
	if err != nil {
		return nil, err
	}
	unbind = func() {
		f.ns.open.remove(s)
		_ = s.Close()
	}
	if err := f.ns.open.add(s); err != nil {
		unbind()
		return nil, pathError("bind", name, err)
	}
	return unbind, nil
}

// Connect connects to the socket file that a name leads to, for which one must be allowed to write it. It is ECONNREFUSED
// if nobody listens, or if the file is no socket.
func (f *FS) Connect(ctx context.Context, name string) (net.Conn, error) {
	at, err := f.find(name, true)
	if err == nil {
		err = at.ino.tree.allows(&f.who, at.ino, write)
	}
	if err != nil {
		return nil, pathError("connect", name, err)
	}
	s, ok := at.ino.node.(*socket)
	if !ok || s.dead.Load() {
		return nil, pathError("connect", name, syscall.ECONNREFUSED)
	}
	c, err := s.dial(ctx)
	return c, pathError("connect", name, err)
}
