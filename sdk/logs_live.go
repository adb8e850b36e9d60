package sdk

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

const (
	// longestQuiet is how long a stream may bring nothing before it is asked whether there was something. The first time is
	// verifyTime after the last line, then twice that, and so on.
	longestQuiet = 30 * time.Second
	// verifyTime is how long the stream may take to bring the last line again, which the server has at once, and a line
	// that another request has found.
	verifyTime = 2 * time.Second
	// endingTime is how long a stream may take to end, without bringing anything, when its container has.
	endingTime = 10 * time.Second
	// probeTime is how long a short read may take.
	probeTime = 10 * time.Second
)

var errStalled = errors.New("the stream of the log stands still")

// liveLog is a request that follows. Its goroutine ends with its context; whoever opened it waits for that with close.
type liveLog struct {
	chunks chan *logBuffer // whoever takes one frees it; closed at the end
	err    error           // then: why, nil where the server ended the answer
	cancel context.CancelFunc
}

// logBuffer is what a read has brought. A stream that brings little waits with a small one, so that a thousand that are followed take
// little memory.
type logBuffer struct {
	data []byte
	read int
}

const smallLogChunk = 2 << 10

var (
	smallLogBuffers = sync.Pool{New: func() any { return &logBuffer{data: make([]byte, smallLogChunk)} }}
	largeLogBuffers = sync.Pool{New: func() any { return &logBuffer{data: make([]byte, logChunk)} }}
)

func (b *logBuffer) free() {
	if len(b.data) == logChunk {
		largeLogBuffers.Put(b)
		return
	}
	smallLogBuffers.Put(b)
}

// follows returns a buffer for the read after the one that b is of: large where much comes.
func (b *logBuffer) follows() *logBuffer {
	if b.read == smallLogChunk || b.read > logChunk/4 {
		return largeLogBuffers.Get().(*logBuffer)
	}
	return smallLogBuffers.Get().(*logBuffer)
}

func (r *logReader) open(ctx context.Context) *liveLog {
	ctx, cancel := context.WithCancel(ctx)
	l := &liveLog{chunks: make(chan *logBuffer), cancel: cancel}
	o := r.request(false, true)
	go func() {
		defer close(l.chunks)
		stream, err := r.openLog(ctx, r.logSource, o)
		if err != nil {
			l.err = err
			return
		}
		defer stream.Close()
		l.err = l.carry(ctx, stream)
	}()
	return l
}

// carry brings what the stream brings.
func (l *liveLog) carry(ctx context.Context, stream io.Reader) error {
	buffer := new(logBuffer).follows()
	for {
		n, err := stream.Read(buffer.data)
		buffer.read = n
		if n > 0 {
			next := buffer.follows()
			select {
			case l.chunks <- buffer:
			case <-ctx.Done():
				return ctx.Err()
			}
			buffer = next
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// close ends the request, and waits for its end.
func (l *liveLog) close() {
	l.cancel()
	for range l.chunks {
	}
}

// live follows the running container from the reader's position. It returns nil if the server ended the stream, errMissing if
// the log does not begin with the last line, and errStalled if the stream brings nothing though there is something.
func (f *logFollower) live(ctx context.Context, st logState, changed <-chan struct{}) error {
	stream, g := f.open(ctx), f.gate()
	defer stream.close()
	var p logParser
	quiet := verifyTime
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	var ending, behind bool
	for {
		select {
		case chunk, ok := <-stream.chunks:
			if !ok {
				return stream.err
			}
			err := f.feed(&p, chunk.data[:chunk.read], g)
			chunk.free()
			if err != nil {
				return err
			}
			behind, f.answered, quiet = false, true, verifyTime
			if ending {
				timer.Reset(endingTime)
			} else {
				timer.Reset(quiet)
			}
		case <-timer.C:
			if ending || behind {
				return errStalled
			}
			var err error
			if behind, err = f.isBehind(ctx, g); err != nil {
				return err
			}
			if quiet = min(2*quiet, longestQuiet); behind {
				quiet = verifyTime
			}
			f.answered = f.answered || !behind
			timer.Reset(quiet)
		case <-changed:
			var now logState
			now, changed = f.pod.state(f.container)
			if !ending && (!now.running || now.id != st.id) {
				ending = true
				timer.Reset(endingTime)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// feed gives the lines of a chunk.
func (f *logFollower) feed(p *logParser, chunk []byte, g *gate) error {
	var err error
	p.feed(chunk, f.flow(p, g), func(l rawLine) bool { err = f.pass(l, g); return err == nil })
	if f.pos.isSet() && err == nil {
		if behind := time.Since(f.pos.time()); !f.timed || behind < f.behindBy {
			f.behindBy, f.timed = behind, true
		}
	}
	if e := f.flush(); err == nil {
		err = e
	}
	return err
}

// isBehind asks in another request whether there are lines that the stream has not brought. A stream that has not brought
// the last line again, though it should have, is behind where nobody else finds it either: it may be that of another instance.
func (f *logFollower) isBehind(ctx context.Context, stream *gate) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	g := f.gate()
	err := f.scan(ctx, f.request(false, false), false, nil, func(l rawLine) error {
		if g.judge(l) != lineKnown {
			return errBehind
		}
		return nil
	}, func() error { return nil })
	switch {
	case errors.Is(err, errBehind):
		return true, nil
	case err == nil:
		return !g.anchored() && !stream.void && !stream.anchored(), nil
	case apierrors.ReasonForError(err) != "":
		return false, nil // an answer that says nothing of the stream
	}
	return false, err
}
