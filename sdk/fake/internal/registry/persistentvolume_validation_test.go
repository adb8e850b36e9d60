package registry

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// sound is a volume that nothing is wrong with.
func sound() *corev1.PersistentVolume {
	v := &corev1.PersistentVolume{ObjectMeta: metav1.ObjectMeta{Name: "v", ResourceVersion: "1"}, Spec: corev1.PersistentVolumeSpec{
		Capacity:               corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")},
		AccessModes:            []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		PersistentVolumeSource: corev1.PersistentVolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/data"}},
	}}
	PersistentVolumes.Default(v)
	return v
}

func lines(errs field.ErrorList) []string {
	var texts []string
	for _, err := range errs {
		text, _, _ := strings.Cut(err.Error(), "\n")
		texts = append(texts, text)
	}
	return texts
}

func TestVolumeErrors(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(*corev1.PersistentVolumeSpec)
		want   []string
	}{
		{"sound", func(*corev1.PersistentVolumeSpec) {}, nil},
		{"nothing", func(s *corev1.PersistentVolumeSpec) { *s = corev1.PersistentVolumeSpec{} }, []string{
			"spec.accessModes: Required value", "spec.capacity: Required value",
			`spec.capacity: Unsupported value: null: supported values: "storage"`, "spec: Required value: must specify a volume type",
		}},
		{"a mode that goes with no other", func(s *corev1.PersistentVolumeSpec) { s.AccessModes = append(s.AccessModes, corev1.ReadWriteOncePod) },
			[]string{"spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"}},
		{"no room", func(s *corev1.PersistentVolumeSpec) { s.Capacity[corev1.ResourceStorage] = resource.MustParse("0") },
			[]string{`spec.capacity[storage]: Invalid value: "0": must be greater than zero`}},
		{"two sources", func(s *corev1.PersistentVolumeSpec) { s.NFS = &corev1.NFSVolumeSource{Server: "s", Path: "/p"} },
			[]string{"spec.nfs: Forbidden: may not specify more than 1 volume type"}},
		{"a way back", func(s *corev1.PersistentVolumeSpec) { s.HostPath.Path = "/a/../b" },
			[]string{`spec.hostPath.path: Invalid value: "/a/../b": must not contain '..'`}},
		{"a local one on any node", func(s *corev1.PersistentVolumeSpec) {
			s.HostPath, s.Local = nil, &corev1.LocalVolumeSource{Path: "/d"}
		}, []string{"spec.nodeAffinity: Required value: Local volume requires node affinity"}},
		{"the root recycled", func(s *corev1.PersistentVolumeSpec) {
			s.HostPath.Path, s.PersistentVolumeReclaimPolicy = "/", corev1.PersistentVolumeReclaimRecycle
		}, []string{"spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"}},
		{"a policy that is none", func(s *corev1.PersistentVolumeSpec) { s.PersistentVolumeReclaimPolicy = "Keep" },
			[]string{`spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"`}},
	} {
		v := sound()
		tt.change(&v.Spec)
		if diff := cmp.Diff(tt.want, lines(PersistentVolumes.Errors(v))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestVolumeUpdateErrors(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(*corev1.PersistentVolumeSpec)
		want   []string
	}{
		{"a policy may change", func(s *corev1.PersistentVolumeSpec) {
			s.PersistentVolumeReclaimPolicy = corev1.PersistentVolumeReclaimDelete
		}, nil},
		{"the data may not move", func(s *corev1.PersistentVolumeSpec) { s.HostPath.Path = "/other" },
			[]string{"spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"}},
		{"a file system stays one", func(s *corev1.PersistentVolumeSpec) { s.VolumeMode = new(corev1.PersistentVolumeBlock) },
			[]string{`volumeMode: Invalid value: "Block": field is immutable`}},
	} {
		v := sound()
		tt.change(&v.Spec)
		if diff := cmp.Diff(tt.want, lines(PersistentVolumes.UpdateErrors(v, sound()))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.rule, diff)
		}
	}
}
