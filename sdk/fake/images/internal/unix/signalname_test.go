package unix

import (
	"syscall"
	"testing"
)

func TestSignalByName(t *testing.T) {
	for _, name := range []string{"TERM", "SIGTERM", "term", "15"} {
		if s, ok := SignalByName(name); !ok || s != syscall.SIGTERM {
			t.Errorf("%s is %v, %v", name, s, ok)
		}
	}
	for _, name := range []string{"", "NOPE", "-1", "65"} {
		if s, ok := SignalByName(name); ok {
			t.Errorf("%q is %v", name, s)
		}
	}
	for s := syscall.Signal(1); int(s) <= len(signalNames); s++ {
		if back, ok := SignalByName(SignalName(s)); !ok || back != s {
			t.Errorf("%d is %s, which is %d", s, SignalName(s), back)
		}
	}
}
