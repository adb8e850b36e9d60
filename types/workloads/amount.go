package workloads

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// An amount of pods is a number of them, or a share in percent.

// percentOf is getPercentValue.
func percentOf(a intstr.IntOrString) (int, bool) {
	if a.Type != intstr.String || len(validation.IsValidPercent(a.StrVal)) > 0 {
		return 0, false
	}
	percent, _ := strconv.Atoi(strings.TrimSuffix(a.StrVal, "%"))
	return percent, true
}

// amountOf is the number, or the share in percent, as getIntOrPercentValue has it.
func amountOf(a intstr.IntOrString) int {
	if percent, ok := percentOf(a); ok {
		return percent
	}
	return a.IntValue()
}

// intOrPercent is ValidatePositiveIntOrPercent.
func (r *report) intOrPercent(at *field.Path, a intstr.IntOrString) {
	if a.Type == intstr.String {
		r.Messages(at, a, validation.IsValidPercent(a.StrVal))
		return
	}
	r.NonNegative(at, int64(a.IntValue()))
}

// atMostAll is IsNotMoreThan100Percent.
func (r *report) atMostAll(at *field.Path, a intstr.IntOrString) {
	if percent, ok := percentOf(a); ok && percent > 100 {
		r.Invalid(at, a, "must not be greater than 100%")
	}
}
