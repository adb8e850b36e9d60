package kubelet_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

const runningStatus = `conditions:
- lastProbeTime: null
  lastTransitionTime: "2000-01-01T00:00:00Z"
  observedGeneration: 1
  status: "True"
  type: PodReadyToStartContainers
- lastProbeTime: null
  lastTransitionTime: "2000-01-01T00:00:00Z"
  observedGeneration: 1
  status: "True"
  type: Initialized
- lastProbeTime: null
  lastTransitionTime: "2000-01-01T00:00:00Z"
  observedGeneration: 1
  status: "True"
  type: Ready
- lastProbeTime: null
  lastTransitionTime: "2000-01-01T00:00:00Z"
  observedGeneration: 1
  status: "True"
  type: ContainersReady
- lastProbeTime: null
  lastTransitionTime: "2000-01-01T00:00:00Z"
  observedGeneration: 1
  status: "True"
  type: PodScheduled
containerStatuses:
- containerID: docker://ID
  image: heejeong/crane:latest
  imageID: docker-pullable://heejeong/crane@sha256:7ce6c1f0f1b1
  lastState: {}
  name: heejeong-crane
  ready: true
  resources: {}
  restartCount: 0
  started: true
  state:
    running:
      startedAt: "2000-01-01T00:00:00Z"
  volumeMounts:
  - mountPath: /var/run/secrets/kubernetes.io/serviceaccount
    name: kube-api-access
    readOnly: true
    recursiveReadOnly: Disabled
hostIP: 192.168.49.2
hostIPs:
- ip: 192.168.49.2
observedGeneration: 1
phase: Running
podIP: 10.244.0.1
podIPs:
- ip: 10.244.0.1
qosClass: BestEffort
startTime: "2000-01-01T00:00:00Z"
`

func TestRunningPod(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("heejeong/crane", untilTerminated)
		pod := w.run(podOf("crane", "heejeong/crane"))
		if pod.Status.Phase != corev1.PodRunning {
			t.Fatalf("phase = %s, want Running", pod.Status.Phase)
		}
		got := regexp.MustCompile(`docker://[0-9a-f]{64}`).ReplaceAllString(asYAML(t, pod), "docker://ID")
		got = regexp.MustCompile(`sha256:[0-9a-f]{64}`).ReplaceAllString(got, "sha256:7ce6c1f0f1b1")
		got = regexp.MustCompile(`kube-api-access-\w{5}`).ReplaceAllString(got, "kube-api-access")
		if diff := cmp.Diff(runningStatus, got); diff != "" {
			t.Errorf("status (-want +got):\n%s", diff)
		}
		want := []string{
			`Normal Pulling spec.containers{heejeong-crane}: Pulling image "heejeong/crane"`,
			`Normal Pulled spec.containers{heejeong-crane}: Successfully pulled image "heejeong/crane" in 0s (0s including waiting). Image size: 0 bytes.`,
			`Normal Created spec.containers{heejeong-crane}: Container created`,
			`Normal Started spec.containers{heejeong-crane}: Container started`,
		}
		if diff := cmp.Diff(want, w.events("crane")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// asYAML prints the status of a pod.
func asYAML(tb testing.TB, pod *corev1.Pod) string {
	tb.Helper()
	text, err := yaml.Marshal(pod.Status)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// states are the states of a pod's containers through which watchers see it go, phase first.
func (w *world) states(pod string) []string {
	w.Helper()
	watcher, err := w.api.Store.Watch(0, registry.Pods.GroupResource())
	if err != nil {
		w.Fatal(err)
	}
	defer watcher.Close()
	var states []string
	for {
		e, ok, err := watcher.Poll()
		if err != nil || !ok {
			return states
		}
		p := e.Object.(*corev1.Pod)
		text := string(p.Status.Phase)
		for _, c := range append(append([]corev1.ContainerStatus{}, p.Status.InitContainerStatuses...), p.Status.ContainerStatuses...) {
			text += " " + stateOf(c)
		}
		if p.Name == pod && (len(states) == 0 || states[len(states)-1] != text) {
			states = append(states, text)
		}
	}
}

func stateOf(c corev1.ContainerStatus) string {
	switch {
	case c.State.Running != nil:
		return "Running"
	case c.State.Terminated != nil:
		return fmt.Sprintf("%s(%d)", c.State.Terminated.Reason, c.State.Terminated.ExitCode)
	case c.State.Waiting != nil:
		return c.State.Waiting.Reason
	}
	return "?"
}

func TestRestartPolicy(t *testing.T) {
	tests := []struct {
		rule   string
		policy corev1.RestartPolicy
		code   int
		want   []string
	}{
		{"Never and 0 is Succeeded", corev1.RestartPolicyNever, 0,
			[]string{"Pending", "Pending ContainerCreating", "Running Running", "Succeeded Completed(0)"}},
		{"Never and 3 is Failed", corev1.RestartPolicyNever, 3,
			[]string{"Pending", "Pending ContainerCreating", "Running Running", "Failed Error(3)"}},
		{"OnFailure and 0 is Succeeded", corev1.RestartPolicyOnFailure, 0,
			[]string{"Pending", "Pending ContainerCreating", "Running Running", "Succeeded Completed(0)"}},
		{"OnFailure and 3 is restarted at once, then backs off", corev1.RestartPolicyOnFailure, 3,
			[]string{"Pending", "Pending ContainerCreating", "Running Running", "Running Error(3)", "Running Running", "Running Error(3)", "Running CrashLoopBackOff"}},
		{"Always and 0 is restarted too", corev1.RestartPolicyAlways, 0,
			[]string{"Pending", "Pending ContainerCreating", "Running Running", "Running Completed(0)", "Running Running", "Running Completed(0)", "Running CrashLoopBackOff"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("job", exits(test.code))
				pod := podOf("job", "job")
				pod.Spec.RestartPolicy = test.policy
				w.run(pod)
				if diff := cmp.Diff(test.want, w.states("job")); diff != "" {
					t.Errorf("states (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestContainerRestartRules(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("job", exits(3))
		pod := podOf("job", "job")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.Containers[0].RestartPolicy = new(corev1.ContainerRestartPolicyNever)
		pod.Spec.Containers[0].RestartPolicyRules = []corev1.ContainerRestartRule{{
			Action:    corev1.ContainerRestartRuleActionRestart,
			ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: []int32{3}},
		}}
		if got := w.run(pod); got.Status.Phase != corev1.PodRunning || got.Status.ContainerStatuses[0].RestartCount != 1 {
			t.Errorf("exit code 3 has a rule, but the pod is %s after %d restarts", got.Status.Phase, got.Status.ContainerStatuses[0].RestartCount)
		}
	})
}

func TestCrashLoopBackOff(t *testing.T) {
	inWorld(t, func(w *world) {
		var starts []time.Duration
		begin := time.Now()
		w.handle("crash", func(context.Context, *kubelet.Container) error {
			starts = append(starts, time.Since(begin))
			return fmt.Errorf("run %d fails", len(starts))
		})
		w.run(podOf("crash", "crash"))
		wait(31 * time.Minute)

		var want []time.Duration
		at := time.Duration(0)
		for _, pause := range []int{0, 0, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300} {
			at += time.Duration(pause) * time.Second
			want = append(want, at)
		}
		if diff := cmp.Diff(want, starts); diff != "" {
			t.Errorf("starts (-want +got):\n%s", diff)
		}
		pod := w.pod("crash")
		c := pod.Status.ContainerStatuses[0]
		if c.RestartCount != 11 {
			t.Errorf("restartCount = %d, want 11", c.RestartCount)
		}
		wantWaiting := &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff",
			Message: "back-off 5m0s restarting failed container=crash pod=crash_default(" + string(pod.UID) + ")"}
		if diff := cmp.Diff(wantWaiting, c.State.Waiting); diff != "" {
			t.Errorf("waiting (-want +got):\n%s", diff)
		}
		if last := c.LastTerminationState.Terminated; last == nil || last.ExitCode != 1 || last.Reason != "Error" {
			t.Errorf("lastState = %+v", c.LastTerminationState)
		}
		if got := w.log("crash", "crash", false); got != "run 12 fails\n" {
			t.Errorf("log = %q", got)
		}
		if got := w.log("crash", "crash", true); got != "run 12 fails\n" {
			t.Errorf("log of the previous run = %q; while the container waits it is the last one", got)
		}
	})
}

// wait lets virtual time pass.
func wait(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// The back-off belongs to a container with its image: another image begins anew, even in the middle of a wait.
func TestBackOffOfAnotherImage(t *testing.T) {
	inWorld(t, func(w *world) {
		var starts []time.Duration
		begin := time.Now()
		crash := func(context.Context, *kubelet.Container) error {
			starts = append(starts, time.Since(begin))
			<-time.After(time.Second)
			return errors.New("crash")
		}
		w.handle("crash", crash)
		w.handle("other", crash)
		w.run(podOf("crash", "crash"))
		wait(50 * time.Second) // in the middle of the third wait
		w.update("crash", func(p *corev1.Pod) { p.Spec.Containers[0].Image = "other" })
		wait(time.Minute)
		var want []time.Duration
		for _, second := range []int{0, 1, 12, 33, 50, 61, 82} {
			want = append(want, time.Duration(second)*time.Second)
		}
		if diff := cmp.Diff(want, starts); diff != "" {
			t.Errorf("starts (-want +got):\n%s", diff)
		}
	})
}

func TestBackOffForgetsAfterTenMinutes(t *testing.T) {
	inWorld(t, func(w *world) {
		runs := 0
		var ended, restarted time.Time
		w.handle("flaky", func(ctx context.Context, _ *kubelet.Container) error {
			runs++
			switch runs {
			case 1, 2:
				return nil
			case 3: // after ten seconds of back-off
				<-time.After(10*time.Minute + time.Second)
				ended = time.Now()
				return nil
			}
			restarted = time.Now()
			<-ctx.Done()
			return nil
		})
		w.run(podOf("flaky", "flaky"))
		wait(time.Hour)
		if runs != 4 || restarted != ended {
			t.Errorf("after %d runs the restart came %v after the end; a container that ran for ten minutes is restarted at once", runs, restarted.Sub(ended))
		}
	})
}

func TestImagePullBackOff(t *testing.T) {
	inWorld(t, func(w *world) {
		begin := time.Now()
		var started time.Duration
		pod := w.run(podOf("late", "late:v1"))
		const gap = `no program is registered for this image; register one with cluster.Handle("late:v1", program)`
		want := &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff", Message: `Back-off pulling image "late:v1": ErrImagePull: ` + gap}
		if diff := cmp.Diff(want, pod.Status.ContainerStatuses[0].State.Waiting); diff != "" {
			t.Errorf("waiting (-want +got):\n%s", diff)
		}
		wait(69 * time.Second) // tries at 0, 10, 30 and 70 seconds
		w.handle("late:v1", func(ctx context.Context, c *kubelet.Container) error {
			started = time.Since(begin)
			return untilTerminated(ctx, c)
		})
		wait(time.Minute)
		if started != 70*time.Second {
			t.Errorf("the container started after %v, want 1m10s", started)
		}
		wantStates := []string{"Pending", "Pending ContainerCreating", "Pending ErrImagePull", "Pending ImagePullBackOff",
			"Pending ErrImagePull", "Pending ImagePullBackOff", "Pending ErrImagePull", "Pending ImagePullBackOff", "Running Running"}
		if diff := cmp.Diff(wantStates, w.states("late")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		wantEvents := []string{
			`Normal Pulling spec.containers{late-v1}: Pulling image "late:v1" (x4)`,
			`Warning Failed spec.containers{late-v1}: Failed to pull image "late:v1": ` + gap + ` (x3)`,
			`Warning Failed spec.containers{late-v1}: Error: ErrImagePull (x3)`,
			`Normal BackOff spec.containers{late-v1}: Back-off pulling image "late:v1" (x3)`,
			`Warning Failed spec.containers{late-v1}: Error: ImagePullBackOff (x3)`,
			`Normal Pulled spec.containers{late-v1}: Successfully pulled image "late:v1" in 0s (0s including waiting). Image size: 0 bytes.`,
			`Normal Created spec.containers{late-v1}: Container created`,
			`Normal Started spec.containers{late-v1}: Container started`,
		}
		if diff := cmp.Diff(wantEvents, w.events("late")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestImagePolicies(t *testing.T) {
	tests := []struct {
		rule, image string
		policy      corev1.PullPolicy
		want        string
		events      []string
	}{
		{"an image that is not registered cannot be there for Never", "none", corev1.PullNever, "Pending ErrImageNeverPull", []string{
			`Warning ErrImageNeverPull spec.containers{c}: Container image "none" is not present with pull policy of Never`,
			`Warning Failed spec.containers{c}: Error: ErrImageNeverPull`,
		}},
		{"a registered image counts as loaded for Never", "known", corev1.PullNever, "Running Running", []string{
			`Normal Pulled spec.containers{c}: Container image "known" already present on machine and can be accessed by the pod`,
			`Normal Created spec.containers{c}: Container created`,
			`Normal Started spec.containers{c}: Container started`,
		}},
		{"an image that was pulled is there for IfNotPresent", "pulled", corev1.PullIfNotPresent, "Running Running", []string{
			`Normal Pulled spec.containers{c}: Container image "pulled" already present on machine and can be accessed by the pod`,
			`Normal Created spec.containers{c}: Container created`,
			`Normal Started spec.containers{c}: Container started`,
		}},
		{"what is no name cannot be pulled", "a/Crane", corev1.PullAlways, "Pending InvalidImageName", []string{
			`Warning InspectFailed spec.containers{c}: Failed to apply default image tag "a/Crane": couldn't parse image name "a/Crane": invalid reference format: repository name (a/Crane) must be lowercase`,
			`Warning Failed spec.containers{c}: Error: InvalidImageName`,
		}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.handle("known", untilTerminated)
				w.handle("pulled", untilTerminated)
				w.run(podOf("before", "pulled"))
				pod := podOf("a", test.image)
				pod.Spec.Containers[0].Name, pod.Spec.Containers[0].ImagePullPolicy = "c", test.policy
				w.run(pod)
				states := w.states("a")
				if got := states[len(states)-1]; got != test.want {
					t.Errorf("state = %q, want %q", got, test.want)
				}
				if diff := cmp.Diff(test.events, w.events("a")); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestChangedImageRestartsTheContainer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app:v1", untilTerminated)
		w.handle("app:v2", untilTerminated)
		pod := podOf("app", "app:v1")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		w.run(pod)
		w.update("app", func(p *corev1.Pod) { p.Spec.Containers[0].Image = "app:v2" })
		synctest.Wait()
		got := w.pod("app")
		c := got.Status.ContainerStatuses[0]
		if c.Image != "app:v2" || c.State.Running == nil || c.RestartCount != 1 || got.Status.ObservedGeneration != 2 {
			t.Errorf("after the change: generation %d, %+v", got.Status.ObservedGeneration, c)
		}
	})
}

func TestInitContainersAndSidecars(t *testing.T) {
	inWorld(t, func(w *world) {
		say := func(name string, next kubelet.Program) {
			w.handle(name, func(ctx context.Context, c *kubelet.Container) error {
				_, _ = io.WriteString(c.Stdout, "start\n")
				return next(ctx, c)
			})
		}
		release := make(chan struct{})
		say("first", exits(0))
		say("side", untilTerminated)
		say("second", func(context.Context, *kubelet.Container) error { <-release; return nil })
		say("main", func(context.Context, *kubelet.Container) error { <-release; return nil })
		pod := podOf("p", "main")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.InitContainers = []corev1.Container{
			{Name: "first", Image: "first"},
			{Name: "side", Image: "side", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
			{Name: "second", Image: "second"},
		}
		w.run(pod)
		if diff := cmp.Diff([]corev1.PodCondition{
			{Type: "Initialized", Status: "False", Reason: "ContainersNotInitialized", Message: "containers with incomplete status: [second]"},
			{Type: "Ready", Status: "False", Reason: "ContainersNotReady", Message: "containers with unready status: [main]"},
		}, timeless(w.pod("p").Status.Conditions[1:3])); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
		release <- struct{}{}
		synctest.Wait()
		release <- struct{}{}
		synctest.Wait()
		want := []string{
			"Pending",
			"Pending PodInitializing PodInitializing PodInitializing PodInitializing",
			"Pending Running PodInitializing PodInitializing PodInitializing",
			"Pending Completed(0) PodInitializing PodInitializing PodInitializing",
			"Pending Completed(0) Running Running PodInitializing",
			"Pending Completed(0) Running Completed(0) PodInitializing",
			"Running Completed(0) Running Completed(0) Running",
			"Running Completed(0) Running Completed(0) Completed(0)",
			"Succeeded Completed(0) Completed(0) Completed(0) Completed(0)",
		}
		if diff := cmp.Diff(want, w.states("p")); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

func TestCrashedSidecarLeavesThePodInitialized(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("main", untilTerminated)
		w.handle("side", func(context.Context, *kubelet.Container) error {
			<-time.After(time.Second)
			return errors.New("crash")
		})
		pod := podOf("p", "main")
		pod.Spec.InitContainers = []corev1.Container{{Name: "side", Image: "side", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)}}
		w.run(pod)
		wait(5 * time.Second) // the second back-off
		want := []corev1.PodCondition{
			{Type: "Initialized", Status: "True"},
			{Type: "Ready", Status: "False", Reason: "ContainersNotReady", Message: "containers with unready status: [side]"},
		}
		if diff := cmp.Diff(want, timeless(w.pod("p").Status.Conditions[1:3])); diff != "" {
			t.Errorf("conditions (-want +got):\n%s", diff)
		}
	})
}

// timeless drops from conditions what is the same for all.
func timeless(conditions []corev1.PodCondition) []corev1.PodCondition {
	out := append([]corev1.PodCondition{}, conditions...)
	for i := range out {
		out[i].LastTransitionTime, out[i].ObservedGeneration = metav1.Time{}, 0
	}
	return out
}

func TestFailedInitContainerFailsThePod(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("init", exits(1))
		w.handle("main", untilTerminated)
		pod := podOf("p", "main")
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.InitContainers = []corev1.Container{{Name: "init", Image: "init"}}
		if got := w.run(pod); got.Status.Phase != corev1.PodFailed || got.Status.ContainerStatuses[0].State.Running != nil {
			t.Errorf("status = %s", asYAML(t, got))
		}
	})
}

func TestActiveDeadline(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("slow", untilTerminated)
		pod := podOf("slow", "slow")
		pod.Spec.ActiveDeadlineSeconds = new(int64(60))
		w.run(pod)
		wait(59 * time.Second)
		if got := w.pod("slow").Status.Phase; got != corev1.PodRunning {
			t.Fatalf("phase before the deadline = %s", got)
		}
		wait(2 * time.Second)
		s := w.pod("slow").Status
		if s.Phase != corev1.PodFailed || s.Reason != "DeadlineExceeded" || s.Message != "Pod was active on the node longer than the specified deadline" {
			t.Errorf("status = %s %s %q", s.Phase, s.Reason, s.Message)
		}
	})
}

func TestReadinessGate(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		pod := podOf("app", "app")
		pod.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/ok"}}
		got := w.run(pod)
		want := []corev1.PodCondition{{Type: "Ready", Status: "False", Reason: "ReadinessGatesNotReady",
			Message: `corresponding condition of pod readiness gate "example.com/ok" does not exist.`}}
		if diff := cmp.Diff(want, timeless(got.Status.Conditions[2:3])); diff != "" {
			t.Errorf("condition (-want +got):\n%s", diff)
		}
	})
}

func TestNoAddressLeft(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		_ = w.network.Close() // which answers as one without addresses does
		w.run(podOf("app", "app"))
		wait(21 * time.Second)
		events := w.events("app")
		const want = `Warning FailedCreatePodSandBox : Failed to create pod sandbox: network namespace "app": the container, pod or network it belongs to has ended: use of closed network connection (x3)`
		if diff := cmp.Diff([]string{want}, events); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestUnsupportedIsSaid(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("app", untilTerminated)
		pod := podOf("app", "app")
		pod.Spec.Containers[0].VolumeDevices = []corev1.VolumeDevice{{Name: "disk", DevicePath: "/dev/disk"}}
		pod.Spec.Volumes = []corev1.Volume{{Name: "disk", VolumeSource: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "disk"}}}}
		got := w.run(pod)
		const text = "the fake kubelet does not do this yet: volumeDevices of container app"
		if diff := cmp.Diff(&corev1.ContainerStateWaiting{Reason: "Unsupported", Message: text}, got.Status.ContainerStatuses[0].State.Waiting); diff != "" {
			t.Errorf("waiting (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"Warning Unsupported : " + text}, w.events("app")); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}
