package podnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"
)

var (
	// ErrClosed is what a closed [Owner], [Namespace] or [Network] answers. It is also net.ErrClosed.
	ErrClosed = fmt.Errorf("the container, pod or network it belongs to has ended: %w", net.ErrClosed)
	// ErrExhausted is returned when all addresses of a node's subnet are in use.
	ErrExhausted = errors.New("every address is in use; end some pods or give the cluster a wider pod CIDR")
	// ErrInUse is returned when an address asked for by name belongs to another namespace.
	ErrInUse = errors.New("the address belongs to another network namespace")
	// ErrDropped is what [Options.Route] answers for a connection request that gets no answer.
	ErrDropped = errors.New("no answer")
	// ErrNotTCP names the gap: the pod network carries TCP only. It is also errors.ErrUnsupported.
	ErrNotTCP = fmt.Errorf("the fake pod network carries TCP only, no UDP, Unix or raw sockets: %w", errors.ErrUnsupported)
)

// socketError is the error of a system call on a socket, as package net words it.
func socketError(op, network string, addr net.Addr, call string, errno syscall.Errno) error {
	return &net.OpError{Op: op, Net: network, Addr: addr, Err: os.NewSyscallError(call, errno)}
}

// dialTimeout stands for a context's deadline, with the text that package net uses.
type dialTimeout struct{}

func (dialTimeout) Error() string        { return "i/o timeout" }
func (dialTimeout) Timeout() bool        { return true }
func (dialTimeout) Temporary() bool      { return true }
func (dialTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// dialCanceled stands for a canceled context.
type dialCanceled struct{}

func (dialCanceled) Error() string        { return "operation was canceled" }
func (dialCanceled) Is(target error) bool { return target == context.Canceled }

// contextError is the error of a dial whose context has ended.
func contextError(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return dialTimeout{}
	}
	return dialCanceled{}
}
