package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestWhatIsSaid(t *testing.T) {
	now := metav1.Unix(1e9, 0)
	for _, tc := range []struct {
		name string
		obj  runtime.Object
		want string // YAML, without kind and apiVersion of a pod
	}{
		{"nothing but the kind of an empty pod", &corev1.Pod{}, `{}`},
		{"nothing but the kind of an empty controller", &corev1.ReplicationController{}, `{kind: ReplicationController}`},
		{
			"neither resources nor status that are not set",
			podOf(func(s *corev1.PodSpec) { s.Containers = []corev1.Container{{Name: "a", Image: "b"}} }),
			`{metadata: {name: web}, spec: {containers: [{name: a, image: b}]}}`,
		},
		{
			"resources that are set",
			podOf(func(s *corev1.PodSpec) {
				s.Containers = []corev1.Container{{Name: "a", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"cpu": resource.MustParse("1")}}}}
			}),
			`{metadata: {name: web}, spec: {containers: [{name: a, resources: {limits: {cpu: "1"}}}]}}`,
		},
		{
			"no resources that hold an empty map",
			podOf(func(s *corev1.PodSpec) {
				s.Containers = []corev1.Container{{Name: "a", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{}}}}
			}),
			`{metadata: {name: web}, spec: {containers: [{name: a}]}}`,
		},
		{
			"no spec that holds an empty list",
			podOf(func(s *corev1.PodSpec) { s.Containers = []corev1.Container{} }),
			`{metadata: {name: web}}`,
		},
		{
			"empty structs behind pointers",
			podOf(func(s *corev1.PodSpec) {
				s.SecurityContext = &corev1.PodSecurityContext{}
				s.Volumes = []corev1.Volume{{Name: "v", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}
			}),
			`{metadata: {name: web}, spec: {securityContext: {}, volumes: [{name: v, emptyDir: {}}]}}`,
		},
		{
			"zero behind pointers",
			podOf(func(s *corev1.PodSpec) {
				s.TerminationGracePeriodSeconds, s.EnableServiceLinks = new(int64(0)), new(false)
			}),
			`{metadata: {name: web}, spec: {terminationGracePeriodSeconds: 0, enableServiceLinks: false}}`,
		},
		{
			"no zero of an omitempty field that is no pointer",
			podOf(func(s *corev1.PodSpec) { s.HostNetwork, s.NodeName = false, "" }),
			`{metadata: {name: web}}`,
		},
		{
			"no divisor that is not set",
			podOf(func(s *corev1.PodSpec) {
				s.Containers = []corev1.Container{{Name: "a", Env: []corev1.EnvVar{{Name: "X", ValueFrom: &corev1.EnvVarSource{
					ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.cpu"}}}}}}
			}),
			`{metadata: {name: web}, spec: {containers: [{name: a, env: [{name: X, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}]}]}}`,
		},
		{
			"a divisor of 0 that is set",
			podOf(func(s *corev1.PodSpec) {
				s.Containers = []corev1.Container{{Name: "a", Env: []corev1.EnvVar{{Name: "X", ValueFrom: &corev1.EnvVarSource{
					ResourceFieldRef: &corev1.ResourceFieldSelector{Resource: "limits.cpu", Divisor: resource.MustParse("0")}}}}}}
			}),
			`{metadata: {name: web}, spec: {containers: [{name: a, env: [{name: X, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "0"}}}]}]}}`,
		},
		{
			"nothing that the server sets",
			&corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{
					Name: "web", Namespace: "shop", UID: "u", ResourceVersion: "7", Generation: 3, SelfLink: "/x",
					CreationTimestamp: now, DeletionTimestamp: &now, DeletionGracePeriodSeconds: new(int64(30)),
					ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "m"}},
					Labels:        map[string]string{"app": "web"}, Annotations: map[string]string{"a": ""}, Finalizers: []string{"f/f"},
					OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "Node", Name: "minikube", UID: "o"}},
				},
				Status: corev1.PodStatus{Phase: corev1.PodRunning},
			},
			`{metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {a: ""}, finalizers: [f/f],
			  ownerReferences: [{apiVersion: v1, kind: Node, name: minikube, uid: o}]}}`,
		},
		{
			"nothing that the server sets in a template, as one made of a live pod has it",
			&corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Replicas: new(int32(0)), Template: &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{
				Labels: map[string]string{"app": "web"}, UID: types.UID("u"), CreationTimestamp: now, ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "m"}}}}}},
			`{kind: ReplicationController, spec: {replicas: 0, template: {metadata: {labels: {app: web}}}}}`,
		},
		{
			"an empty template behind a pointer",
			&corev1.ReplicationController{Spec: corev1.ReplicationControllerSpec{Template: &corev1.PodTemplateSpec{}}},
			`{kind: ReplicationController, spec: {template: {}}}`,
		},
		{
			"no strategy, and no metadata of a template, that are not set",
			&appsv1.Deployment{Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{RestartPolicy: "Always"}}}},
			`{kind: Deployment, apiVersion: apps/v1, spec: {template: {spec: {restartPolicy: Always}}}}`,
		},
		{
			"no status of a claim's template",
			&appsv1.StatefulSet{Spec: appsv1.StatefulSetSpec{ServiceName: "s", Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{NodeName: "minikube"}},
				VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{ObjectMeta: metav1.ObjectMeta{Name: "c"}}}}},
			`{kind: StatefulSet, apiVersion: apps/v1, spec: {serviceName: s, template: {spec: {nodeName: minikube}}, volumeClaimTemplates: [{metadata: {name: c}}]}}`,
		},
		{
			"an empty struct that is required, and empty members of a list",
			&networkingv1.NetworkPolicy{Spec: networkingv1.NetworkPolicySpec{Ingress: []networkingv1.NetworkPolicyIngressRule{{}}}},
			`{kind: NetworkPolicy, apiVersion: networking.k8s.io/v1, spec: {podSelector: {}, ingress: [{}]}}`,
		},
		{
			"no target port that is not set",
			&corev1.Service{Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80}}}},
			`{kind: Service, spec: {ports: [{port: 80}]}}`,
		},
		{
			"a target port that is set",
			&corev1.Service{Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 80, TargetPort: intstr.FromString("http")}}}},
			`{kind: Service, spec: {ports: [{port: 80, targetPort: http}]}}`,
		},
		{
			"data, empty values too",
			&corev1.Secret{Data: map[string][]byte{"empty": {}, "a": []byte("b")}, Immutable: new(false)},
			`{kind: Secret, data: {empty: "", a: Yg==}, immutable: false}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := map[string]any{"kind": "Pod", "apiVersion": "v1"}
			for k, v := range generic(t, tc.want) {
				want[k] = v
			}
			before := tc.obj.DeepCopyObject()
			got := generic(t, configured(t, tc.obj))
			if diff := cmp.Diff(before, tc.obj); diff != "" {
				t.Errorf("the object was changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
