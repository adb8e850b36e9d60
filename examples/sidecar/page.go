package main

import (
	"context"
	"sync"
)

// page is a text that has versions, counted from 1. The zero value has none yet.
type page struct {
	mu      sync.Mutex
	text    []byte
	version int
	changed chan struct{} // closed at the next version
}

func (p *page) set(text []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
	p.version++
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}

// newer waits until there is a version after the given one.
func (p *page) newer(ctx context.Context, after int) (text []byte, version int, err error) {
	for {
		p.mu.Lock()
		if p.version > after {
			defer p.mu.Unlock()
			return p.text, p.version, nil
		}
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		p.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}
