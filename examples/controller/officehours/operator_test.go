package officehours

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/log"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

func init() { log.SetLogger(logr.Discard()) }

// town is a cluster on the first of January 2000, a Saturday, which begins at midnight UTC.
type town struct {
	*fake.Cluster
	t      *testing.T
	client *sdk.Client
}

// inTown runs a test in virtual time.
func inTown(t *testing.T, test func(*town)) {
	t.Helper()
	t.Parallel()
	fake.Bubble(t, func(t *testing.T) {
		c := fake.RunT(t, fake.UnknownImages(fake.Pause))
		test(&town{c, t, c.Client()})
	})
}

// work runs the operator until the test's end or until it is told to stop.
func (c *town) work() (stop func()) {
	c.t.Helper()
	m, err := ctrl.NewManager(c.RESTConfig(), ctrl.Options{Metrics: metricsserver.Options{BindAddress: "0"}, Controller: config.Controller{SkipNameValidation: new(true)}})
	c.ok(err)
	c.ok(AddTo(m))
	ctx, cancel := context.WithCancel(c.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- m.Start(ctx) }()
	c.pass(time.Second) // its caches sync: a manager that is stopped before that spins, and time stands still
	stop = func() {
		cancel()
		c.ok(<-ended)
		ended <- nil // for who stops it again
	}
	c.t.Cleanup(stop)
	return stop
}

// pass lets time pass, and waits until all that it brings has happened.
func (c *town) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// until lets time pass until a time of the day.
func (c *town) until(hour time.Duration) {
	d := hour*time.Hour - sinceMidnight(time.Now())
	if d <= 0 {
		d += day
	}
	c.pass(d)
}

// open makes a controller of two pods with the given hours.
func (c *town) open(name, hours string) *corev1.ReplicationController {
	c.t.Helper()
	pod := builders.Pod("").Label("app", name).Containers(builders.Container("main", "shop:1"))
	rc := builders.ReplicationController(name).Replicas(2).Template(pod).Annotation(Open, hours).MustBuild()
	c.ok(c.client.Create(c.t.Context(), rc))
	c.pass(time.Minute)
	return rc
}

// pods fails the test unless so many pods are ready, and there are no others.
func (c *town) pods(want int) {
	c.t.Helper()
	var list corev1.PodList
	c.ok(c.client.List(c.t.Context(), &list))
	ready := 0
	for _, pod := range list.Items {
		if pod.Status.Phase == corev1.PodRunning && pod.DeletionTimestamp == nil {
			ready++
		}
	}
	if ready != want || len(list.Items) != want {
		c.t.Errorf("%v: %d of %d pods run, want %d", time.Now().UTC().Format("Mon 15:04"), ready, len(list.Items), want)
	}
}

// timetable fails the test unless the timetable holds exactly this.
func (c *town) timetable(want map[string]string) {
	c.t.Helper()
	cm := &corev1.ConfigMap{}
	c.ok(c.client.Get(c.t.Context(), Timetable, cm))
	if d := cmp.Diff(want, cm.Data); d != "" {
		c.t.Errorf("%v: timetable (-want +got):\n%s", time.Now().UTC().Format("Mon 15:04"), d)
	}
}

func (c *town) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// A shop has pods in its hours and none outside, day after day.
func TestDays(t *testing.T) {
	inTown(t, func(c *town) {
		c.work()
		c.open("shop", "08:00-18:00")
		for range 3 {
			c.until(7)
			c.pods(0)
			c.until(9)
			c.pods(2)
			c.until(19)
			c.pods(0)
		}
	})
}

// The timetable says who is open and until when, in words, one entry a controller; what is changed in it is put right.
func TestTimetable(t *testing.T) {
	inTown(t, func(c *town) {
		c.work()
		c.open("bar", "18:00-02:00")
		c.open("kiosk", "00:00-24:00")
		c.open("shop", "8-18")
		want := map[string]string{
			"bar":   "open, closes Sat 02:00",
			"kiosk": "open",
			"shop":  `cannot read hours "8-18": "8" is not a time; give hh:mm`,
		}
		c.timetable(want)
		c.ok(c.client.Delete(c.t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: Timetable}}))
		c.pass(time.Minute)
		c.timetable(want)
		c.until(3)
		want["bar"] = "closed, opens Sat 18:00"
		c.timetable(want)
	})
}

// Who scales a closed shop decides what it has in the morning.
func TestScaledAtNight(t *testing.T) {
	inTown(t, func(c *town) {
		c.work()
		shop := c.open("shop", "08:00-18:00")
		c.ok(c.client.Scale(c.t.Context(), shop, 3))
		c.pass(time.Minute)
		c.pods(0)
		c.until(9)
		c.pods(3)
	})
}

// An operator that comes back does what is to be done by then, with what was noted before. Meanwhile pods are healed, but
// by Kubernetes itself.
func TestRestart(t *testing.T) {
	inTown(t, func(c *town) {
		stop := c.work()
		c.open("shop", "08:00-18:00")
		c.until(9)
		stop()
		var list corev1.PodList
		c.ok(c.client.List(c.t.Context(), &list))
		c.ok(c.client.Delete(c.t.Context(), &list.Items[0]))
		c.until(20)
		c.pods(2) // nobody sent them home
		stop = c.work()
		c.pass(time.Minute)
		c.pods(0)
		stop()
		c.until(9)
		c.pods(0)
		c.work()
		c.pass(time.Minute)
		c.pods(2)
	})
}

// A deleted shop goes when it is off the timetable, which it cannot be while nobody works.
func TestDelete(t *testing.T) {
	inTown(t, func(c *town) {
		stop := c.work()
		shop := c.open("shop", "08:00-18:00")
		c.open("bar", "18:00-02:00")
		stop()
		c.ok(c.client.Delete(c.t.Context(), shop))
		c.pass(time.Hour)
		c.ok(c.client.Get(c.t.Context(), "shop", shop))
		if shop.DeletionTimestamp == nil {
			t.Error("the shop is not being deleted")
		}
		c.work()
		c.ok(c.client.Wait(c.t.Context(), shop, sdk.Deleted()))
		c.timetable(map[string]string{"bar": "open, closes Sat 02:00"})
	})
}

// A shop that gives up its hours has its pods back, and is off the timetable.
func TestNoHours(t *testing.T) {
	inTown(t, func(c *town) {
		c.work()
		shop := c.open("shop", "08:00-18:00")
		c.pods(0)
		c.ok(c.client.Annotate(c.t.Context(), shop, nil, sdk.Remove(Open)))
		c.pass(time.Minute)
		c.pods(2)
		c.timetable(nil)
		c.ok(c.client.Get(c.t.Context(), "shop", shop))
		if d := cmp.Diff([]string(nil), shop.Finalizers); d != "" {
			t.Errorf("finalizers (-want +got):\n%s", d)
		}
	})
}
