package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/types/selector"
)

// cranes is a ReplicationController of n pods with a container of that image.
func cranes(n int32, image string, change ...func(*corev1.Pod)) *corev1.ReplicationController {
	p := faulty(image, change...)
	return &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "crane"}, Spec: corev1.ReplicationControllerSpec{
		Replicas: &n, Selector: p.Labels, Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: p.Labels}, Spec: p.Spec}}}
}

func TestDiagnoseControllers(t *testing.T) {
	crane := sdk.ControllerNamed("crane")
	quota := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "few"}, Spec: corev1.ResourceQuotaSpec{Hard: quantities("pods", "1")}}
	demanding := &corev1.ResourceQuota{ObjectMeta: metav1.ObjectMeta{Name: "measured"}, Spec: corev1.ResourceQuotaSpec{Hard: quantities("limits.cpu", "1")}}
	bounds := &corev1.LimitRange{ObjectMeta: metav1.ObjectMeta{Name: "small"}, Spec: corev1.LimitRangeSpec{
		Limits: []corev1.LimitRangeItem{{Type: corev1.LimitTypeContainer, Max: quantities("cpu", "1")}}}}
	large := func(p *corev1.Pod) { main(p).Resources.Limits = quantities("cpu", "2") }
	runFaults(t, []fault{
		{name: "all is well", objects: []sdk.Object{cranes(3, "pause")}, target: crane, want: []string{"note Ready: crane"},
			says: []string{"ReplicationController default/crane has 3 of 3 pods ready: it has all its pods ready."}},
		{name: "it wants none", objects: []sdk.Object{cranes(0, "pause")}, target: crane, want: []string{"note ScaledToZero: crane"}},
		{name: "nobody acts on it", options: []fake.Option{fake.Without(fake.ReplicationControllerController)}, objects: []sdk.Object{cranes(3, "pause")}, target: crane,
			want: []string{"progress ControllerBehind: crane"}, says: []string{"has 0 of 3 pods ready"}},
		{name: "a quota is exceeded", objects: []sdk.Object{quota, cranes(3, "pause")}, target: crane, want: []string{"problem QuotaExceeded: crane"},
			says: []string{"has 1 of 3 pods ready", "has 1 of 3 pods, and more are refused: FailedCreate", "exceeded quota: few, requested: pods=1, used: pods=1, limited: pods=1"}},
		{name: "a quota wants limits", objects: []sdk.Object{demanding, cranes(1, "pause")}, target: crane, want: []string{"problem QuotaExceeded: crane"},
			says: []string{"must specify limits.cpu", "a LimitRange gives defaults"}},
		{name: "a limit range is exceeded", objects: []sdk.Object{bounds, cranes(1, "pause", large)}, target: crane, want: []string{"problem LimitRange: crane"},
			says: []string{"maximum cpu usage per Container is 1, but limit is 2"}},
		{name: "the service account is missing", objects: []sdk.Object{cranes(1, "pause", func(p *corev1.Pod) { p.Spec.ServiceAccountName = "builder" })}, target: crane,
			want: []string{"problem ServiceAccountMissing: crane"}},
		{name: "its pods do not run, all for one reason", objects: []sdk.Object{cranes(3, "nowhere/crane")}, target: crane, want: []string{"problem ImagePull: crane-* main"},
			says: []string{"has 0 of 3 pods ready", "(and 2 more like it)"}},
		{name: "only its own pods count", objects: []sdk.Object{faulty("nowhere/crane", func(p *corev1.Pod) {
			p.OwnerReferences = []metav1.OwnerReference{{APIVersion: "v1", Kind: "ReplicationController", Name: "other", UID: "other", Controller: new(true)}}
		}), cranes(1, "pause")}, options: []fake.Option{fake.Without(fake.GarbageCollector)}, target: crane, want: []string{"note Ready: crane"}},
		{name: "a selection with nothing the matter", objects: []sdk.Object{cranes(2, "pause")}, target: sdk.SelectedText("app=crane"), want: []string{"note Ready: crane-*"},
			says: []string{"pods of app=crane in default are 2, 2 of them ready"}},
		{name: "a selection of which one crashes", objects: []sdk.Object{cranes(2, "pause"), faulty("exit", command("exit", "1"), func(p *corev1.Pod) { p.Labels = map[string]string{"app": "other"} })},
			target: sdk.Selected(selector.MustParse("app")), want: []string{"problem CrashLoopBackOff: app main"}, says: []string{"are 3, 2 of them ready: Pod default/app container main crashes"}},
		{name: "a selection of nothing", objects: []sdk.Object{faulty("pause")}, target: sdk.SelectedText("app=crane,tier=web"), want: []string{"problem NoPods: *"},
			says: []string{"the nearest, pod app, fails tier=web"}},
	})
}

// refused is a controller whose newest condition says that its pods are refused in those words.
func refused(message string) func(*testing.T, *fake.Cluster, *sdk.Client) {
	return func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) {
		cs, err := kubernetes.NewForConfig(cluster.RESTConfig())
		ok(t, err)
		rc, err := cs.CoreV1().ReplicationControllers("default").Get(t.Context(), "crane", metav1.GetOptions{})
		ok(t, err)
		rc.Status.ObservedGeneration = rc.Generation
		rc.Status.Conditions = []corev1.ReplicationControllerCondition{{Type: corev1.ReplicationControllerReplicaFailure, Status: corev1.ConditionTrue, Reason: "FailedCreate", Message: message}}
		_, err = cs.CoreV1().ReplicationControllers("default").UpdateStatus(t.Context(), rc, metav1.UpdateOptions{})
		ok(t, err)
	}
}

func TestDiagnoseWordsOfAdmission(t *testing.T) {
	var faults []fault
	for _, row := range []struct{ name, message, want string }{
		{"a webhook", `admission webhook "policy.example.com" denied the request: no image of a registry that is trusted`, "AdmissionDenied"},
		{"a policy", `pods "crane-1" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`, "AdmissionDenied"},
		{"Pod Security", `pods "crane-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false`, "AdmissionDenied"},
		{"the namespace is being deleted", `pods "crane-1" is forbidden: unable to create new content in namespace default because it is being terminated`, "NamespaceTerminating"},
		{"the controller's rights", `pods is forbidden: User "system:serviceaccount:kube-system:replication-controller" cannot create resource "pods"`, "Forbidden"},
		{"the template", `Pod "crane-1" is invalid: spec.containers[0].image: Required value`, "InvalidTemplate"},
		{"a priority class", `pods "crane-1" is forbidden: no PriorityClass with name high was found`, "InvalidTemplate"},
		{"a ratio", `pods "crane-1" is forbidden: cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000`, "LimitRange"},
		{"what is not known", "the moon is full", "CreateFailed"},
	} {
		faults = append(faults, fault{name: row.name, options: []fake.Option{fake.APIOnly()}, objects: []sdk.Object{cranes(1, "pause")}, target: sdk.ControllerNamed("crane"),
			then: refused(row.message), want: []string{"problem " + row.want + ": crane"}, says: []string{row.message}})
	}
	faults = append(faults, fault{name: "nothing, as yet", options: []fake.Option{fake.APIOnly()}, objects: []sdk.Object{cranes(1, "pause")}, target: sdk.ControllerNamed("crane"),
		then: func(t *testing.T, cluster *fake.Cluster, c *sdk.Client) {
			refused("")(t, cluster, c)
		}, want: []string{"progress TooFewPods: crane"}})
	runFaults(t, faults)
}
