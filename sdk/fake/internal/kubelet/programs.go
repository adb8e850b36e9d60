package kubelet

import (
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// programs knows the processes whose goroutines are alive, whatever has become of their pods.
type programs struct {
	mu    sync.Mutex
	alive map[*process]int32 // how many goroutines each has: that of its program, and those of [Container.Go]
	idle  chan struct{}      // closed when none is left; made by wait
}

func (p *programs) init() { p.alive = map[*process]int32{} }

// begin counts a goroutine of a process, unless that has ended: then it must not begin.
func (p *programs) begin(one *process) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !one.over {
		p.alive[one]++
	}
	return !one.over
}

func (p *programs) end(one *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.alive[one]--; p.alive[one] > 0 {
		return
	}
	delete(p.alive, one)
	if len(p.alive) == 0 && p.idle != nil {
		close(p.idle)
		p.idle = nil
	}
}

// kill notes that the goroutines of a process have to return now, and that no more may begin.
func (p *programs) kill(one *process) {
	p.mu.Lock()
	defer p.mu.Unlock()
	one.over = true
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

// strays names the processes that have ended and have goroutines all the same.
func (p *programs) strays() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var names []string
	for one := range p.alive {
		if one.over {
			names = append(names, one.name())
		}
	}
	slices.Sort(names)
	return names
}

// ProgramLabel marks the goroutines of programs in profiles, and those that they start. Its value names the container, as
// [Kubelet.Strays] does.
const ProgramLabel = "podwright-program"

// label marks the goroutine that calls it as one of a process.
func (p *process) label() {
	pprof.SetGoroutineLabels(pprof.WithLabels(p.in.w.k.labels, pprof.Labels(ProgramLabel, p.name())))
}
