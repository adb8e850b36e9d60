package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/podwright/podwright/sdk"
)

// ledger is a sdk.LogSink: it counts the lines of each pod, and holds them against their numbers.
type ledger struct {
	mu      sync.Mutex
	pods    map[string]*account
	changed chan struct{} // closed at the next line
}

// account is what a pod has written.
type account struct {
	lines, last int // the number of the last line, since the container's last start
	ended       int // how often it has said goodbye
	wrong       []string
}

func newLedger() *ledger { return &ledger{pods: map[string]*account{}, changed: make(chan struct{})} }

// Line takes a line: it must be the one after the last, or the first of a container that has been started again.
func (l *ledger) Line(line sdk.LogLine) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.pods[line.Pod]
	if a == nil {
		a = &account{}
		l.pods[line.Pod] = a
	}
	a.take(line.Text)
	close(l.changed)
	l.changed = make(chan struct{})
	return nil
}

func (a *account) take(text string) {
	word, rest, _ := strings.Cut(text, " ")
	var n int
	fmt.Sscan(rest, &n)
	switch {
	case word == "line" && n == a.last+1:
		a.lines++
	case word == "bye" && n == a.last:
	default:
		a.wrong = append(a.wrong, text)
	}
	if a.last = n; word == "bye" {
		a.ended, a.last = a.ended+1, 0
	}
}

// Gap is told where lines may be missing; the report tells of it too.
func (l *ledger) Gap(*sdk.LogGap) error { return nil }

// wait returns when enough holds of what was written.
func (l *ledger) wait(ctx context.Context, enough func(map[string]*account) bool) error {
	for {
		l.mu.Lock()
		done, changed := enough(l.pods), l.changed
		l.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("wait for lines of %d pods: %w", len(l.pods), ctx.Err())
		}
	}
}

// wrong returns the lines that were not in their place.
func (l *ledger) wrong() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for _, a := range l.pods {
		all = append(all, a.wrong...)
	}
	return all
}

// both is a sink of two.
type both [2]sdk.LogSink

func (b both) Line(l sdk.LogLine) error {
	if err := b[0].Line(l); err != nil {
		return err
	}
	return b[1].Line(l)
}

func (b both) Gap(g *sdk.LogGap) error {
	if err := b[0].Gap(g); err != nil {
		return err
	}
	return b[1].Gap(g)
}
