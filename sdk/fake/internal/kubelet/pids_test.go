package kubelet

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// While a container ends its processes may start others: none gets away, and those of other containers of the pod are left alone.
func TestNoProcessAfterTheEnd(t *testing.T) {
	ns, ending, other := newPids(true), &instance{}, &instance{}
	enter := func(in *instance) bool { return ns.add(&process{in: in}) }
	equal := func(what string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	equal("before", []bool{true, true, true}, []bool{enter(ending), enter(other), enter(ending)})
	var left []int
	for _, p := range ns.end(ending) {
		left = append(left, p.pid)
	}
	equal("those to kill", []int{2, 4}, left)
	equal("after", []bool{false, true}, []bool{enter(ending), enter(other)})
}
