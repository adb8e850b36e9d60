package controllerruntime

import (
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// candidate is a manager that wants to lead. Its lease lasts a second, which is the shortest that the API knows.
func (w *world) candidate(release bool) ctrl.Manager {
	w.t.Helper()
	return w.manager(ctrl.Options{
		LeaderElection: true, LeaderElectionID: "sites", LeaderElectionNamespace: "default", LeaderElectionReleaseOnCancel: release,
		LeaseDuration: new(time.Second), RenewDeadline: new(500 * time.Millisecond), RetryPeriod: new(50 * time.Millisecond),
	})
}

// Of two managers one leads. When it stops the other takes over: at once if the first lets go, else when its lease has
// run out.
func TestLeaderElection(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		release bool
	}{{"the first lets go", true}, {"the first is gone", false}} {
		t.Run(tc.name, func(t *testing.T) {
			eachWay(t, func(w *world) {
				first := w.candidate(tc.release)
				p := w.start(first)
				receive(w, first.Elected(), "the first's election")
				holder := w.lease().Spec.HolderIdentity
				second := w.candidate(true)
				w.start(second)
				select {
				case <-second.Elected():
					w.t.Error("both lead")
				default:
				}
				ok(w.t, p.stop())
				receive(w, second.Elected(), "the second's election")
				lease := w.lease()
				if *lease.Spec.HolderIdentity == *holder || *lease.Spec.LeaseTransitions == 0 {
					w.t.Errorf("lease %+v, held by %s before", lease.Spec, *holder)
				}
			}, fake.APIOnly())
		})
	}
}

// A manager that has lost its lease to another ends.
func TestLostLease(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.candidate(false)
		p := w.start(m)
		receive(w, m.Elected(), "the election")
		w.take("somebody else", time.Hour)
		receive(w, p.ended, "the manager's end")
		if err := p.stop(); err == nil || !strings.Contains(err.Error(), "leader election lost") {
			w.t.Errorf("Start answers %v", err)
		}
	}, fake.APIOnly())
}

func (w *world) lease() *coordinationv1.Lease {
	w.t.Helper()
	lease := &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "sites"}}
	ok(w.t, w.client().Get(w.ctx, client.ObjectKeyFromObject(lease), lease))
	return lease
}

// take makes another the holder of the lease.
func (w *world) take(holder string, d time.Duration) {
	w.t.Helper()
	lease := w.lease()
	before := lease.DeepCopy()
	lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds = &holder, new(int32(d.Seconds()))
	lease.Spec.RenewTime = new(metav1.NowMicro())
	ok(w.t, w.client().Patch(w.ctx, lease, client.MergeFrom(before)))
}
