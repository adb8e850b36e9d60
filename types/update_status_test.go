package types_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestStatusUpdateErrors(t *testing.T) {
	ended := []corev1.ContainerStatus{{Name: "c", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1}}}}
	running := []corev1.ContainerStatus{{Name: "c", State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}}
	ips := func(list ...string) (out []corev1.PodIP) {
		for _, ip := range list {
			out = append(out, corev1.PodIP{IP: ip})
		}
		return out
	}
	policy := func(p corev1.RestartPolicy) func(*corev1.Pod) {
		return func(pod *corev1.Pod) { pod.Spec.RestartPolicy = p }
	}
	for _, test := range []struct {
		rule    string
		old     corev1.PodStatus
		status  corev1.PodStatus
		prepare func(*corev1.Pod)
		want    string
	}{
		{rule: "nothing changes"},
		{rule: "the class is fixed", status: corev1.PodStatus{QOSClass: "Burstable"}, want: `status.qosClass: Invalid value: "Burstable": field is immutable`},
		{rule: "podIP without podIPs", status: corev1.PodStatus{PodIP: "1.2.3.4"},
			want: `status.podIPs: Invalid value: null: podIP and podIPs must either both be set or both be unset`},
		{rule: "two addresses of one family", status: corev1.PodStatus{PodIP: "1.2.3.4", PodIPs: ips("1.2.3.4", "1.2.3.5")},
			want: `status.podIPs: Invalid value: [{"IP":"1.2.3.4"},{"IP":"1.2.3.5"}]: may specify no more than one IP for each IP family`},
		{rule: "one of each family", status: corev1.PodStatus{PodIP: "1.2.3.4", PodIPs: ips("1.2.3.4", "::1")}},
		{rule: "a bad address that was there before", old: corev1.PodStatus{PodIP: "x", PodIPs: ips("x")}, status: corev1.PodStatus{PodIP: "x", PodIPs: ips("x")}},
		{rule: "a condition that is no qualified name", status: corev1.PodStatus{Conditions: []corev1.PodCondition{{Type: "a b"}}},
			want: `status.conditions[0].Type: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`},
		{rule: "what may restart leaves its end", old: corev1.PodStatus{ContainerStatuses: ended}, status: corev1.PodStatus{ContainerStatuses: running}},
		{rule: "what failed may restart on failure", old: corev1.PodStatus{ContainerStatuses: ended}, status: corev1.PodStatus{ContainerStatuses: running}, prepare: policy("OnFailure")},
		{rule: "what never restarts stays ended", old: corev1.PodStatus{ContainerStatuses: ended}, status: corev1.PodStatus{ContainerStatuses: running}, prepare: policy("Never"),
			want: `status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state`},
		{rule: "a container's own policy counts", old: corev1.PodStatus{ContainerStatuses: ended}, status: corev1.PodStatus{ContainerStatuses: running}, prepare: func(p *corev1.Pod) {
			p.Spec.RestartPolicy, p.Spec.Containers[0].RestartPolicy = "Never", new(corev1.ContainerRestartPolicyAlways)
		}},
		{rule: "a claim that the pod has not", status: corev1.PodStatus{ResourceClaimStatuses: []corev1.PodResourceClaimStatus{{Name: "x"}}},
			want: "status.resourceClaimStatuses[0].name: Invalid value: \"x\": must match the name of an entry in `spec.resourceClaims`"},
		{rule: "a claim that it has", status: corev1.PodStatus{ResourceClaimStatuses: []corev1.PodResourceClaimStatus{{Name: "x"}}}, prepare: func(p *corev1.Pod) {
			p.Spec.ResourceClaims = []corev1.PodResourceClaim{{Name: "x"}}
		}},
		{rule: "a claim of the scheduler's for a container that is not there", status: corev1.PodStatus{ExtendedResourceClaimStatus: &corev1.PodExtendedResourceClaimStatus{
			ResourceClaimName: "r", RequestMappings: []corev1.ContainerExtendedResourceRequest{{ContainerName: "x", RequestName: "y"}},
		}}, want: `status.extendedResourceClaimStatus.requestMappings[0].containerName: Invalid value: "x": must match the name of an entry in spec.initContainers.name or spec.containers.name`},
		{rule: "a node for a pod that has one", status: corev1.PodStatus{NominatedNodeName: "n"}, prepare: func(p *corev1.Pod) { p.Spec.NodeName = "m" },
			want: `status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			old := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "n", ResourceVersion: "1"}, Spec: corev1.PodSpec{
				RestartPolicy: "Always", Containers: []corev1.Container{{Name: "c"}},
			}, Status: test.old}
			if test.prepare != nil {
				test.prepare(old)
			}
			pod := old.DeepCopy()
			pod.Status = test.status
			got := ""
			if errs := types.StatusUpdateErrors(pod, old); len(errs) > 0 {
				got = errs.ToAggregate().Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
