package types_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-multierror"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// stored is a pod as a server keeps it.
func stored() *corev1.Pod {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "default", UID: "u", ResourceVersion: "1"},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "nginx:1.25"}}},
	}
	types.Default(pod)
	types.Admit(pod, "abcde")
	return pod
}

// onlyThese is how the server refuses a change of a pod's spec; the difference follows.
const onlyThese = "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`," +
	"`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations)," +
	"`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"

func TestPodUpdate(t *testing.T) {
	type edit = func(*corev1.Pod)
	gated := func(p *corev1.Pod) {
		p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "g"}}
		p.Spec.NodeSelector = map[string]string{"a": "b"}
	}
	tests := []struct {
		rule       string
		before, do edit
		want       []string
	}{
		{"nothing changed", nil, func(*corev1.Pod) {}, nil},
		{"an image may change", nil, func(p *corev1.Pod) { p.Spec.Containers[0].Image = "nginx:1.26" }, nil},
		{"an image may not go", nil, func(p *corev1.Pod) { p.Spec.Containers[0].Image = "" }, []string{"spec.containers[0].image: Required value"}},
		{"a name may not change; the difference is in the server's notation", nil, func(p *corev1.Pod) { p.Spec.Containers[0].Name = "z" }, []string{
			onlyThese + `@@ -95,7 +95,7 @@
  "InitContainers": null,
  "Containers": [
   {
-   "Name": "c",
+   "Name": "z",
    "Image": "nginx:1.25",
    "Command": null,
    "Args": null,
`}},
		{"a port may not come", nil, func(p *corev1.Pod) {
			p.Spec.Containers[0].Ports = []corev1.ContainerPort{{ContainerPort: 80, Protocol: "TCP"}}
		}, []string{onlyThese + `@@ -100,7 +100,15 @@
    "Command": null,
    "Args": null,
    "WorkingDir": "",
-   "Ports": null,
+   "Ports": [
+    {
+     "Name": "",
+     "HostPort": 0,
+     "ContainerPort": 80,
+     "Protocol": "TCP",
+     "HostIP": ""
+    }
+   ],
    "EnvFrom": null,
    "Env": null,
    "Resources": {
`}},
		{"a node is not given by update", nil, func(p *corev1.Pod) { p.Spec.NodeName = "minikube" }, []string{onlyThese + `@@ -146,7 +146,7 @@
  "ServiceAccountName": "default",
  "DeprecatedServiceAccount": "default",
  "AutomountServiceAccountToken": null,
- "NodeName": "",
+ "NodeName": "minikube",
  "HostNetwork": false,
  "HostPID": false,
  "HostIPC": false,
`}},
		{"containers may not come or go", nil, func(p *corev1.Pod) { p.Spec.Containers = nil }, []string{
			"spec.containers: Required value", "spec.containers: Forbidden: pod updates may not add or remove containers"}},
		{"a deadline may come", nil, func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(5)) }, nil},
		{"a deadline may shrink", func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(9)) },
			func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(5)) }, nil},
		{"a deadline may not grow", func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(9)) },
			func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(90)) },
			[]string{"spec.activeDeadlineSeconds: Invalid value: 90: must be less than or equal to previous value"}},
		{"a deadline may not go", func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = new(int64(9)) },
			func(p *corev1.Pod) { p.Spec.ActiveDeadlineSeconds = nil },
			[]string{"spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value"}},
		{"tolerations may come", nil, func(p *corev1.Pod) {
			p.Spec.Tolerations = append(p.Spec.Tolerations, corev1.Toleration{Key: "k", Operator: "Exists"})
		}, nil},
		{"tolerations may not go", nil, func(p *corev1.Pod) { p.Spec.Tolerations = nil },
			[]string{"spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"}},
		{"scheduling gates may go", gated, func(p *corev1.Pod) { p.Spec.SchedulingGates = nil }, nil},
		{"scheduling gates may not come", gated, func(p *corev1.Pod) {
			p.Spec.SchedulingGates = append(p.Spec.SchedulingGates, corev1.PodSchedulingGate{Name: "h"})
		}, []string{"spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'h'"}},
		{"a gated pod may be sent to fewer nodes", gated, func(p *corev1.Pod) { p.Spec.NodeSelector["c"] = "d" }, nil},
		{"a gated pod may not be sent to other nodes", gated, func(p *corev1.Pod) { p.Spec.NodeSelector = map[string]string{"c": "d"} }, []string{
			`spec.nodeSelector: Invalid value: {"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)`}},
		{"a bad label is reported once, though two rules find it", nil, func(p *corev1.Pod) { p.Labels = map[string]string{"bad key": ""} }, []string{
			`metadata.labels: Invalid value: "bad key": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`}},
		{"the uid is immutable", nil, func(p *corev1.Pod) { p.UID = "v" }, []string{`metadata.uid: Invalid value: "v": field is immutable`}},
		{"AppArmor annotations may not come", nil, func(p *corev1.Pod) {
			p.Annotations = map[string]string{"container.apparmor.security.beta.kubernetes.io/c": "unconfined"}
		}, []string{"metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Forbidden: may not add AppArmor annotations"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			old := stored()
			if test.before != nil {
				test.before(old)
			}
			pod := old.DeepCopy()
			test.do(pod)
			if diff := cmp.Diff(test.want, lines(types.UpdateErrors(pod, old))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func lines(list field.ErrorList) (texts []string) {
	for _, e := range list {
		texts = append(texts, e.Error())
	}
	return texts
}

func TestUpdateOfOtherKinds(t *testing.T) {
	yes := new(true)
	meta := metav1.ObjectMeta{Name: "a", Namespace: "default", ResourceVersion: "1"}
	secret := func(kind corev1.SecretType) *corev1.Secret { return &corev1.Secret{ObjectMeta: meta, Type: kind} }
	tests := []struct {
		rule     string
		new, old interface {
			metav1.Object
			runtime.Object
		}
		want []string
	}{
		{"an immutable config map keeps its data", &corev1.ConfigMap{ObjectMeta: meta, Data: map[string]string{"a": "b"}}, &corev1.ConfigMap{ObjectMeta: meta, Immutable: yes},
			[]string{"immutable: Forbidden: field is immutable when `immutable` is set", "data: Forbidden: field is immutable when `immutable` is set"}},
		{"a secret keeps its type", secret("Opaque"), secret("a/b"), []string{`type: Invalid value: "Opaque": field is immutable`}},
		{"a service keeps its address", &corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{Type: "ClusterIP", SessionAffinity: "None", ClusterIP: "10.0.0.2", ClusterIPs: []string{"10.0.0.2"},
			InternalTrafficPolicy: new(corev1.ServiceInternalTrafficPolicyCluster),
			Ports:                 []corev1.ServicePort{{Port: 1, Protocol: "TCP", TargetPort: intstr.FromInt32(1)}}}},
			&corev1.Service{ObjectMeta: meta, Spec: corev1.ServiceSpec{ClusterIP: "10.0.0.1", ClusterIPs: []string{"10.0.0.1"}}},
			[]string{`spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set`}},
		{"what a quota counts stays", &corev1.ResourceQuota{ObjectMeta: meta, Spec: corev1.ResourceQuotaSpec{Scopes: []corev1.ResourceQuotaScope{"BestEffort"}}}, &corev1.ResourceQuota{ObjectMeta: meta},
			[]string{`spec.scopes: Invalid value: ["BestEffort"]: field is immutable`}},
		{"endpoints that were wrong may stay so", &corev1.Endpoints{ObjectMeta: meta, Subsets: []corev1.EndpointSubset{{}}}, &corev1.Endpoints{ObjectMeta: meta, Subsets: []corev1.EndpointSubset{{}}}, nil},
		{"a kind cannot become another", secret("Opaque"), &corev1.ConfigMap{ObjectMeta: meta}, []string{`kind: Invalid value: "": the kind of an object cannot change`}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lines(types.UpdateErrors(test.new, test.old))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestValidateJoinsFieldErrors(t *testing.T) {
	err := types.Validate(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "default"}})
	var joined *multierror.Error
	if !errors.As(err, &joined) || len(joined.Errors) < 2 {
		t.Fatalf("not a multierror of several: %T %v", err, err)
	}
	for _, e := range joined.Errors {
		if _, ok := e.(*field.Error); !ok {
			t.Errorf("%T is not a *field.Error", e)
		}
	}
	if !strings.Contains(err.Error(), "spec.containers: Required value") {
		t.Error(err)
	}
	if err := types.Validate(stored()); err != nil {
		t.Errorf("a good pod: %v", err)
	}
}
