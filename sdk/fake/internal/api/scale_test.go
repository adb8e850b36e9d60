package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func controller(name string) *corev1.ReplicationController {
	return &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"},
		Spec: corev1.ReplicationControllerSpec{Replicas: new(int32(1)), Template: &corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"app": name}}, Spec: pod("").Spec,
		}},
	}
}

// TestWhoScalesOwnsReplicas: whoever scales takes spec.replicas from others. A zero is not encoded, so nobody owns it. Entries that come
// by a scale have no time, and so come first; one that owned replicas before is parted in two. All that is upstream's ScaleHandler's.
func TestWhoScalesOwnsReplicas(t *testing.T) {
	for _, tc := range []struct {
		rule     string
		replicas int32
		want     []string // manager, subresource, and whether it owns f:replicas
	}{
		{"to a number", 3, []string{"scaler scale owns", "test"}},
		{"to none", 0, []string{"test"}},
		{"to what it is", 1, []string{"test owns", "test"}},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			a := newAPI(t)
			mustCreate(t, a, registry.ReplicationControllers, controller("r"))
			scale, err := a.UpdateScale(registry.ReplicationControllers, "default", "r", api.WriteOptions{Manager: "scaler"}, func(was *autoscalingv1.Scale) (*autoscalingv1.Scale, error) {
				was.Spec.Replicas = tc.replicas
				return was, nil
			})
			if err != nil || scale.Spec.Replicas != tc.replicas {
				t.Fatalf("scale = %+v, %v", scale, err)
			}
			obj, err := a.Get(registry.ReplicationControllers, "default", "r")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, replicaOwners(obj.GetManagedFields())); diff != "" {
				t.Errorf("owners (-want +got):\n%s", diff)
			}
		})
	}
}

func replicaOwners(entries []metav1.ManagedFieldsEntry) (all []string) {
	for _, e := range entries {
		text := e.Manager
		if e.Subresource != "" {
			text += " " + e.Subresource
		}
		if contains(string(e.FieldsV1.Raw), `"f:replicas":{}`) {
			text += " owns"
		}
		all = append(all, text)
	}
	return all
}
