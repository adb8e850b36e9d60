package workloads

import (
	"github.com/podwright/podwright/types/internal/check"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func prepareBudget(b *policyv1.PodDisruptionBudget) { stripBetaLabel(b.Spec.Selector) }

func prepareBudgetUpdate(b, old *policyv1.PodDisruptionBudget) {
	if !equality.Semantic.DeepEqual(b.Spec.Selector, old.Spec.Selector) {
		stripBetaLabel(b.Spec.Selector)
	}
}

// betaLabel is in the selector that selects no pods, for which v1beta1 has no other form.
const betaLabel = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"

// stripBetaLabel keeps that label out of a selector that says something else, as StripPDBV1beta1Label does.
func stripBetaLabel(s *metav1.LabelSelector) {
	none := &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: betaLabel, Operator: metav1.LabelSelectorOpExists}}}
	if s == nil || equality.Semantic.DeepEqual(s, none) {
		return
	}
	var kept []metav1.LabelSelectorRequirement
	for _, e := range s.MatchExpressions {
		if e.Key != betaLabel {
			kept = append(kept, e)
		}
	}
	if len(kept) != len(s.MatchExpressions) {
		s.MatchExpressions = kept
	}
}

// budgetErrors is ValidatePodDisruptionBudget, which does not look at the metadata.
func budgetErrors(b *policyv1.PodDisruptionBudget) field.ErrorList {
	r := &report{}
	r.budget(&b.Spec, false)
	r.CommonCreate(&b.ObjectMeta, true)
	return r.Errors
}

// budgetUpdateErrors is the same for an update: a selector with values that no label can have may stay.
func budgetUpdateErrors(b, old *policyv1.PodDisruptionBudget) field.ErrorList {
	r, was := &report{}, &report{}
	was.LabelSelector(nil, old.Spec.Selector)
	r.budget(&b.Spec, len(was.Errors) > 0)
	return r.Errors
}

func (r *report) budget(spec *policyv1.PodDisruptionBudgetSpec, anyValue bool) {
	at := field.NewPath("spec")
	if spec.MinAvailable != nil && spec.MaxUnavailable != nil {
		r.Invalid(at, check.Internal{V: *spec}, "minAvailable and maxUnavailable cannot be both set")
	}
	for _, f := range []struct {
		name   string
		amount *intstr.IntOrString
	}{{"minAvailable", spec.MinAvailable}, {"maxUnavailable", spec.MaxUnavailable}} {
		if f.amount != nil {
			r.intOrPercent(at.Child(f.name), *f.amount)
			r.atMostAll(at.Child(f.name), *f.amount)
		}
	}
	if anyValue {
		r.LabelSelectorUpdate(at.Child("selector"), spec.Selector, spec.Selector)
	} else {
		r.LabelSelector(at.Child("selector"), spec.Selector)
	}
	if p := spec.UnhealthyPodEvictionPolicy; p != nil {
		check.OneOf(&r.Report, at.Child("unhealthyPodEvictionPolicy"), *p, policyv1.AlwaysAllow, policyv1.IfHealthyBudget)
	}
}

// budgetStatusErrors is ValidatePodDisruptionBudgetStatusUpdate.
func budgetStatusErrors(b, _ *policyv1.PodDisruptionBudget) field.ErrorList {
	r, at, s := &report{}, field.NewPath("status"), &b.Status
	r.Add(metavalidation.ValidateConditions(s.Conditions, at.Child("conditions"))...)
	r.Counts(at, check.Count{Name: "disruptionsAllowed", N: int64(s.DisruptionsAllowed)}, check.Count{Name: "currentHealthy", N: int64(s.CurrentHealthy)},
		check.Count{Name: "desiredHealthy", N: int64(s.DesiredHealthy)}, check.Count{Name: "expectedPods", N: int64(s.ExpectedPods)})
	return r.Errors
}
