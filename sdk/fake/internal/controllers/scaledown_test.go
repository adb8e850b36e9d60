package controllers

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/ptr"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// running is a pod that has been ready, and there, for a while.
func running(name string, age time.Duration, change ...func(*corev1.Pod)) *corev1.Pod {
	at := metav1.NewTime(noon.Add(-age))
	p := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID(name), CreationTimestamp: at},
		Spec:       corev1.PodSpec{NodeName: "n"},
		Status: corev1.PodStatus{Phase: corev1.PodRunning, Conditions: []corev1.PodCondition{
			{Type: corev1.PodReady, Status: corev1.ConditionTrue, LastTransitionTime: at},
		}},
	}
	for _, f := range change {
		f(p)
	}
	return p
}

func unready(p *corev1.Pod) { p.Status.Conditions = nil }
func cost(s string) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Annotations = map[string]string{corev1.PodDeletionCost: s} }
}
func on(node string) func(*corev1.Pod)          { return func(p *corev1.Pod) { p.Spec.NodeName = node } }
func phase(x corev1.PodPhase) func(*corev1.Pod) { return func(p *corev1.Pod) { p.Status.Phase = x } }
func restarts(n int32) func(*corev1.Pod) {
	return func(p *corev1.Pod) { p.Status.ContainerStatuses = []corev1.ContainerStatus{{RestartCount: n}} }
}
func sidecarRestarts(n int32) func(*corev1.Pod) {
	return func(p *corev1.Pod) {
		p.Spec.InitContainers = []corev1.Container{{Name: "s", RestartPolicy: ptr.To(corev1.ContainerRestartPolicyAlways)}, {Name: "i"}}
		p.Status.InitContainerStatuses = []corev1.ContainerStatus{{Name: "s", RestartCount: n}, {Name: "i", RestartCount: 9}}
	}
}

func TestScaleDownOrder(t *testing.T) {
	hour := time.Hour
	for name, row := range map[string]struct {
		pods     []*corev1.Pod // in the order that is wanted
		crowding map[string]int
	}{
		"unassigned before assigned, whatever else": {[]*corev1.Pod{running("z", hour, on("")), running("a", time.Second, unready, cost("-5"))}, nil},
		"pending, unknown, running": {[]*corev1.Pod{
			running("z", hour, phase(corev1.PodPending)), running("y", hour, phase(corev1.PodUnknown)), running("a", hour),
		}, nil},
		"not ready before ready":                     {[]*corev1.Pod{running("z", hour, unready, cost("7")), running("a", hour)}, nil},
		"lower deletion cost first":                  {[]*corev1.Pod{running("z", hour, cost("-1")), running("y", hour), running("a", hour, cost("1"))}, nil},
		"a cost that is no number counts as 0":       {[]*corev1.Pod{running("a", hour, cost("x")), running("b", hour, cost("+3")), running("c", hour)}, nil},
		"from the node with more related pods first": {[]*corev1.Pod{running("z", hour, on("full")), running("a", hour, on("empty"))}, map[string]int{"full": 2, "empty": 1}},
		"ready for a shorter time first":             {[]*corev1.Pod{running("z", time.Minute), running("a", hour)}, nil},
		"times of the same magnitude: by uid":        {[]*corev1.Pod{running("a", 65*time.Minute), running("z", hour)}, nil},
		"more restarts first":                        {[]*corev1.Pod{running("z", hour, restarts(2)), running("a", hour, restarts(1))}, nil},
		"then more restarts of sidecars, not of other init containers": {[]*corev1.Pod{
			running("z", hour, sidecarRestarts(2)), running("a", hour, sidecarRestarts(1)),
		}, nil},
		"newer first where none is ready": {[]*corev1.Pod{running("z", time.Minute, unready), running("a", hour, unready)}, nil},
		"by name where nothing decides":   {[]*corev1.Pod{running("a", hour), running("b", hour)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			want := names(row.pods)
			for range len(row.pods) { // from every rotation
				row.pods = append(row.pods[1:], row.pods[0])
				got := names(scaleDown(append([]*corev1.Pod(nil), row.pods...), row.crowding, noon))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("order (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestCrowdingCountsOnlyWhatHasTheSameController(t *testing.T) {
	x := newPodIndex(func(types.NamespacedName) {})
	controlled := func(name string) *corev1.ReplicationController {
		rc := newRC(name, 1)
		rc.UID = types.UID(name)
		rc.OwnerReferences = []metav1.OwnerReference{{Kind: "DeploymentConfig", Name: "dc", UID: "dc", Controller: ptr.To(true)}}
		return rc
	}
	alone := newRC("alone", 1)
	alone.UID = "alone"
	for _, rc := range []*corev1.ReplicationController{controlled("a"), controlled("b"), alone} {
		x.observeSet("ADDED", rc)
		pod := newPod("pod-"+rc.Name, rc.Name)
		pod.Spec.NodeName = "n"
		pod.OwnerReferences = []metav1.OwnerReference{controllerRef(rc)}
		x.observePod("ADDED", pod)
	}
	key := func(name string) types.NamespacedName { return types.NamespacedName{Namespace: "default", Name: name} }
	if diff := cmp.Diff(map[string]int{"n": 2}, x.crowding(x.sets[key("a")])); diff != "" {
		t.Errorf("crowding of one of two (-want +got):\n%s", diff)
	}
	if got := x.crowding(x.sets[key("alone")]); got != nil {
		t.Errorf("crowding of one without a controller = %v", got)
	}
}
