package types

import "testing"

func TestFindExplainedKind(t *testing.T) {
	for _, tt := range []struct{ rule, name, want string }{
		{"the plural", "pods", "Pod"},
		{"the singular", "pod", "Pod"},
		{"the kind", "ReplicationController", "ReplicationController"},
		{"any case", "PODS", "Pod"},
		{"the short name", "rc", "ReplicationController"},
		{"which counts as it is only", "RC", ""},
		{"a plural that is no other word", "endpoints", "Endpoints"},
		{"kinds without a short name have not the empty one", "", ""},
		{"other groups are others'", "deployments", ""},
	} {
		got := ""
		if k, err := findExplainedKind(tt.name); err == nil {
			got = k.of.Name()
		}
		if got != tt.want {
			t.Errorf("%s: %q is %q, want %q", tt.rule, tt.name, got, tt.want)
		}
	}
}

func TestNearestKind(t *testing.T) {
	for _, tt := range []struct{ rule, name, want string }{
		{"a typing mistake", "replicationcontroler", "replicationcontroller"},
		{"in the plural", "serviceacounts", "serviceaccount"},
		{"in a short name", "pcv", "persistentvolume"},
		{"a short name in the wrong case", "RC", "replicationcontroller"},
		{"another kind altogether", "deployment", ""},
		{"nothing", "", ""},
	} {
		if got := nearestKind(tt.name); got != tt.want {
			t.Errorf("%s: nearest to %q is %q, want %q", tt.rule, tt.name, got, tt.want)
		}
	}
}
