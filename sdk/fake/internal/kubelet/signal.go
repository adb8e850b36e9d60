package kubelet

import "syscall"

// Signals by their numbers on Linux, which is what containers run, whatever the tests run on: not every system has them all.
const (
	sigCHLD  = syscall.Signal(17)
	sigCONT  = syscall.Signal(18)
	sigSTOP  = syscall.Signal(19)
	sigTSTP  = syscall.Signal(20)
	sigTTIN  = syscall.Signal(21)
	sigTTOU  = syscall.Signal(22)
	sigURG   = syscall.Signal(23)
	sigWINCH = syscall.Signal(28)
)

// harmless are the signals that do nothing to a process that does not ask for them. Stopping a goroutine is not possible.
var harmless = map[syscall.Signal]bool{
	sigCHLD: true, sigURG: true, sigWINCH: true, sigCONT: true, sigSTOP: true, sigTSTP: true, sigTTIN: true, sigTTOU: true,
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
	listening := p.signals != nil && s != syscall.SIGKILL // which nobody hears of
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
	case p.pid == 1, harmless[s], listening:
	default:
		p.killWith(s)
	}
}
