package sdk

import (
	"context"
	"errors"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// logFollower follows the log of one container through its instances until it has ended for good.
//
// The server does not say which instance an answer is of, and the pod's status comes later than the truth. So the follower goes by
// what it finds: the last line it read, in the present log or in the previous one. Found in the present log, nothing was missed;
// found in the previous one, the container restarted once, and the rest of that log comes first; in neither, there is a gap.
type logFollower struct {
	*logReader
	pod      *logPod
	existed  bool          // the pod was there, so that only what the options choose is wanted of the log it had
	looked   bool          // at its state
	instance int32         // the restart count of the instance that is being read, as far as is known
	suspect  bool          // the stream was not what it should have been: look before following again
	complete bool          // all was read up to now
	behindBy time.Duration // how far the clock of the node is behind ours, as lines show that come as they are written
	timed    bool          // behindBy is known
	shaken   bool          // something failed since the last line
	ahead    time.Time     // since when the log is known to be ahead of the status; zero if it is not
	answered bool          // the server gave what was asked for, be it that there is nothing new
}

// run returns nil when the container has ended for good, or nobody wants more.
func (f *logFollower) run(ctx context.Context) error {
	var p pause
	for {
		st, changed := f.pod.state(f.container)
		f.look(st)
		if st.gone {
			return f.farewell(ctx, st)
		}
		before := f.pos
		f.answered = false
		err := f.round(ctx, st, changed)
		switch {
		case f.pos != before:
			p.reset()
			f.shaken = false
		case f.answered:
			p.forgive()
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, errLeft), errors.Is(err, errLimit), errors.Is(err, errOver):
			return nil
		case errors.Is(err, errMissing), errors.Is(err, errStalled), errors.Is(err, errAhead):
			f.suspect, f.complete, f.shaken = true, false, f.shaken || errors.Is(err, errStalled)
			if f.pos != before {
				continue
			}
			err = p.rest(ctx, nil, changed)
		case err == nil && st.running && f.pos != before:
			continue // at once, to see that it was the end
		case err == nil && st.running:
			err = p.rest(ctx, nil, changed) // it has ended, or the stream has
		case err == nil:
			err = wait(ctx, changed)
		case apierrors.IsNotFound(err) || apierrors.IsBadRequest(err):
			err = p.rest(ctx, err, changed)
		case passing(err):
			f.complete, f.shaken = false, true
			err = p.rest(ctx, err, changed)
		}
		if err != nil {
			return err
		}
	}
}

var (
	errOver  = errors.New("the log has ended")
	errAhead = errors.New("the log is of an instance that the status does not know yet")
)

// statusTime is how long the status may be behind the log, before it is not waited for any more.
const statusTime = 5 * time.Second

func wait(ctx context.Context, changed <-chan struct{}) error {
	select {
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look learns from the first state what is wanted: of a container that runs already, the present log as the options say; of one
// that has yet to start, everything.
func (f *logFollower) look(st logState) {
	if f.looked {
		return
	}
	f.looked = true
	if f.existed && st.started {
		f.instance = st.restarts
		f.suspect = f.tail != nil // which only a read that ends can give
		return
	}
	f.tail = nil
}

// round reads what there is, and follows while the container runs.
func (f *logFollower) round(ctx context.Context, st logState, changed <-chan struct{}) error {
	if !st.started {
		if st.final {
			return errOver
		}
		return nil
	}
	if f.suspect || !st.running || st.restarts > f.instance {
		err := f.catchUp(ctx, st)
		if err == nil || f.pos.isSet() {
			f.tail = nil
		}
		if err != nil {
			return err
		}
		f.suspect, f.answered = false, true
		if st.final {
			return errOver
		}
	}
	if st.running {
		f.expect(st)
		if err := f.live(ctx, st, changed); err != nil {
			return err
		}
	}
	f.complete = true
	return nil
}

// farewell ends with a pod that is gone. Its log can be had no more, or only for a moment, and another pod may have its name.
func (f *logFollower) farewell(ctx context.Context, st logState) error {
	if f.complete && st.restarts <= f.instance || !st.started && !f.pod.blind() {
		return nil
	}
	if f.pos.isSet() && f.read(ctx, false, &gate{from: f.pos}, true) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.gap(GapGone, 0)
	return nil
}

// catchUp reads what there is, of instances that are over too.
func (f *logFollower) catchUp(ctx context.Context, st logState) error {
	if f.void {
		if st.restarts > f.instance {
			if err := f.missed(ctx, st); err != nil {
				return err
			}
		}
		f.expect(st)
		return f.read(ctx, false, f.gate(), !st.running)
	}
	if st.restarts > f.instance && !st.waiting {
		if err := f.read(ctx, true, f.gate(), true); err == nil {
			return f.turn(ctx, st)
		} else if !errors.Is(err, errMissing) && !apierrors.IsBadRequest(err) {
			return err
		}
	}
	switch err := f.read(ctx, false, f.gate(), !st.running); {
	case err == nil && st.restarts > f.instance:
		return f.overtaken(ctx, st)
	case !errors.Is(err, errMissing):
		return err
	}
	switch err := f.read(ctx, true, f.gate(), true); {
	case err == nil && st.restarts == f.instance && f.early():
		return errAhead // when the present instance began, the status will say
	case err == nil:
		return f.turn(ctx, st)
	case errors.Is(err, errMissing) || apierrors.IsBadRequest(err):
		if err := f.lose(ctx, st); err != nil {
			return err
		}
	default:
		return err
	}
	return f.readOn(ctx, st)
}

// early reports whether it is early yet for the status to know of a restart.
func (f *logFollower) early() bool {
	if f.ahead.IsZero() {
		f.ahead = time.Now()
	}
	return time.Since(f.ahead) < statusTime
}

// turn goes on to the present instance when the one before was read to its end.
func (f *logFollower) turn(ctx context.Context, st logState) error {
	f.ahead = time.Time{}
	f.instance = max(f.instance+1, st.restarts)
	return f.readOn(ctx, st)
}

// readOn reads the present log though it does not begin with the last line.
func (f *logFollower) readOn(ctx context.Context, st logState) error {
	f.void, f.complete = true, false
	f.expect(st)
	return f.read(ctx, false, f.gate(), !st.running)
}

// lateTime is how long after its beginning an instance may be read for the first time, without a doubt that all is there.
const lateTime = 3 * time.Second

// expect is expectFrom for the present instance. Where the status does not know of it yet, it began after the last line.
func (f *logFollower) expect(st logState) {
	since := st.instanceSince
	if st.restarts != f.instance {
		since = f.pos.time()
	}
	f.expectFrom(since)
}

// expectFrom says when the instance that is read next began. If something failed meanwhile, or the news came late, and its first line is
// of a later second, the log may have been rotated before anything of it was read; not so if that line was written only after reading
// began.
func (f *logFollower) expectFrom(since time.Time) {
	f.first = nil
	late := f.shaken || time.Since(since) > f.behindBy+lateTime
	if !late || !f.void || since.IsZero() || f.existed && !f.pos.isSet() {
		return
	}
	began := time.Now()
	f.first = func(at int64) bool {
		line := time.Unix(0, at)
		fresh := f.timed && line.Add(f.behindBy).After(began)
		return fresh || line.Before(since.Add(time.Second)) || f.gap(GapRotated, 0)
	}
}

// lose reports that the last line is nowhere, and reads what the previous log has beyond.
func (f *logFollower) lose(ctx context.Context, st logState) error {
	reason := GapRotated
	if st.restarts > f.instance+1 {
		reason = GapRestarted
	}
	if !f.gap(reason, int(max(0, f.unreachable(st)-1))) {
		return errLeft
	}
	f.instance, f.void = max(f.instance, st.restarts), true
	err := f.read(ctx, true, f.gate(), true)
	if apierrors.IsBadRequest(err) { // there is none
		return nil
	}
	return err
}

// unreachable is how many of the instances from the present one on the server has no log of, were none of them read.
func (f *logFollower) unreachable(st logState) int32 {
	oldest := st.restarts - 1
	if st.waiting {
		oldest = st.restarts
	}
	return max(0, oldest-f.instance)
}

// missed reads the log of the instance before, where nothing of it was read yet, and reports those before that.
func (f *logFollower) missed(ctx context.Context, st logState) error {
	if lost := f.unreachable(st); lost > 0 && !f.gap(GapRestarted, int(lost)) {
		return errLeft
	}
	if !st.waiting {
		f.expectFrom(st.previousSince)
		err := f.read(ctx, true, f.gate(), true)
		if err != nil && !apierrors.IsBadRequest(err) {
			return err
		}
		if err != nil && !f.gap(GapRestarted, 1) {
			return errLeft
		}
	}
	f.instance, f.void, f.complete = st.restarts, true, false
	return nil
}

// overtaken gives the lines of an instance that ran and ended unseen before the one that is being read: the status knew too late
// of the restart. They come late, but they come.
func (f *logFollower) overtaken(ctx context.Context, st logState) error {
	if f.existed && !f.floor.isSet() { // what was there at the beginning was read as the options say
		f.instance = st.restarts
		return nil
	}
	if lost := f.unreachable(st); lost > 0 && !f.gap(GapRestarted, int(lost)) {
		return errLeft
	}
	f.late = true
	defer func() { f.late = false }()
	err := f.read(ctx, true, &gate{from: f.floor, void: true}, true)
	if err != nil && !apierrors.IsBadRequest(err) {
		return err
	}
	f.instance = st.restarts
	return nil
}
