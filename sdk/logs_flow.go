package sdk

import (
	"math"
	"strings"
)

// flow returns the quick way for lines of which nothing has to be found out any more, which is how a log is read most of the time: it takes
// what pass takes, and leaves to that the first line about which there is a question. It is nil where there is one about every line.
func (r *logReader) flow(p *logParser, g *gate) func(data string) string {
	if g == nil || r.late || r.o.LimitBytes > 0 || r.tail != nil && *r.tail == 0 {
		return nil
	}
	since := int64(math.MinInt64)
	if !r.o.SinceTime.IsZero() {
		since = r.o.SinceTime.UnixNano()
	}
	return func(data string) string {
		if !g.open() || r.void || !r.pos.isSet() {
			return data
		}
		pos, batch := r.pos, r.batch
		for {
			end := strings.IndexByte(data, '\n')
			if end < 0 {
				break
			}
			at, ok := p.stamp(data[:end])
			if !ok {
				break
			}
			if at == pos.at {
				pos.count++
			} else {
				pos.at, pos.count, pos.vague = at, 1, false
			}
			pos.text = data[stampLength+1 : end]
			data = data[end+1:]
			if at >= since {
				batch = append(batch, textLine{at, pos.text})
			}
		}
		r.pos, r.batch = pos, batch
		return data
	}
}

// open reports whether every line passes.
func (g *gate) open() bool { return g.passing || !g.from.isSet() }
