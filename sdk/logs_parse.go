package sdk

import (
	"strings"
	"time"
)

// logParser makes lines with times of a log as the server sends it, chunk by chunk. It is written for speed: the time of a line
// is parsed anew only where its second differs from that of the line before.
type logParser struct {
	partial []byte // of a line whose end has not come

	second string // the text of the last time, down to the second
	base   int64  // and what it is in nanoseconds since 1970
}

// rawLine is a line with the time that the node put in front.
type rawLine struct {
	at      int64 // nanoseconds since 1970
	stamped bool
	text    string
	size    int64 // in bytes as it came, without the newline
}

// stampLength is that of the kubelet's RFC3339NanoFixed, in UTC.
const (
	stampLength  = len("2006-01-02T15:04:05.000000000Z")
	secondLength = len("2006-01-02T15:04:05")
)

// feed calls yield with each line that chunk ends, until it returns false. What follows the last newline is kept. The texts
// share memory with one another, not with chunk. If flow is not nil, it is offered what is left of the chunk, and returns what of that it does
// not take.
func (p *logParser) feed(chunk []byte, flow func(data string) string, yield func(rawLine) bool) bool {
	data := string(chunk)
	if len(p.partial) > 0 {
		end := strings.IndexByte(data, '\n')
		if end < 0 {
			p.partial = append(p.partial, data...)
			return true
		}
		first := string(append(p.partial, data[:end]...))
		p.partial, data = p.partial[:0], data[end+1:]
		if !yield(p.line(first)) {
			return false
		}
	}
	for len(data) > 0 {
		if flow != nil {
			data = flow(data)
		}
		end := strings.IndexByte(data, '\n')
		if end < 0 {
			p.partial = append(p.partial, data...)
			return true
		}
		if !yield(p.line(data[:end])) {
			return false
		}
		data = data[end+1:]
	}
	return true
}

// rest returns the text behind the last newline, if there is any, and forgets it.
func (p *logParser) rest() (rawLine, bool) {
	if len(p.partial) == 0 {
		return rawLine{}, false
	}
	last := p.line(string(p.partial))
	p.partial = nil
	return last, true
}

func (p *logParser) line(line string) rawLine {
	raw := rawLine{text: line, size: int64(len(line))}
	if at, ok := p.stamp(line); ok {
		raw.at, raw.stamped, raw.text = at, true, line[stampLength+1:]
	} else if at, text := splitStamp(line); !at.IsZero() {
		raw.at, raw.stamped, raw.text = at.UnixNano(), true, text
	}
	return raw
}

// stamp returns the time of a line as the kubelet writes it.
func (p *logParser) stamp(line string) (int64, bool) {
	if len(line) <= stampLength || line[stampLength] != ' ' || line[stampLength-1] != 'Z' || line[secondLength] != '.' {
		return 0, false
	}
	nanos, ok := digits(line[secondLength+1 : stampLength-1])
	if !ok || line[:secondLength] != p.second && !p.secondOf(line[:secondLength]) {
		return 0, false
	}
	return p.base + nanos, true
}

// secondOf makes base that of a second in UTC.
func (p *logParser) secondOf(text string) bool {
	at, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		return false
	}
	p.second, p.base = strings.Clone(text), at.UnixNano()
	return true
}

func digits(text string) (int64, bool) {
	var n int64
	for i := range len(text) {
		d := text[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = 10*n + int64(d)
	}
	return n, true
}

// splitStamp takes the time stamp off a line. A line without one, which a LimitBytes in the midst of
// a stamp leaves, is text as a whole.
func splitStamp(line string) (time.Time, string) {
	stamp, text, ok := strings.Cut(line, " ")
	at, err := time.Parse(time.RFC3339Nano, stamp)
	if !ok || err != nil {
		return time.Time{}, line
	}
	return at, text
}
