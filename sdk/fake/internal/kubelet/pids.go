package kubelet

import (
	"slices"
	"sync"
	"syscall"
	"time"
)

// pids is a process namespace: that of one container, or of a pod whose containers share it.
type pids struct {
	mu    sync.Mutex
	last  int
	alive []*process // by number, ascending
	began time.Time  // of the sandbox, which is number 1 where containers share; zero where they do not
}

// newPids is an empty namespace. In one that is shared by containers number 1 is the pod's sandbox.
func newPids(shared bool) *pids {
	if shared {
		return &pids{last: 1, began: time.Now()}
	}
	return &pids{}
}

// add numbers a process. It answers false for one that comes after the end of its container: that must not live.
func (ns *pids) add(p *process) bool {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	ns.last++
	p.pid = ns.last
	if p.in.over {
		return false
	}
	ns.alive = append(ns.alive, p)
	return true
}

func (ns *pids) remove(p *process) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	if i := slices.Index(ns.alive, p); i >= 0 {
		ns.alive = slices.Delete(ns.alive, i, i+1)
	}
}

// end lets no process of a container come any more, and returns those that there are.
func (ns *pids) end(in *instance) (left []*process) {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	in.over = true
	for _, p := range ns.alive {
		if p.in == in {
			left = append(left, p)
		}
	}
	return left
}

// list returns those that are alive, ascending.
func (ns *pids) list() []*process {
	ns.mu.Lock()
	defer ns.mu.Unlock()
	return slices.Clone(ns.alive)
}

// find returns the process of a number, or nil.
func (ns *pids) find(pid int) *process {
	for _, p := range ns.list() {
		if p.pid == pid {
			return p
		}
	}
	return nil
}

// signal sends a signal from inside the namespace, as kill(2) does: number -1 is every process but the sender and the first.
func (ns *pids) signal(sender *process, pid int, s syscall.Signal) error {
	if pid == -1 {
		for _, p := range ns.list() {
			if p != sender && p.pid != 1 {
				p.deliver(s)
			}
		}
		return nil
	}
	p := ns.find(pid)
	switch {
	case p == nil && pid == 1 && sender.in.w.pids != nil:
		return syscall.EPERM // the sandbox takes no signals of containers
	case p == nil:
		return syscall.ESRCH
	case s != 0: // signal 0 only asks whether there is somebody
		p.deliver(s)
	}
	return nil
}
