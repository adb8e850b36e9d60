package workloads_test

import (
	"testing"

	coordinationv1 "k8s.io/api/coordination/v1"

	"github.com/podwright/podwright/types"
)

func TestLeaseErrors(t *testing.T) {
	refuses[coordinationv1.Lease](t, []made{
		{"a lease lasts", named + "spec: {leaseDurationSeconds: 0}", []string{"spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"}},
		{"who prefers a holder has a strategy", named + "spec: {preferredHolder: a}", []string{"spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined"}},
		{"Kubernetes has one", named + "spec: {strategy: Odd}", []string{`spec.strategy.strategy: Unsupported value: "Odd": supported values: "OldestEmulationVersion"`}},
	})
	l := decoded[coordinationv1.Lease](t, "spec: {strategy: OldestEmulationVersion, preferredHolder: a}")
	kept := l.DeepCopy()
	types.PrepareUpdate(kept, l)
	equal(t, l, kept)
	types.Prepare(l)
	equal(t, coordinationv1.LeaseSpec{}, l.Spec)
}
