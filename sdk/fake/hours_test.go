package fake_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// probeKinds are the ways to probe, and how one of them finds out that a patient is not well.
var probeKinds = []struct {
	name    string
	handler corev1.ProbeHandler
	fall    func(*patient)
}{
	{"exec", corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"check"}}}, func(p *patient) { p.set(true, false) }},
	{"httpGet", corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80)}}, func(p *patient) { p.set(true, false) }},
	{"tcpSocket", corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt32(80)}}, func(p *patient) { p.set(false, false) }},
	{"grpc", corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: 80}}, func(p *patient) { p.set(true, false) }},
}

// Each way of probing, with every threshold, over hours of a container that is slow to start, falls ill, gets well and falls ill again.
func TestHoursOfProbes(t *testing.T) {
	for _, kind := range probeKinds {
		t.Run(kind.name, func(t *testing.T) {
			withNodes(t, func(t *testing.T, c onNodes) {
				p := newPatient()
				c.Handle("patient", p, fake.Exec(fake.ProgramFunc(p.exec)))
				probe := func(period, failures, successes int32) *corev1.Probe {
					return &corev1.Probe{ProbeHandler: kind.handler, PeriodSeconds: period, FailureThreshold: failures, SuccessThreshold: successes}
				}
				began := time.Now()
				c.runOn("minikube", "slow", func(pod *corev1.Pod) {
					pod.Spec.Containers[0].Image = "patient"
					pod.Spec.Containers[0].StartupProbe = probe(60, 180, 1)
					pod.Spec.Containers[0].ReadinessProbe = probe(60, 5, 10)
					pod.Spec.Containers[0].LivenessProbe = probe(300, 12, 1)
				})
				is := func() string {
					status := c.pod("slow").Status.ContainerStatuses[0]
					return fmt.Sprintf("started %t, ready %t, %d restarts", *status.Started, status.Ready, status.RestartCount)
				}
				at := func(d time.Duration, want string) {
					t.Helper()
					c.pass(time.Until(began.Add(d)))
					c.equal(fmt.Sprint("after ", d), want, is())
				}
				at(2*time.Hour+30*time.Second, "started false, ready false, 0 restarts")
				p.set(true, true)
				at(2*time.Hour+2*time.Minute, "started true, ready false, 0 restarts")
				at(2*time.Hour+15*time.Minute, "started true, ready true, 0 restarts")
				at(5*time.Hour+30*time.Second, "started true, ready true, 0 restarts")
				kind.fall(p)
				at(5*time.Hour+3*time.Minute, "started true, ready true, 0 restarts")  // four of five
				at(5*time.Hour+7*time.Minute, "started true, ready false, 0 restarts") // all five
				p.set(true, true)
				at(5*time.Hour+15*time.Minute, "started true, ready false, 0 restarts") // not ten yet
				at(8*time.Hour+30*time.Second, "started true, ready true, 0 restarts")
				kind.fall(p)
				at(8*time.Hour+54*time.Minute, "started true, ready false, 0 restarts") // eleven of twelve at the most
				at(9*time.Hour+2*time.Minute, "started false, ready false, 1 restarts") // twelve
				at(11*time.Hour+54*time.Minute, "started false, ready false, 1 restarts")
				at(11*time.Hour+56*time.Minute, "started false, ready false, 2 restarts") // 180 times since the last restart
			})
		})
	}
}

// A crash loop waits for five minutes at the most, however many hours it lasts, and is forgiven once the container has run for long enough.
func TestHoursOfCrashes(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		began := time.Now()
		var mu sync.Mutex
		var starts []time.Duration
		c.HandleFunc("crash", func(ctx context.Context, _ *fake.Process) error {
			mu.Lock()
			starts = append(starts, time.Since(began))
			mu.Unlock()
			if time.Since(began) > 6*time.Hour && time.Since(began) < 7*time.Hour { // a better hour
				select {
				case <-time.After(time.Hour):
				case <-ctx.Done():
				}
			}
			return fake.Exit(1)
		})
		c.runOn("minikube", "crash", func(pod *corev1.Pod) { pod.Spec.Containers[0].Image = "crash" })
		c.pass(time.Until(began.Add(8 * time.Hour)))
		mu.Lock()
		defer mu.Unlock()
		var pauses []int // in seconds
		for i := 1; i < len(starts); i++ {
			pauses = append(pauses, int((starts[i] - starts[i-1]).Seconds()))
		}
		rise, most := []int{10, 20, 40, 80, 160}, []int{300}
		want := slices.Concat([]int{0}, rise, slices.Repeat(most, 71), []int{3600}, rise, slices.Repeat(most, 10))
		c.equal("seconds between starts", want, pauses)
		c.equal("restarts", int32(len(pauses)), c.pod("crash").Status.ContainerStatuses[0].RestartCount)
	})
}

// An image that is missing is tried for hours, every five minutes in the end, so that it runs soon after it is there.
func TestHoursWithoutAnImage(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		cluster := fake.RunT(t)
		c := onNodes{t, cluster, clientFor(t, cluster.RESTConfig(), "application/json")}
		began := time.Now()
		c.runOn("minikube", "web", func(pod *corev1.Pod) { pod.Spec.Containers[0].Image = "late" })
		c.pass(time.Until(began.Add(5 * time.Hour)))
		tries := 6 + (5*3600-310)/300 // after 0, 10, 30, 70, 150 and 310 seconds, and then every 300
		c.equal("tries", tries, c.count("web", "Pulling"))
		p := newPatient()
		c.Handle("late", p)
		c.pass(5 * time.Minute)
		if runs := p.runs(began); len(runs) != 1 || runs[0] != 310+300*(tries-5) {
			t.Errorf("it runs after %v seconds, of %d tries", runs, tries)
		}
		c.equal("phase", corev1.PodRunning, c.pod("web").Status.Phase)
	})
}

// count is how often something was said of a pod.
func (c onNodes) count(pod, reason string) int {
	list, err := c.CoreV1().Events("default").List(c.Context(), metav1.ListOptions{})
	c.must(err)
	n := 0
	for _, e := range list.Items {
		if e.InvolvedObject.Name == pod && e.Reason == reason {
			n += int(e.Count)
		}
	}
	return n
}

// A pod has all of its grace period, be it hours, and no second more.
func TestHoursOfGrace(t *testing.T) {
	for _, tc := range []struct {
		name  string
		needs time.Duration
		gone  time.Duration
	}{
		{"a pod that tidies up in time", 90 * time.Minute, 90 * time.Minute},
		{"a pod that does not", 5 * time.Hour, 2 * time.Hour},
	} {
		t.Run(tc.name, func(t *testing.T) {
			withNodes(t, func(t *testing.T, c onNodes) {
				c.HandleFunc("tidy", func(ctx context.Context, p *fake.Process) error {
					<-ctx.Done()
					select {
					case <-time.After(tc.needs):
					case <-p.Ended():
					}
					return nil
				})
				c.runOn("minikube", "tidy", func(pod *corev1.Pod) {
					pod.Spec.Containers[0].Image = "tidy"
					pod.Spec.TerminationGracePeriodSeconds = new(int64(2 * 3600))
				})
				c.must(c.CoreV1().Pods("default").Delete(t.Context(), "tidy", metav1.DeleteOptions{}))
				c.pass(tc.gone - time.Second)
				if c.pod("tidy") == nil {
					t.Fatal("it went too early")
				}
				c.pass(2 * time.Second)
				if c.pod("tidy") != nil {
					t.Error("it is still there")
				}
			})
		})
	}
}

// A pod may be active for as long as its deadline says, restarts included.
func TestHoursUntilTheDeadline(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		began := time.Now()
		p := newPatient()
		c.Handle("patient", p)
		c.runOn("minikube", "job", func(pod *corev1.Pod) {
			pod.Spec.Containers[0].Image = "patient"
			pod.Spec.ActiveDeadlineSeconds = new(int64(4 * 3600))
		})
		c.pass(2 * time.Hour)
		c.must(c.OOMKill("default", "job", "c")) // which does not begin the time anew
		c.pass(time.Until(began.Add(4*time.Hour - time.Second)))
		c.equal("before", corev1.PodRunning, c.pod("job").Status.Phase)
		c.pass(2 * time.Second)
		status := c.pod("job").Status
		c.equal("after", "Failed DeadlineExceeded", fmt.Sprint(status.Phase, " ", status.Reason))
		c.equal("runs", 2, len(p.runs(began)))
	})
}

// Logs are rotated by size or by day, whichever comes first, and what is shown is the newest file.
func TestDaysOfLogs(t *testing.T) {
	for _, tc := range []struct {
		name  string
		lines int // of 1 KiB, an hour
		first int // hour of which something is shown after 60 of them
	}{
		{"little: every day", 1, 48},
		{"much: whenever 10 MiB are full, which with their stamps 9855 lines are", 3072, 18 * 9855 / 3072},
	} {
		t.Run(tc.name, func(t *testing.T) {
			withNodes(t, func(t *testing.T, c onNodes) {
				c.HandleFunc("hourly", func(ctx context.Context, p *fake.Process) error {
					for hour := 0; ; hour++ {
						for range tc.lines {
							if _, err := fmt.Fprintf(p.Stdout, "hour %d %*d\n", hour, 1024-len("hour 00 ")-1, 0); err != nil {
								return err
							}
						}
						select {
						case <-time.After(time.Hour):
						case <-ctx.Done():
							return nil
						}
					}
				})
				c.runOn("minikube", "hourly", func(pod *corev1.Pod) { pod.Spec.Containers[0].Image = "hourly" })
				c.pass(59*time.Hour + time.Minute)
				text, err := c.CoreV1().Pods("default").GetLogs("hourly", &corev1.PodLogOptions{}).DoRaw(t.Context())
				c.must(err)
				lines := strings.Split(strings.TrimSpace(string(text)), "\n")
				hourOf := func(line string) string { return strings.Join(strings.Fields(line)[:2], " ") }
				c.equal("first line", fmt.Sprint("hour ", tc.first), hourOf(lines[0]))
				c.equal("last line", "hour 59", hourOf(lines[len(lines)-1]))
			})
		})
	}
}

// The pods of a node that fell silent stay for as long as they tolerate that: five minutes unless they say otherwise, or hours, or for good.
func TestHoursOfASilentNode(t *testing.T) {
	withNodes(t, func(t *testing.T, c onNodes) {
		tolerate := func(seconds *int64) func(*corev1.Pod) {
			return func(pod *corev1.Pod) {
				for _, key := range []string{corev1.TaintNodeUnreachable, corev1.TaintNodeNotReady} {
					pod.Spec.Tolerations = append(pod.Spec.Tolerations, corev1.Toleration{
						Key: key, Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoExecute, TolerationSeconds: seconds,
					})
				}
			}
		}
		c.runOn(second, "default")
		c.runOn(second, "two-hours", tolerate(new(int64(2*3600))))
		c.runOn(second, "for-good", tolerate(nil))
		c.must(c.Node(second).PowerOff())
		off := time.Now()
		for _, tc := range []struct {
			at   time.Duration
			want []string
		}{
			{50*time.Second + 299*time.Second, nil},
			{50*time.Second + 305*time.Second, []string{"default"}},
			{2*time.Hour + 49*time.Second, []string{"default"}},
			{2*time.Hour + 55*time.Second, []string{"default", "two-hours"}},
			{24 * time.Hour, []string{"default", "two-hours"}},
		} {
			c.pass(time.Until(off.Add(tc.at)))
			var going []string
			for _, name := range []string{"default", "for-good", "two-hours"} {
				if pod := c.pod(name); pod == nil || pod.DeletionTimestamp != nil {
					going = append(going, name)
				}
			}
			c.equal(fmt.Sprint("to be deleted after ", tc.at), tc.want, going)
		}
	}, fake.Nodes(2))
}
