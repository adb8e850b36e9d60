package workloads

import (
	"fmt"

	"github.com/podwright/podwright/types/internal/check"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The longest times, in seconds: over which changes are counted, and for which a recommendation is remembered.
const (
	longestPeriod = 1800
	longestWindow = 3600
)

// scaling is validateScalingRules.
func (r *report) scaling(at *field.Path, rules *autoscalingv2.HPAScalingRules) {
	if rules == nil {
		return
	}
	if n := rules.StabilizationWindowSeconds; n != nil {
		window := at.Child("stabilizationWindowSeconds")
		if *n < 0 {
			r.Invalid(window, *n, "must be greater than or equal to zero")
		}
		if *n > longestWindow {
			r.Invalid(window, *n, fmt.Sprintf("must be less than or equal to %d", longestWindow))
		}
	}
	if s := rules.SelectPolicy; s != nil {
		check.OneOf(&r.Report, at.Child("selectPolicy"), *s, autoscalingv2.DisabledPolicySelect, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect)
	}
	policies := at.Child("policies")
	if len(rules.Policies) == 0 {
		r.Required(policies, "must specify at least one Policy")
	}
	for i, p := range rules.Policies {
		r.scalingPolicy(policies.Index(i), &p)
	}
	if rules.Tolerance != nil {
		r.NonNegativeQuantity(at.Child("tolerance"), *rules.Tolerance)
	}
}

// scalingPolicy is validateScalingPolicy.
func (r *report) scalingPolicy(at *field.Path, p *autoscalingv2.HPAScalingPolicy) {
	check.OneOf(&r.Report, at.Child("type"), p.Type, autoscalingv2.PercentScalingPolicy, autoscalingv2.PodsScalingPolicy)
	if p.Value <= 0 {
		r.Invalid(at.Child("value"), p.Value, check.NotPositive)
	}
	if p.PeriodSeconds <= 0 {
		r.Invalid(at.Child("periodSeconds"), p.PeriodSeconds, check.NotPositive)
	}
	if p.PeriodSeconds > longestPeriod {
		r.Invalid(at.Child("periodSeconds"), p.PeriodSeconds, fmt.Sprintf("must be less than or equal to %d", longestPeriod))
	}
}
