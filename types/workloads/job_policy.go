package workloads

import (
	"fmt"
	"slices"

	"github.com/podwright/podwright/types/internal/check"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The limits of policies: rules, exit codes and conditions of a rule, and characters of its indexes.
const (
	mostRules      = 20
	mostExitCodes  = 255
	mostConditions = 20
	mostIndexText  = 64 * 1024
)

// What a rule may say, sorted as in the server's messages.
var (
	failureActions = []batchv1.PodFailurePolicyAction{
		batchv1.PodFailurePolicyActionCount, batchv1.PodFailurePolicyActionFailIndex, batchv1.PodFailurePolicyActionFailJob, batchv1.PodFailurePolicyActionIgnore,
	}
	exitOperators = []batchv1.PodFailurePolicyOnExitCodesOperator{batchv1.PodFailurePolicyOnExitCodesOpIn, batchv1.PodFailurePolicyOnExitCodesOpNotIn}
	conditions    = []corev1.ConditionStatus{corev1.ConditionFalse, corev1.ConditionTrue, corev1.ConditionUnknown}
)

// chosen wants value to be one of some, and names them all if it is missing.
func chosen[T ~string](r *report, at *field.Path, value T, some []T) {
	if value == "" {
		r.Required(at, fmt.Sprintf("valid values: %q", some))
		return
	}
	check.OneOf(&r.Report, at, value, some...)
}

// failurePolicy is validatePodFailurePolicy.
func (r *report) failurePolicy(at *field.Path, spec *batchv1.JobSpec) {
	rules := spec.PodFailurePolicy.Rules
	if len(rules) > mostRules {
		r.Add(field.TooMany(at, len(rules), mostRules))
	}
	var names []string
	for _, list := range [][]corev1.Container{spec.Template.Spec.Containers, spec.Template.Spec.InitContainers} {
		for _, c := range list {
			names = append(names, c.Name)
		}
	}
	for i := range rules {
		r.failureRule(at.Index(i), &rules[i], spec.BackoffLimitPerIndex != nil, names)
	}
}

// failureRule is validatePodFailurePolicyRule: a rule is about exit codes or about conditions.
func (r *report) failureRule(at *field.Path, rule *batchv1.PodFailurePolicyRule, perIndex bool, containers []string) {
	if rule.Action == batchv1.PodFailurePolicyActionFailIndex {
		if !perIndex {
			r.Invalid(at.Child("action"), rule.Action, "requires the backoffLimitPerIndex to be set")
		}
	} else {
		chosen(r, at.Child("action"), rule.Action, failureActions)
	}
	if rule.OnExitCodes != nil {
		r.exitCodes(at.Child("onExitCodes"), rule.OnExitCodes, containers)
	}
	if len(rule.OnPodConditions) > 0 {
		r.podConditions(at.Child("onPodConditions"), rule.OnPodConditions)
	}
	switch byCode, byCondition := rule.OnExitCodes != nil, len(rule.OnPodConditions) > 0; {
	case byCode && byCondition:
		r.Invalid(at, field.OmitValueType{}, "specifying both OnExitCodes and OnPodConditions is not supported")
	case !byCode && !byCondition:
		r.Invalid(at, field.OmitValueType{}, "specifying one of OnExitCodes and OnPodConditions is required")
	}
}

func (r *report) podConditions(at *field.Path, list []batchv1.PodFailurePolicyOnPodConditionsPattern) {
	if len(list) > mostConditions {
		r.Add(field.TooMany(at, len(list), mostConditions))
	}
	for i, c := range list {
		r.Messages(at.Index(i).Child("type"), string(c.Type), validation.IsQualifiedName(string(c.Type)))
		chosen(r, at.Index(i).Child("status"), c.Status, conditions)
	}
}

func (r *report) exitCodes(at *field.Path, codes *batchv1.PodFailurePolicyOnExitCodesRequirement, containers []string) {
	chosen(r, at.Child("operator"), codes.Operator, exitOperators)
	if name := codes.ContainerName; name != nil && !slices.Contains(containers, *name) {
		r.Invalid(at.Child("containerName"), *name, "must be one of the container or initContainer names in the pod template")
	}
	at = at.Child("values")
	switch n := len(codes.Values); {
	case n == 0:
		r.Invalid(at, codes.Values, "at least one value is required")
	case n > mostExitCodes:
		r.Add(field.TooMany(at, n, mostExitCodes))
	}
	seen := map[int32]bool{}
	for i, code := range codes.Values {
		if codes.Operator == batchv1.PodFailurePolicyOnExitCodesOpIn && code == 0 {
			r.Invalid(at.Index(i), code, "must not be 0 for the In operator")
		}
		if seen[code] {
			r.Add(field.Duplicate(at.Index(i), code))
		}
		seen[code] = true
	}
	if !slices.IsSorted(codes.Values) {
		r.Invalid(at, codes.Values, "must be ordered")
	}
}

// successPolicy is validateSuccessPolicy.
func (r *report) successPolicy(at *field.Path, spec *batchv1.JobSpec) {
	if !isIndexed(spec) {
		r.Invalid(at, check.Internal{V: *spec.SuccessPolicy}, "requires indexed completion mode")
		return
	}
	rules := spec.SuccessPolicy.Rules
	at = at.Child("rules")
	if len(rules) == 0 {
		r.Required(at, "at least one rules must be specified when the successPolicy is specified")
	}
	if len(rules) > mostRules {
		r.Add(field.TooMany(at, len(rules), mostRules))
	}
	for i := range rules {
		r.successRule(at.Index(i), &rules[i], deref(spec.Completions))
	}
}

func (r *report) successRule(at *field.Path, rule *batchv1.SuccessPolicyRule, completions int32) {
	if rule.SucceededCount == nil && rule.SucceededIndexes == nil {
		r.Required(at, "at least one of succeededCount or succeededIndexes must be specified")
	}
	var total int32
	if text := rule.SucceededIndexes; text != nil {
		at := at.Child("succeededIndexes")
		if len(*text) > mostIndexText {
			r.Add(field.TooLong(at, "", mostIndexText))
		}
		var err error
		if total, err = parseIndexes(*text, completions); err != nil {
			r.Invalid(at, *text, "error parsing succeededIndexes: "+err.Error())
		}
	}
	if n := rule.SucceededCount; n != nil {
		at := at.Child("succeededCount")
		r.NonNegative(at, int64(*n))
		if *n > completions {
			r.Invalid(at, *n, fmt.Sprintf("must be less than or equal to %d (the number of specified completions)", completions))
		}
		if rule.SucceededIndexes != nil && *n > total {
			r.Invalid(at, *n, fmt.Sprintf("must be less than or equal to %d (the number of indexes in the specified succeededIndexes field)", total))
		}
	}
}
