package types_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// claim asks for so much, and has a volume of as much.
func claim(size string, phase corev1.PersistentVolumeClaimPhase) *corev1.PersistentVolumeClaim {
	amount := corev1.ResourceList{"storage": resource.MustParse(size)}
	c := &corev1.PersistentVolumeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "b", ResourceVersion: "1"},
		Spec: corev1.PersistentVolumeClaimSpec{
			AccessModes: []corev1.PersistentVolumeAccessMode{"ReadWriteOnce"}, Resources: corev1.VolumeResourceRequirements{Requests: amount},
		},
		Status: corev1.PersistentVolumeClaimStatus{Phase: phase, Capacity: amount.DeepCopy()},
	}
	types.Default(c)
	return c
}

func TestClaimUpdate(t *testing.T) {
	const immutable = "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
	grow := func(c *corev1.PersistentVolumeClaim) {
		c.Spec.Resources.Requests["storage"] = resource.MustParse("3Gi")
	}
	shrink := func(c *corev1.PersistentVolumeClaim) {
		c.Spec.Resources.Requests["storage"] = resource.MustParse("1Gi")
	}
	for _, test := range []struct {
		rule   string
		phase  corev1.PersistentVolumeClaimPhase
		before func(*corev1.PersistentVolumeClaim)
		do     func(*corev1.PersistentVolumeClaim)
		want   []string
	}{
		{"one that is bound grows", "Bound", nil, grow, nil},
		{"one that waits does not", "Pending", nil, grow, []string{immutable}},
		{"none shrinks below what it has", "Bound", nil, shrink, []string{
			"spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"}},
		{"one whose growth failed takes back its wish", "Bound", func(c *corev1.PersistentVolumeClaim) {
			grow(c)
			c.Status.Capacity["storage"] = resource.MustParse("1Gi")
		}, func(c *corev1.PersistentVolumeClaim) {
			c.Spec.Resources.Requests["storage"] = resource.MustParse("2Gi")
		}, nil},
		{"it gets its volume", "Pending", nil, func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "v" }, nil},
		{"and keeps it", "Bound", func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "v" },
			func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "w" }, []string{immutable}},
		{"one without a class gets one", "Pending", nil, func(c *corev1.PersistentVolumeClaim) { c.Spec.StorageClassName = new("s") }, nil},
		{"attributes change", "Bound", func(c *corev1.PersistentVolumeClaim) { c.Status.CurrentVolumeAttributesClassName = new("v") },
			func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeAttributesClassName = new("w") }, nil},
		{"but do not go", "Bound", func(c *corev1.PersistentVolumeClaim) {
			c.Spec.VolumeAttributesClassName, c.Status.CurrentVolumeAttributesClassName = new("v"), new("v")
		}, func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeAttributesClassName = nil }, []string{
			"spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil"}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			old := claim("2Gi", test.phase)
			if test.before != nil {
				test.before(old)
			}
			c := old.DeepCopy()
			test.do(c)
			var got []string
			for _, e := range types.UpdateErrors(c, old) {
				text, _, _ := strings.Cut(e.Error(), "\n") // a difference of the two specs follows
				got = append(got, text)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestClaimErrors(t *testing.T) {
	got := lines(types.ClaimErrors(field.NewPath("spec", "storage"), &corev1.PersistentVolumeClaimSpec{}))
	want := []string{"spec.storage.accessModes: Required value: at least 1 access mode is required", "spec.storage.resources[storage]: Required value"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	half := &corev1.PersistentVolumeClaimSpec{Resources: corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{"storage": resource.MustParse("500m")}}}
	warned := types.ClaimWarnings(field.NewPath("spec", "storage"), half)
	if diff := cmp.Diff([]string{`spec.storage.resources.requests[storage]: fractional byte value "500m" is invalid, must be an integer`}, warned); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
