package sdk_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

func TestDiagnoseContainers(t *testing.T) {
	oom := func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) {
		ok(t, cluster.OOMKill("default", "app", "main"))
	}
	limited := func(p *corev1.Pod) {
		main(p).Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: resource.MustParse("64Mi")}
	}
	runFaults(t, []fault{
		{name: "it runs", objects: []sdk.Object{faulty("pause")}, want: []string{"note Ready: app"}, says: []string{"Pod default/app is ready: it runs on node minikube, and is ready."}},
		{name: "it crashes", objects: []sdk.Object{faulty("exit", command("exit", "3"))}, want: []string{"problem CrashLoopBackOff: app main"},
			says: []string{"container main crashes again and again (restarted 3 times): it ended with exit code 3 (a code of the program's own).", "app main | cannot open the warehouse"}},
		{name: "it ends, and is not restarted", objects: []sdk.Object{faulty("exit", command("exit", "127"), never)}, want: []string{"fatal Exited: app main"},
			says: []string{"Pod default/app has failed", "exit code 127 (the shell did not find a command)", "app main | cannot open the warehouse"}},
		{name: "it ends normally, and was meant to", objects: []sdk.Object{faulty("exit", command("exit", "0"), never)}, want: []string{"note Completed: app"},
			says: []string{"has completed: it ended normally"}},
		{name: "it ends normally, and was meant to go on", objects: []sdk.Object{faulty("exit", command("exit", "0"))}, want: []string{"problem EndsNormally: app main"},
			says: []string{"ends of its own accord", "restartPolicy OnFailure or Never"}},
		{name: "it ends while others go on", objects: []sdk.Object{faulty("exit", command("exit", "0"), never, func(p *corev1.Pod) {
			p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: "other", Image: "pause"})
		})}, want: []string{"problem Exited: app main"}, says: []string{"exit code 0 while others run"}},
		{name: "it was killed for want of memory", objects: []sdk.Object{faulty("pause", limited, never)}, then: oom, want: []string{"fatal OOMKilled: app main"},
			says: []string{"(its limit is 64Mi)", "exit code 137 (it was killed, for it used more memory than it may)"}},
		{name: "it is killed for want of memory again and again", passes: time.Second, objects: []sdk.Object{faulty("pause", limited)},
			then: func(t *testing.T, cluster *fake.Cluster, c *sdk.Client) {
				oom(t, cluster, c)
				<-time.After(5 * time.Second)
				oom(t, cluster, c)
			}, want: []string{"problem OOMKilled: app main"}, says: []string{"Give it a higher memory limit"}},
		{name: "it was restarted, and runs", objects: []sdk.Object{faulty("pause")}, then: oom, want: []string{"note Restarted: app main", "note Ready: app"},
			says: []string{"runs, but was restarted: the last time, it ended with exit code 137"}},
		{name: "an init container does not end", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) {
			p.Spec.InitContainers = []corev1.Container{{Name: "prepare", Image: "pause"}}
		})}, want: []string{"progress InitRunning: app prepare"}, says: []string{"all others wait for it"}},
		{name: "an init container crashes", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) {
			p.Spec.InitContainers = []corev1.Container{{Name: "prepare", Image: "exit", Command: []string{"exit", "1"}}}
		})}, want: []string{"problem CrashLoopBackOff: app prepare"}, says: []string{"app prepare | cannot open the warehouse"}},
		{name: "a sidecar does not start", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) {
			p.Spec.InitContainers = []corev1.Container{{Name: "proxy", Image: "pause", RestartPolicy: new(corev1.ContainerRestartPolicyAlways), StartupProbe: probing("/")}}
			p.Spec.InitContainers[0].StartupProbe.FailureThreshold = 1000
		})}, want: []string{"problem StartupProbe: app proxy"}, says: []string{"GET http://:8080/", "connection refused"}},
		{name: "its startup probe fails", objects: []sdk.Object{faulty("web", func(p *corev1.Pod) {
			main(p).StartupProbe = probing("/healthz")
			main(p).StartupProbe.FailureThreshold = 1000
		})}, want: []string{"problem StartupProbe: app main"}, says: []string{"statuscode: 503"}},
		{name: "its readiness probe fails", objects: []sdk.Object{faulty("web", func(p *corev1.Pod) { main(p).ReadinessProbe = probing("/healthz") })},
			want: []string{"problem ReadinessProbe: app main"}, says: []string{"is running, but not ready", "its readiness probe (GET http://:8080/healthz) fails", "statuscode: 503"}},
		{name: "its readiness probe goes to the wrong port", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) { main(p).ReadinessProbe = probing("/") })},
			want: []string{"problem ReadinessProbe: app main"}, says: []string{"connection refused", "Nothing listens on that port"}},
		{name: "its readiness probe has not come yet", objects: []sdk.Object{faulty("web", func(p *corev1.Pod) {
			main(p).ReadinessProbe = probing("/")
			main(p).ReadinessProbe.InitialDelaySeconds = 600
		})}, want: []string{"progress ReadinessProbe: app main"}, says: []string{"has not succeeded yet"}},
		{name: "its liveness probe has it ended", passes: 3 * time.Minute, objects: []sdk.Object{faulty("web", func(p *corev1.Pod) {
			main(p).LivenessProbe = probing("/healthz")
			p.Spec.TerminationGracePeriodSeconds = new(int64(1))
		})}, want: []string{"problem LivenessProbe: app main"}, says: []string{"its liveness probe failed", "statuscode: 503", "give the probe more time"}},
		{name: "its hook fails", objects: []sdk.Object{faulty("web", func(p *corev1.Pod) {
			main(p).Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"register"}}}}
		})}, want: []string{"problem HookFailed: app main"}, says: []string{"its postStart hook fails (4 times)"}},
		{name: "a readiness gate is not set", objects: []sdk.Object{faulty("pause", func(p *corev1.Pod) {
			p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/registered"}}
		})}, want: []string{"problem ReadinessGate: app"}, says: []string{"readiness gate example.com/registered is missing"}},
	})
}
