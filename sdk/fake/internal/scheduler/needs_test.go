package scheduler

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/utils/ptr"
)

func TestRequestsOfAPod(t *testing.T) {
	container := func(cpu string, restart ...corev1.ContainerRestartPolicy) corev1.Container {
		c := corev1.Container{Resources: corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse(cpu)}}}
		if len(restart) > 0 {
			c.RestartPolicy = &restart[0]
		}
		return c
	}
	const always = corev1.ContainerRestartPolicyAlways
	for name, row := range map[string]struct {
		spec corev1.PodSpec
		want int64 // thousandths of a CPU
	}{
		"nothing":                        {corev1.PodSpec{}, 0},
		"containers are added":           {corev1.PodSpec{Containers: []corev1.Container{container("1"), container("500m")}}, 1500},
		"an init container that is more": {corev1.PodSpec{Containers: []corev1.Container{container("1")}, InitContainers: []corev1.Container{container("3"), container("2")}}, 3000},
		"an init container that is less": {corev1.PodSpec{Containers: []corev1.Container{container("4")}, InitContainers: []corev1.Container{container("3")}}, 4000},
		"sidecars run beside":            {corev1.PodSpec{Containers: []corev1.Container{container("1")}, InitContainers: []corev1.Container{container("2", always)}}, 3000},
		"an init container after a sidecar": {corev1.PodSpec{Containers: []corev1.Container{container("1")},
			InitContainers: []corev1.Container{container("2", always), container("5")}}, 7000},
		"an init container before a sidecar": {corev1.PodSpec{Containers: []corev1.Container{container("1")},
			InitContainers: []corev1.Container{container("5"), container("2", always)}}, 5000},
		"overhead is added": {corev1.PodSpec{Containers: []corev1.Container{container("1")}, Overhead: corev1.ResourceList{"cpu": resource.MustParse("250m")}}, 1250},
		"the pod's own requests count instead": {corev1.PodSpec{Containers: []corev1.Container{container("1")},
			Resources: &corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("2")}}}, 2000},
	} {
		t.Run(name, func(t *testing.T) {
			if got := requestsOf(&corev1.Pod{Spec: row.spec})[corev1.ResourceCPU]; got != row.want {
				t.Errorf("requests %dm CPU, want %dm", got, row.want)
			}
		})
	}
}

func TestHostPortsAreThoseOfContainersAndSidecars(t *testing.T) {
	port := func(n int32) []corev1.ContainerPort {
		return []corev1.ContainerPort{{HostPort: n, ContainerPort: n, Protocol: corev1.ProtocolTCP}, {ContainerPort: n + 1}}
	}
	got := hostPorts(&corev1.Pod{Spec: corev1.PodSpec{
		Containers:     []corev1.Container{{Ports: port(80)}},
		InitContainers: []corev1.Container{{Ports: port(90)}, {Ports: port(100), RestartPolicy: ptr.To(corev1.ContainerRestartPolicyAlways)}},
	}})
	want := []hostPort{{corev1.ProtocolTCP, everyIP, 80}, {corev1.ProtocolTCP, everyIP, 100}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(hostPort{})); diff != "" {
		t.Errorf("host ports (-want +got):\n%s", diff)
	}
}

func TestTaking(t *testing.T) {
	x := newNodes()
	x.observe("ADDED", newNode("n"))
	pod := newPod("p", requests("cpu", "1"), hostPortOf("", 80), controlled)
	x.place(nameIn("p"), pod, "n")
	x.place(nameIn("p"), pod, "n") // again is nothing new
	n := x.all["n"]
	if n.pods != 1 || n.used["cpu"] != 1000 || len(n.ports) != 1 || n.owners["r"] != 1 {
		t.Errorf("taken: %+v", n)
	}
	if x.remove(nameIn("p")) != pod || x.remove(nameIn("p")) != nil {
		t.Error("a pod is removed once")
	}
	if n.pods != 0 || n.used["cpu"] != 0 || len(n.ports) != 0 || len(n.owners) != 0 || n.weightCPU != 0 {
		t.Errorf("left: %+v", n)
	}
	x.observe("DELETED", newNode("n"))
	if len(x.all) != 0 || len(x.ready) != 0 {
		t.Errorf("a node that is gone and empty is forgotten: %v", x.all)
	}
	x.place(nameIn("q"), newPod("q"), "later")
	x.observe("ADDED", newNode("later"))
	if x.all["later"].pods != 1 {
		t.Error("a pod that was on a node before the node came does not count")
	}
}
