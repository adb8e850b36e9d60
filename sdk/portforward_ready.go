package sdk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Ready returns nil when the forward has a way to a pod whose server takes streams, which it tries with a stream that goes nowhere. While
// there is no such way, it waits for it, until ctx or the forward ends.
//
// That a program listens is not part of it, unless ports of the pod, as in [Forward.DialContext], are named: Ready then dials each of them
// through the forward, with pauses while they refuse, ends its side at once, and takes an answer, an end, or three seconds of silence for success.
// The program sees a connection on which nothing comes. The error says what was missing last.
func (f *Forward) Ready(ctx context.Context, ports ...string) error {
	err := f.answers(ctx)
	for _, port := range ports {
		if err == nil {
			err = f.untilTaken(ctx, port)
		}
	}
	if err != nil {
		return fmt.Errorf("port-forward to pod %s is not ready: %w", f.place(), err)
	}
	return nil
}

// answers waits for a link on which the server answers to a stream.
func (f *Forward) answers(ctx context.Context) error {
	for {
		l, err := f.current(ctx)
		if err != nil {
			return err
		}
		err = l.session.try(ctx)
		if err == nil || !errors.Is(err, ErrLostConnection) {
			return err
		}
		select {
		case <-l.gone:
		case <-ctx.Done():
			return ctx.Err()
		case <-f.ctx.Done():
			return context.Cause(f.ctx)
		}
	}
}

// untilTaken probes a port until it is not refused.
func (f *Forward) untilTaken(ctx context.Context, port string) error {
	var p pause
	for {
		err := f.probe(ctx, port)
		if err == nil || ctx.Err() != nil || f.ctx.Err() != nil {
			return err
		}
		if !errors.As(err, new(*ForwardError)) && !errors.Is(err, ErrLostConnection) {
			return err
		}
		end := p.rest(ctx, nil, f.ctx.Done())
		if end == nil {
			end = context.Cause(f.ctx)
		}
		if end != nil {
			return fmt.Errorf("%w: %w", end, err)
		}
	}
}

// quietTime is how long a probed connection must stay without bad news: a node reports a refused port within a second or so.
const quietTime = 3 * time.Second

func (f *Forward) probe(ctx context.Context, port string) error {
	conn, err := f.open(ctx, port)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.CloseWrite()
	conn.SetReadDeadline(time.Now().Add(quietTime))
	defer context.AfterFunc(ctx, func() { conn.end(ctx.Err()) })()
	switch _, err = conn.Read(make([]byte, 1)); {
	case errors.Is(err, io.EOF) || isTimeout(err) && ctx.Err() == nil:
		return nil
	}
	return err
}

func isTimeout(err error) bool {
	var late interface{ Timeout() bool }
	return errors.As(err, &late) && late.Timeout()
}
