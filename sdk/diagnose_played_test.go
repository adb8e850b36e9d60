package sdk_test

import (
	"fmt"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// play writes the status of the pod app, as a kubelet or a scheduler would that is not there, and events about it.
func play(change func(*corev1.Pod), events ...corev1.Event) func(*testing.T, *fake.Cluster, *sdk.Client) {
	return func(t *testing.T, cluster *fake.Cluster, c *sdk.Client) {
		t.Helper()
		cs, err := kubernetes.NewForConfig(cluster.RESTConfig())
		ok(t, err)
		pod, err := cs.CoreV1().Pods("default").Get(t.Context(), "app", metav1.GetOptions{})
		ok(t, err)
		change(pod)
		_, err = cs.CoreV1().Pods("default").UpdateStatus(t.Context(), pod, metav1.UpdateOptions{})
		ok(t, err)
		for i, e := range events {
			e.Name, e.Namespace = fmt.Sprintf("app.%d", i), "default"
			path := e.InvolvedObject.FieldPath
			e.InvolvedObject = corev1.ObjectReference{Kind: "Pod", Namespace: "default", Name: "app", UID: pod.UID, FieldPath: path}
			e.LastTimestamp = metav1.Time{Time: time.Now().Add(time.Duration(i) * time.Second)}
			ok(t, c.Create(t.Context(), &e))
		}
	}
}

// about is a warning about the container main.
func about(reason, message string) corev1.Event {
	return corev1.Event{Type: corev1.EventTypeWarning, Reason: reason, Message: message, InvolvedObject: corev1.ObjectReference{FieldPath: "spec.containers{main}"}}
}

// waits is a pod whose container waits.
func waits(reason, message string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Status.Phase = corev1.PodPending
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "main", State: corev1.ContainerState{
			Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}}}
	}
}

// fell is a pod whose container has ended for good.
func fell(code int32, reason, message string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Status.Phase = corev1.PodFailed
		p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "main", State: corev1.ContainerState{
			Terminated: &corev1.ContainerStateTerminated{ExitCode: code, Reason: reason, Message: message}}}}
	}
}

func condition(t corev1.PodConditionType, status corev1.ConditionStatus, reason, message string) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{Type: t, Status: status, Reason: reason, Message: message})
	}
}

// played are faults of a cluster in which nobody acts.
func played(faults []fault) []fault {
	for i := range faults {
		faults[i].options = append(faults[i].options, fake.APIOnly())
		if faults[i].objects == nil {
			faults[i].objects = []sdk.Object{faulty("crane:v1", func(p *corev1.Pod) { p.Spec.NodeName = "minikube" })}
		}
	}
	return faults
}

// unscheduled is the pod app of whom a scheduler says that.
func unscheduled(message string) fault {
	return fault{objects: []sdk.Object{faulty("crane:v1")}, then: play(condition(corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", message))}
}

func (f fault) called(name string, want []string, says ...string) fault {
	f.name, f.want, f.says = name, want, says
	return f
}

func TestDiagnoseWordsOfSchedulers(t *testing.T) {
	refuses := func(name, text, want string) fault {
		return unscheduled("0/3 nodes are available: 3 "+text+". preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.").
			called(name, []string{want + ": app"}, "3 of 3 nodes: "+text)
	}
	runFaults(t, played([]fault{
		refuses("affinity", "node(s) didn't match pod affinity rules", "problem PodAffinity"),
		refuses("anti-affinity", "node(s) didn't match pod anti-affinity rules", "problem PodAffinity"),
		refuses("topology spread", "node(s) didn't match pod topology spread constraints (missing required label)", "problem TopologySpread"),
		refuses("another node was named", "node(s) didn't match the requested node name", "problem NodeSelector"),
		refuses("too many pods", "Too many pods", "problem Insufficient"),
		refuses("the volume is elsewhere", "node(s) had volume node affinity conflict", "problem VolumeElsewhere"),
		refuses("the volume is in another zone", "node(s) had no available volume zone", "problem VolumeElsewhere"),
		refuses("too many volumes", "node(s) exceed max volume count", "problem VolumeElsewhere"),
		refuses("no volume to bind", "node(s) didn't find available persistent volumes to bind", "problem ClaimPending"),
		refuses("a taint with a comma", "node(s) had untolerated taint {a: b, c}", "problem Taints"),
		refuses("what is not known", "node(s) were out of luck", "problem Unschedulable"),
		unscheduled("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: not eligible due to preemptionPolicy=Never.").
			called("before any node", []string{"problem ClaimPending: app"}, "to any node: pod has unbound immediate PersistentVolumeClaims."),
		unscheduled(`0/1 nodes are available: persistentvolumeclaim "data" not found.`).called("a claim", []string{"problem ClaimMissing: app"}),
		unscheduled("something new").called("no such text", []string{"problem Unschedulable: app"}, "cannot be scheduled: Unschedulable: something new."),
		unscheduled("0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {gpu: yes}, 2 Insufficient memory.").
			called("several at once", []string{"problem Insufficient: app", "problem Taints: app", "problem Insufficient: app"}, "1 of 3 nodes: Insufficient cpu", "2 of 3 nodes: Insufficient memory"),
		{name: "others are pushed out", objects: []sdk.Object{faulty("crane:v1")}, then: play(func(p *corev1.Pod) {
			condition(corev1.PodScheduled, corev1.ConditionFalse, "Unschedulable", "0/1 nodes are available: 1 Insufficient cpu.")(p)
			p.Status.NominatedNodeName = "minikube"
		}), want: []string{"problem Insufficient: app", "progress PreemptionBegun: app"}},
	}))
}

func TestDiagnoseWordsOfRegistries(t *testing.T) {
	var faults []fault
	for _, row := range []struct{ name, cause, hint string }{
		{"no such tag", `rpc error: code = NotFound desc = failed to resolve reference "docker.io/library/crane:v1": docker.io/library/crane:v1: not found`, "no such image or tag"},
		{"no such manifest", "manifest unknown: The named manifest is not known to the registry.", "no such tag"},
		{"no credentials", "pull access denied, repository does not exist or may require authorization", "imagePullSecrets"},
		{"wrong credentials", "unexpected status from HEAD request: 401 Unauthorized: unauthorized", "imagePullSecrets"},
		{"too often", "toomanyrequests: You have reached your unauthenticated pull rate limit", "limits how often"},
		{"no such registry", "dial tcp: lookup registry.example on 10.0.0.1:53: no such host", "cannot find the registry's address"},
		{"the registry does not answer", "dial tcp 192.0.2.1:443: i/o timeout", "does not reach the registry"},
		{"a certificate of one's own", "tls: failed to verify certificate: x509: certificate signed by unknown authority", "does not trust"},
		{"plain HTTP", "http: server gave HTTP response to HTTPS client", "plain HTTP"},
		{"another architecture", "no matching manifest for linux/arm64/v8 in the manifest list entries", "architecture"},
		{"the disk is full", "write /var/lib/containerd: no space left on device", "disk is full"},
	} {
		faults = append(faults, fault{name: row.name, then: play(waits("ImagePullBackOff", `Back-off pulling image "crane:v1"`),
			about("Failed", `Failed to pull image "crane:v1": `+row.cause)), want: []string{"problem ImagePull: app main"}, says: []string{row.cause, row.hint}})
	}
	faults = append(faults, fault{name: "the signature does not hold", then: play(waits("SignatureValidationFailed", "no signature")), want: []string{"problem ImagePull: app main"}})
	runFaults(t, played(faults))
}

func TestDiagnoseWordsOfRuntimes(t *testing.T) {
	volume := about("FailedAttachVolume", `Multi-Attach error for volume "pvc-1"`)
	volume.InvolvedObject.FieldPath, volume.Count = "", 3
	sandbox := about("FailedCreatePodSandBox", "plugin type=\"bridge\" failed (add): no IP addresses left")
	runFaults(t, played([]fault{
		{name: "it may not run as root", then: play(waits("CreateContainerConfigError", "container has runAsNonRoot and image will run as root")), want: []string{"problem ContainerConfigError: app main"},
			says: []string{"cannot be put together: container has runAsNonRoot"}},
		{name: "it cannot be made", then: play(waits("CreateContainerError", "context deadline exceeded")), want: []string{"problem CannotStart: app main"}},
		{name: "there is no such command", then: play(waits("RunContainerError", `exec: "serve": executable file not found in $PATH`)), want: []string{"problem CannotStart: app main"},
			says: []string{"has no such command"}},
		{name: "it could not be started, and is not tried again", then: play(fell(128, "StartError", "exec: \"/serve\": permission denied")), want: []string{"fatal CannotStart: app main"},
			says: []string{"not executable for the container's user"}},
		{name: "a hook", then: play(waits("PostStartHookError", "exited with 1")), want: []string{"problem HookFailed: app main"}},
		{name: "a reason that is not known", then: play(waits("NewError", "of tomorrow")), want: []string{"problem Waiting: app main"}, says: []string{"waits: NewError: of tomorrow"}},
		{name: "a crash of which nothing is known", then: play(waits("CrashLoopBackOff", "back-off 5m0s")), want: []string{"problem CrashLoopBackOff: app main"}, says: []string{"back-off 5m0s"}},
		{name: "a signal by number", then: play(fell(128+10, "Error", "")), want: []string{"fatal Exited: app main"}, says: []string{"by signal 10"}},
		{name: "a segmentation fault", then: play(fell(139, "Error", "")), want: []string{"fatal Exited: app main"}, says: []string{"SIGSEGV"}},
		{name: "what cannot be executed", then: play(fell(126, "Error", "")), want: []string{"fatal Exited: app main"}, says: []string{"cannot be executed"}},
		{name: "SIGTERM", then: play(fell(143, "Error", "")), want: []string{"fatal Exited: app main"}, says: []string{"told to end"}},
		{name: "a message that it left", then: play(fell(1, "Error", "no warehouse\n")), want: []string{"fatal Exited: app main"}, says: []string{"left the message: no warehouse."}},
		{name: "a failure without a reason", then: play(func(p *corev1.Pod) { p.Status.Phase = corev1.PodFailed }), want: []string{"fatal Exited: app"}},
		{name: "a volume is attached elsewhere", then: play(waits("ContainerCreating", ""), volume), want: []string{"problem MountFailed: app"}, says: []string{"(3 times): Multi-Attach error"}},
		{name: "the network cannot be set up", then: play(waits("ContainerCreating", ""), sandbox), want: []string{"problem SandboxFailed: app"}, says: []string{"no IP addresses left", "network plugin"}},
		{name: "it is on its way", then: play(waits("ContainerCreating", ""), corev1.Event{Reason: "Pulling", Message: `Pulling image "crane:v1"`}), want: []string{"progress Starting: app"},
			says: []string{`the last that it told: Pulling image "crane:v1"`}},
		{name: "the node was shut down", then: play(func(p *corev1.Pod) {
			p.Status.Phase, p.Status.Reason, p.Status.Message = corev1.PodFailed, "Terminated", "Pod was terminated in response to imminent node shutdown."
		}), want: []string{"fatal NodeShutdown: app"}},
		{name: "it runs, and nobody says why it is not ready", then: play(func(p *corev1.Pod) {
			p.Status.Phase = corev1.PodRunning
			p.Status.ContainerStatuses = []corev1.ContainerStatus{{Name: "main", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
		}), want: []string{"progress ContainersNotReady: app main"}},
		{name: "it makes room", then: play(condition(corev1.DisruptionTarget, corev1.ConditionTrue, "PreemptionByScheduler", "default-scheduler: preempting to accommodate a higher priority pod")),
			want: []string{"problem Preempted: app"}},
		{name: "a taint pushes it out", then: play(condition(corev1.DisruptionTarget, corev1.ConditionTrue, "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint")),
			want: []string{"problem Evicted: app"}},
	}))
}

// playNode writes conditions of the node minikube.
func playNode(conditions ...corev1.NodeCondition) func(*testing.T, *fake.Cluster, *sdk.Client) {
	return func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) {
		cs, err := kubernetes.NewForConfig(cluster.RESTConfig())
		ok(t, err)
		node, err := cs.CoreV1().Nodes().Get(t.Context(), "minikube", metav1.GetOptions{})
		ok(t, err)
		node.Status.Conditions = conditions
		_, err = cs.CoreV1().Nodes().UpdateStatus(t.Context(), node, metav1.UpdateOptions{})
		ok(t, err)
	}
}

func TestDiagnoseConditionsOfNodesAndClaims(t *testing.T) {
	lost := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "data"}}
	lost.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	lost.Spec.Resources.Requests = quantities("storage", "1Gi")
	lost.Spec.VolumeName = "disk"
	runFaults(t, played([]fault{
		{name: "the node is short of something", then: playNode(corev1.NodeCondition{Type: corev1.NodeDiskPressure, Status: corev1.ConditionTrue, Reason: "KubeletHasDiskPressure"}),
			want: []string{"progress Starting: app", "note NodePressure: minikube"}, says: []string{"Node minikube is short of disk space"}},
		{name: "the node has no network", then: playNode(corev1.NodeCondition{Type: corev1.NodeNetworkUnavailable, Status: corev1.ConditionTrue, Reason: "NoRouteCreated"}),
			want: []string{"problem NodeNetwork: minikube"}},
		{name: "the node is not ready", then: playNode(corev1.NodeCondition{Type: corev1.NodeReady, Status: corev1.ConditionFalse, Reason: "KubeletNotReady", Message: "container runtime is down"}),
			want: []string{"problem NodeNotReady: minikube"}, says: []string{"KubeletNotReady: container runtime is down"}},
		{name: "a claim has lost its volume", objects: []sdk.Object{lost.DeepCopy()}, target: lost, then: func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) {
			cs, err := kubernetes.NewForConfig(cluster.RESTConfig())
			ok(t, err)
			claim, err := cs.CoreV1().PersistentVolumeClaims("default").Get(t.Context(), "data", metav1.GetOptions{})
			ok(t, err)
			claim.Status.Phase = corev1.ClaimLost
			_, err = cs.CoreV1().PersistentVolumeClaims("default").UpdateStatus(t.Context(), claim, metav1.UpdateOptions{})
			ok(t, err)
		}, want: []string{"problem ClaimLost: data"}, says: []string{"has lost its volume disk"}},
	}))
}

func TestDiagnoseRefuses(t *testing.T) {
	onLate(t, func(t *testing.T, c *sdk.Client) {
		settings := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "settings"}}
		for _, tt := range []struct {
			name   string
			target sdk.Target
			says   string
		}{
			{"no target", nil, "diagnose: no target given"},
			{"an empty selector", sdk.SelectedText(""), "diagnose: pods: the selector is empty"},
			{"a kind of which nothing is known", settings, "diagnose ConfigMap default/settings: what keeps a ConfigMap from running is not known"},
			{"a controller that is not there", sdk.ControllerNamed("crane"), `diagnose ReplicationController default/crane: replicationcontrollers "crane" not found`},
		} {
			_, err := c.Diagnose(t.Context(), tt.target)
			says(t, err, tt.says)
		}
	})
}
