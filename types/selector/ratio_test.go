//go:build bench && linux

package selector

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// targets are how many times less of the processor than upstream each group must take, as the geometric mean of its
// races, and how often it may allocate in each.
var targets = []struct {
	group  string
	ratio  float64
	allocs float64
}{
	{groupParse, 25, 1},
	{groupReused, 45, 0},
	{groupBoth, 30, 0},
	{groupConvert, 10, 2},
	{groupSet, 1.7, 1},
	{groupString, 5, 1},
	{groupNames, 20, 0},
	{groupMatch, 1.2, 0},
}

// TestRatio runs upstream and this package in turns and prints the table of README.md. It measures a machine, so it is run by
// hand: go test -tags bench -run Ratio -v .
func TestRatio(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	logs, counts := map[string]float64{}, map[string]float64{}
	allocs := map[string]float64{}
	fmt.Println("| what | upstream | here | ratio | allocations |\n|---|---|---|---|---|")
	for _, r := range races() {
		theirs, ours := compete(r)
		n, m := perRun(r.theirs), perRun(r.ours)
		fmt.Printf("| %s: %s | %.1f ns | %.1f ns | %.1fx | %.0f → %.0f |\n", r.group, r.name, theirs, ours, theirs/ours, n, m)
		logs[r.group] += math.Log(theirs / ours)
		counts[r.group]++
		allocs[r.group] = max(allocs[r.group], m)
	}
	for _, target := range targets {
		ratio := math.Exp(logs[target.group] / counts[target.group])
		fmt.Printf("%s: %.2fx of %.1fx, at most %.0f allocations\n", target.group, ratio, target.ratio, allocs[target.group])
		if ratio < target.ratio || allocs[target.group] > target.allocs {
			t.Errorf("%s: %.2f times faster, target %.1f; %.0f allocations, target %.0f",
				target.group, ratio, target.ratio, allocs[target.group], target.allocs)
		}
	}
}

const (
	rounds = 40
	slice  = time.Millisecond // of processor time, for one measurement
)

// compete returns the nanoseconds that either side takes, the least of some rounds.
func compete(r race) (theirs, ours float64) {
	theirs, ours = math.Inf(1), math.Inf(1)
	n, m := calibrate(r.theirs), calibrate(r.ours)
	for range rounds {
		theirs = min(theirs, float64(timed(r.theirs, n))/float64(n))
		ours = min(ours, float64(timed(r.ours, m))/float64(m))
	}
	return theirs, ours
}

// calibrate finds how often run must run to take a slice of time.
func calibrate(run func(int)) int {
	for n := 100; ; n *= 2 {
		if timed(run, n) > slice {
			return n
		}
	}
}

// timed starts with a clean heap, so that no measurement pays for the garbage of another.
func timed(run func(int), n int) time.Duration {
	runtime.GC()
	before := threadTime()
	run(n)
	return threadTime() - before
}

// threadTime is the processor time of this thread, which the neighbours on a shared machine do not lengthen.
func threadTime() time.Duration {
	const clock = 3 // CLOCK_THREAD_CPUTIME_ID, which package syscall does not name
	var now syscall.Timespec
	if _, _, err := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&now)), 0); err != 0 {
		panic(err)
	}
	return time.Duration(now.Nano())
}

func perRun(run func(int)) float64 {
	return testing.AllocsPerRun(100, func() { run(1) })
}
