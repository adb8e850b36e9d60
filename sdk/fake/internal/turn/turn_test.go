package turn_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake/internal/turn"
)

// Whoever is woken at the same instant acts in the order of turns, each after all that happened before.
func TestTurnsComeInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const parts, rounds = 20, 5
		var mu sync.Mutex
		var order []int
		var running sync.WaitGroup
		for n := parts; n > 0; n-- {
			running.Go(func() {
				for range rounds {
					turn.Number(n).Wait(nil)
					mu.Lock()
					order = append(order, n)
					mu.Unlock()
				}
			})
		}
		running.Wait()
		for i, round := range slices.Collect(slices.Chunk(order, parts)) {
			if !slices.IsSorted(round) {
				t.Errorf("round %d went %v", i, round)
			}
		}
	})
}

func TestWait(t *testing.T) {
	for _, tc := range []struct {
		name   string
		turn   turn.Turn
		passed time.Duration // of the round, before the wait
		want   time.Duration
	}{
		{"no turn is now", turn.Turn{}, 5, 0},
		{"number 0 is no turn", turn.Number(0), 5, 0},
		{"a turn to come", turn.Number(7), 5, 2},
		{"a turn that has passed comes in the next round", turn.Number(7), 8, 999},
		{"the instant of the turn itself has passed", turn.Number(7), 7, 1000},
		{"a turn after another", turn.Number(7).After(3), 5, 5},
		{"after no turn is none", turn.Turn{}.After(3), 5, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				<-time.After(tc.passed)
				began := time.Now()
				if !tc.turn.Wait(nil) {
					t.Error("it was stopped")
				}
				if got := time.Since(began); got != tc.want {
					t.Errorf("waited %d ns, want %d", got, tc.want)
				}
			})
		})
	}
}

func TestWaitIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(turn.With(t.Context(), turn.Number(7)))
		cancel()
		if turn.Of(ctx).Wait(ctx.Done()) {
			t.Error("the turn came")
		}
		if !turn.Of(t.Context()).Wait(ctx.Done()) {
			t.Error("who has no turn was stopped")
		}
	})
}
