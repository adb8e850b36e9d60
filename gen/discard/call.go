package discard

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// unchecked is the method of a builder that only copies, and neither returns a builder nor checks anything.
const unchecked = "Unchecked"

// reader reads the calls of a package.
type reader struct {
	pkg  *types.Package
	info *types.Info
}

// made is what is known of a call that only makes a builder, or a copy of what is in one.
type made struct {
	name          string     // of what is called, for people: PodBuilder.Label, builders.Pod
	from          ast.Expr   // the builder that the call starts from, nil if it makes a new one
	path          string     // what leads from there to the builder, if that is embedded: .PodBuilder
	field         types.Type // of the embedded builder that path ends at
	before, after string     // how to write the call around its builder: "" and ".Label(...)"
	copies        bool       // it is Unchecked
}

// read tells what a call makes. It is not ok if the call returns something else, or may have an effect.
func (r reader) read(call *ast.CallExpr) (made, bool) {
	fun := r.info.Types[call.Fun]
	if !fun.IsValue() {
		return made{}, false // A conversion or a builtin.
	}
	sig, ok := fun.Type.Underlying().(*types.Signature)
	if !ok || sig.Results().Len() != 1 {
		return made{}, false
	}
	callee := typeutil.Callee(r.info, call)
	if f, ok := callee.(*types.Func); ok && f.Signature().Recv() != nil {
		return r.method(call, sig, f)
	}
	builder, ok := builderOf(sig.Results().At(0).Type())
	if !ok || checks(sig) || !knows(callee) {
		return made{}, false
	}
	m := made{name: r.nameOf(call.Fun, callee)}
	if changes(sig) && !isLiteral(call.Fun) {
		return m.around(call, m.name), true
	}
	return m, constructs(callee, builder)
}

// method is read for methods. They must have the builder itself as their receiver: what has a pointer may write through
// it, and behind an interface may be anything.
func (r reader) method(call *ast.CallExpr, sig *types.Signature, f *types.Func) (made, bool) {
	receiver, ok := builderOf(f.Signature().Recv().Type())
	copies := f.Name() == unchecked
	if !ok || !copies && !isBuilder(sig.Results().At(0).Type()) {
		return made{}, false
	}
	selector, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return made{}, false
	}
	selection := r.info.Selections[selector]
	m := made{name: receiver.Obj().Name() + "." + f.Name(), copies: copies}
	m.path, m.field = embedded(selection)
	if selection.Kind() == types.MethodExpr {
		return m.around(call, types.ExprString(selector)), true
	}
	m.from, m.after = selector.X, "."+f.Name()+"()"
	if len(call.Args) > 0 {
		m.after = "." + f.Name() + "(...)"
	}
	return m, true
}

// around is a call whose builder is its first argument.
func (m made) around(call *ast.CallExpr, fun string) made {
	m.from, m.before, m.after = call.Args[0], fun+"(", ")"
	if len(call.Args) > 1 {
		m.after = ", ...)"
	}
	return m
}

// changes says whether a signature is that of a change: it returns what its first parameter is, changed.
func changes(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && types.Identical(sig.Params().At(0).Type(), sig.Results().At(0).Type())
}

// checks says whether a signature takes an error. What does may be called to see that there is none, as Must functions are.
func checks(sig *types.Signature) bool {
	for param := range sig.Params().Variables() {
		if types.Identical(param.Type(), types.Universe.Lookup("error").Type()) {
			return true
		}
	}
	return false
}

// knows says whether a function can do something with what it returns. A generic one that asks for no methods cannot change
// a builder, so it is called for something else.
func knows(callee types.Object) bool {
	f, ok := callee.(*types.Func)
	if !ok {
		return true
	}
	param, ok := f.Signature().Results().At(0).Type().(*types.TypeParam)
	return !ok || param.Constraint().Underlying().(*types.Interface).NumMethods() > 0
}

// constructs says whether what is called is a constructor of the builder.
func constructs(callee types.Object, builder *types.Named) bool {
	f, ok := callee.(*types.Func)
	return ok && f.Exported() && f.Pkg() == builder.Obj().Pkg()
}

func isLiteral(fun ast.Expr) bool {
	_, ok := ast.Unparen(fun).(*ast.FuncLit)
	return ok
}
