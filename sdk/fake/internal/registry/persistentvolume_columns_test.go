package registry

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestVolumeCells(t *testing.T) {
	bound := sound()
	bound.Spec.ClaimRef = &corev1.ObjectReference{Namespace: "default", Name: "data"}
	bound.Spec.StorageClassName = "standard"
	bound.Status.Phase = corev1.VolumeBound
	going := sound()
	going.DeletionTimestamp = &metav1.Time{}
	for _, tt := range []struct {
		rule   string
		volume *corev1.PersistentVolume
		want   []any
	}{
		{"of a claim", bound, []any{"v", "1Gi", "RWO", "Retain", "Bound", "default/data", "standard", "<unset>", "", cellUnknown, "Filesystem"}},
		{"deleted", going, []any{"v", "1Gi", "RWO", "Retain", "Terminating", "", "", "<unset>", "", cellUnknown, "Filesystem"}},
	} {
		if diff := cmp.Diff(tt.want, PersistentVolumes.TableCells(tt.volume)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}
