package sdktest

import (
	"context"
	"errors"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/podwright/podwright/sdk"
)

var waitRules = []rule{
	{"run is ready", "Run returns when a pod is ready, its init containers having run and its probe succeeded", runIsReady},
	{"wait for an end", "a wait for a phase ends when it comes, and with ErrEnded when another has come for good", waitForAnEnd},
	{"waits say why", "a wait that ends with its context says what the pod waits for", waitsSayWhy},
	{"wait for a line and a port", "a wait for a logged line or a port ends when the program has come so far", waitForLineAndPort},
	{"run gives up", "Run of what can never be ready ends with a RunError that says why, long before its context", runGivesUp},
	{"diagnose", "Diagnose of a pod that fails finds its exit code and the last lines of its log", diagnose},
	{"wait for nobody", "a wait for what is not there is NotFound at once, unless it is its existence that is waited for", waitForNobody},
}

func runIsReady(t *trial) {
	pod := t.pod("a", t.web())
	pod.Spec.InitContainers = []corev1.Container{t.shell("first", "sleep 1")}
	t.run(pod)
	t.equal("phase", corev1.PodRunning, pod.Status.Phase)
	t.equal("ready", true, pod.Status.ContainerStatuses[0].Ready)
	t.equal("the init container's exit code", int32(0), pod.Status.InitContainerStatuses[0].State.Terminated.ExitCode)
}

func waitForAnEnd(t *trial) {
	good, bad := t.once("good", t.shell("main", "sleep 1")), t.once("bad", t.shell("main", "sleep 1; exit 3"))
	t.ok(errors.Join(t.Create(t.ctx, good), t.Create(t.ctx, bad)))
	t.ok(t.Wait(t.ctx, good, sdk.Phase(corev1.PodSucceeded)))
	err := t.Wait(t.ctx, bad, sdk.Phase(corev1.PodSucceeded))
	t.is("ErrEnded", wraps(sdk.ErrEnded), err)
	t.says(err, "exit code 3")
	t.is("ErrEnded", wraps(sdk.ErrEnded), t.Wait(t.ctx, good, sdk.Ready()))
}

func waitsSayWhy(t *trial) {
	pod := t.pod("a", corev1.Container{Name: "main", Image: "No Such Name"})
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.Func(func(obj sdk.Object) (bool, error) {
		for _, s := range obj.(*corev1.Pod).Status.ContainerStatuses {
			return s.State.Waiting != nil && s.State.Waiting.Reason == "InvalidImageName", nil
		}
		return false, nil
	}).Named("an invalid image name")))
	ctx, cancel := context.WithTimeout(t.ctx, time.Second)
	defer cancel()
	var waited *sdk.WaitError
	err := t.Wait(ctx, pod, sdk.Ready())
	if !errors.As(err, &waited) {
		t.Fatalf("error %v is no WaitError", err)
	}
	t.says(err, pod.Name, "container main waiting: InvalidImageName")
}

func waitForLineAndPort(t *trial) {
	pod := t.pod("a", t.shell("main", "sleep 1; echo so far so good"+idle), t.web())
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.Answers("http")))
	t.ok(t.Wait(t.ctx, pod, sdk.LoggedText("so good")))
	t.ok(t.Wait(t.ctx, pod, sdk.StatusCondition("Ready", metav1.ConditionTrue)))
}

func runGivesUp(t *trial) {
	err := t.Client.Run(t.ctx, t.pod("a", corev1.Container{Name: "main", Image: "No Such Name"}))
	var failed *sdk.RunError
	if !errors.As(err, &failed) || failed.Diagnosis == nil {
		t.Fatalf("error %v is no RunError with a diagnosis", err)
	}
	t.is("ErrHopeless", wraps(sdk.ErrHopeless), err)
	t.says(err, t.name+"-a", "No Such Name")

	ends := t.once("b", t.shell("main", "sleep 1; exit 3"))
	ends.Spec.Containers[0].ReadinessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"false"}}}}
	t.is("ErrEnded", wraps(sdk.ErrEnded), t.Client.Run(t.ctx, ends))
}

func diagnose(t *trial) {
	pod := t.once("a", t.shell("main", "echo out of paper; exit 3"))
	t.ok(t.Create(t.ctx, pod))
	t.ok(t.Wait(t.ctx, pod, sdk.Phase(corev1.PodFailed)))
	d, err := t.Diagnose(t.ctx, pod)
	t.ok(err)
	t.equal("healthy", false, d.Healthy())
	for _, words := range []string{pod.Name, "3", "out of paper"} {
		if !strings.Contains(d.String(), words) {
			t.Errorf("the diagnosis does not say %q: %s", words, d)
		}
	}
}

func waitForNobody(t *trial) {
	name := t.name + "-a"
	t.is("NotFound", apierrors.IsNotFound, t.Wait(t.ctx, sdk.PodNamed(name), sdk.Ready()))
	t.ok(t.Wait(t.ctx, sdk.PodNamed(name), sdk.Deleted()))
	existed := make(chan error)
	go func() { existed <- t.Wait(t.ctx, sdk.PodNamed(name), sdk.Exists()) }()
	err := t.Create(t.ctx, t.pod("a", corev1.Container{Name: "main", Image: t.pause}))
	t.ok(errors.Join(err, <-existed))
}
