package sdk_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/podwright/podwright/sdk"
	"github.com/podwright/podwright/sdk/fake"
)

// cranesAt is a Service that leads port 80 to a port of the pods with those labels.
func cranesAt(port intstr.IntOrString, labels map[string]string, change ...func(*corev1.Service)) *corev1.Service {
	s := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "crane"}, Spec: corev1.ServiceSpec{
		Selector: labels, Ports: []corev1.ServicePort{{Port: 80, TargetPort: port}}}}
	for _, f := range change {
		f(s)
	}
	return s
}

func listing(name string, port int32) func(*corev1.Pod) {
	return func(p *corev1.Pod) { main(p).Ports = []corev1.ContainerPort{{Name: name, ContainerPort: port}} }
}

func TestDiagnoseServices(t *testing.T) {
	crane, labels := sdk.ServiceNamed("crane"), map[string]string{"app": "crane"}
	web := intstr.FromString("web")
	kind := func(k corev1.ServiceType) func(*corev1.Service) { return func(s *corev1.Service) { s.Spec.Type = k } }
	runFaults(t, []fault{
		{name: "all is well", objects: []sdk.Object{cranesAt(web, labels), faulty("web", listing("web", 8080))}, target: crane, want: []string{"note Ready: crane"},
			says: []string{"Service default/crane leads to 1 endpoint: it leads to 1 of its 1 pods."}},
		{name: "its selector chooses nothing", objects: []sdk.Object{cranesAt(web, map[string]string{"app": "crane", "tier": "front"}), faulty("web")}, target: crane,
			want: []string{"problem NoPods: crane"}, says: []string{"leads to 0 endpoints", "the labels app=crane,tier=front, and there are none in default; the nearest, pod app, fails tier=front"}},
		{name: "its selector is far off", objects: []sdk.Object{cranesAt(web, map[string]string{"is": "none"}), faulty("web")}, target: crane,
			want: []string{"problem NoPods: crane"}, says: []string{"there are none in default."}},
		{name: "its pods are not ready", objects: []sdk.Object{cranesAt(web, labels), faulty("web", listing("web", 8080), func(p *corev1.Pod) { main(p).ReadinessProbe = probing("/healthz") })},
			target: crane, want: []string{"problem PodsNotReady: crane", "problem ReadinessProbe: app main"}, says: []string{"it has 1 pod, and none is ready", "statuscode: 503"}},
		{name: "its port's name is not the pods'", objects: []sdk.Object{cranesAt(web, labels), faulty("web", listing("http", 8080))}, target: crane,
			want: []string{"problem PortMissing: crane"}, says: []string{"leads its port 80 to the port named web, which 1 of 1 pods do not have, such as app"}},
		{name: "its port is not listed", objects: []sdk.Object{cranesAt(intstr.FromInt32(9090), labels), faulty("web", listing("http", 8080))}, target: crane,
			want: []string{"note PortUnlisted: crane"}, says: []string{"port 9090, which no container of its pods lists"}},
		{name: "no pod lists ports at all", objects: []sdk.Object{cranesAt(intstr.FromInt32(9090), labels), faulty("web")}, target: crane, want: []string{"note Ready: crane"}},
		{name: "nobody makes its endpoints", options: []fake.Option{fake.Without(fake.EndpointSliceController)}, objects: []sdk.Object{cranesAt(web, labels), faulty("web", listing("web", 8080))},
			target: crane, want: []string{"progress NoEndpoints: crane"}},
		{name: "it has no selector", objects: []sdk.Object{cranesAt(web, nil)}, target: crane, want: []string{"problem NoSelector: crane"}},
		{name: "it is a name", objects: []sdk.Object{cranesAt(web, nil, kind(corev1.ServiceTypeExternalName), func(s *corev1.Service) { s.Spec.ExternalName = "crane.example" })},
			target: crane, want: []string{"note ExternalName: crane"}, says: []string{"leads to a name: it is the name crane.example in DNS"}},
		{name: "it has no load balancer", objects: []sdk.Object{cranesAt(web, labels, kind(corev1.ServiceTypeLoadBalancer)), faulty("web", listing("web", 8080))}, target: crane,
			want: []string{"progress LoadBalancerPending: crane"}},
	})
}

func TestDiagnoseNodes(t *testing.T) {
	minikube := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "minikube"}}
	runFaults(t, []fault{
		{name: "all is well", target: minikube, want: []string{"note Ready: minikube"}, says: []string{"Node minikube is ready: it runs pods."}},
		{name: "it is off", target: minikube, then: func(t *testing.T, cluster *fake.Cluster, _ *sdk.Client) { ok(t, cluster.Node("minikube").PowerOff()) },
			want: []string{"problem NodeNotReady: minikube", "note Taints: minikube"}, says: []string{"is not ready: it has not been heard of since"}},
		{name: "it is cordoned", target: minikube, then: func(t *testing.T, _ *fake.Cluster, c *sdk.Client) {
			var node corev1.Node
			ok(t, c.Get(t.Context(), "minikube", &node))
			node.Spec.Unschedulable = true
			ok(t, c.Update(t.Context(), &node))
		}, want: []string{"note Ready: minikube", "note Cordoned: minikube", "note Taints: minikube"}},
	})
}
