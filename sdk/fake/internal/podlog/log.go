package podlog

import (
	"io"
	"sync"
	"time"
)

// Defaults of [Options]. A kubelet rotates at 10 MiB and keeps five files (containerLogMaxSize, containerLogMaxFiles).
const (
	DefaultMaxBytes = 10 << 20
	DefaultMaxAge   = 24 * time.Hour
	DefaultMaxFiles = 5
)

// MaxRecord is the longest text, in bytes, that one record holds, as containerd's max_container_log_line_size. A longer
// line becomes several records, of which all but the last are flagged P (partial).
const MaxRecord = 16 << 10

// DefaultSlack is as much as the segments that are kept by default.
const DefaultSlack = DefaultMaxBytes * DefaultMaxFiles

// Options say when a log is rotated. The zero value rotates as the defaults say.
type Options struct {
	MaxBytes int64         // start a new segment before this one outgrows so many bytes; 0 is DefaultMaxBytes
	MaxAge   time.Duration // or when its first record is so old; 0 is DefaultMaxAge
	MaxFiles int           // how many segments are kept, the newest included; 0 is DefaultMaxFiles
	Slack    int64         // a reader may be behind by so many bytes although its place was dropped; 0 is DefaultSlack
}

// Log is the log of one container instance. All methods may be called by many goroutines at once. A log that nothing
// was written to costs a few hundred bytes; it has no goroutine and needs no Close to be freed.
type Log struct {
	options Options
	stdout  writer
	stderr  writer

	mu       sync.Mutex
	segments []segment           // oldest first; a read begins at the last one
	tail     *chunk              // where the next record goes; nil before there is anything to hold on to
	last     int64               // the stamp of the newest record, in nanoseconds
	changed  chan struct{}       // closed at the next write or Close; nil when nobody waits
	bytes    int64               // how many were ever written
	seams    []seam              // behind what was dropped, where slow readers may be; oldest first
	places   map[*place]struct{} // of those who want every line; nil if nobody does
	closed   bool

	rotations int
	rotated   func() // called after each, with no lock held; nil if nobody cares
}

// segment is what a node has as one log file.
type segment struct {
	head    *chunk
	last    *chunk // nil for the newest segment
	opened  int64  // the stamp of the first record, in nanoseconds
	bytes   int64
	records int64
	ended   int64 // the stamp of its last record, once it is not the newest
}

// New returns an empty log.
func New(options Options) *Log {
	if options.MaxBytes == 0 {
		options.MaxBytes = DefaultMaxBytes
	}
	if options.MaxAge == 0 {
		options.MaxAge = DefaultMaxAge
	}
	if options.MaxFiles == 0 {
		options.MaxFiles = DefaultMaxFiles
	}
	if options.Slack == 0 {
		options.Slack = DefaultSlack
	}
	l := &Log{options: options}
	l.stdout = writer{log: l, stream: stdout}
	l.stderr = writer{log: l, stream: stderr}
	return l
}

// After has everything that is written from now on bear later times than what is in another log, that of the run before: what begins as soon
// as the other has ended, with a clock that stands still, must not seem to be older. The other log should be closed. Nil changes nothing.
func (l *Log) After(before *Log) {
	if before == nil {
		return
	}
	before.mu.Lock()
	last := before.last
	before.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = max(l.last, last)
}

// Stdout returns the writer of the container's standard output. Each Write goes in as a whole: no other Write comes
// between its lines. It fails with an error that is fs.ErrClosed once the log is closed, and never otherwise.
func (l *Log) Stdout() io.Writer { return &l.stdout }

// Stderr returns the writer of the container's standard error; see [Log.Stdout].
func (l *Log) Stderr() io.Writer { return &l.stderr }

// Close ends the log: text that still waits for its newline goes in as a partial record, later writes fail, and
// followers get io.EOF when they have read everything. What was written stays readable. A second Close does nothing.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.stdout.flush()
	l.stderr.flush()
	l.closed = true
	l.wake()
	return nil
}

// WriteTo writes the records of all segments that are kept, oldest first, just as they would stand in the files on a
// node: `2026-11-23T02:49:38.000000001Z stdout F text`. It holds no lock while it writes, and does not follow. The error may be [ErrDropped].
func (l *Log) WriteTo(w io.Writer) (int64, error) {
	l.mu.Lock()
	var head *chunk
	var left int64
	for i, s := range l.segments {
		if i == 0 {
			head = s.head
		}
		left += s.bytes
	}
	l.mu.Unlock()
	var written int64
	for c := head; left > 0; {
		l.mu.Lock()
		data, next := c.data, c.next
		l.mu.Unlock()
		data = data[:min(int64(len(data)), left)]
		if next == nil && int64(len(data)) < left {
			return written, ErrDropped
		}
		n, err := w.Write(data)
		written += int64(n)
		if err != nil {
			return written, err
		}
		left -= int64(n)
		c = next
	}
	return written, nil
}

// wake lets all waiting followers look again. The caller holds the lock.
func (l *Log) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// wait returns a channel that the next wake closes. The caller holds the lock.
func (l *Log) wait() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}
