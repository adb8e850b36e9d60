package discard

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// measures are the names of package testing that run something for what it costs.
var measures = []string{"AllocsPerRun", "Loop", "N", "Next"}

// measured says whether a statement only runs to be measured: in a loop over B.Loop, B.N or PB.Next, or in the function given
// to testing.AllocsPerRun. Its result is dropped on purpose there.
func (r reader) measured(statement inspector.Cursor) bool {
	for around := range statement.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		if head := headOf(around); head != nil && r.measures(head) {
			return true
		}
	}
	return false
}

// headOf is what says how often a loop or the function literal in a call runs, nil if there is nothing that does.
func headOf(around inspector.Cursor) ast.Expr {
	switch n := around.Node().(type) {
	case *ast.ForStmt:
		return n.Cond
	case *ast.RangeStmt:
		return n.X
	}
	if around.ParentEdgeKind() != edge.CallExpr_Args {
		return nil
	}
	return around.Parent().Node().(*ast.CallExpr).Fun
}

func (r reader) measures(head ast.Expr) bool {
	var found bool
	ast.Inspect(head, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := r.info.Uses[id]
			found = found || obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "testing" && slices.Contains(measures, obj.Name())
		}
		return !found
	})
	return found
}
