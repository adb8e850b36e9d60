package shell

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/podwright/podwright/sdk/fake/images/internal/unix"
)

// catch takes a signal for which there is a trap, or that is ignored; it is asked by another goroutine.
func (sh *shell) catch(s syscall.Signal) bool {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	text, ok := sh.traps[unix.SignalName(s)]
	switch {
	case ok && text == "":
		return true
	case ok:
		sh.pending = append(sh.pending, s)
		close(sh.wake)
		sh.wake = make(chan struct{})
		return true
	case s == syscall.SIGINT && sh.p.TTY != nil && (len(sh.front) > 0 || sh.on['i']):
		for _, pid := range sh.front {
			_ = sh.p.Kill(pid, s)
		}
		sh.stopLine = true
		close(sh.wake)
		sh.wake = make(chan struct{})
		return true
	case sh.on['i'] && (s == syscall.SIGTERM || s == syscall.SIGQUIT): // as an interactive shell does
		return true
	}
	return false
}

// deliver runs the traps of signals that have come. The status stays what it was.
func (sh *shell) deliver() {
	sh.p.Settle(sh.ctx)
	for sh.ctx.Err() == nil && sh.flow != exits {
		sh.mu.Lock()
		if len(sh.pending) == 0 {
			sh.mu.Unlock()
			return
		}
		s := sh.pending[0]
		sh.pending = sh.pending[1:]
		text := sh.traps[unix.SignalName(s)]
		sh.mu.Unlock()
		status := sh.status
		sh.runTrap(text)
		if sh.flow != exits {
			sh.status = status
		}
	}
}

// runTrap runs the text of a trap where the script stands.
func (sh *shell) runTrap(text string) {
	flow, count := sh.flow, sh.count
	sh.flow = goesOn
	sh.runText(text)
	if sh.flow != exits {
		sh.flow, sh.count = flow, count
	}
}

// signalled says whether a signal waits for its trap, and returns a channel that is closed when one does.
func (sh *shell) signalled() (syscall.Signal, <-chan struct{}) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if len(sh.pending) > 0 {
		return sh.pending[0], sh.wake
	}
	return 0, sh.wake
}

// trap is the builtin.
func trap(sh *shell, args []string) int {
	args = args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 || args[0] == "-p" {
		return sh.showTraps()
	}
	action, names := args[0], args[1:]
	if _, err := strconv.Atoi(action); err == nil || len(names) == 0 {
		action, names = "-", args
	}
	status := 0
	for _, name := range names {
		condition, ok := conditionName(name)
		if !ok {
			sh.errorf("%s: invalid signal specification", name)
			status = 1
			continue
		}
		sh.mu.Lock()
		if action == "-" {
			delete(sh.traps, condition)
		} else {
			sh.traps[condition] = action
		}
		sh.mu.Unlock()
		if s, ok := unix.SignalByName(name); ok && s != 0 {
			sh.p.Ignore(s, action == "")
		}
	}
	return status
}

func (sh *shell) showTraps() int {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(sh.traps)) {
		fmt.Fprintf(sh.writer(1), "trap -- %s %s\n", quote(sh.traps[name]), name)
	}
	return 0
}

// conditionName is EXIT or a signal's name without SIG.
func conditionName(name string) (string, bool) {
	if name == "0" || strings.EqualFold(name, "EXIT") {
		return "EXIT", true
	}
	s, ok := unix.SignalByName(name)
	return unix.SignalName(s), ok
}
