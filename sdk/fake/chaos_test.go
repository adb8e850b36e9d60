package fake_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// storm is a cluster under load whose containers are killed at random.
type storm struct {
	*testing.T
	c      *fake.Cluster
	client *sdk.Client
	seed   uint64
	dice   *rand.Rand    // of who kills
	tick   time.Duration // how often everybody does something
	book   *ledger
	// collected is what the log of all members is for a client.
	collected *collector

	programs sync.WaitGroup // goroutines that members have started
	clients  sync.WaitGroup
}

// Containers are killed at random under load, and at the end everything is accounted for: each line, each end, each listener, connection
// and goroutine. In real time, PODWRIGHT_CHAOS is for how long.
func TestChaos(t *testing.T) {
	length, seed := chaosAsked(t)
	s := chaos(t, seed, length, 20*time.Millisecond, fake.Seed(seed))
	s.report()
	if left := clusterGoroutines(t); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
}

// The same in virtual time, where it is for sure that who reads logs has come to their ends, and with and without an order of what happens
// at the same moment.
func TestChaosInVirtualTime(t *testing.T) {
	_, seed := chaosAsked(t)
	for length, opts := range map[time.Duration][]fake.Option{time.Minute: {fake.Seed(seed)}, time.Hour: nil} {
		t.Run(length.String(), func(t *testing.T) {
			fake.Bubble(t, func(t *testing.T) { // which fails if a goroutine is left
				s := chaos(t, seed, length, length/240, opts...)
				s.collected.balance()
				s.report()
			})
		})
	}
}

// chaosAsked reads PODWRIGHT_CHAOS: for how long, and the seed of a run that has failed: 60s or 60s/7.
func chaosAsked(t *testing.T) (length time.Duration, seed uint64) {
	t.Helper()
	asked, again, repeat := strings.Cut(os.Getenv("PODWRIGHT_CHAOS"), "/")
	if asked == "" {
		return 3 * time.Second, 1
	}
	length, err := time.ParseDuration(asked)
	if seed = rand.Uint64(); repeat && err == nil {
		seed, err = strconv.ParseUint(again, 10, 64)
	}
	if err != nil {
		t.Fatalf("PODWRIGHT_CHAOS: %v", err)
	}
	return length, seed
}

// chaos is the whole storm.
func chaos(t *testing.T, seed uint64, length, tick time.Duration, opts ...fake.Option) *storm {
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to repeat it: PODWRIGHT_CHAOS=%v/%d", length, seed)
		}
	})
	book := newLedger()
	c, err := fake.Start(append(opts, fake.Nodes(3), fake.LogSink(book.sinks), fake.LogRotation(256<<10, 0, 2))...)
	if err != nil {
		t.Fatal(err)
	}
	s := &storm{T: t, c: c, client: c.Client(), seed: seed, dice: rand.New(rand.NewPCG(seed, 0)), tick: tick, book: book}
	t.Cleanup(func() { _ = c.Close() }) // if it does not come to its end
	s.collected = &collector{s: s, next: map[string]int{}, gaps: map[string]bool{}}
	c.HandleFunc("member", s.member, fake.Exec(fake.ProgramFunc(command)))
	s.rage(length)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	s.programs.Wait()
	book.balance()
	return s
}

// report fails the test if something does not add up, and says what there was.
func (s *storm) report() {
	for _, problem := range s.book.problems {
		s.Error(problem)
	}
	for _, what := range slices.Sorted(maps.Keys(s.book.counts)) {
		s.Logf("%7d %s", s.book.counts[what], what)
	}
	s.Logf("%7d runs", len(s.book.lives))
}

// rage lets the cluster live through the storm, and wants it to settle and to become empty.
func (s *storm) rage(length time.Duration) {
	listeners, ends := s.c.Open() // of the API server
	ctx, cancel := context.WithTimeout(s.Context(), length+time.Hour)
	defer cancel()
	loaded, calm := context.WithCancel(ctx)
	watching, watched := context.WithCancel(ctx)
	defer func() {
		calm()
		s.clients.Wait()
		watched()
	}()
	seen := s.watch(watching)
	s.clients.Go(func() { s.collect(loaded) })
	kinds := []sdk.Object{s.controller("singles", 4, "a"), s.controller("pairs", 3, "a", "b")}
	members := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "members"}, Spec: corev1.ServiceSpec{
		Selector: map[string]string{"app": "member"}, Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromInt32(8080)}},
	}}
	for _, obj := range append(kinds, members) {
		s.must(s.client.Create(ctx, obj))
	}
	s.settle(ctx)
	s.startLoad(loaded)
	s.kill(ctx, length)
	s.settle(ctx)
	s.empty(ctx, kinds)
	s.pause(ctx.Done()) // for who reads logs
	calm()
	s.clients.Wait()
	s.must(s.client.Create(ctx, &corev1.Pod{ // the last thing to see
		ObjectMeta: metav1.ObjectMeta{Name: "end"},
		Spec:       corev1.PodSpec{NodeName: "nowhere", Containers: []corev1.Container{{Name: "c", Image: "member"}}},
	}))
	<-seen
	s.until(ctx, "as few listeners and ends of connections are open as at first", func() string {
		l, e := s.c.Open()
		return cmp.Diff([]int{listeners, ends}, []int{l, e})
	})
}

func (s *storm) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// watch enters all statuses of pods, and returns a channel that is closed when it has seen the end.
func (s *storm) watch(ctx context.Context) <-chan struct{} {
	seen := make(chan struct{})
	go func() {
		defer close(seen)
		for e, err := range s.client.Watch(ctx, &corev1.PodList{}) {
			if err != nil {
				s.book.note("watch pods: %v", err)
				return
			}
			pod := e.Object.(*corev1.Pod)
			if pod.Name == "end" {
				return
			}
			s.book.sees(pod)
		}
	}()
	return seen
}

// until waits for a condition, which says what is not so yet.
func (s *storm) until(ctx context.Context, what string, missing func() string) {
	s.Helper()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	for {
		why := missing()
		if why == "" {
			return
		}
		if !s.pause(ctx.Done()) {
			s.Fatalf("%s: %s", what, why)
		}
	}
}

func (s *storm) pods(ctx context.Context) []corev1.Pod {
	s.Helper()
	var list corev1.PodList
	s.must(s.client.List(ctx, &list, sdk.SelectingText("app=member")))
	return list.Items
}

// settle waits until all members are ready, which those that have failed too often would take minutes for, and until the endpoints of
// their service are theirs.
func (s *storm) settle(ctx context.Context) {
	s.until(ctx, "all members are ready", func() string {
		pods := s.pods(ctx)
		var not []string
		for i := range pods {
			p := &pods[i]
			if podReady(p) == corev1.ConditionTrue {
				continue
			}
			not = append(not, p.Name)
			if waitsToRestart(p) || p.Status.Phase == corev1.PodFailed {
				s.book.doom(p.UID, 143, 137)
				s.must(s.client.Delete(ctx, p, sdk.Grace(time.Second), sdk.IgnoreNotFound()))
			}
		}
		if len(not) == 0 && len(pods) != 7 {
			return fmt.Sprintf("there are %d", len(pods))
		}
		return strings.Join(not, ", ")
	})
	s.until(ctx, "endpoints are the members", func() string {
		var want, got []string
		for _, p := range s.pods(ctx) {
			if podReady(&p) == corev1.ConditionTrue && p.DeletionTimestamp == nil {
				want = append(want, p.Status.PodIP)
			}
		}
		var endpoints corev1.Endpoints //nolint:staticcheck // it is what is asked about
		s.must(s.client.Get(ctx, "members", &endpoints))
		for _, subset := range endpoints.Subsets {
			for _, a := range subset.Addresses {
				got = append(got, a.IP)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		return cmp.Diff(want, got)
	})
}

func waitsToRestart(p *corev1.Pod) bool {
	return slices.ContainsFunc(p.Status.ContainerStatuses, func(c corev1.ContainerStatus) bool {
		return c.State.Waiting != nil && c.State.Waiting.Reason == "CrashLoopBackOff"
	})
}

// empty deletes all members, and waits until none is left.
func (s *storm) empty(ctx context.Context, kinds []sdk.Object) {
	for _, p := range s.pods(ctx) {
		s.book.doom(p.UID, 143, 137)
	}
	for _, rc := range kinds {
		s.must(s.client.Delete(ctx, rc))
	}
	s.until(ctx, "no member is left", func() string {
		if n := len(s.pods(ctx)); n > 0 {
			return fmt.Sprintf("%d are", n)
		}
		return ""
	})
}
