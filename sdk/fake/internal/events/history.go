package events

import (
	"slices"
	"sync"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
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

// seen is an event that was written, or would have been but for a flood.
type seen struct {
	said
	name  string
	first metav1.Time
	count int32
}

// similar holds the distinct messages of one reason.
type similar struct {
	typ, reason string
	messages    []string
	last        time.Time
}

// history is what a recorder knows of one object. Its lists are short, so they are searched from the front.
type history struct {
	mu      sync.Mutex
	seen    []*seen
	similar []*similar
	tokens  float64
	filled  time.Time
}

func newHistory() *history { return &history{tokens: floodBurst, filled: time.Now()} }

// observe counts an event and returns its record and the message to write.
func (h *history) observe(now time.Time, e said) (*seen, string) {
	text := e.message
	if h.combine(now, e) {
		text = combinedPrefix + text
		e = said{typ: e.typ, reason: e.reason, combined: true}
	}
	if i := slices.IndexFunc(h.seen, func(s *seen) bool { return s.said == e }); i >= 0 {
		h.seen[i].count++
		return h.seen[i], text
	}
	s := &seen{said: e, first: api.Now(), count: 1}
	h.seen = append(dropOldest(h.seen), s)
	return s, text
}

// combine says whether an event is one of too many similar ones, as EventAggregator.EventAggregate does.
func (h *history) combine(now time.Time, e said) bool {
	g := h.group(e.typ, e.reason)
	if now.Sub(g.last) > similarInterval {
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

func (h *history) group(typ, reason string) *similar {
	i := slices.IndexFunc(h.similar, func(g *similar) bool { return g.typ == typ && g.reason == reason })
	if i >= 0 {
		return h.similar[i]
	}
	g := &similar{typ: typ, reason: reason}
	h.similar = append(dropOldest(h.similar), g)
	return g
}

// flooded takes a token and says whether there was none, as EventSourceObjectSpamFilter.Filter does.
func (h *history) flooded(now time.Time) bool {
	h.tokens = min(floodBurst, h.tokens+float64(now.Sub(h.filled))/float64(floodInterval))
	h.filled = now
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
