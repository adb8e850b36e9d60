package fake_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes"
)

func budget(name string, change func(*policyv1.PodDisruptionBudgetSpec)) *policyv1.PodDisruptionBudget {
	b := &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: policyv1.PodDisruptionBudgetSpec{
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}},
	}}
	change(&b.Spec)
	return b
}

func atLeast(n any) func(*policyv1.PodDisruptionBudgetSpec) {
	return func(s *policyv1.PodDisruptionBudgetSpec) { s.MinAvailable = amount(n) }
}

func atMost(n any) func(*policyv1.PodDisruptionBudgetSpec) {
	return func(s *policyv1.PodDisruptionBudgetSpec) { s.MaxUnavailable = amount(n) }
}

func amount(n any) *intstr.IntOrString {
	if text, ok := n.(string); ok {
		return new(intstr.FromString(text))
	}
	return new(intstr.FromInt(n.(int)))
}

// web makes a controller of pods that are ready, and returns their names.
func web(t *testing.T, client kubernetes.Interface, replicas int32) []string {
	t.Helper()
	labels := map[string]string{"app": "web"}
	must(t)(client.CoreV1().ReplicationControllers("default").Create(t.Context(), &corev1.ReplicationController{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: corev1.ReplicationControllerSpec{Replicas: &replicas, Selector: labels, Template: &corev1.PodTemplateSpec{
			ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "i"}}},
		}},
	}, metav1.CreateOptions{}))
	<-time.After(time.Second) // images are pulled
	list := must(t)(client.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{})).(*corev1.PodList)
	var names []string
	for _, p := range list.Items {
		names = append(names, p.Name)
	}
	return names
}

func evict(t *testing.T, client kubernetes.Interface, pod string, dryRun ...string) error {
	t.Helper()
	err := client.CoreV1().Pods("default").EvictV1(t.Context(), &policyv1.Eviction{
		ObjectMeta: metav1.ObjectMeta{Name: pod}, DeleteOptions: &metav1.DeleteOptions{DryRun: dryRun},
	})
	must(t)(nil, nil)
	return err
}

// counts are the numbers in the status of a budget: expected, desired, healthy, allowed.
func counts(t *testing.T, client kubernetes.Interface, name string) [4]int32 {
	t.Helper()
	s := budgetStatus(t, client, name)
	return [4]int32{s.ExpectedPods, s.DesiredHealthy, s.CurrentHealthy, s.DisruptionsAllowed}
}

func budgetStatus(t *testing.T, client kubernetes.Interface, name string) policyv1.PodDisruptionBudgetStatus {
	t.Helper()
	return must(t)(client.PolicyV1().PodDisruptionBudgets("default").Get(t.Context(), name, metav1.GetOptions{})).(*policyv1.PodDisruptionBudget).Status
}

func TestBudgetsAreCounted(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		change func(*policyv1.PodDisruptionBudgetSpec)
		want   [4]int32 // of four
	}{
		{"so many must stay", atLeast(3), [4]int32{4, 3, 4, 1}},
		{"a share of what the controller wants must stay", atLeast("50%"), [4]int32{4, 2, 4, 2}},
		{"rounded up", atLeast("30%"), [4]int32{4, 2, 4, 2}},
		{"so many may go", atMost(1), [4]int32{4, 3, 4, 1}},
		{"a share may go", atMost("75%"), [4]int32{4, 1, 4, 3}},
		{"more must stay than there are", atLeast(9), [4]int32{4, 9, 4, 0}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			settled(t, func(t *testing.T, client kubernetes.Interface) {
				web(t, client, 4)
				must(t)(client.PolicyV1().PodDisruptionBudgets("default").Create(t.Context(), budget("b", tt.change), metav1.CreateOptions{}))
				if diff := cmp.Diff(tt.want, counts(t, client, "b")); diff != "" {
					t.Errorf("expected, desired, healthy, allowed (-want +got):\n%s", diff)
				}
				s := budgetStatus(t, client, "b")
				want := "True SufficientPods"
				if tt.want[3] == 0 {
					want = "False InsufficientPods"
				}
				if c := s.Conditions; len(c) != 1 || string(c[0].Status)+" "+c[0].Reason != want || s.ObservedGeneration != 1 {
					t.Errorf("conditions %v, generation %d", c, s.ObservedGeneration)
				}
			})
		})
	}
}

// tooMany holds that an eviction was refused with 429 and that cause.
func tooMany(t *testing.T, err error, cause string) {
	t.Helper()
	status, ok := err.(apierrors.APIStatus)
	if !ok || !apierrors.IsTooManyRequests(err) || err.Error() != "Cannot evict pod as it would violate the pod's disruption budget." {
		t.Fatalf("err = %v", err)
	}
	want := []metav1.StatusCause{{Type: policyv1.DisruptionBudgetCause, Message: cause}}
	if diff := cmp.Diff(want, status.Status().Details.Causes); diff != "" {
		t.Errorf("causes (-want +got):\n%s", diff)
	}
}

func TestEvictionsHeedBudgets(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		create := func(name string) {
			must(t)(client.CoreV1().Pods("default").Create(t.Context(), &corev1.Pod{
				ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"app": "web"}},
				Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Image: "i"}}},
			}, metav1.CreateOptions{}))
		}
		for _, name := range []string{"a", "b", "c"} {
			create(name)
		}
		must(t)(client.PolicyV1().PodDisruptionBudgets("default").Create(t.Context(), budget("least", atLeast(2)), metav1.CreateOptions{}))
		if err := evict(t, client, "a", "All"); err != nil {
			t.Fatal(err)
		}
		if got := counts(t, client, "least"); got != [4]int32{3, 2, 3, 1} {
			t.Errorf("after a dry run: %v", got)
		}
		if err := evict(t, client, "a"); err != nil {
			t.Fatal(err)
		}
		const cause = "The disruption budget least needs 2 healthy pods and has 2 currently"
		tooMany(t, evict(t, client, "b"), cause)
		tooMany(t, evict(t, client, "b", "All"), cause)
		create("d")
		<-time.After(time.Minute)
		if got := counts(t, client, "least"); got != [4]int32{3, 2, 3, 1} {
			t.Errorf("with a new pod: %v", got)
		}
		must(t)(client.PolicyV1().PodDisruptionBudgets("default").Create(t.Context(), budget("second", atLeast(1)), metav1.CreateOptions{}))
		err := evict(t, client, "b")
		status, ok := err.(apierrors.APIStatus)
		if !ok || status.Status().Code != 500 || err.Error() != "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support." {
			t.Errorf("with two budgets: %v", err)
		}
	})
}

// TestBudgetsAndPodsThatAreNotReady: they may go where the budget says so, or where enough others are.
func TestBudgetsAndPodsThatAreNotReady(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		least   int
		always  bool
		refusal string
	}{
		{"enough are ready", 1, false, ""},
		{"not enough are", 2, false, "The disruption budget b needs 2 healthy pods and has 1 currently"},
		{"not enough are, but that does not matter", 2, true, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			settled(t, func(t *testing.T, client kubernetes.Interface) {
				ctx, pods := t.Context(), client.CoreV1().Pods("default")
				for _, name := range []string{"well", "ill"} {
					pod := plainPod(name)
					pod.Labels = map[string]string{"app": "web"}
					must(t)(pods.Create(ctx, pod, metav1.CreateOptions{}))
					status := `{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}`
					if name == "ill" {
						status = `{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"False"}]}}`
					}
					must(t)(pods.Patch(ctx, name, types.MergePatchType, []byte(status), metav1.PatchOptions{}, "status"))
				}
				must(t)(client.PolicyV1().PodDisruptionBudgets("default").Create(ctx, budget("b", func(s *policyv1.PodDisruptionBudgetSpec) {
					atLeast(tt.least)(s)
					if tt.always {
						s.UnhealthyPodEvictionPolicy = new(policyv1.AlwaysAllow)
					}
				}), metav1.CreateOptions{}))
				err := evict(t, client, "ill")
				if tt.refusal != "" {
					tooMany(t, err, tt.refusal)
				} else if err != nil {
					t.Error(err)
				}
				if got := budgetStatus(t, client, "b").DisruptedPods; len(got) != 0 {
					t.Errorf("disrupted pods %v", got)
				}
			}, fake.Without(fake.Kubelet, fake.Scheduler))
		})
	}
}

// TestABudgetNobodyCounts refuses evictions until somebody does, and remembers whom it let go.
func TestABudgetNobodyCounts(t *testing.T) {
	settled(t, func(t *testing.T, client kubernetes.Interface) {
		pods, ctx := web(t, client, 2), t.Context()
		budgets := client.PolicyV1().PodDisruptionBudgets("default")
		b := must(t)(budgets.Create(ctx, budget("b", atLeast(0)), metav1.CreateOptions{})).(*policyv1.PodDisruptionBudget)
		err := evict(t, client, pods[0])
		tooMany(t, err, "The disruption budget b is still being processed by the server.")
		if seconds, ok := apierrors.SuggestsClientDelay(err); !ok || seconds != 10 {
			t.Errorf("retry after %d", seconds)
		}
		b.Status = policyv1.PodDisruptionBudgetStatus{ObservedGeneration: 1, DisruptionsAllowed: 1, CurrentHealthy: 2, DesiredHealthy: 1, ExpectedPods: 2}
		must(t)(budgets.UpdateStatus(ctx, b, metav1.UpdateOptions{}))
		if err := evict(t, client, pods[0]); err != nil {
			t.Fatal(err)
		}
		s := budgetStatus(t, client, "b")
		if _, ok := s.DisruptedPods[pods[0]]; !ok || s.DisruptionsAllowed != 0 || len(s.Conditions) != 1 || s.Conditions[0].Reason != "InsufficientPods" {
			t.Errorf("status %+v", s)
		}
	}, fake.Without(fake.DisruptionController))
}
