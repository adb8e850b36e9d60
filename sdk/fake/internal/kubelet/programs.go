package kubelet

import (
	"slices"
	"sync"
	"time"
)

// programs knows the processes whose goroutines are alive, whatever has become of their pods.
type programs struct {
	mu    sync.Mutex
	alive map[*process]bool // true for those that were killed
	idle  chan struct{}     // closed when none is left; made by wait
}

func (p *programs) init() { p.alive = map[*process]bool{} }

func (p *programs) begin(one *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive[one] = false
}

func (p *programs) end(one *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.alive, one)
	if len(p.alive) == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}

// kill notes that a program has to return now, unless it has.
func (p *programs) kill(one *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.alive[one]; ok {
		p.alive[one] = true
	}
}

// wait blocks until no program runs any more, or for as long as given.
func (p *programs) wait(limit time.Duration) {
	p.mu.Lock()
	if len(p.alive) == 0 {
		p.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	p.idle = idle
	p.mu.Unlock()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-idle:
	case <-timer.C:
	}
}

func (p *programs) strays() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for one, killed := range p.alive {
		if killed {
			names = append(names, one.name())
		}
	}
	slices.Sort(names)
	return names
}
