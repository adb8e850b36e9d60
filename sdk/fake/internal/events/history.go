package events

import (
	"slices"
	"sync"
	"time"
)

// The limits of client-go's event correlator.
const (
	similarLimit    = 10               // distinct messages of one reason before they are combined
	similarInterval = 10 * time.Minute // of silence, after which they are told apart again
	floodBurst      = 25               // events of one object at once
	floodInterval   = 5 * time.Minute  // until one more is allowed
	combinedPrefix  = "(combined from similar events): "
)

// kept is how many different events of one object are remembered.
const kept = 32

// said is what makes two events of one object the same.
type said struct {
	fieldPath, typ, reason, message string
	combined                        bool
}

// seen is an event that was written, or would have been but for a flood. There is one for each event that a pod ever had, so what it says
// is shared with others of the recorder that say the same, times are plain nanoseconds, and of the name there is only the moment in it.
type seen struct {
	*said
	count       int32
	named       int64 // 0 if it was not written
	first, last int64
}

// similar holds the distinct messages of one reason. There is none for a reason that has had only one message so far, which is the rule.
type similar struct {
	typ, reason string
	messages    []string
	last        int64
}

// history is what a recorder knows of one object. Its lists are short, so they are searched from the front.
type history struct {
	mu      sync.Mutex
	seen    []seen
	similar []similar
	tokens  float64
	filled  int64
}

func newHistory() *history { return &history{tokens: floodBurst, filled: time.Now().UnixNano()} }

// observe counts an event and returns its record, which is good until the next call, and the message to write.
func (h *history) observe(now time.Time, e *said) (*seen, string) {
	text, at := e.message, now.UnixNano()
	if h.combine(at, e) {
		text = combinedPrefix + text
		e = &said{typ: e.typ, reason: e.reason, combined: true}
	}
	i := slices.IndexFunc(h.seen, func(s seen) bool { return *s.said == *e })
	if i < 0 {
		h.seen = append(dropOldest(h.seen), seen{said: e, first: at})
		i = len(h.seen) - 1
	}
	s := &h.seen[i]
	s.count++
	s.last = at
	return s, text
}

// latest is the latest moment that an event of the object is named by.
func (h *history) latest() int64 {
	var last int64
	for i := range h.seen {
		last = max(last, h.seen[i].named)
	}
	return last
}

// combine says whether an event is one of too many similar ones, as EventAggregator.EventAggregate does.
func (h *history) combine(now int64, e *said) bool {
	g := h.group(e)
	if g == nil {
		return false
	}
	if now-g.last > int64(similarInterval) {
		g.messages = nil
	}
	g.last = now
	if !slices.Contains(g.messages, e.message) {
		g.messages = append(g.messages, e.message)
	}
	if len(g.messages) < similarLimit {
		return false
	}
	g.messages = slices.Delete(g.messages, 0, 1)
	return true
}

// group returns the messages that are similar to an event's, or nil if there has been no other message of its reason.
func (h *history) group(e *said) *similar {
	i := slices.IndexFunc(h.similar, func(g similar) bool { return g.typ == e.typ && g.reason == e.reason })
	if i >= 0 {
		return &h.similar[i]
	}
	var other *seen
	for i := range h.seen {
		if s := &h.seen[i]; s.typ == e.typ && s.reason == e.reason && s.message != e.message {
			other = s
		}
	}
	if other == nil {
		return nil
	}
	h.similar = append(dropOldest(h.similar), similar{typ: e.typ, reason: e.reason, messages: []string{other.message}, last: other.last})
	return &h.similar[len(h.similar)-1]
}

// flooded takes a token and says whether there was none, as EventSourceObjectSpamFilter.Filter does.
func (h *history) flooded(now time.Time) bool {
	at := now.UnixNano()
	h.tokens = min(floodBurst, h.tokens+float64(at-h.filled)/float64(floodInterval))
	h.filled = at
	if h.tokens < 1 {
		return true
	}
	h.tokens--
	return false
}

func dropOldest[E any](list []E) []E {
	if len(list) < kept {
		return list
	}
	return slices.Delete(list, 0, 1)
}
