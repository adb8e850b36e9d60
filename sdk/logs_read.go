package sdk

import (
	"context"
	"errors"
	"io"
	"math"
	"sync"
	"time"
)

// logReader reads the log of one container, in as many requests as it takes, and remembers how far it has come.
type logReader struct {
	*Client
	logSource
	o    LogOptions
	emit func(lines []textLine, err error) bool // told of lines or of one error; false when nobody wants more

	pos  position
	void bool // the next line need not follow the one at pos
	// What is read now began with ceil, after floor: an instance of the container that ran between can be told by its times.
	floor position
	ceil  int64

	first func(at int64) bool // if set, told of the first line of an instance; false when nobody wants more

	begun time.Time // for Since, which counts from the first request
	tail  *int64    // nil once something was read
	left  int64     // of LimitBytes
	late  bool      // lines are given that come before pos
	bare  bool      // a line had no time, so that a second read could not tell it
	batch []textLine
}

// textLine is what differs from line to line of a log: its time in nanoseconds since 1970, or unstamped, and its text.
type textLine struct {
	at   int64
	text string
}

const unstamped = math.MinInt64

var (
	errMissing = errors.New("the last line was not found again")
	errLimit   = errors.New("LimitBytes are used up")
	errBehind  = errors.New("there are lines that the stream has not brought")
)

// plainPatience bounds how long a read without Follow tries again.
const plainPatience = watchPatience / 4

const logChunk = 32 << 10

func (c *Client) newLogReader(s logSource, o LogOptions, emit func([]textLine, error) bool) *logReader {
	return &logReader{Client: c, logSource: s, o: o, emit: emit, void: true, begun: time.Now(), tail: o.Tail, left: o.LimitBytes}
}

// readLog gives the lines of one log, and its error if it ends in one. It returns what yield did last.
func (c *Client) readLog(ctx context.Context, s logSource, o LogOptions, yield func(LogLine, error) bool) bool {
	where := s.line(o)
	r := c.newLogReader(s, o, func(lines []textLine, err error) bool {
		return logBatch{where: where, lines: lines, err: err}.give(yield)
	})
	p := pause{patience: plainPatience}
	for {
		before := r.pos
		err := r.read(ctx, o.Previous, r.gate(), true)
		if r.pos != before {
			p.reset()
		}
		switch {
		case err == nil || errors.Is(err, errLimit):
			return true
		case errors.Is(err, errLeft):
			return false
		case ctx.Err() != nil:
			return yield(where, s.failed(ctx.Err()))
		case errors.Is(err, errMissing):
			if !r.gap(GapRotated, 0) {
				return false
			}
			r.void = true
		case r.bare || !passing(err):
			return yield(where, s.failed(err))
		default:
			if err := p.rest(ctx, err, nil); err != nil {
				return yield(where, s.failed(err))
			}
		}
	}
}

// line is what all lines of a log have.
func (s logSource) line(o LogOptions) LogLine {
	return LogLine{Namespace: s.namespace, Pod: s.pod, Container: s.container, Stream: o.Stream}
}

// gate lets pass what comes after the reader's position.
func (r *logReader) gate() *gate { return &gate{from: r.pos, void: r.void} }

// gap reports that lines may be missing at the reader's position.
func (r *logReader) gap(reason GapReason, restarts int) bool {
	return r.emit(nil, &LogGap{Namespace: r.logSource.namespace, Pod: r.pod, Container: r.container, Reason: reason, After: r.pos.time(), Restarts: restarts})
}

// request is what to ask for to go on at the reader's position.
func (r *logReader) request(previous, follow bool) LogOptions {
	o := r.o
	o.Previous, o.Follow, o.Timestamps, o.Tail = previous, follow || r.o.Follow && r.o.Previous, true, r.tail
	switch {
	case r.late:
		o.Since, o.SinceTime, o.LimitBytes, o.Tail = 0, r.floor.time(), 0, nil
	case r.pos.isSet():
		o.Since, o.SinceTime, o.LimitBytes, o.Tail = 0, r.pos.time(), 0, nil
	case o.Since > 0:
		o.Since += time.Since(r.begun)
	}
	if o.Tail != nil && *o.Tail == 0 && r.o.Follow && !r.o.Previous {
		o.Tail = new(int64(1)) // to know where to go on
	}
	return o
}

// read gives what the log has beyond the gate. Text without a newline at the end is given if the log is whole.
func (r *logReader) read(ctx context.Context, previous bool, g *gate, whole bool) error {
	err := r.scan(ctx, r.request(previous, false), whole, g, func(l rawLine) error { return r.pass(l, g) }, r.flush)
	if err == nil && !g.void && !g.anchored() {
		err = errMissing
	}
	return err
}

// scan makes one request that does not follow, and calls line for each line and chunk after each piece of the answer. Lines that g lets
// pass anyway are taken at once, unless it is nil.
func (r *logReader) scan(ctx context.Context, o LogOptions, whole bool, g *gate, line func(rawLine) error, chunk func() error) error {
	stream, err := r.openLog(ctx, r.logSource, o)
	if err != nil {
		return err
	}
	defer stream.Close()
	var p logParser
	buffer := make([]byte, logChunk)
	for {
		n, err := stream.Read(buffer)
		var told error
		p.feed(buffer[:n], r.flow(&p, g), func(l rawLine) bool { told = line(l); return told == nil })
		if err == io.EOF && told == nil && whole {
			if last, ok := p.rest(); ok {
				told = line(last)
			}
		}
		if e := chunk(); told == nil {
			told = e
		}
		switch {
		case told != nil:
			return told
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// pass gives a line if the gate lets it.
func (r *logReader) pass(l rawLine, g *gate) error {
	switch g.judge(l) {
	case lineKnown:
		return nil
	case lineMissing:
		return errMissing
	}
	return r.take(l)
}

// take puts a line where flush finds it.
func (r *logReader) take(l rawLine) error {
	if r.late {
		if l.at >= r.ceil {
			return nil
		}
	} else if err := r.advance(l); err != nil {
		return err
	}
	if l.stamped && !r.o.SinceTime.IsZero() && l.at < r.o.SinceTime.UnixNano() {
		return nil // the server counts in seconds
	}
	if r.tail != nil && *r.tail == 0 {
		return nil // it only says where the log ends
	}
	if r.o.LimitBytes > 0 {
		if over := l.size - r.left; over > 0 {
			l.text = l.text[:max(0, int64(len(l.text))-over)]
		}
		r.left -= l.size + 1
	}
	line := textLine{unstamped, l.text}
	if l.stamped {
		line.at = l.at
	}
	r.batch = append(r.batch, line)
	if r.o.LimitBytes > 0 && r.left <= 0 {
		return errLimit
	}
	return nil
}

// advance moves the position behind a line.
func (r *logReader) advance(l rawLine) error {
	first := r.void
	if first && r.first != nil && l.stamped && !r.first(l.at) {
		return errLeft
	}
	if first {
		r.floor, r.ceil, r.void = r.pos, l.at, false
		r.pos = position{} // lines of the same time before are of another log
	}
	r.pos = r.pos.after(l)
	if first && r.tail != nil {
		r.pos.vague = true
	}
	r.bare = r.bare || !r.pos.isSet()
	return nil
}

// batches are slices whose lines have all been given. They still hold the texts, until they are overwritten.
var batches = sync.Pool{New: func() any { return new([]textLine) }}

func putBatch(lines []textLine) {
	lines = lines[:0]
	batches.Put(&lines)
}

// flush gives what take has put together.
func (r *logReader) flush() error {
	if len(r.batch) == 0 {
		return nil
	}
	lines := r.batch
	r.batch = *batches.Get().(*[]textLine)
	if !r.emit(lines, nil) {
		return errLeft
	}
	return nil
}
