package kubelet

import "syscall"

// harmless are the signals that do nothing to a process that does not ask for them. Stopping a goroutine is not possible.
var harmless = map[syscall.Signal]bool{
	syscall.SIGCHLD: true, syscall.SIGURG: true, syscall.SIGWINCH: true, syscall.SIGCONT: true,
	syscall.SIGSTOP: true, syscall.SIGTSTP: true, syscall.SIGTTIN: true, syscall.SIGTTOU: true,
}

// pendingSignals is how many signals wait for a program that does not read them; more are lost, as with os/signal.
const pendingSignals = 16

// listen returns where the process hears of signals from now on. SIGTERM ends its context all the same.
func (p *process) listen() <-chan syscall.Signal {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.signals == nil {
		p.signals = make(chan syscall.Signal, pendingSignals)
	}
	return p.signals
}

// deliver gives the process a signal: to its program if that listens, and what the kernel does by default if not. The first
// process of a namespace is spared the default, as Linux does, and even SIGKILL from inside.
func (p *process) deliver(s syscall.Signal) {
	p.mu.Lock()
	listening := p.signals != nil
	if listening {
		select {
		case p.signals <- s:
		default:
		}
	}
	p.mu.Unlock()
	switch {
	case s == syscall.SIGTERM:
		p.cancel(ErrTerminated)
	case p.pid == 1, harmless[s], listening && s != syscall.SIGKILL:
	default:
		p.killWith(s)
	}
}
