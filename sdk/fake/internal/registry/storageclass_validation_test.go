package registry

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newClass(change func(*storagev1.StorageClass)) *storagev1.StorageClass {
	c := &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "c", ResourceVersion: "1"}, Provisioner: "example.com/disks"}
	StorageClasses.Default(c)
	change(c)
	return c
}

func TestStorageClassErrors(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(*storagev1.StorageClass)
		want   []string // of a new class
		update []string // of an update
	}{
		{"sound", func(*storagev1.StorageClass) {}, nil, nil},
		{"no provisioner", func(c *storagev1.StorageClass) { c.Provisioner = "" }, []string{"provisioner: Required value"},
			[]string{"provisioner: Required value", `provisioner: Invalid value: "": field is immutable`}},
		{"a policy of claims only", func(c *storagev1.StorageClass) { c.ReclaimPolicy = new(corev1.PersistentVolumeReclaimRecycle) },
			[]string{`reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"`},
			[]string{`reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"`, `reclaimPolicy: Invalid value: "Recycle": field is immutable`}},
		{"other parameters", func(c *storagev1.StorageClass) { c.Parameters = map[string]string{"k": "v"} }, nil,
			[]string{`parameters: Invalid value: {"k":"v"}: field is immutable`}},
		{"expansion may change", func(c *storagev1.StorageClass) { c.AllowVolumeExpansion = new(true) }, nil, nil},
	} {
		c := newClass(tt.change)
		if diff := cmp.Diff(tt.want, lines(StorageClasses.Errors(c))); diff != "" {
			t.Errorf("%s, new (-want +got):\n%s", tt.rule, diff)
		}
		if diff := cmp.Diff(tt.update, lines(StorageClasses.UpdateErrors(c, newClass(func(*storagev1.StorageClass) {})))); diff != "" {
			t.Errorf("%s, an update (-want +got):\n%s", tt.rule, diff)
		}
	}
}

func TestDefaultClassIsTheNewest(t *testing.T) {
	class := func(name, isDefault string, age time.Duration) store.Object {
		return newClass(func(c *storagev1.StorageClass) {
			c.Name, c.CreationTimestamp = name, metav1.NewTime(time.Unix(1000, 0).Add(-age))
			c.Annotations = map[string]string{"storageclass.kubernetes.io/is-default-class": isDefault}
		})
	}
	objs := []store.Object{class("no", "false", 0), class("old", "true", time.Hour), class("z", "true", time.Minute), class("a", "true", time.Minute)}
	if got := DefaultClass(objs); got == nil || got.Name != "a" {
		t.Errorf("default %v, want a", got)
	}
	rows := []metav1.TableRow{{Cells: []any{"old"}}, {Cells: []any{"z"}}}
	StorageClasses.MarkRows(objs[1:3], rows)
	if diff := cmp.Diff([]any{"old", "z (default)"}, []any{rows[0].Cells[0], rows[1].Cells[0]}); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}
