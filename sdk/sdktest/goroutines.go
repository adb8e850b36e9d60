package sdktest

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// goroutines watches over those that tests start.
type goroutines struct {
	t    *testing.T
	mark string
}

// goroutineLabel marks the goroutines of a run, and all that those start, in goroutine profiles.
const goroutineLabel = "podwright-sdktest"

// watchGoroutines marks the test's goroutine until its end.
func watchGoroutines(t *testing.T) goroutines {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels(goroutineLabel, t.Name())))
	t.Cleanup(func() { pprof.SetGoroutineLabels(context.Background()) })
	return goroutines{t, `"` + goroutineLabel + `":"` + t.Name() + `"`}
}

// ours begins the names of functions of package sdk, and of no other below it.
const ours = "podwright/podwright/sdk."

// check fails the test if goroutines of package sdk stay: a few may be on their way out.
func (g goroutines) check(patience time.Duration) {
	g.t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	late := time.NewTimer(min(patience, 10*time.Second))
	defer late.Stop()
	for {
		left := g.left()
		if len(left) == 0 {
			return
		}
		select {
		case <-again.C:
		case <-late.C:
			g.t.Errorf("goroutines of package sdk are left:\n%s", strings.Join(left, "\n\n"))
			return
		}
	}
}

// left returns the stacks of the goroutines that are in package sdk.
func (g goroutines) left() []string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return []string{err.Error()}
	}
	var left []string
	for _, stack := range strings.Split(profile.String(), "\n\n") {
		if strings.Contains(stack, g.mark) && strings.Contains(stack, ours) {
			left = append(left, stack)
		}
	}
	return left
}
