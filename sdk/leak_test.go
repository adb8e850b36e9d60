package sdk_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Most tests run in bubbles, which hold that each leaves no goroutine. TestMain holds it of the others, when all are done.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := goroutinesLeft(); code == 0 && len(left) > 0 {
		fmt.Printf("FAIL: %d goroutines are left:\n\n%s\n", len(left), strings.Join(left, "\n\n"))
		code = 1
	}
	os.Exit(code)
}

// endingGoroutines is how long goroutines may take to end that have been told to.
const endingGoroutines = 10 * time.Second

// goroutinesLeft returns the stacks of goroutines that do not end.
func goroutinesLeft() []string {
	deadline, tick := time.After(endingGoroutines), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		left := goroutines()
		if len(left) == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case <-deadline:
			return left
		}
	}
}

// goroutines returns the stacks of all but this one, and those that the process has for good.
func goroutines() []string {
	buffer := make([]byte, 1<<20)
	for {
		n := runtime.Stack(buffer, true)
		if n < len(buffer) {
			buffer = buffer[:n]
			break
		}
		buffer = make([]byte, 2*len(buffer))
	}
	stacks := strings.Split(strings.TrimSpace(string(buffer)), "\n\n")[1:]
	return slices.DeleteFunc(stacks, func(stack string) bool {
		return slices.ContainsFunc([]string{"os/signal.signal_recv", "os/signal.loop"}, func(name string) bool {
			return strings.Contains(stack, name)
		})
	})
}
