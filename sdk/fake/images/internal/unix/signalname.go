package unix

import (
	"strconv"
	"strings"
	"syscall"
)

// signalNames are the names of Linux's signals, by number, without SIG.
var signalNames = strings.Fields("HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP " +
	"TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH POLL PWR SYS")

// Signals that not every system which runs tests has, by their numbers on Linux.
const (
	SIGUSR1  = syscall.Signal(10)
	SIGWINCH = syscall.Signal(28)
)

// SignalName is TERM for SIGTERM, and the number of a signal without a name.
func SignalName(s syscall.Signal) string {
	if s >= 1 && int(s) <= len(signalNames) {
		return signalNames[s-1]
	}
	return strconv.Itoa(int(s))
}

// SignalByName reads TERM, SIGTERM, term or 15.
func SignalByName(name string) (syscall.Signal, bool) {
	if n, err := strconv.Atoi(name); err == nil {
		return syscall.Signal(n), n >= 0 && n <= 64
	}
	name = strings.TrimPrefix(strings.ToUpper(name), "SIG")
	for i, known := range signalNames {
		if known == name || name == "IO" && known == "POLL" {
			return syscall.Signal(i + 1), true
		}
	}
	return 0, false
}

// SignalNames lists them in the order of their numbers, from 1.
func SignalNames() []string { return append([]string(nil), signalNames...) }
