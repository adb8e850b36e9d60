package apiserver

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Open port-forwards are known by pod, with the ports that were used, each once; a closed one is forgotten.
func TestForwards(t *testing.T) {
	pod := func(name string) *corev1.Pod {
		return &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: name}}
	}
	var f forwards
	if diff := cmp.Diff([]Forward(nil), f.list()); diff != "" {
		t.Errorf("none (-want +got):\n%s", diff)
	}
	web, crane := f.open(pod("web")), f.open(pod("crane"))
	f.open(pod("crane"))
	for _, port := range []uint16{8080, 80, 8080} {
		crane.use(port)
	}
	want := []Forward{
		{Namespace: "default", Pod: "crane"}, {Namespace: "default", Pod: "crane", Ports: []uint16{80, 8080}}, {Namespace: "default", Pod: "web"},
	}
	if diff := cmp.Diff(want, f.list()); diff != "" {
		t.Errorf("open (-want +got):\n%s", diff)
	}
	f.close(crane)
	f.close(web)
	f.close(web)
	if diff := cmp.Diff(want[:1], f.list()); diff != "" {
		t.Errorf("closed (-want +got):\n%s", diff)
	}
}
