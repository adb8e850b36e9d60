package check

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func TestInternal(t *testing.T) {
	for _, tt := range []struct {
		rule string
		v    any
		want string
	}{
		{"names are Go's, and nothing is left out", &corev1.ObjectFieldSelector{FieldPath: "a"}, `{"APIVersion":"","FieldPath":"a"}`},
		{"lists are printed item by item", []corev1.PodIP{{IP: "a"}}, `[{"IP":"a"}]`},
		{"metadata stands in its place, as in JSON", corev1.PodTemplate{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Template: corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "b"}}}}.Template.ObjectMeta, `{"labels":{"a":"b"}}`},
		{"and in front of what follows", corev1.PersistentVolumeClaimTemplate{ObjectMeta: metav1.ObjectMeta{Name: "a"}},
			`{"name":"a","Spec":{"AccessModes":null,"Selector":null,"Resources":{"Limits":null,"Requests":null},"VolumeName":"","StorageClassName":null,"VolumeMode":null,"DataSource":null,"DataSourceRef":null,"VolumeAttributesClassName":null}}`},
		{"no metadata is nothing", corev1.ConfigMapKeySelector{Key: "k"}, `{"Name":"","Key":"k","Optional":null}`},
		{"what has a JSON of its own keeps it", new(intstr.FromString("5%")), `"5%"`},
		{"nothing is null", (*corev1.PodSpec)(nil), "null"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := json.Marshal(Internal{tt.v})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
