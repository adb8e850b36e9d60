package fake

import (
	"os"
	"os/signal"
	"testing"
	"testing/synctest"

	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
)

// Bubble runs a test in which time does not take time: [synctest.Test], with what client-go needs to work in it. Make
// the cluster inside; everything it does, and every client of it, sees the bubble's clock, which jumps ahead whenever
// all goroutines wait. Five minutes of CrashLoopBackOff pass at once. What is due at one instant happens in whatever order goroutines come to
// it; a cluster to which a [Seed] is given does it in the same order each time.
//
//	fake.Bubble(t, func(t *testing.T) {
//		c := fake.RunT(t)
//		...
//	})
//
// Rules of a bubble: no real sockets ([Cluster.Serve] cannot be used), nothing made outside it, and everything ends
// before fn returns: stop informers, and wait for them.
func Bubble(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, fn)
}

func init() {
	// What client-go reports by HandleError waits, by default, on a clock of the whole process. In a bubble, whose time
	// begins in the year 2000, that wait takes decades. The first handler logs; those after it only slow callers down.
	// It must be done here: later would be a race with the first cluster's clients.
	utilruntime.ErrorHandlers = utilruntime.ErrorHandlers[:1]

	// The first Notify of a process starts a goroutine for good. Inside a bubble that would be a goroutine that never
	// ends; so it is started here.
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	signal.Stop(ch)
}
