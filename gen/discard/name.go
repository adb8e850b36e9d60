package discard

import (
	"go/ast"
	"go/types"
	"strings"
)

// nameOf is how people write what is called: a function without its type arguments, and anything else as it stands there.
func (r reader) nameOf(fun ast.Expr, callee types.Object) string {
	f, ok := callee.(*types.Func)
	switch {
	case !ok:
		return types.ExprString(ast.Unparen(fun))
	case f.Pkg() == r.pkg:
		return f.Name()
	default:
		return f.Pkg().Name() + "." + f.Name()
	}
}

// embedded is the way from a value to the embedded field whose method was selected, and the type of that field. The way is ""
// if the method is the value's own.
func embedded(selection *types.Selection) (string, types.Type) {
	var path strings.Builder
	t := selection.Recv()
	for _, i := range selection.Index()[:len(selection.Index())-1] {
		field := structOf(t).Field(i)
		path.WriteString("." + field.Name())
		t = field.Type()
	}
	return path.String(), t
}

// structOf is the struct that t is or points to. Only structs have promoted methods.
func structOf(t types.Type) *types.Struct {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct)
}
