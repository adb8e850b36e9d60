package apply

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	appsv1ac "k8s.io/client-go/applyconfigurations/apps/v1"
	corev1ac "k8s.io/client-go/applyconfigurations/core/v1"
	extensionsv1beta1ac "k8s.io/client-go/applyconfigurations/extensions/v1beta1"
)

func errorOf[C any](obj runtime.Object) error {
	config, err := Into[C](obj)
	if config != nil && err != nil {
		panic("both a configuration and an error")
	}
	return err
}

func errOf[C any](_ C, err error) error { return err }

func TestErrors(t *testing.T) {
	web := metav1.ObjectMeta{Name: "web", Namespace: "shop"}
	for _, tc := range []struct {
		name string
		err  error
		want string
	}{
		{"nil pod", errOf(Pod(nil)), "apply configuration of *v1.Pod: object is nil"},
		{"nil controller", errOf(ReplicationController(nil)), "apply configuration of *v1.ReplicationController: object is nil"},
		{"nil interface", errorOf[corev1ac.PodApplyConfiguration](nil), "apply configuration of <nil>: object is nil"},
		{"nil in an interface", errorOf[corev1ac.ConfigMapApplyConfiguration]((*corev1.ConfigMap)(nil)), "apply configuration of *v1.ConfigMap: object is nil"},
		{
			"another kind", errorOf[corev1ac.PodApplyConfiguration](&corev1.ReplicationController{ObjectMeta: web}),
			"apply configuration of ReplicationController shop/web: v1 ReplicationController goes into " +
				"k8s.io/client-go/applyconfigurations/core/v1.ReplicationControllerApplyConfiguration, " +
				"not into k8s.io/client-go/applyconfigurations/core/v1.PodApplyConfiguration",
		},
		{
			"another version", errorOf[extensionsv1beta1ac.DeploymentApplyConfiguration](&appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web"}}),
			"apply configuration of Deployment web: apps/v1 Deployment goes into " +
				"k8s.io/client-go/applyconfigurations/apps/v1.DeploymentApplyConfiguration, " +
				"not into k8s.io/client-go/applyconfigurations/extensions/v1beta1.DeploymentApplyConfiguration",
		},
		{
			"a pointer for C", errorOf[*corev1ac.PodApplyConfiguration](&corev1.Pod{}),
			"apply configuration of Pod: v1 Pod goes into k8s.io/client-go/applyconfigurations/core/v1.PodApplyConfiguration, not into *v1.PodApplyConfiguration",
		},
		{
			"a kind that cannot be applied", errorOf[corev1ac.PodApplyConfiguration](&corev1.PodList{}),
			"apply configuration of PodList: v1 PodList goes into a struct named PodListApplyConfiguration, " +
				"not into k8s.io/client-go/applyconfigurations/core/v1.PodApplyConfiguration",
		},
		{
			"a TypeMeta that contradicts", errOf(Pod(&corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Node", APIVersion: "v1"}})),
			"apply configuration of Pod: its TypeMeta says v1 Node, but its type is that of v1 Pod",
		},
		{
			"a TypeMeta of another version", errOf(Pod(&corev1.Pod{TypeMeta: metav1.TypeMeta{Kind: "Pod", APIVersion: "v2"}})),
			"apply configuration of Pod: its TypeMeta says v2 Pod, but its type is that of v1 Pod",
		},
		{
			"an unknown type that says no kind", errorOf[BakeryApplyConfiguration](&bakery{}),
			"apply configuration of bakery: client-go's scheme does not know this type; set kind and apiVersion in its TypeMeta",
		},
		{
			"an unknown type that says half", errorOf[BakeryApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Bakery"}}),
			"apply configuration of bakery: client-go's scheme does not know this type; set kind and apiVersion in its TypeMeta",
		},
		{
			"an unknown type into another's", errorOf[appsv1ac.DeploymentApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Bakery", APIVersion: "example.com/v1"}}),
			"apply configuration of bakery: example.com/v1 Bakery goes into a struct named BakeryApplyConfiguration, " +
				"not into k8s.io/client-go/applyconfigurations/apps/v1.DeploymentApplyConfiguration",
		},
		{
			"a configuration that is no struct", errorOf[OvenApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Oven", APIVersion: "example.com/v1"}}),
			"apply configuration of bakery: example.com/v1 Oven goes into a struct named OvenApplyConfiguration, " +
				"not into github.com/podwright/podwright/sdk/apply.OvenApplyConfiguration",
		},
		{
			"a configuration that has no kind", errorOf[ShopApplyConfiguration](&bakery{TypeMeta: metav1.TypeMeta{Kind: "Shop", APIVersion: "example.com/v1"}}),
			"apply configuration of bakery: github.com/podwright/podwright/sdk/apply.ShopApplyConfiguration has no kind of type *string, so it is not the apply configuration of a kind",
		},
		{
			"unstructured", errorOf[corev1ac.PodApplyConfiguration](&unstructured.Unstructured{}),
			"apply configuration of Unstructured: unstructured objects are apply configurations already; give them to Apply of client-go's dynamic client",
		},
		{
			"a value without JSON", errOf(Pod(podOf(func(s *corev1.PodSpec) {
				s.Containers = []corev1.Container{{LivenessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
					TCPSocket: &corev1.TCPSocketAction{Port: intstr.IntOrString{Type: 7}}}}}}
			}))),
			"apply configuration of Pod web: json: error calling MarshalJSON for type intstr.IntOrString: impossible IntOrString.Type",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.err == nil {
				t.Fatalf("no error; want %s", tc.want)
			}
			if diff := cmp.Diff(tc.want, tc.err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTypeMetaMayBeSetOrNot(t *testing.T) {
	for _, meta := range []metav1.TypeMeta{{}, {Kind: "Pod"}, {APIVersion: "v1"}, {Kind: "Pod", APIVersion: "v1"}} {
		got, err := Pod(&corev1.Pod{TypeMeta: meta})
		if err != nil || *got.Kind != "Pod" || *got.APIVersion != "v1" {
			t.Errorf("%+v: %v, %v", meta, got, err)
		}
	}
}
