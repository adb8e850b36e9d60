package api

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/podwright/podwright/sdk/fake/internal/registry"
	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/utils/ptr"
)

// maxDisrupted is how many evicted pods a budget remembers before it refuses to lose more of them, as MaxDisruptedPodSize.
const maxDisrupted = 2000

const (
	tooManyBudgets = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."
	wouldViolate   = "Cannot evict pod as it would violate the pod's disruption budget."
)

// BudgetsOf are the disruption budgets that select a pod, sorted by name. A budget whose selector is invalid selects none.
func (a *API) BudgetsOf(pod *corev1.Pod) []*policyv1.PodDisruptionBudget {
	objects, _ := a.Store.List(registry.PodDisruptionBudgets.StoreKey(), pod.Namespace)
	var budgets []*policyv1.PodDisruptionBudget
	for _, obj := range objects {
		b := obj.(*policyv1.PodDisruptionBudget)
		if s, err := metav1.LabelSelectorAsSelector(b.Spec.Selector); err == nil && s.Matches(labels.Set(pod.Labels)) {
			budgets = append(budgets, b)
		}
	}
	return budgets
}

// budgetOf is the budget that an eviction of a pod is charged to, nil if there is none. It is free for a pod that is not ready, if
// the budget allows that or is not short of pods.
func (a *API) budgetOf(pod *corev1.Pod) (budget *policyv1.PodDisruptionBudget, free bool, err error) {
	budgets := a.BudgetsOf(pod)
	switch len(budgets) {
	case 0:
		return nil, false, nil
	case 1:
	default:
		return nil, false, &apierrors.StatusError{ErrStatus: metav1.Status{
			Status: metav1.StatusFailure, Code: http.StatusInternalServerError, Message: tooManyBudgets,
		}}
	}
	b := budgets[0]
	always := ptr.Deref(b.Spec.UnhealthyPodEvictionPolicy, policyv1.IfHealthyBudget) == policyv1.AlwaysAllow
	healthy := b.Status.CurrentHealthy >= b.Status.DesiredHealthy && b.Status.DesiredHealthy > 0
	return b, !PodReady(pod) && (always || healthy), nil
}

// PodReady says whether a pod has the condition Ready, as podutil.IsPodReady.
func PodReady(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
		return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
	})
}

// spend takes one disruption of a budget for a pod, if it has one left.
func (a *API) spend(budget *policyv1.PodDisruptionBudget, pod string, dryRun bool) error {
	o := asServer
	o.DryRun = dryRun
	_, err := a.Update(registry.PodDisruptionBudgets, budget.Namespace, budget.Name, o, func(obj store.Object) error {
		b := obj.(*policyv1.PodDisruptionBudget)
		if err := spendable(b); err != nil {
			return err
		}
		if b.Status.DisruptionsAllowed--; b.Status.DisruptionsAllowed == 0 {
			SetDisruptionAllowed(b)
		}
		if b.Status.DisruptedPods == nil {
			b.Status.DisruptedPods = map[string]metav1.Time{}
		}
		b.Status.DisruptedPods[pod] = Now()
		return nil
	})
	return err
}

// spendable is why a budget has no disruption left, as checkAndDecrement words it.
func spendable(b *policyv1.PodDisruptionBudget) error {
	forbid := func(why, cause string) error {
		err := apierrors.NewForbidden(schema.GroupResource{Group: policyv1.GroupName, Resource: "poddisruptionbudget"}, b.Name, errors.New(why))
		return caused(err, fmt.Sprintf("The disruption budget %s does not allow evicting pods currently: %s", b.Name, cause))
	}
	switch {
	case b.Status.ObservedGeneration < b.Generation:
		return overtaken(b.Name)
	case b.Status.DisruptionsAllowed < 0:
		return forbid("pdb disruptions allowed is negative", "pdb disruptions allowed is negative")
	case len(b.Status.DisruptedPods) > maxDisrupted:
		return forbid("DisruptedPods map too big - too many evictions not confirmed by PDB controller",
			"too many pending evictions not confirmed by PDB controller")
	case b.Status.DisruptionsAllowed == 0:
		return caused(apierrors.NewTooManyRequests(wouldViolate, 0), exhausted(b))
	}
	return nil
}

// exhausted says why a budget allows no disruption.
func exhausted(b *policyv1.PodDisruptionBudget) string {
	c := meta.FindStatusCondition(b.Status.Conditions, policyv1.DisruptionAllowedCondition)
	explained := c != nil && c.Status == metav1.ConditionFalse && c.Message != ""
	switch {
	case explained && c.Reason == policyv1.SyncFailedReason:
		return fmt.Sprintf("The disruption budget %s does not allow evicting pods currently because it failed sync: %s", b.Name, c.Message)
	case b.Status.CurrentHealthy <= b.Status.DesiredHealthy:
		return fmt.Sprintf("The disruption budget %s needs %d healthy pods and has %d currently", b.Name, b.Status.DesiredHealthy, b.Status.CurrentHealthy)
	case explained:
		return fmt.Sprintf("The disruption budget %s does not allow evicting pods currently (%s): %s", b.Name, c.Reason, c.Message)
	}
	return fmt.Sprintf("The disruption budget %s does not allow evicting pods currently", b.Name)
}

// overtaken asks the client to come again: the budget is about to change.
func overtaken(budget string) error {
	return caused(apierrors.NewTooManyRequests(wouldViolate, 10),
		fmt.Sprintf("The disruption budget %s is still being processed by the server.", budget))
}

func caused(err *apierrors.StatusError, text string) error {
	err.ErrStatus.Details.Causes = append(err.ErrStatus.Details.Causes, metav1.StatusCause{Type: policyv1.DisruptionBudgetCause, Message: text})
	return err
}

// SetDisruptionAllowed makes the condition of a budget say what its status does, as UpdateDisruptionAllowedCondition.
func SetDisruptionAllowed(b *policyv1.PodDisruptionBudget) {
	c := metav1.Condition{
		Type: policyv1.DisruptionAllowedCondition, Status: metav1.ConditionFalse, Reason: policyv1.InsufficientPodsReason,
		ObservedGeneration: b.Status.ObservedGeneration, LastTransitionTime: Now(),
	}
	if b.Status.DisruptionsAllowed > 0 {
		c.Status, c.Reason = metav1.ConditionTrue, policyv1.SufficientPodsReason
	}
	meta.SetStatusCondition(&b.Status.Conditions, c)
}
