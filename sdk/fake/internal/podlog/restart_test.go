package podlog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// However many runs of a container there are at one instant, the stamps of their lines tell their order.
func TestStampsIncreaseOverRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all bytes.Buffer
		var last *Log
		for run := range 3 {
			l := New(Options{})
			l.After(last)
			for line := range 2 {
				fmt.Fprintf(l.Stdout(), "run %d line %d\n", run, line)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := l.WriteTo(&all); err != nil {
				t.Fatal(err)
			}
			last = l
		}
		var stamps []string
		for line := range strings.Lines(all.String()) {
			stamps = append(stamps, line[:stampEnd])
		}
		if distinct := slices.Compact(slices.Sorted(slices.Values(stamps))); len(stamps) != 6 || !slices.Equal(stamps, distinct) {
			t.Errorf("stamps do not increase:\n%s", &all)
		}
	})
}
