package api_test

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestEvict(t *testing.T) {
	for _, tc := range []struct {
		rule    string
		node    string
		opts    metav1.DeleteOptions
		refused bool
		gone    bool
		marked  bool // as disrupted
	}{
		{rule: "a pod on a node stops in its time", node: "n", marked: true},
		{rule: "a pod on none is gone", gone: true},
		{rule: "a dry run changes nothing", node: "n", opts: metav1.DeleteOptions{DryRun: []string{"All"}}},
		{rule: "another version", node: "n", opts: metav1.DeleteOptions{Preconditions: metav1.NewRVDeletionPrecondition("1").Preconditions}, refused: true},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			a := newAPI(t)
			p := pod("a")
			p.Spec.NodeName = tc.node
			mustCreate(t, a, registry.Pods, p)
			if err := a.Evict("default", "a", tc.opts); (err != nil) != tc.refused {
				t.Fatalf("Evict = %v", err)
			}
			obj, err := a.Get(registry.Pods, "default", "a")
			if gone := apierrors.IsNotFound(err); gone != tc.gone {
				t.Fatalf("gone = %v, want %v", gone, tc.gone)
			}
			if tc.gone {
				return
			}
			got := obj.(*corev1.Pod)
			marked := len(got.Status.Conditions) == 1 && got.Status.Conditions[0].Type == corev1.DisruptionTarget
			if marked != tc.marked || (got.DeletionTimestamp != nil) != tc.marked {
				t.Errorf("conditions %v, deletion %v", got.Status.Conditions, got.DeletionTimestamp)
			}
		})
	}
}

func contains(s, part string) bool { return strings.Contains(s, part) }
