package builders

import (
	"github.com/podwright/podwright/gen/support"
	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Select adds to spec.selector what s wants; what s says wins. That is a map, so s may say key=value and nothing else: whatever
// else it says is a problem of Build. So are selectors that want nothing: a controller of all pods there cannot be.
//
// That the selector fits the template, Build says. See [corev1.ReplicationControllerSpec.Selector].
func (b ReplicationControllerBuilder) Select(s selector.Selector) ReplicationControllerBuilder {
	b.obj.Spec.Selector, b.errs = equalities(b.obj.Spec.Selector, b.errs, s, "a ReplicationController must select some")
	return b
}

// Select adds to spec.selector what s wants; what s says wins. That is a map, so s may say key=value and nothing else: whatever
// else it says is a problem of Build. So are selectors that want nothing, because a Service whose selector is empty has no
// pods, where elsewhere that stands for all. See [corev1.ServiceSpec.Selector].
func (b ServiceBuilder) Select(s selector.Selector) ServiceBuilder {
	b.obj.Spec.Selector, b.errs = equalities(b.obj.Spec.Selector, b.errs, s, "a Service without selector has no pods")
	return b
}

// equalities adds the labels that s wants to a map, and what a map cannot say to the problems.
func equalities(to map[string]string, errs support.Problems, s selector.Selector, needs string) (map[string]string, support.Problems) {
	path := field.NewPath("spec", "selector")
	switch {
	case s.IsNothing():
		return to, errs.And(field.Invalid(path, s.String(), "it selects nothing, and "+needs))
	case s.IsEmpty():
		return to, errs.And(field.Invalid(path, "", "it selects everything, and "+needs))
	}
	said := map[string]string{}
	for r := range s.Requirements() {
		values := r.Values()
		before, twice := said[r.Key()]
		switch {
		case !isEquality(r):
			errs = errs.And(field.Invalid(path, r.String(), "it is a map, which can only say key=value"))
			continue
		case twice && before != values[0]:
			errs = errs.And(field.Invalid(path, r.String(), "it wants "+r.Key()+"="+before+" too, and no pod has both"))
			continue
		}
		said[r.Key()] = values[0]
		to = support.Set(to, r.Key(), values[0])
	}
	return to, errs
}

func isEquality(r selector.Requirement) bool {
	switch r.Operator() {
	case selection.Equals, selection.DoubleEquals:
		return true
	case selection.In:
		return len(r.Values()) == 1
	}
	return false
}
