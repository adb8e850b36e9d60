package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestPodsSayWhereTheyAre: a pod has its node's zone and region, whether it was made for the node or bound to it.
func TestPodsSayWhereTheyAre(t *testing.T) {
	a := newAPI(t)
	mustCreate(t, a, registry.Nodes, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "n", Labels: map[string]string{
		corev1.LabelTopologyZone: "z", corev1.LabelTopologyRegion: "r", corev1.LabelHostname: "n",
	}}})
	want := map[string]string{corev1.LabelTopologyZone: "z", corev1.LabelTopologyRegion: "r"}
	made := pod("made")
	made.Spec.NodeName = "n"
	if diff := cmp.Diff(want, mustCreate(t, a, registry.Pods, made).GetLabels()); diff != "" {
		t.Errorf("labels of a pod that was made for a node (-want +got):\n%s", diff)
	}
	mustCreate(t, a, registry.Pods, pod("bound"))
	if err := a.Bind("default", "bound", &corev1.Binding{Target: corev1.ObjectReference{Kind: "Node", Name: "n"}}, false); err != nil {
		t.Fatal(err)
	}
	got, err := a.Get(registry.Pods, "default", "bound")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.GetLabels()); diff != "" {
		t.Errorf("labels of a bound pod (-want +got):\n%s", diff)
	}
}
