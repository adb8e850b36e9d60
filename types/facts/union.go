package facts

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A union is a struct of which exactly one field is set. Fields of structs embedded in it are not of the choice, and neither
// is the one that names the choice.
type union []*step

// unionsOf finds the unions among a struct and those embedded in it, whose steps are all.
func unionsOf(all []*step) (unions []union) {
	var seen []reflect.Type
	for _, s := range all {
		if !Of(s.owner).Union || slices.Contains(seen, s.owner) {
			continue
		}
		seen = append(seen, s.owner)
		unions = append(unions, slices.DeleteFunc(slices.Clone(all), func(other *step) bool { return other.owner != s.owner || other.names }))
	}
	return unions
}

// check is Union of validate, which takes a union without a member for an invalid one and not for a missing one.
func (u union) check(r *report, outer reflect.Value) *field.Error {
	var set []string
	for _, s := range u {
		v, ok := s.of(outer)
		if !ok {
			return nil
		}
		if s.isSet(v) {
			set = append(set, s.name)
		}
	}
	switch len(set) {
	case 0:
		return field.Invalid(r.path(), "", "must specify one of: "+u.names())
	case 1:
		return nil
	}
	return field.Invalid(r.path(), fmt.Sprintf("{%s}", strings.Join(set, ", ")), "must specify exactly one of: "+u.names())
}

func (u union) names() string {
	var names []string
	for _, s := range u {
		names = append(names, "`"+s.name+"`")
	}
	return strings.Join(names, ", ")
}
