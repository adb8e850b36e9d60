package registry

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
)

// The parts that the pods of the tables below are made of.

type podChange func(*corev1.Pod)

func podWith(phase corev1.PodPhase, changes ...podChange) *corev1.Pod {
	pod := &corev1.Pod{Status: corev1.PodStatus{Phase: phase}}
	for _, change := range changes {
		change(pod)
	}
	return pod
}

func container(status corev1.ContainerStatus) podChange {
	return func(p *corev1.Pod) {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{})
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, status)
	}
}

func initContainer(status corev1.ContainerStatus) podChange {
	return func(p *corev1.Pod) {
		p.Spec.InitContainers = append(p.Spec.InitContainers, corev1.Container{Name: status.Name})
		p.Status.InitContainerStatuses = append(p.Status.InitContainerStatuses, status)
	}
}

func sidecar(status corev1.ContainerStatus) podChange {
	return func(p *corev1.Pod) {
		p.Spec.InitContainers = append(p.Spec.InitContainers, corev1.Container{
			Name: status.Name, RestartPolicy: ptr.To(corev1.ContainerRestartPolicyAlways),
		})
		p.Status.InitContainerStatuses = append(p.Status.InitContainerStatuses, status)
	}
}

func condition(t corev1.PodConditionType, status corev1.ConditionStatus, reason string) podChange {
	return func(p *corev1.Pod) {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: t, Status: status, Reason: reason})
	}
}

func deleted(p *corev1.Pod)      { p.DeletionTimestamp = ptr.To(metav1.Now()) }
func reason(r string) podChange  { return func(p *corev1.Pod) { p.Status.Reason = r } }
func waiting(r string) podChange { return container(waitingStatus(r)) }
func unstarted(p *corev1.Pod)    { p.Spec.Containers = append(p.Spec.Containers, corev1.Container{}) }
func terminating(r string) podChange {
	return container(corev1.ContainerStatus{State: terminated(r, 0, 0)})
}

func waitingStatus(r string) corev1.ContainerStatus {
	return corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: r}}}
}

func terminated(reason string, code, signal int32) corev1.ContainerState {
	return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: reason, ExitCode: code, Signal: signal}}
}

var (
	running = corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	up      = corev1.ContainerStatus{Name: "up", Ready: true, Started: ptr.To(true), State: running}
	done    = corev1.ContainerStatus{Name: "done", State: terminated("Completed", 0, 0)}
)

func TestPodReadyAndStatus(t *testing.T) {
	for _, tt := range []struct {
		name          string
		pod           *corev1.Pod
		ready, status string
	}{
		{"the phase where nothing else is known", podWith(corev1.PodPending, unstarted), "0/1", "Pending"},
		{"the status' reason before the phase", podWith(corev1.PodFailed, reason("Evicted"), unstarted), "0/1", "Evicted"},
		{
			"a scheduling gate",
			podWith(corev1.PodPending, unstarted, condition(corev1.PodScheduled, corev1.ConditionFalse, "SchedulingGated")),
			"0/1", "SchedulingGated",
		},
		{"containers being made", podWith(corev1.PodPending, waiting("ContainerCreating")), "0/1", "ContainerCreating"},
		{"running and ready", podWith(corev1.PodRunning, container(up)), "1/1", "Running"},
		{
			"running but not ready",
			podWith(corev1.PodRunning, container(corev1.ContainerStatus{State: running})), "0/1", "Running",
		},
		{"a crash loop", podWith(corev1.PodRunning, waiting("CrashLoopBackOff")), "0/1", "CrashLoopBackOff"},
		{"one of two in a crash loop", podWith(corev1.PodRunning, container(up), waiting("CrashLoopBackOff")), "1/2", "CrashLoopBackOff"},
		{"the first container's reason wins", podWith(corev1.PodPending, waiting("ErrImagePull"), waiting("CrashLoopBackOff")), "0/2", "ErrImagePull"},
		{"all completed", podWith(corev1.PodSucceeded, container(done)), "0/1", "Completed"},
		{
			"completed beside a running one in a ready pod",
			podWith(corev1.PodRunning, container(done), container(up), condition(corev1.PodReady, corev1.ConditionTrue, "")), "1/2", "Running",
		},
		{"completed beside a running one in an unready pod", podWith(corev1.PodRunning, container(done), container(up)), "1/2", "NotReady"},
		{
			"ended by a signal without a reason",
			podWith(corev1.PodFailed, container(corev1.ContainerStatus{State: terminated("", 137, 9)})), "0/1", "Signal:9",
		},
		{
			"ended by an exit code without a reason",
			podWith(corev1.PodFailed, container(corev1.ContainerStatus{State: terminated("", 3, 0)})), "0/1", "ExitCode:3",
		},
		{"ended in error", podWith(corev1.PodFailed, terminating("Error")), "0/1", "Error"},
		{
			"the first of two init containers runs",
			podWith(corev1.PodPending, initContainer(corev1.ContainerStatus{State: running}), initContainer(waitingStatus("PodInitializing")), waiting("PodInitializing")),
			"0/1", "Init:0/2",
		},
		{
			"the second of two init containers waits its turn",
			podWith(corev1.PodPending, initContainer(done), initContainer(waitingStatus("PodInitializing")), waiting("PodInitializing")),
			"0/1", "Init:1/2",
		},
		{"init containers done, main ones not yet", podWith(corev1.PodPending, initContainer(done), waiting("PodInitializing")), "0/1", "PodInitializing"},
		{"an init container's image is not there", podWith(corev1.PodPending, initContainer(waitingStatus("ImagePullBackOff"))), "0/0", "Init:ImagePullBackOff"},
		{"an init container fails", podWith(corev1.PodPending, initContainer(corev1.ContainerStatus{State: terminated("Error", 1, 0)})), "0/0", "Init:Error"},
		{"an init container fails by exit code", podWith(corev1.PodPending, initContainer(corev1.ContainerStatus{State: terminated("", 2, 0)})), "0/0", "Init:ExitCode:2"},
		{"an init container is killed", podWith(corev1.PodPending, initContainer(corev1.ContainerStatus{State: terminated("", 137, 9)})), "0/0", "Init:Signal:9"},
		{"a ready sidecar counts", podWith(corev1.PodRunning, sidecar(up), container(up)), "2/2", "Running"},
		{"a sidecar that has not started holds up the rest", podWith(corev1.PodPending, sidecar(corev1.ContainerStatus{State: running}), waiting("PodInitializing")), "0/2", "Init:0/1"},
		{
			"a restarting sidecar in an initialized pod hides nothing of the main containers",
			podWith(corev1.PodRunning, sidecar(waitingStatus("CrashLoopBackOff")), waiting("ErrImagePull"), condition(corev1.PodInitialized, corev1.ConditionTrue, "")),
			"0/2", "ErrImagePull",
		},
		{"deleted while running", podWith(corev1.PodRunning, container(up), deleted), "1/1", "Terminating"},
		{"deleted after its end", podWith(corev1.PodSucceeded, container(done), deleted), "0/1", "Completed"},
		{"deleted on a lost node", podWith(corev1.PodRunning, container(up), deleted, reason("NodeLost")), "1/1", "Unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff([]any{tt.ready, tt.status}, podCells(tt.pod)[1:3]); diff != "" {
				t.Errorf("ready and status (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPodRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		restarted := func(n int32, ago time.Duration) corev1.ContainerStatus {
			status := corev1.ContainerStatus{Name: "restarted", RestartCount: n, State: running, Ready: true, Started: ptr.To(true)}
			if ago > 0 {
				status.LastTerminationState = terminated("Error", 1, 0)
				status.LastTerminationState.Terminated.FinishedAt = metav1.NewTime(time.Now().Add(-ago))
			}
			return status
		}
		ended := restarted(5, time.Second)
		ended.State = terminated("Completed", 0, 0)
		for _, tt := range []struct {
			name string
			pod  *corev1.Pod
			want string
		}{
			{"none", podWith(corev1.PodRunning, container(up)), "0"},
			{"the time of the last", podWith(corev1.PodRunning, container(restarted(1, 10*time.Second))), "1 (10s ago)"},
			{"a count without a time", podWith(corev1.PodRunning, container(restarted(2, 0))), "2"},
			{"sum over containers, latest time", podWith(corev1.PodRunning, container(restarted(1, time.Hour)), container(restarted(2, time.Minute))), "3 (60s ago)"},
			{"init containers count until initialized", podWith(corev1.PodPending, initContainer(ended), initContainer(waitingStatus("PodInitializing"))), "5 (1s ago)"},
			{"init containers do not count afterwards", podWith(corev1.PodRunning, initContainer(ended), container(restarted(1, time.Minute))), "1 (60s ago)"},
			{"sidecars count always", podWith(corev1.PodRunning, sidecar(restarted(2, time.Second)), container(restarted(1, time.Minute))), "3 (1s ago)"},
		} {
			if got := podCells(tt.pod)[3]; got != tt.want {
				t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
			}
		}
	})
}

func TestPodWideCells(t *testing.T) {
	pod := podWith(corev1.PodRunning,
		condition("example.com/a", corev1.ConditionTrue, ""), condition("example.com/b", corev1.ConditionFalse, ""))
	if diff := cmp.Diff([]any{"<none>", "<none>", "<none>", "<none>"}, podCells(pod)[5:]); diff != "" {
		t.Errorf("cells of a pod without them (-want +got):\n%s", diff)
	}
	pod.Status.PodIPs = []corev1.PodIP{{IP: "10.244.0.7"}, {IP: "fd00::7"}}
	pod.Spec.NodeName = "minikube"
	pod.Status.NominatedNodeName = "other"
	pod.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/a"}, {ConditionType: "example.com/b"}, {ConditionType: "example.com/c"}}
	if diff := cmp.Diff([]any{"10.244.0.7", "minikube", "other", "1/3"}, podCells(pod)[5:]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestRowConditionsMarkWhatHasEnded(t *testing.T) {
	for phase, want := range map[corev1.PodPhase]string{corev1.PodSucceeded: "Succeeded", corev1.PodFailed: "Failed"} {
		got := RowConditions(podWith(phase))
		if len(got) != 1 || got[0].Type != metav1.RowCompleted || got[0].Reason != want || got[0].Status != metav1.ConditionTrue {
			t.Errorf("conditions of a %s pod: %+v", phase, got)
		}
	}
	if got := RowConditions(podWith(corev1.PodRunning)); got != nil {
		t.Errorf("conditions of a running pod: %+v", got)
	}
	if got := RowConditions(&corev1.Node{}); got != nil {
		t.Errorf("conditions of a node: %+v", got)
	}
}
