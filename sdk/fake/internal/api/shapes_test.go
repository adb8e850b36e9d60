package api_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestShapeIsFoundOutOnce(t *testing.T) {
	a := newAPI(t)
	create := func(name, value string, o api.WriteOptions) []metav1.ManagedFieldsEntry {
		t.Helper()
		obj := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "default"}, Data: map[string]string{"k": value}}
		created, err := a.Create(registry.ConfigMaps, obj, o)
		if err != nil {
			t.Fatal(err)
		}
		entries := created.GetManagedFields()
		for i := range entries {
			if since := time.Since(entries[i].Time.Time); since < 0 || since > time.Minute {
				t.Errorf("%s was created %v ago", name, since)
			}
		}
		return entries
	}
	plain := create("plain", "a", api.WriteOptions{Manager: "test"})
	first := create("first", "b", api.WriteOptions{Manager: "test", Shape: t.Name()})
	second := create("second", "c", api.WriteOptions{Manager: "test", Shape: t.Name()})
	for what, got := range map[string][]metav1.ManagedFieldsEntry{"the first": first, "the second": second} {
		if diff := cmp.Diff(*plain[0].FieldsV1, *got[0].FieldsV1); diff != "" {
			t.Errorf("%s (-without a shape +with one):\n%s", what, diff)
		}
	}
	if first[0].FieldsV1 != second[0].FieldsV1 {
		t.Error("the second was worked out again")
	}
	other := create("other", "d", api.WriteOptions{Manager: "other", Shape: t.Name()})
	if len(other) != 1 || other[0].Manager != "other" {
		t.Errorf("managers = %v, want other", other)
	}
}
