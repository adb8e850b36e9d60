package controllers

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newClaim(change func(*corev1.PersistentVolumeClaim)) *corev1.PersistentVolumeClaim {
	c := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "c", Namespace: "default"}, Spec: corev1.PersistentVolumeClaimSpec{
		StorageClassName: new(""), AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources: corev1.VolumeResourceRequirements{Requests: amounts("storage", "1Gi")},
	}}
	change(c)
	return c
}

func newVolume(name, size string, change func(*corev1.PersistentVolume)) *corev1.PersistentVolume {
	v := &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: corev1.PersistentVolumeSpec{
		Capacity: amounts("storage", size), AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		PersistentVolumeSource: corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/d"}},
	}}
	change(v)
	return v
}

func (c *cluster) volumeOf(claim string) (string, corev1.PersistentVolumeClaimPhase) {
	c.Helper()
	obj, err := c.Get(registry.PersistentVolumeClaims, "default", claim)
	if err != nil {
		c.Fatal(err)
	}
	pvc := obj.(*corev1.PersistentVolumeClaim)
	return pvc.Spec.VolumeName, pvc.Status.Phase
}

// TestWhichVolumeAClaimGets, of those that are there before it.
func TestWhichVolumeAClaimGets(t *testing.T) {
	none := func(*corev1.PersistentVolume) {}
	whatever := func(*corev1.PersistentVolumeClaim) {}
	for _, tt := range []struct {
		rule    string
		volumes []*corev1.PersistentVolume
		claim   func(*corev1.PersistentVolumeClaim)
		want    string
	}{
		{"the smallest that is large enough", []*corev1.PersistentVolume{
			newVolume("a", "9Gi", none), newVolume("b", "2Gi", none), newVolume("d", "500Mi", none),
		}, whatever, "b"},
		{"one with no more modes than it must have", []*corev1.PersistentVolume{
			newVolume("a", "1Gi", func(v *corev1.PersistentVolume) { v.Spec.AccessModes = append(v.Spec.AccessModes, corev1.ReadOnlyMany) }), newVolume("b", "9Gi", none),
		}, whatever, "b"},
		{"not one of another class", []*corev1.PersistentVolume{newVolume("a", "1Gi", func(v *corev1.PersistentVolume) { v.Spec.StorageClassName = "fast" })}, whatever, ""},
		{"not one without its modes", []*corev1.PersistentVolume{newVolume("a", "1Gi", none)},
			func(c *corev1.PersistentVolumeClaim) {
				c.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteMany}
			}, ""},
		{"one that it selects", []*corev1.PersistentVolume{
			newVolume("a", "1Gi", none), newVolume("b", "9Gi", func(v *corev1.PersistentVolume) { v.Labels = map[string]string{"k": "v"} }),
		}, func(c *corev1.PersistentVolumeClaim) {
			c.Spec.Selector = &metav1.LabelSelector{MatchLabels: map[string]string{"k": "v"}}
		}, "b"},
		{"the one that is reserved for it", []*corev1.PersistentVolume{
			newVolume("a", "1Gi", none),
			newVolume("b", "9Gi", func(v *corev1.PersistentVolume) {
				v.Spec.ClaimRef = &corev1.ObjectReference{Namespace: "default", Name: "c"}
			}),
		}, whatever, "b"},
		{"not one that is reserved for another", []*corev1.PersistentVolume{
			newVolume("a", "1Gi", func(v *corev1.PersistentVolume) {
				v.Spec.ClaimRef = &corev1.ObjectReference{Namespace: "default", Name: "other"}
			}),
		}, whatever, ""},
		{"the one that it names", []*corev1.PersistentVolume{newVolume("a", "1Gi", none), newVolume("b", "9Gi", none)},
			func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "b" }, "b"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inBubble(t, []string{"persistentvolume"}, func(c *cluster) {
				for _, v := range tt.volumes {
					c.create(registry.PersistentVolumes, v.DeepCopy())
				}
				c.create(registry.PersistentVolumeClaims, newClaim(tt.claim))
				phase := corev1.ClaimBound
				if tt.want == "" {
					phase = corev1.ClaimPending
				}
				if v, is := c.volumeOf("c"); v != tt.want || is != phase {
					t.Errorf("volume %q, %s; want %q, %s", v, is, tt.want, phase)
				}
			})
		})
	}
}

// TestAVolumeThatDoesNotFit is not bound to a claim that names it, and an event says why.
func TestAVolumeThatDoesNotFit(t *testing.T) {
	inBubble(t, []string{"persistentvolume"}, func(c *cluster) {
		c.create(registry.PersistentVolumes, newVolume("v", "500Mi", func(*corev1.PersistentVolume) {}))
		c.create(registry.PersistentVolumeClaims, newClaim(func(c *corev1.PersistentVolumeClaim) { c.Spec.VolumeName = "v" }))
		if _, phase := c.volumeOf("c"); phase != corev1.ClaimPending {
			t.Errorf("phase %s", phase)
		}
		if got := c.eventCounts("VolumeMismatch"); len(got) != 1 || got[`Cannot bind to requested volume "v": requested PV is too small`] == 0 {
			t.Errorf("events %v", got)
		}
	})
}

// TestAClaimThatLostItsVolume is lost for good.
func TestAClaimThatLostItsVolume(t *testing.T) {
	inBubble(t, []string{"persistentvolume"}, func(c *cluster) {
		c.create(registry.PersistentVolumes, newVolume("v", "1Gi", func(*corev1.PersistentVolume) {}))
		c.create(registry.PersistentVolumeClaims, newClaim(func(*corev1.PersistentVolumeClaim) {}))
		c.delete(registry.PersistentVolumes, "v", "")
		if c.gone(registry.PersistentVolumes, "v") {
			t.Error("a bound volume was removed")
		}
		c.update(registry.PersistentVolumes, api.WriteOptions{}, "v", func(obj store.Object) { obj.SetFinalizers(nil) })
		if v, phase := c.volumeOf("c"); v != "v" || phase != corev1.ClaimLost {
			t.Errorf("volume %q, %s", v, phase)
		}
		if got := c.eventCounts("ClaimLost"); len(got) != 1 {
			t.Errorf("events %v", got)
		}
	})
}
