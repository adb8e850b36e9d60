package discard

import "go/types"

// A builder is known by the field that collects its problems.
const (
	problemsPackage = "github.com/podwright/podwright/gen/support"
	problemsName    = "Problems"
)

// builderOf returns the type behind t if that is a builder: a defined struct type with a field of type support.Problems.
// A struct that embeds a builder is none. Export data has unexported fields too, so the builder's package does not matter.
func builderOf(t types.Type) (*types.Named, bool) {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return nil, false
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for field := range s.Fields() {
		if isProblems(field.Type()) {
			return named, true
		}
	}
	return nil, false
}

func isBuilder(t types.Type) bool {
	_, ok := builderOf(t)
	return ok
}

func isProblems(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	obj := named.Obj()
	return obj.Name() == problemsName && obj.Pkg() != nil && obj.Pkg().Path() == problemsPackage
}
