package workloads_test

import (
	"testing"

	policyv1 "k8s.io/api/policy/v1"

	"github.com/podwright/podwright/types"
)

func TestBudgetErrors(t *testing.T) {
	refuses[policyv1.PodDisruptionBudget](t, []made{
		{"a budget is a share", named + "spec: {maxUnavailable: 120%}", []string{
			`spec.maxUnavailable: Invalid value: "120%": must not be greater than 100%`}},
		{"of what is there or of what is not", named + "spec: {minAvailable: 1, maxUnavailable: 1}", []string{
			`spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set`}},
		{"its name can stand in a URL", "metadata: {name: A_b, namespace: b}", nil},
		{"no more is asked of it", "metadata: {name: a/b, namespace: b}", []string{`metadata.name: Invalid value: "a/b": may not contain '/'`}},
	})
}

func TestBudgetForgetsTheLabelOfItsBeta(t *testing.T) {
	b := decoded[policyv1.PodDisruptionBudget](t, "spec: {selector: {matchExpressions: [{key: pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match, operator: Exists}, {key: k, operator: Exists}]}}")
	types.Prepare(b)
	if e := b.Spec.Selector.MatchExpressions; len(e) != 1 || e[0].Key != "k" {
		t.Errorf("%v", e)
	}
}
