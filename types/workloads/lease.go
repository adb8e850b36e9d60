package workloads

import (
	"strings"

	"github.com/podwright/podwright/types/internal/check"
	coordinationv1 "k8s.io/api/coordination/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// prepareLease drops what belongs to the gate CoordinatedLeaderElection, which is off.
func prepareLease(l *coordinationv1.Lease) { l.Spec.Strategy, l.Spec.PreferredHolder = nil, nil }

func prepareLeaseUpdate(l, old *coordinationv1.Lease) {
	if old.Spec.Strategy == nil {
		l.Spec.Strategy = nil
	}
	if old.Spec.PreferredHolder == nil {
		l.Spec.PreferredHolder = nil
	}
}

// leaseErrors is ValidateLease.
func leaseErrors(l *coordinationv1.Lease) field.ErrorList {
	r := &report{}
	r.Metadata(&l.ObjectMeta, true, apivalidation.NameIsDNSSubdomain)
	r.lease(&l.Spec)
	return r.Errors
}

// leaseUpdateErrors is ValidateLeaseUpdate.
func leaseUpdateErrors(l, old *coordinationv1.Lease) field.ErrorList {
	r := &report{}
	r.MetadataUpdate(&l.ObjectMeta, &old.ObjectMeta)
	r.lease(&l.Spec)
	return r.Errors
}

// lease is ValidateLeaseSpec.
func (r *report) lease(spec *coordinationv1.LeaseSpec) {
	at := field.NewPath("spec")
	if n := spec.LeaseDurationSeconds; n != nil && *n <= 0 {
		r.Invalid(at.Child("leaseDurationSeconds"), *n, "must be greater than 0")
	}
	if n := spec.LeaseTransitions; n != nil && *n < 0 {
		r.Invalid(at.Child("leaseTransitions"), *n, check.NotNegative)
	}
	if s := spec.Strategy; s != nil {
		r.leaseStrategy(at.Child("strategy"), *s)
	}
	if h := spec.PreferredHolder; h != nil && *h != "" && (spec.Strategy == nil || *spec.Strategy == "") {
		r.Forbidden(at.Child("preferredHolder"), "may only be specified if `strategy` is defined")
	}
}

// leaseStrategy is ValidateCoordinatedLeaseStrategy, whose path has a part more: a name without a domain is one of Kubernetes' own.
func (r *report) leaseStrategy(at *field.Path, s coordinationv1.CoordinatedLeaseStrategy) {
	at = at.Child("strategy")
	if strings.Contains(string(s), "/") {
		r.Messages(at, s, validation.IsQualifiedName(string(s)))
		return
	}
	check.OneOf(&r.Report, at, s, coordinationv1.OldestEmulationVersion)
}
