package kubelet_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/kubelet"
	corev1 "k8s.io/api/core/v1"
)

// A container that ends with a code of a rule has all of its pod restarted: init containers run again, the others are killed, and the
// address stays.
func TestRestartAllContainers(t *testing.T) {
	inWorld(t, func(w *world) {
		fail := make(chan struct{}, 1)
		w.handle("init", exits(0))
		w.handle("web", untilTerminated)
		w.handle("trigger", func(ctx context.Context, _ *kubelet.Container) error {
			select {
			case <-fail:
				return kubelet.ExitError{Code: 88}
			case <-ctx.Done():
				return nil
			}
		})
		pod := podOf("app", "web", "trigger")
		pod.Spec.InitContainers = []corev1.Container{{Name: "init", Image: "init"}}
		pod.Spec.RestartPolicy = corev1.RestartPolicyNever
		pod.Spec.Containers[1].RestartPolicyRules = []corev1.ContainerRestartRule{{
			Action:    corev1.ContainerRestartRuleActionRestartAllContainers,
			ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: []int32{88}},
		}}
		pod.Spec.Containers[1].RestartPolicy = new(corev1.ContainerRestartPolicyNever)
		was := w.run(pod)
		pass(time.Second)
		fail <- struct{}{}
		synctest.Wait()
		is := w.pod("app")
		want := &corev1.ContainerStateTerminated{Reason: "RestartingAllContainers", ExitCode: 137, Message: "The container is removed because RestartAllContainers in place"}
		for _, s := range append(is.Status.InitContainerStatuses, is.Status.ContainerStatuses...) {
			if s.RestartCount != 1 {
				t.Errorf("%s was restarted %d times", s.Name, s.RestartCount)
			}
			if diff := cmp.Diff(want, s.LastTerminationState.Terminated); diff != "" {
				t.Errorf("%s: last state (-want +got):\n%s", s.Name, diff)
			}
			if s.Name != "init" && s.State.Running == nil {
				t.Errorf("%s does not run: %+v", s.Name, s.State)
			}
		}
		if was.Status.PodIP != is.Status.PodIP || is.Status.Phase != corev1.PodRunning {
			t.Errorf("address %s, was %s; phase %s", is.Status.PodIP, was.Status.PodIP, is.Status.Phase)
		}
		last := is.Status.Conditions[len(is.Status.Conditions)-1]
		if last.Type != corev1.AllContainersRestarting || last.Status != corev1.ConditionFalse {
			t.Errorf("last condition = %+v", last)
		}
	})
}

// A pod that restarts as a whole at once does so once a second.
func TestRestartAllContainersAgainAndAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		w.handle("crash", exits(1))
		pod := podOf("app", "crash")
		pod.Spec.Containers[0].RestartPolicy = new(corev1.ContainerRestartPolicyNever)
		pod.Spec.Containers[0].RestartPolicyRules = []corev1.ContainerRestartRule{{
			Action:    corev1.ContainerRestartRuleActionRestartAllContainers,
			ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: []int32{1}},
		}}
		w.run(pod)
		pass(10 * time.Second)
		if got := w.pod("app").Status.ContainerStatuses[0].RestartCount; got < 9 || got > 11 {
			t.Errorf("restarts = %d", got)
		}
	})
}
