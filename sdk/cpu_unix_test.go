//go:build unix

package sdk_test

import (
	"syscall"
	"time"
)

// cpuTime is what the process has had of processors, which a benchmark on a shared machine can be trusted with more than with time.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
