package api

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

// bound is one amount in a limit range.
type bound struct {
	kind   corev1.LimitType
	name   corev1.ResourceName
	amount resource.Quantity
}

// comparable are quantities in thousandths, unless one of them is too large for that, as requestLimitEnforcedValues.
func (b bound) comparable(request, limit resource.Quantity) (requested, limited, amount int64) {
	requested, limited, amount = request.Value(), limit.Value(), b.amount.Value()
	if requested <= resource.MaxMilliValue && limited <= resource.MaxMilliValue && amount <= resource.MaxMilliValue {
		return request.MilliValue(), limit.MilliValue(), b.amount.MilliValue()
	}
	return requested, limited, amount
}

// min is minConstraint.
func (b bound) min(requests, limits corev1.ResourceList) error {
	request, asks := requests[b.name]
	limit, limited := limits[b.name]
	requestAmount, limitAmount, least := b.comparable(request, limit)
	switch {
	case !asks:
		return b.refuse("minimum", ".  No request is specified")
	case requestAmount < least:
		return b.refuse("minimum", ", but request is "+request.String())
	case limited && limitAmount < least:
		return b.refuse("minimum", ", but limit is "+limit.String())
	}
	return nil
}

// max is maxConstraint.
func (b bound) max(requests, limits corev1.ResourceList) error {
	request, asks := requests[b.name]
	limit, limited := limits[b.name]
	requestAmount, limitAmount, most := b.comparable(request, limit)
	switch {
	case !limited:
		return b.refuse("maximum", ".  No limit is specified")
	case limitAmount > most:
		return b.refuse("maximum", ", but limit is "+limit.String())
	case asks && requestAmount > most:
		return b.refuse("maximum", ", but request is "+request.String())
	}
	return nil
}

// maxRequest is maxRequestConstraint, for what has no limits.
func (b bound) maxRequest(requests corev1.ResourceList) error {
	request, asks := requests[b.name]
	requestAmount, _, most := b.comparable(request, resource.Quantity{})
	switch {
	case !asks:
		return b.refuse("maximum", ".  No request is specified")
	case requestAmount > most:
		return b.refuse("maximum", ", but request is "+request.String())
	}
	return nil
}

// ratio is limitRequestRatioConstraint.
func (b bound) ratio(requests, limits corev1.ResourceList) error {
	request, limit := requests[b.name], limits[b.name]
	requestAmount, limitAmount, _ := b.comparable(request, limit)
	refuse := func(why string) error {
		return fmt.Errorf("%s max limit to request ratio per %s is %s, but %s", b.name, b.kind, b.amount.String(), why)
	}
	if requestAmount == 0 {
		return refuse("no request is specified or request is 0")
	}
	if limitAmount == 0 {
		return refuse("no limit is specified or limit is 0")
	}
	is, most := float64(limitAmount)/float64(requestAmount), float64(b.amount.Value())
	scaled := is
	if b.amount.Value() <= resource.MaxMilliValue {
		scaled, most = is*1000, float64(b.amount.MilliValue())
	}
	if scaled > most {
		return refuse(fmt.Sprintf("provided ratio is %f", is))
	}
	return nil
}

func (b bound) refuse(which, why string) error {
	return fmt.Errorf("%s %s usage per %s is %s%s", which, b.name, b.kind, b.amount.String(), why)
}
