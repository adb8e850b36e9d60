package intent_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk/internal/intent"
)

// What client-go's apply configurations say of every kind, package sdk/apply holds it against.
func TestOf(t *testing.T) {
	tests := []struct {
		rule string
		obj  any
		want string
	}{
		{"nothing was said", &corev1.Pod{}, `{}`},
		{"structs by value that are empty are left out, pointers to such are not", &corev1.Pod{Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "a"}}, SecurityContext: &corev1.PodSecurityContext{},
			Volumes: []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}}},
			`{"spec":{"containers":[{"name":"a"}],"securityContext":{},"volumes":[{"name":"v","emptyDir":{}}]}}`},
		{"a number in a pointer is said, zero or not", &corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Replicas: new(int32(0))}},
			`{"spec":{"replicas":0}}`},
		{"empty lists and maps are left out", &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{}}, Spec: corev1.PodSpec{
			Containers: []corev1.Container{}}}, `{}`},
		{"what is required is said, empty or not", &networkingv1.NetworkPolicy{Spec: networkingv1.NetworkPolicySpec{
			PolicyTypes: []networkingv1.PolicyType{"Ingress"}}}, `{"spec":{"podSelector":{},"policyTypes":["Ingress"]}}`},
		{"a type that writes its own JSON is left out if it is zero", &corev1.Service{Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{
			{Port: 80}, {Port: 81, TargetPort: intstr.FromString("http")}}}}, `{"spec":{"ports":[{"port":80},{"port":81,"targetPort":"http"}]}}`},
		{"what the server sets is left out, of templates too", &corev1.ReplicationController{ObjectMeta: metav1.ObjectMeta{Name: "a", UID: "u"},
			Spec: corev1.ReplicationControllerSpec{Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{ResourceVersion: "7"},
				Spec: corev1.PodSpec{NodeName: "n"}}}},
			`{"metadata":{"name":"a"},"spec":{"template":{"spec":{"nodeName":"n"}}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := intent.Of(tt.obj, intent.ServerSet...)
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal([]byte(tt.want), &want); err != nil {
				t.Fatal(err)
			}
			delete(got, "status")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := intent.Of(new(7)); err == nil {
		t.Error("a number is an object")
	}
}
