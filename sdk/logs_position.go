package sdk

import "time"

// position is how far a log has been read: the time of the last line, and how many lines of that time have been read, which
// is all that the API knows lines by; and its text, to be sure. The zero position is before everything.
type position struct {
	at    int64 // nanoseconds since 1970
	count int
	text  string
	// vague says that count may be too low, as after a read of the last few lines, all of one time.
	vague bool
}

func (p position) isSet() bool { return p.count > 0 }

// time is that of the last line; zero if there is none.
func (p position) time() time.Time {
	if !p.isSet() {
		return time.Time{}
	}
	return time.Unix(0, p.at).UTC()
}

// after returns the position behind a line. One without a time is counted to those of the line before.
func (p position) after(l rawLine) position {
	switch {
	case l.stamped && (!p.isSet() || l.at != p.at):
		return position{at: l.at, count: 1, text: l.text}
	case p.isSet():
		p.count, p.text = p.count+1, l.text
	}
	return p
}

// gate lets those lines of a log pass that come after a position. sinceTime has seconds only, so that a read which goes on there
// begins with lines that were read before.
type gate struct {
	from position
	// void says that the line at the position need not be there: another instance of the container is read, or what follows a gap.
	void bool

	seen    int   // lines at the position's time
	found   bool  // the line at the position
	at      int64 // the time of the line before
	begun   bool  // there was one with a time
	passing bool  // everything
}

// verdict is what a gate says of a line.
type verdict int

const (
	lineKnown verdict = iota // was read before
	lineFresh
	lineMissing // comes after the position, but the line at the position did not: something may be lost
)

// judge is to be called with each line of a read, in order.
func (g *gate) judge(l rawLine) verdict {
	if g.open() {
		return lineFresh
	}
	if l.stamped {
		g.at, g.begun = l.at, true
	}
	switch {
	case !g.begun:
		return lineKnown // the rest of a line whose beginning sinceTime has cut off
	case g.at < g.from.at:
		return lineKnown
	case g.at == g.from.at && g.void:
		if g.found || l.text != g.from.text {
			break // of another instance, whose clock has not moved on
		}
		g.found = true
		return lineKnown
	case g.at == g.from.at && !g.found && (g.seen < g.from.count || g.from.vague):
		g.seen++
		g.found = l.text == g.from.text && (g.seen == g.from.count || g.from.vague)
		if g.seen == g.from.count && !g.found && !g.from.vague {
			return lineMissing // another line stands where the last one was
		}
		return lineKnown
	case !g.anchored() && !g.void:
		return lineMissing
	}
	g.passing = true
	return lineFresh
}

// anchored reports whether the line at the position was found again.
func (g *gate) anchored() bool { return !g.from.isSet() || g.found }
