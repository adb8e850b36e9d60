package podlog

import (
	"iter"
	"strings"
	"time"
)

// Line is a line that a container wrote.
type Line struct {
	Time   time.Time // when its first record got into the log
	Stderr bool      // which of the two outputs it was written to
	Text   string    // without the newline
	// Open says that the newline is missing: the container ended in the middle of the line.
	Open bool
}

// Lines returns every line from now on, those that rotation has dropped meanwhile included, in the order in which they were
// completed. It ends when the log is closed and all was delivered, or with the loop. It has its place from the moment of the call:
// call it before anything is written to miss nothing. Each result is for one goroutine, once, and must be used: what it has not given stays
// in memory.
func (l *Log) Lines() iter.Seq[Line] {
	at := l.hold()
	return func(yield func(Line) bool) {
		defer l.release(at)
		var begun [2]*Line // of stdout and stderr, those that records have left open
		for records, more := at.next(l); more; records, more = at.next(l) {
			for record := range strings.SplitSeq(strings.TrimSuffix(records, "\n"), "\n") {
				if line, whole := assemble(&begun, record); whole && !yield(line) {
					return
				}
			}
		}
		for _, line := range begun {
			if line != nil && !yield(*line) {
				return
			}
		}
	}
}

// assemble adds a record to the line that it belongs to, and returns the line if that is its end.
func assemble(begun *[2]*Line, record string) (line Line, whole bool) {
	i, isStderr := 0, record[streamStart:flagColumn-1] == stderr
	if isStderr {
		i = 1
	}
	if begun[i] == nil {
		stamp, _ := time.Parse(stampLayout, record[:stampEnd]) // which append has written
		begun[i] = &Line{Time: stamp, Stderr: isStderr, Open: true}
	}
	begun[i].Text += record[textStart:]
	if record[flagColumn] == partial {
		return Line{}, false
	}
	line = *begun[i]
	line.Open = false
	begun[i] = nil
	return line, true
}

// place is how far somebody has read.
type place struct {
	chunk  *chunk
	offset int
}

// hold returns the place behind the last record. What comes from there on is kept until the place is released.
func (l *Log) hold() *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tail == nil {
		l.push(new(chunk))
	}
	p := &place{l.tail, len(l.tail.data)}
	if l.places == nil {
		l.places = map[*place]struct{}{}
	}
	l.places[p] = struct{}{}
	return p
}

func (l *Log) release(p *place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.places, p)
}

// next returns whole records and moves on behind them; it waits for some. It answers false at the end of a closed log.
func (p *place) next(l *Log) (records string, more bool) {
	for {
		l.mu.Lock()
		for len(p.chunk.data) == p.offset && p.chunk.next != nil {
			p.chunk, p.offset = p.chunk.next, 0
		}
		data, closed := p.chunk.data, l.closed
		var news <-chan struct{}
		if len(data) == p.offset && !closed {
			news = l.wait()
		}
		l.mu.Unlock()
		switch {
		case len(data) > p.offset:
			records = string(data[p.offset:])
			p.offset = len(data)
			return records, true
		case closed:
			return "", false
		default:
			<-news
		}
	}
}
