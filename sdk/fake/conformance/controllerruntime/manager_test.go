package controllerruntime

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

// A manager runs what was added to it, once its caches are in step, until its context ends.
func TestManager(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		_, err := m.GetCache().GetInformer(w.ctx, &corev1.Pod{})
		ok(w.t, err)
		ran, left := make(chan error, 1), make(chan struct{})
		ok(w.t, m.Add(manager.RunnableFunc(func(ctx context.Context) error {
			defer close(left)
			ran <- m.GetClient().List(ctx, &corev1.PodList{})
			<-ctx.Done()
			return nil
		})))
		p := w.start(m)
		ok(w.t, receive(w, ran, "the runnable"))
		ok(w.t, p.stop())
		<-left
	}, fake.APIOnly())
}

// The error of a part ends the manager, and is what Start answers.
func TestManagerEndsWithItsParts(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		m := w.manager(ctrl.Options{})
		broken := errors.New("broken")
		ok(w.t, m.Add(manager.RunnableFunc(func(context.Context) error { return broken })))
		p := w.start(m)
		receive(w, p.ended, "the end")
		if err := p.stop(); !errors.Is(err, broken) {
			w.t.Errorf("Start answers %v, want the part's error", err)
		}
	}, fake.APIOnly())
}

// A kind that the server does not have is known by its error, as where the CRD is not installed.
func TestMissingKind(t *testing.T) {
	t.Parallel()
	eachWay(t, func(w *world) {
		err := w.manager(ctrl.Options{}).GetClient().Create(w.ctx, newUnstructured("sites.example.com/v1", "Site", "a"))
		if !meta.IsNoMatchError(err) {
			w.t.Errorf("create: %v, want no match", err)
		}
	}, fake.APIOnly())
}

// When a manager's context has ended and the cluster is closed, no goroutine of either is left. The test is not parallel,
// so that nothing else of the kind is alive.
func TestNothingIsLeft(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			t.Run("life", func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				c := fake.RunT(t)
				w := &world{c, t, ctx, way.config(t, c), journal(t)}
				m := w.manager(ctrl.Options{LeaderElection: true, LeaderElectionID: "left", LeaderElectionNamespace: "default", LeaderElectionReleaseOnCancel: true})
				seen := make(chan struct{}, 100)
				ok(t, ctrl.NewControllerManagedBy(m).For(&corev1.Namespace{}).Named("left").
					Complete(reconcile.Func(func(_ context.Context, r reconcile.Request) (reconcile.Result, error) {
						m.GetEventRecorderFor("left").Eventf(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: r.Name}}, "Normal", "Seen", "%s", r.Name)
						seen <- struct{}{}
						return reconcile.Result{RequeueAfter: time.Hour}, nil
					})))
				w.start(m)
				receive(w, seen, "a reconcile")
			})
			if left := goroutinesLeft(t); left != "" {
				t.Errorf("goroutines are left:\n%s", left)
			}
		})
	}
}

// goroutinesLeft returns the stacks of goroutines that belong to a manager, to client-go or to a cluster. One that has
// done its last deed is counted until the runtime has buried it, so those that are left get time to go.
func goroutinesLeft(t *testing.T) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
		if left := goroutinesOf(t, "sigs.k8s.io/controller-runtime/", "k8s.io/client-go/", "podwright-cluster"); left == "" || time.Now().After(deadline) {
			return left
		}
	}
}

func goroutinesOf(t *testing.T, marks ...string) string {
	t.Helper()
	var b bytes.Buffer
	ok(t, pprof.Lookup("goroutine").WriteTo(&b, 1))
	var left []string
	for stack := range strings.SplitSeq(b.String(), "\n\n") {
		for _, mark := range marks {
			if strings.Contains(stack, mark) {
				left = append(left, stack)
				break
			}
		}
	}
	return strings.Join(left, "\n\n")
}
