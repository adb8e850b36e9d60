//go:build !race

package sdk_test

import (
	"io"
	"net"
	"runtime"
	"testing"

	"k8s.io/client-go/rest"
)

// allocated is what f allocates: so many bytes in so many pieces. It is without the race detector, with which pools forget.
func allocated(f func()) (bytes, pieces uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// TestCostOfForward holds that what goes through a forward is not copied into memory of its own each time: with client-go, it is once.
func TestCostOfForward(t *testing.T) {
	const megabytes = 20
	config := served(t)
	cost := func(open func(testing.TB, *rest.Config) (string, func())) uint64 {
		addr, end := open(t, config)
		defer end()
		conn, err := net.Dial("tcp", addr)
		ok(t, err)
		defer conn.Close()
		bytes, _ := allocated(func() {
			for range megabytes {
				_, err := conn.Write([]byte("x"))
				ok(t, err)
				_, err = io.CopyN(io.Discard, conn, 1<<20)
				ok(t, err)
			}
		})
		return bytes
	}
	ours, theirs := cost(ours), cost(theirs)
	t.Logf("%d MiB took %d bytes, with client-go %d", megabytes, ours, theirs)
	if ours > theirs/2 {
		t.Errorf("a forward allocates %d bytes, client-go %d", ours, theirs)
	}
}

// TestCostOfFollow holds that lines are not allocated one by one, as a Scanner's text is.
func TestCostOfFollow(t *testing.T) {
	config := canned(servedTalker(t), benchLines)
	_, ours := allocated(func() { ok(t, followOurs(t.Context(), config)) })
	_, theirs := allocated(func() { ok(t, followTheirs(t.Context(), config)) })
	t.Logf("%d lines took %d allocations, with client-go %d", benchLines, ours, theirs)
	if ours > theirs/10 {
		t.Errorf("following makes %d allocations, with client-go %d", ours, theirs)
	}
}
