package index

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/podwright/podwright/types/selector"
)

// The rarest requirement drives, and bits are merged where there are many candidates.
func TestPlan(t *testing.T) {
	x := New[int, int]()
	for i := range 20_000 {
		labels := map[string]string{"name": fmt.Sprint("web-", i/2), "env": []string{"prod", "qa"}[i%2], "n": fmt.Sprint(i)}
		if i%10 == 0 {
			labels["tier"] = "x"
		}
		x.Set(i, fmt.Sprint("n", i/5000), labels, i)
	}
	for _, c := range []struct{ rule, namespace, text, want string }{
		{"everything", "", "", "everything: everything, 20000 of 20000 sets"},
		{"nothing", "", "none", "none: nothing to find, 0 of 20000 sets"},
		{"one value", "", "env=qa", "env=qa: as indexed, 10000 of 20000 sets, driven by env=qa\n  has 10000: env=qa"},
		{"the rarest drives", "", "env=qa,name=web-7,!tier",
			"env=qa,name=web-7,!tier: each candidate, 2 of 20000 sets, driven by name=web-7\n  has 2: name=web-7\n  has 10000: env=qa\n  not 2000: !tier"},
		{"many are merged", "", "env=qa,tier=x",
			"env=qa,tier=x: merged bits, 2000 of 20000 sets, driven by tier=x\n  has 2000: tier=x\n  has 10000: env=qa"},
		{"only what is not", "", "!tier", "!tier: merged bits, 20000 of 20000 sets\n  not 2000: !tier"},
		{"a namespace is a requirement", "n1", "name=web-2500",
			"name=web-2500: each candidate, 2 of 20000 sets, driven by name=web-2500\n  has 2: name=web-2500\n  has 5000: namespace n1"},
		{"numbers", "", "n<3", "n<3: each candidate, 3 of 20000 sets, driven by n<3\n  has 3: n<3"},
	} {
		if diff := cmp.Diff(c.want, x.PlanIn(c.namespace, selector.MustParse(c.text)).String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rule, diff)
		}
	}
	if got := x.Plan(selector.Nothing()).Method; got != ByNothing {
		t.Errorf("Nothing is found by %s", got)
	}
}
