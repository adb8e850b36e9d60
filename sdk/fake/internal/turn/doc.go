// Package turn gives the parts of a cluster turns, so that what they do comes in the same order in every run of a test in a bubble.
//
// In a bubble of testing/synctest time moves on only when nobody has anything left to do. So all that is due at one instant happens at
// once, in whatever order goroutines come to it. A part that waits for its [Turn] before it acts does so at an instant of its own, the
// same number of nanoseconds into a microsecond each time: whatever happened before it is over by then, and no part with another turn
// acts at the same time.
//
// The one thing people get wrong: a turn is not a lock. Any number of goroutines have the same turn, and they act at the same time; what
// they do must not depend on each other. Nor does it order anything outside a bubble, where it is a pause of at most a microsecond.
//
//	ctx = turn.With(ctx, turn.Number(7))
//	...
//	if turn.Of(ctx).Wait(ctx.Done()) {
//		act()
//	}
package turn
