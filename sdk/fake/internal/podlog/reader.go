package podlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// ErrDropped is what a reader gets that was slower than the container: what comes next was dropped by rotation.
var ErrDropped = errors.New("lines that were not read yet were dropped by rotation; read faster, or keep more of the log")

// batchSize is about how many bytes a reader makes ready at a time.
const batchSize = 32 << 10

// Read opens the log at its newest segment, as the kubelet's ReadLogs does for `kubectl logs`. Nil options read all of
// it and end where it ends now. Container and Previous are the caller's business: they choose the log.
//
//   - TailLines counts records: a line of 40 KiB is three. What SinceSeconds and SinceTime hide is counted too.
//   - LimitBytes cuts in the middle of a line.
//   - Timestamps stand at the start of a line, not where a partial record is continued.
//   - Follow goes on into later segments and ends with io.EOF when the log is closed and everything was delivered.
//
// A reader that is behind by more than [Options.Slack], and has not come to what is still kept, gets [ErrDropped] where a kubelet leaves lines out.
//
// Options that [ValidateOptions] refuses are an error. Reads return ctx's error once it ends. The reader belongs to one
// goroutine; only Close, which ends a Read that waits, may be called by another. A reader must be closed.
func (l *Log) Read(ctx context.Context, options *corev1.PodLogOptions) (io.ReadCloser, error) {
	if options == nil {
		options = &corev1.PodLogOptions{}
	}
	if err := ValidateOptions(options).ToAggregate(); err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	r := &reader{log: l, follow: options.Follow, timestamps: options.Timestamps, since: sinceBound(options), remain: math.MaxInt64}
	if s := options.Stream; s != nil && *s != corev1.LogStreamAll {
		r.stream = streamNames[*s]
	}
	if options.LimitBytes != nil {
		r.remain = *options.LimitBytes
	}
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	r.open(options.TailLines)
	return r, nil
}

// streamNames are the names in records of the streams that options name.
var streamNames = map[string]string{corev1.LogStreamStdout: stdout, corev1.LogStreamStderr: stderr}

// sinceBound returns the lowest stamp to show. Of both bounds the later counts, as in the kubelet's NewLogOptions.
func sinceBound(options *corev1.PodLogOptions) string {
	var since string
	if s := options.SinceSeconds; s != nil {
		now := time.Now()
		since = stampBound(time.Unix(now.Unix()-*s, int64(now.Nanosecond())))
	}
	if t := options.SinceTime; t != nil {
		since = max(since, stampBound(t.Time))
	}
	return since
}

// reader is one pass over a log. It owns no goroutine: everything happens in Read.
type reader struct {
	ctx        context.Context
	cancel     context.CancelCauseFunc
	log        *Log
	follow     bool
	timestamps bool
	stream     string // show this one only; "" is both
	since      string // hide records with lower stamps

	chunk   *chunk // the place: chunk.data[offset:] comes next
	offset  int
	left    int64 // records to visit before the end; negative is no end
	remain  int64 // bytes still to deliver
	midLine bool  // the record before was a partial one

	buffer []byte // reused from batch to batch
	ready  []byte // the part of buffer that is still to be delivered
}

// open sets the place at the newest segment, or so many records before its end.
func (r *reader) open(tail *int64) {
	l := r.log
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tail == nil {
		l.push(new(chunk)) // a place for followers of an empty log to wait at
	}
	r.chunk, r.left = l.tail, -1
	var records, skip int64
	if n := len(l.segments); n > 0 {
		r.chunk, records = l.segments[n-1].head, l.segments[n-1].records
	}
	if tail != nil {
		skip = max(0, records-*tail)
	}
	if !r.follow {
		r.left = records - skip
	}
	for skip > 0 && skip >= r.chunk.records && r.chunk.next != nil {
		skip -= r.chunk.records
		r.chunk = r.chunk.next
	}
	for ; skip > 0; skip-- {
		r.offset += bytes.IndexByte(r.chunk.data[r.offset:], '\n') + 1
	}
}

// Read waits for at least one byte when it follows.
func (r *reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if len(r.ready) == 0 {
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

// WriteTo writes to w as soon as there is something, without copying it once more.
func (r *reader) WriteTo(w io.Writer) (written int64, err error) {
	for {
		if len(r.ready) == 0 {
			if err := r.fill(); err == io.EOF {
				return written, nil
			} else if err != nil {
				return written, err
			}
		}
		n, err := w.Write(r.ready)
		written += int64(n)
		r.ready = r.ready[n:]
		if err != nil {
			return written, err
		}
	}
}

// Close ends the reader; a Read that waits, and any later one, fails with an error that is fs.ErrClosed.
func (r *reader) Close() error {
	r.cancel(fmt.Errorf("read log: the reader is closed: %w", fs.ErrClosed))
	return nil
}

// fill makes something ready, or returns why nothing will come.
func (r *reader) fill() error {
	for {
		if r.ctx.Err() != nil {
			return context.Cause(r.ctx)
		}
		if r.left == 0 || r.remain == 0 {
			return io.EOF
		}
		data, changed, late := r.next()
		switch {
		case len(data) > 0:
			if r.format(data); len(r.ready) > 0 {
				return nil
			}
		case late:
			return fmt.Errorf("read log: %w", ErrDropped)
		case changed == nil:
			return io.EOF
		default:
			select {
			case <-changed:
			case <-r.ctx.Done():
			}
		}
	}
}

// next returns the records that are there at the reader's place. If there are none, it returns what to wait for, or
// nil if none will come; late says that others have come and gone.
func (r *reader) next() (data []byte, changed <-chan struct{}, late bool) {
	r.log.mu.Lock()
	defer r.log.mu.Unlock()
	for r.offset == len(r.chunk.data) && r.chunk.next != nil {
		r.chunk, r.offset = r.chunk.next, 0
	}
	data = r.chunk.data[r.offset:]
	if len(data) > 0 || r.log.closed || !r.follow || r.chunk.cut {
		return data, nil, r.chunk.cut
	}
	return nil, r.log.wait(), false
}

// format makes ready what the options show of the records in data, a batch at most, and moves the place behind them.
func (r *reader) format(data []byte) {
	r.ready = r.buffer[:0]
	for len(data) > 0 && r.left != 0 && r.remain > 0 && len(r.ready) < batchSize {
		n := bytes.IndexByte(data, '\n') + 1
		r.show(data[:n])
		data = data[n:]
		r.offset += n
		r.left--
	}
	r.buffer = r.ready[:0]
}

// show adds one record, newline included, to what is ready. A partial one is joined to the next: its newline is left out.
func (r *reader) show(record []byte) {
	if r.stream != "" && string(record[streamStart:streamStart+len(r.stream)]) != r.stream {
		return
	}
	continued := r.midLine
	r.midLine = record[flagColumn] == partial
	if string(record[:stampEnd]) < r.since {
		return
	}
	before := len(r.ready)
	if r.timestamps && !continued {
		r.ready = append(append(r.ready, record[:stampEnd]...), ' ')
	}
	text := record[textStart:]
	if r.midLine {
		text = text[:len(text)-1]
	}
	r.ready = append(r.ready, text...)
	if added := int64(len(r.ready) - before); added > r.remain {
		r.ready = r.ready[:int64(before)+r.remain]
	}
	r.remain -= int64(len(r.ready) - before)
}
