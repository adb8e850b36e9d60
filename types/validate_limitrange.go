package types

import (
	"fmt"
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// limitRange is ValidateLimitRange, for creation and update alike. Resources are taken in the order of their names.
func (r *report) limitRange(l *corev1.LimitRange) {
	r.Metadata(&l.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	seen := map[corev1.LimitType]bool{}
	for i := range l.Spec.Limits {
		limit, at := &l.Spec.Limits[i], field.NewPath("spec", "limits").Index(i)
		r.limitType(at.Child("type"), limit.Type)
		if seen[limit.Type] {
			r.Add(field.Duplicate(at.Child("type"), limit.Type))
		}
		seen[limit.Type] = true
		r.limit(at, limit)
	}
}

func (r *report) limitType(at *field.Path, t corev1.LimitType) {
	messages := validation.IsQualifiedName(string(t))
	r.Messages(at, t, messages)
	known := t == corev1.LimitTypePod || t == corev1.LimitTypeContainer || t == corev1.LimitTypePersistentVolumeClaim
	if len(messages) == 0 && !strings.Contains(string(t), "/") && !known {
		r.Invalid(at, t, "must be a standard limit type or fully qualified")
	}
}

// limit checks the names of the resources, and then each resource.
func (r *report) limit(at *field.Path, l *corev1.LimitRangeItem) {
	names := map[corev1.ResourceName]bool{}
	of := func(name string, list corev1.ResourceList) {
		for _, k := range sortedKeys(list) {
			names[k] = true
			r.limitedResource(at.Child(name).Key(string(k)), l.Type, k)
		}
	}
	of("max", l.Max)
	of("min", l.Min)
	defaults, requests := l.Default, l.DefaultRequest
	if l.Type == corev1.LimitTypePod {
		r.noDefaults(at, l)
		defaults, requests = nil, nil
	}
	of("default", defaults)
	of("defaultRequest", requests)
	if l.Type == corev1.LimitTypePersistentVolumeClaim {
		_, least := l.Min[corev1.ResourceStorage]
		if _, most := l.Max[corev1.ResourceStorage]; !least && !most {
			r.Required(at.Child("limits"), "either minimum or maximum storage value is required, but neither was provided")
		}
	}
	of("maxLimitRequestRatio", l.MaxLimitRequestRatio)
	for _, k := range sortedKeys(names) {
		r.bounds(at, &bounds{
			name: k, min: amountIn(l.Min, k), max: amountIn(l.Max, k), limit: amountIn(defaults, k), request: amountIn(requests, k),
			ratio: amountIn(l.MaxLimitRequestRatio, k),
		})
	}
}

func (r *report) noDefaults(at *field.Path, l *corev1.LimitRangeItem) {
	const detail = "may not be specified when `type` is 'Pod'"
	if len(l.Default) > 0 {
		r.Forbidden(at.Child("default"), detail)
	}
	if len(l.DefaultRequest) > 0 {
		r.Forbidden(at.Child("defaultRequest"), detail)
	}
}

// limitedResource is validateLimitRangeResourceName.
func (r *report) limitedResource(at *field.Path, t corev1.LimitType, name corev1.ResourceName) {
	if t == corev1.LimitTypePod || t == corev1.LimitTypeContainer {
		r.ContainerResourceName(at, name)
		return
	}
	r.ResourceName(at, name)
}

// bounds are what a limit range says of one resource; what it does not say is nil.
type bounds struct {
	name                            corev1.ResourceName
	min, max, limit, request, ratio *resource.Quantity
}

func amountIn(list corev1.ResourceList, name corev1.ResourceName) *resource.Quantity {
	if q, ok := list[name]; ok {
		return &q
	}
	return nil
}

// bounds wants min <= request <= limit <= max, and a ratio that lies within.
func (r *report) bounds(at *field.Path, b *bounds) {
	key := func(field string) *field.Path { return at.Child(field).Key(string(b.name)) }
	for _, rule := range []struct {
		less, more     *resource.Quantity
		field          string
		value          *resource.Quantity
		lessIs, moreIs string
	}{
		{b.min, b.max, "min", b.min, "min", "max"},
		{b.min, b.request, "defaultRequest", b.request, "min", "default request"},
		{b.request, b.max, "defaultRequest", b.request, "default request", "max"},
		{b.request, b.limit, "defaultRequest", b.request, "default request", "default limit"},
		{b.min, b.limit, "default", b.min, "min", "default"},
		{b.limit, b.max, "default", b.max, "default", "max"},
	} {
		if rule.less != nil && rule.more != nil && rule.less.Cmp(*rule.more) > 0 {
			r.Invalid(key(rule.field), *rule.value, fmt.Sprintf("%s value %s is greater than %s value %s", rule.lessIs, rule.less.String(), rule.moreIs, rule.more.String()))
		}
	}
	if b.ratio != nil {
		r.ratio(key("maxLimitRequestRatio"), b)
	}
	if !check.MayOvercommit(b.name) && b.limit != nil && b.request != nil && b.limit.Cmp(*b.request) != 0 {
		r.Invalid(key("defaultRequest"), *b.request, fmt.Sprintf("default value %s must equal to defaultRequest value %s in %s", b.limit.String(), b.request.String(), b.name))
	}
}

// ratio counts in thousandths where the numbers are small enough.
func (r *report) ratio(at *field.Path, b *bounds) {
	if b.ratio.Cmp(*resource.NewQuantity(1, resource.DecimalSI)) < 0 {
		r.Invalid(at, *b.ratio, fmt.Sprintf("ratio %s is less than 1", b.ratio.String()))
	}
	if b.min == nil || b.max == nil {
		return
	}
	ratio, least, most := float64(b.ratio.Value()), b.min.Value(), b.max.Value()
	if b.ratio.Value() < resource.MaxMilliValue && least < resource.MaxMilliValue && most < resource.MaxMilliValue {
		ratio, least, most = float64(b.ratio.MilliValue())/1000, b.min.MilliValue(), b.max.MilliValue()
	}
	if limit := float64(most) / float64(least); ratio > limit {
		r.Invalid(at, *b.ratio, fmt.Sprintf("ratio %s is greater than max/min = %f", b.ratio.String(), limit))
	}
}
