package api_test

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake/internal/api"
	"github.com/podwright/podwright/sdk/fake/internal/registry"
	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestPriorityIsThatOfTheClass(t *testing.T) {
	for _, tc := range []struct {
		rule    string
		change  func(*corev1.PodSpec)
		refusal string
		want    int32
	}{
		{"no class", func(*corev1.PodSpec) {}, "", 0},
		{"a class of the system", func(s *corev1.PodSpec) { s.PriorityClassName = "system-node-critical" }, "", 2_000_001_000},
		{"an unknown class", func(s *corev1.PodSpec) { s.PriorityClassName = "nope" }, "no PriorityClass with name nope was found", 0},
		{"the class's own number", func(s *corev1.PodSpec) { s.Priority = new(int32(0)) }, "", 0},
		{"another number", func(s *corev1.PodSpec) { s.Priority = new(int32(5)) }, "the integer value of priority (5) must not be provided", 0},
		{"another policy", func(s *corev1.PodSpec) { s.PreemptionPolicy = new(corev1.PreemptNever) }, "the string value of PreemptionPolicy (Never) must not be provided", 0},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			p := pod("a")
			tc.change(&p.Spec)
			a := newServedAPI(t)
			mustCreate(t, a, registry.ServiceAccounts, &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default", Namespace: "default"}})
			mustCreate(t, a, registry.PriorityClasses, &schedulingv1.PriorityClass{
				ObjectMeta: metav1.ObjectMeta{Name: registry.SystemNodeCritical}, Value: 2_000_001_000,
			})
			obj, err := a.Create(registry.Pods, p, api.WriteOptions{Manager: "test"})
			if tc.refusal != "" {
				if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), tc.refusal) {
					t.Fatalf("Create = %v, want Forbidden: %s", err, tc.refusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := *obj.(*corev1.Pod).Spec.Priority; got != tc.want {
				t.Errorf("priority = %d, want %d", got, tc.want)
			}
		})
	}
}

func TestAccountSettlesItsPods(t *testing.T) {
	a := newAPI(t)
	account := &corev1.ServiceAccount{
		AutomountServiceAccountToken: new(false), ImagePullSecrets: []corev1.LocalObjectReference{{Name: "s"}},
	}
	account.Name, account.Namespace = "quiet", "default"
	mustCreate(t, a, registry.ServiceAccounts, account)
	p := pod("a")
	p.Spec.ServiceAccountName = "quiet"
	got := mustCreate(t, a, registry.Pods, p).(*corev1.Pod)
	if len(got.Spec.Volumes) != 0 || got.Spec.AutomountServiceAccountToken != nil {
		t.Errorf("volumes %v, automount %v: the account wants no token", got.Spec.Volumes, got.Spec.AutomountServiceAccountToken)
	}
	if len(got.Spec.ImagePullSecrets) != 1 || got.Spec.ImagePullSecrets[0].Name != "s" {
		t.Errorf("pull secrets = %v, want the account's", got.Spec.ImagePullSecrets)
	}
}
