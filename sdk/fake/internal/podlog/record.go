package podlog

import "time"

// A record is one line of text with columns of fixed width in front:
//
//	2026-11-23T02:49:38.000000001Z stdout F text
//	0                              31     38 40
const (
	stampLayout = "2006-01-02T15:04:05.000000000Z07:00" // RFC3339NanoFixed of the kubelet, always in UTC
	stampEnd    = 30
	streamStart = 31
	flagColumn  = 38
	textStart   = 40
)

const (
	stdout = "stdout"
	stderr = "stderr"

	partial = 'P' // the line goes on in the next record of its stream
	full    = 'F' // the line ends here
)

// Chunks start small, since most logs are short, and double up to the largest.
const (
	smallestChunk = 256
	largestChunk  = 32 << 10
)

// chunk holds whole records. Bytes below len(data) never change, so whoever read data and next under the log's lock
// may go on reading those bytes without it.
type chunk struct {
	data    []byte
	records int64
	number  int64 // of the chunk in the chain
	next    *chunk
	cut     bool // what came next was dropped
}

// append adds one record, stamped later than any before it. The caller holds the lock.
func (l *Log) append(stream string, flag byte, text []byte) {
	before := l.last
	l.last = max(time.Now().UnixNano(), l.last+1)
	size := textStart + len(text) + 1
	s := l.segment(int64(size), before)
	c := l.room(size)
	if s.head == nil {
		s.head, s.opened = c, l.last
	}
	d := time.Unix(0, l.last).UTC().AppendFormat(c.data, stampLayout)
	d = append(d, ' ')
	d = append(d, stream...)
	d = append(d, ' ', flag, ' ')
	d = append(d, text...)
	c.data = append(d, '\n')
	c.records++
	l.bytes += int64(size)
	s.bytes += int64(size)
	s.records++
}

// segment returns the segment that takes the next size bytes: the newest, or a new one, since the newest ended with the stamp before.
func (l *Log) segment(size, before int64) *segment {
	if n := len(l.segments); n > 0 {
		s := &l.segments[n-1]
		if s.bytes+size <= l.options.MaxBytes && time.Duration(l.last-s.opened) < l.options.MaxAge {
			return s
		}
		s.last, s.ended = l.tail, before
		l.rotations++
		l.push(new(chunk)) // so that the new segment starts with a chunk of its own
	}
	l.segments = append(l.segments, segment{})
	if drop := len(l.segments) - l.options.MaxFiles; drop > 0 {
		l.dropped(l.segments[drop-1].last)
		kept := copy(l.segments, l.segments[drop:])
		clear(l.segments[kept:])
		l.segments = l.segments[:kept]
	}
	return &l.segments[len(l.segments)-1]
}

// room returns the last chunk if it has room for size bytes, else a new one behind it.
func (l *Log) room(size int) *chunk {
	if l.tail != nil && cap(l.tail.data)-len(l.tail.data) >= size {
		return l.tail
	}
	want := smallestChunk
	if l.tail != nil {
		want = min(max(2*cap(l.tail.data), smallestChunk), largestChunk)
	}
	return l.push(&chunk{data: make([]byte, 0, max(want, size))})
}

// push puts c at the end of the chain.
func (l *Log) push(c *chunk) *chunk {
	if l.tail != nil {
		l.tail.next = c
		c.number = l.tail.number + 1
	}
	l.tail = c
	return c
}

// stampBound returns t in the form of a record's stamp, so that bytes compare as times do. Years that four digits do
// not hold sort before, or after, all that they do.
func stampBound(t time.Time) string {
	switch t = t.UTC(); {
	case t.Year() < 0:
		return ""
	case t.Year() > 9999:
		return ":"
	}
	return t.Format(stampLayout)
}
