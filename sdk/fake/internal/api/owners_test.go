package api

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestOwnersGivenTwiceAreDropped(t *testing.T) {
	ref := func(kind, name string) metav1.OwnerReference {
		return metav1.OwnerReference{UID: "u", Name: name, Kind: kind}
	}
	for _, tc := range []struct {
		rule   string
		owners []metav1.OwnerReference
		want   []metav1.OwnerReference
		warns  int
	}{
		{"none", nil, nil, 0},
		{"two that differ only in their names", []metav1.OwnerReference{ref("A", "a"), ref("A", "b")}, []metav1.OwnerReference{ref("A", "a"), ref("A", "b")}, 0},
		{"one twice", []metav1.OwnerReference{ref("A", "a"), ref("B", "b"), ref("A", "a")}, []metav1.OwnerReference{ref("A", "a"), ref("B", "b")}, 1},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{OwnerReferences: tc.owners}}
			var warnings []string
			DropRepeatedOwners(pod, WriteOptions{Warn: func(text string) { warnings = append(warnings, text) }})
			if diff := cmp.Diff(tc.want, pod.OwnerReferences); diff != "" {
				t.Errorf("owners (-want +got):\n%s", diff)
			}
			if len(warnings) != tc.warns {
				t.Errorf("warnings = %q, want %d", warnings, tc.warns)
			}
		})
	}
}
