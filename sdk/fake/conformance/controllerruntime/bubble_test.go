package controllerruntime

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
)

// pass lets time pass, and waits until all that it brings has happened.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// The life of a site takes no time in a bubble, and needs none.
func TestReconcilerInABubble(t *testing.T) {
	bubble(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		ok(w.t, (&sites{}).addTo(m))
		w.start(m)
		livesAndDies(w)
	}, withoutControllers)
}

// A reconciler that wants to be called again each hour is called 24 times in a day, which takes no time. Meanwhile its
// watches end and begin anew some hundred times.
func TestRequeueAfterInABubble(t *testing.T) {
	bubble(t, func(w *world) {
		m := w.manager(ctrl.Options{Cache: cache.Options{SyncPeriod: new(1000 * time.Hour)}})
		s := &sites{period: time.Hour, looked: make(chan types.NamespacedName, 1000)}
		ok(w.t, s.addTo(m))
		w.start(m)
		ok(w.t, w.client().Create(w.ctx, controller("site", 1)))
		pass(time.Minute)
		settled := len(s.looked)
		pass(24 * time.Hour)
		equal(w.t, 24, len(s.looked)-settled)
	}, withoutControllers)
}

// An error is retried with a back-off that doubles from 5 ms, as on a real clock.
func TestBackOffInABubble(t *testing.T) {
	bubble(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		var calls []time.Time
		ok(w.t, ctrl.NewControllerManagedBy(m).Named("back-off").For(&corev1.Node{}).Complete(reconcilerFunc(func(ctrl.Request) (ctrl.Result, error) {
			calls = append(calls, time.Now())
			return ctrl.Result{}, errNotYet
		})))
		p := w.start(m)
		pass(time.Second)
		ok(w.t, p.stop())
		var waits []time.Duration
		for i := range calls[1:] {
			waits = append(waits, calls[i+1].Sub(calls[i]))
		}
		ms := time.Millisecond
		equal(w.t, []time.Duration{5 * ms, 10 * ms, 20 * ms, 40 * ms, 80 * ms, 160 * ms, 320 * ms}, waits)
	}, fake.APIOnly())
}

// The usual times of leader election: a lease lasts 15 seconds, is renewed every two, given up after ten, and those who
// want it try every two to four and a half. So a leader that lets go is followed at the next try, one that has
// vanished when its lease has run out, and one that cannot renew ends when its deadline has passed.
func TestLeaderElectionInABubble(t *testing.T) {
	for _, tc := range []struct {
		name    string
		release bool
		within  [2]time.Duration
	}{
		{"the first lets go", true, [2]time.Duration{0, 5 * time.Second}},
		{"the first is gone", false, [2]time.Duration{12 * time.Second, 24 * time.Second}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bubble(t, func(w *world) {
				first := w.usualCandidate(tc.release)
				p := w.start(first)
				receive(w, first.Elected(), "the first's election")
				second := w.usualCandidate(true)
				w.start(second)
				pass(time.Hour)
				select {
				case <-second.Elected():
					w.t.Error("both lead")
				default:
				}
				if renewed := time.Since(w.lease().Spec.RenewTime.Time); renewed > 3*time.Second {
					w.t.Errorf("the lease was renewed %v ago", renewed)
				}
				ok(w.t, p.stop())
				began := time.Now()
				receive(w, second.Elected(), "the second's election")
				if took := time.Since(began); took < tc.within[0] || took > tc.within[1] {
					w.t.Errorf("the second leads after %v, want %v", took, tc.within)
				}
			}, fake.APIOnly())
		})
	}
}

func TestLostLeaseInABubble(t *testing.T) {
	bubble(t, func(w *world) {
		m := w.usualCandidate(false)
		p := w.start(m)
		receive(w, m.Elected(), "the election")
		w.take("somebody else", time.Hour)
		began := time.Now()
		receive(w, p.ended, "the manager's end")
		if took := time.Since(began); took < 10*time.Second || took > 15*time.Second {
			w.t.Errorf("the manager ended after %v", took)
		}
		if err := p.stop(); err == nil || !strings.Contains(err.Error(), "leader election lost") {
			w.t.Errorf("Start answers %v", err)
		}
	}, fake.APIOnly())
}

func (w *world) usualCandidate(release bool) ctrl.Manager {
	w.t.Helper()
	return w.manager(ctrl.Options{
		LeaderElection: true, LeaderElectionID: "sites", LeaderElectionNamespace: "default", LeaderElectionReleaseOnCancel: release,
	})
}
