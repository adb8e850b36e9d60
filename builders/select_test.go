package builders_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	b "github.com/podwright/podwright/builders"
	"github.com/podwright/podwright/types/selector"
)

func TestSelect(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		selector selector.Selector
		want     map[string]string
		problems []string
	}{
		{"equalities are entries", selector.MustParse("app=ui,rel==stable"), map[string]string{"app": "ui", "rel": "stable"}, nil},
		{"a list of one value is an equality", selector.MustParse("app in (ui,ui)"), map[string]string{"app": "ui"}, nil},
		{"what is said twice is said once", selector.MustParse("app=ui,app in (ui)"), map[string]string{"app": "ui"}, nil},
		{"an empty value is one", selector.MustParse("app="), map[string]string{"app": ""}, nil},
		{"a map says nothing else", selector.MustParse("app=ui,a in (b,c),d!=e,f,!g,h>1"), map[string]string{"app": "ui"}, []string{
			`spec.selector: Invalid value: "a in (b,c)": it is a map, which can only say key=value`,
			`spec.selector: Invalid value: "d!=e": it is a map, which can only say key=value`,
			`spec.selector: Invalid value: "f": it is a map, which can only say key=value`,
			`spec.selector: Invalid value: "!g": it is a map, which can only say key=value`,
			`spec.selector: Invalid value: "h>1": it is a map, which can only say key=value`,
		}},
		{"a requirement that is none says nothing", selector.All().And(selector.Requirement{}), nil, []string{
			`spec.selector: Invalid value: "": it is a map, which can only say key=value`,
		}},
		{"a key has one value", selector.MustParse("app=ui,app=db"), map[string]string{"app": "ui"}, []string{
			`spec.selector: Invalid value: "app=db": it wants app=ui too, and no pod has both`,
		}},
		{"everything cannot be said", selector.All(), nil, []string{
			`spec.selector: Invalid value: "": it selects everything, and a Service without selector has no pods`,
		}},
		{"what was never filled in is everything", selector.Selector{}, nil, []string{
			`spec.selector: Invalid value: "": it selects everything, and a Service without selector has no pods`,
		}},
		{"nothing cannot be said", selector.Nothing(), nil, []string{
			`spec.selector: Invalid value: "<nothing>": it selects nothing, and a Service without selector has no pods`,
		}},
	} {
		s := b.Service("ui").Select(tt.selector)
		if diff := cmp.Diff(tt.want, s.Unchecked().Spec.Selector); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", tt.rule, diff)
		}
		if diff := cmp.Diff(tt.problems, problems(s.Err())); diff != "" {
			t.Errorf("%s (-want, +got):\n%s", tt.rule, diff)
		}
		c := b.ReplicationController("ui").Select(tt.selector)
		if diff := cmp.Diff(tt.want, c.Unchecked().Spec.Selector); diff != "" {
			t.Errorf("%s: ReplicationController (-want, +got):\n%s", tt.rule, diff)
		}
		if want, got := len(tt.problems), len(problems(c.Err())); want != got {
			t.Errorf("%s: ReplicationController has %d problems, want %d", tt.rule, got, want)
		}
	}
}

func TestSelectAddsAndChangesNoOther(t *testing.T) {
	base := b.Service("ui").Selector("app", "ui").Selector("rel", "stable")
	canary := base.Select(selector.MustParse("rel=canary"))
	if diff := cmp.Diff(map[string]string{"app": "ui", "rel": "canary"}, canary.Unchecked().Spec.Selector); diff != "" {
		t.Errorf("(-want, +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"app": "ui", "rel": "stable"}, base.Unchecked().Spec.Selector); diff != "" {
		t.Errorf("the base changed (-want, +got):\n%s", diff)
	}
}

// What was never validated is validated by Build.
func TestSelectOfInvalidLabels(t *testing.T) {
	_, err := b.Service("ui").Ports(b.ServicePort(80)).Select(selector.FromSet(map[string]string{"app": "a,b"})).Build()
	if got := problems(err); len(got) != 1 {
		t.Errorf("problems %q, want one", got)
	}
}

func ExampleReplicationControllerBuilder_Select() {
	pod := b.Pod("").Label("app", "ui").Label("rel", "canary").Containers(b.Container("ui", "ui:1"))
	_, err := b.ReplicationController("ui").Select(selector.MustParse("app=ui,rel in (beta,canary)")).Template(pod).Build()
	fmt.Println(err)

	_, err = b.ReplicationController("ui").Select(selector.MustParse("app=ui,rel=stable")).Template(pod).Build()
	fmt.Println(err)
	// Output:
	// ReplicationController "ui" is invalid: spec.selector: Invalid value: "rel in (beta,canary)": it is a map, which can only say key=value
	// ReplicationController "ui" is invalid: spec.template.metadata.labels: Invalid value: {"app":"ui","rel":"canary"}: `selector` does not match template `labels`
}
