//go:build bench

package recommended

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// The least geometric means by which generated matchers must be faster than upstream's selectors, of maps and of words. Nobody
// looks a label up faster than Go's map does, so there is not more in the first.
const (
	mapTarget  = 1.5
	wordTarget = 50
)

// TestRatio measures a machine, so it is run by hand: go test -tags bench -run Ratio -v .
func TestRatio(t *testing.T) {
	var byMap, byWord float64
	fmt.Println("| selector | upstream | dynamic | generated | word |\n|---|---|---|---|---|")
	for _, r := range races {
		theirs, dynamic := r.parsed()
		ns := least(theirs, dynamic, r.generated, r.word)
		fmt.Printf("| %s `%s` | %.1f ns | %.1f ns (%.2fx) | %.1f ns (%.2fx) | %.2f ns (%.0fx) |\n",
			r.name, r.text, ns[0], ns[1], ns[0]/ns[1], ns[2], ns[0]/ns[2], ns[3], ns[0]/ns[3])
		byMap += math.Log(ns[0] / ns[2])
		byWord += math.Log(ns[0] / ns[3])
	}
	for _, target := range []struct {
		name       string
		got, least float64
	}{
		{"maps", math.Exp(byMap / float64(len(races))), mapTarget},
		{"words", math.Exp(byWord / float64(len(races))), wordTarget},
	} {
		fmt.Printf("%s: %.2fx of %.1fx\n", target.name, target.got, target.least)
		if target.got < target.least {
			t.Errorf("%s: %.2f times faster, target %.1f", target.name, target.got, target.least)
		}
	}
}

const (
	rounds = 100
	turn   = time.Millisecond / 2 // short, so that there are some in which nothing else runs
)

// least returns how many nanoseconds a question about one pod takes each, of many turns the best.
func least(contestants ...func() int) []float64 {
	best, times := make([]float64, len(contestants)), make([]int, len(contestants))
	for i, run := range contestants {
		best[i], times[i] = math.Inf(1), 1
		for took(run, times[i]) < turn {
			times[i] *= 2
		}
	}
	for range rounds {
		for i, run := range contestants {
			best[i] = min(best[i], float64(took(run, times[i]))/float64(times[i])/crowdSize)
		}
	}
	return best
}

func took(run func() int, n int) time.Duration {
	start := time.Now()
	for range n {
		hits = run()
	}
	return time.Since(start)
}
