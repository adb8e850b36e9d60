package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"syscall"
)

const (
	loopback  = "127.0.0.1"
	loopback6 = "::1"
)

// addr is the port's first local address.
func (p *forwardedPort) addr() string { return p.listeners[0].Addr().String() }

// listen opens the local listeners of all ports.
func (f *Forward) listen(ctx context.Context, listen ListenFunc) error {
	for _, p := range f.ports {
		var err error
		if listen != nil {
			err = p.listenOn(f.announce(ctx, p), listen, "tcp", loopback, p.local)
		} else {
			err = p.listenLoopback(ctx)
		}
		if err != nil {
			return fmt.Errorf("cannot listen on local port %d: %w; ask for %q to get one that is free", p.local, err, fmt.Sprintf(":%d", p.remote))
		}
	}
	return nil
}

func (p *forwardedPort) listenOn(ctx context.Context, listen ListenFunc, network, host string, port uint16) error {
	l, err := listen(ctx, network, net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err == nil {
		p.listeners = append(p.listeners, l)
	}
	return err
}

// listenLoopback listens on 127.0.0.1 and on ::1, with the same number. One of them is enough on a machine
// that lacks the other; but where somebody else holds a number that was asked for, clients of
// "localhost" would reach them half of the time.
func (p *forwardedPort) listenLoopback(ctx context.Context) error {
	var config net.ListenConfig
	err4 := p.listenOn(ctx, config.Listen, "tcp4", loopback, p.local)
	port := p.local
	if err4 == nil {
		_, number, _ := net.SplitHostPort(p.addr())
		n, _ := strconv.ParseUint(number, 10, 16)
		port = uint16(n)
	} else if errors.Is(err4, syscall.EADDRINUSE) {
		return err4
	}
	err6 := p.listenOn(ctx, config.Listen, "tcp6", loopback6, port)
	switch {
	case err6 != nil && err4 != nil:
		return err4
	case errors.Is(err6, syscall.EADDRINUSE) && p.local != 0:
		return err6
	}
	return nil
}

func (f *Forward) closeListeners() {
	for _, p := range f.ports {
		for _, l := range p.listeners {
			l.Close()
		}
	}
}

// accept serves the connections of one listener until the forward ends.
func (f *Forward) accept(l net.Listener, port string) {
	for {
		conn, err := l.Accept()
		if err != nil {
			// No news if the forward has ended already. If it has not, what it listened on was closed under it: that of a
			// cluster in memory, for instance, with the cluster.
			f.cancel(fmt.Errorf("%w: accept on %s: %w", ErrLostConnection, l.Addr(), err))
			return
		}
		f.local.Go(func() { f.serve(conn, port) })
	}
}

// serve joins a local connection to a port of the pod until both directions have ended. What goes
// wrong on the far side is a reset on the near one, so that nobody takes half an answer for a whole.
func (f *Forward) serve(near net.Conn, port string) {
	defer near.Close()
	defer context.AfterFunc(f.ctx, func() { reset(near) })()
	far, err := f.open(f.ctx, port)
	if err != nil {
		reset(near)
		return
	}
	defer far.Close()
	var up sync.WaitGroup
	up.Go(func() {
		io.Copy(far, near)
		far.CloseWrite()
	})
	if _, err := io.Copy(near, far); err != nil {
		reset(near)
	} else {
		closeWrite(near)
	}
	up.Wait()
}

func closeWrite(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
		return
	}
	conn.Close()
}

func reset(conn net.Conn) {
	if hard, ok := conn.(interface{ SetLinger(int) error }); ok {
		hard.SetLinger(0)
	}
	conn.Close()
}
