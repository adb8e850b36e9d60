package podlog

import "weak"

// seamsPerSlack is how finely the slack is kept.
const seamsPerSlack = 16

// seam is the end of what rotation has dropped. The log itself does not hold on to that: only a reader may that is there still.
type seam struct {
	last weak.Pointer[chunk]
	end  int64 // how many bytes had been written up to here
}

// dropped notes that the segments up to a chunk were dropped, and cuts the chain behind what was dropped so long ago that no reader
// may still be there. A reader that is holds on to what was written up to the cut, and not to all that comes. Whoever wants every line keeps
// the chain together.
func (l *Log) dropped(last *chunk) {
	end := l.bytes
	for _, s := range l.segments[len(l.segments)-l.options.MaxFiles:] {
		end -= s.bytes
	}
	if n := len(l.seams); n == 0 || end-l.seams[n-1].end >= l.options.Slack/seamsPerSlack {
		l.seams = append(l.seams, seam{weak.Make(last), end})
	}
	for len(l.seams) > 0 && l.bytes-l.seams[0].end > l.options.Slack {
		if c := l.seams[0].last.Value(); c != nil && !l.wanted(c) {
			c.next, c.cut = nil, true
		}
		l.seams = l.seams[1:]
	}
}

// wanted says whether somebody who wants every line has not read more than a chunk and what is before it.
func (l *Log) wanted(c *chunk) bool {
	for p := range l.places {
		if p.chunk.number <= c.number {
			return true
		}
	}
	return false
}
