package discard

import (
	"go/ast"
	"go/token"
	"iter"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

// Analyzer reports builder results that are dropped. It has no flags, needs no facts, and may run on several packages
// at once.
var Analyzer = &analysis.Analyzer{
	Name: "discard",
	Doc: "report builder results that are dropped\n\n" +
		"A Podwright builder is a value: its methods change nothing and return the changed builder.\n" +
		"A statement such as pod.Label(\"app\", \"web\") therefore has no effect; it must read\n" +
		"pod = pod.Label(\"app\", \"web\").",
	URL:      "https://pkg.go.dev/github.com/podwright/podwright/gen/discard",
	Requires: []*analysis.Analyzer{inspect.Analyzer},
	Run:      run,
}

func run(pass *analysis.Pass) (any, error) {
	r := reader{pass.Pkg, pass.TypesInfo}
	statements := []ast.Node{(*ast.ExprStmt)(nil), (*ast.AssignStmt)(nil), (*ast.GoStmt)(nil), (*ast.DeferStmt)(nil)}
	for at := range pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root().Preorder(statements...) {
		for call := range dropped(at.Node()) {
			made, ok := r.read(call)
			if !ok || r.measured(at) {
				continue
			}
			pass.Report(analysis.Diagnostic{
				Pos:            call.Pos(),
				End:            call.End(),
				Message:        r.message(call, made),
				SuggestedFixes: r.fixes(at, call),
			})
		}
	}
	return nil, nil
}

// dropped yields the calls whose single result the statement drops.
func dropped(statement ast.Node) iter.Seq[*ast.CallExpr] {
	return func(yield func(*ast.CallExpr) bool) {
		switch s := statement.(type) {
		case *ast.ExprStmt:
			if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
				yield(call)
			}
		case *ast.GoStmt:
			yield(s.Call)
		case *ast.DeferStmt:
			yield(s.Call)
		case *ast.AssignStmt:
			blanks(s, yield)
		}
	}
}

// blanks yields the calls that stand opposite a _ of their own.
func blanks(s *ast.AssignStmt, yield func(*ast.CallExpr) bool) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE || len(s.Lhs) != len(s.Rhs) {
		return
	}
	for i, left := range s.Lhs {
		name, blank := ast.Unparen(left).(*ast.Ident)
		if !blank || name.Name != "_" {
			continue
		}
		if call, ok := ast.Unparen(s.Rhs[i]).(*ast.CallExpr); ok && !yield(call) {
			return
		}
	}
}
