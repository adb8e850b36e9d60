package discard

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
)

// message is the report of a call, and says what to do about it.
func (r reader) message(call *ast.CallExpr, m made) string {
	if m.copies {
		return fmt.Sprintf("result of %s is dropped: the call only copies, so use the copy or delete the call", m.name)
	}
	if start, ok := r.start(call); ok {
		return fmt.Sprintf("result of %s is dropped: a builder is a value, so write %s = %s", m.name, start.place, start.text)
	}
	return fmt.Sprintf("result of %s is dropped: a builder is a value, so keep what the call returns", m.name)
}

// start is where a chain of calls starts, if what it returns can be put back there.
type start struct {
	expr  ast.Expr
	place string // what to assign to: b, s.pod, or w.PodBuilder if that is embedded in w
	text  string // the chain without its arguments: b.Label(...).Annotation(...)
}

// start walks a chain down to its start. Each call in it must make a builder of the type that the last one makes.
func (r reader) start(call *ast.CallExpr) (start, bool) {
	result := r.info.TypeOf(call)
	var before, after string
	for {
		m, ok := r.read(call)
		if !ok || m.from == nil || !types.Identical(r.info.TypeOf(call), result) {
			return start{}, false
		}
		before, after = before+m.before, m.after+after
		from := ast.Unparen(m.from)
		if call, ok = from.(*ast.CallExpr); ok {
			continue
		}
		place, text := types.ExprString(from), types.ExprString(m.from)
		if m.path != "" {
			place = text + m.path
		}
		return start{from, place, before + text + after}, r.takes(from, m, result)
	}
}

// takes says whether a result can be assigned to the builder that a call started from.
func (r reader) takes(from ast.Expr, m made, result types.Type) bool {
	at := r.info.Types[from]
	if m.path == "" {
		return at.Assignable() && types.Identical(at.Type, result)
	}
	_, pointer := at.Type.Underlying().(*types.Pointer)
	return (at.Addressable() || pointer) && types.Identical(m.field, result)
}

// fixes has what [reader.message] advises, if that is surely meant: the call is a statement, and starts at a variable that only
// the function around it uses, and uses afterwards. Elsewhere another reader of the variable may not expect the change.
func (r reader) fixes(at inspector.Cursor, call *ast.CallExpr) []analysis.SuggestedFix {
	if _, ok := at.Node().(*ast.ExprStmt); !ok {
		return nil
	}
	start, ok := r.start(call)
	if !ok || !r.usedAfter(at, start) {
		return nil
	}
	insert := analysis.TextEdit{Pos: at.Node().Pos(), End: at.Node().Pos(), NewText: []byte(start.place + " = ")}
	return []analysis.SuggestedFix{{
		Message:   fmt.Sprintf("Write %s = %s", start.place, start.text),
		TextEdits: []analysis.TextEdit{insert},
	}}
}

// usedAfter says whether a chain starts at a variable that the function around it declares, shares with no function literal,
// and uses after the statement.
func (r reader) usedAfter(at inspector.Cursor, s start) bool {
	id, ok := s.expr.(*ast.Ident)
	if !ok || s.place != id.Name {
		return false
	}
	function, variable := functionAround(at), r.info.Uses[id]
	if !inside(variable, function.Node()) {
		return false
	}
	var after bool
	for use := range function.Preorder((*ast.Ident)(nil)) {
		id := use.Node().(*ast.Ident)
		if r.info.Uses[id] != variable {
			continue
		}
		if functionAround(use) != function {
			return false
		}
		after = after || id.Pos() > at.Node().End()
	}
	return after
}

// functionAround is the innermost function that a statement or an expression in one is in.
func functionAround(at inspector.Cursor) inspector.Cursor {
	for function := range at.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		return function
	}
	return at.Inspector().Root()
}

func inside(variable types.Object, function ast.Node) bool {
	return function.Pos() <= variable.Pos() && variable.Pos() < function.End()
}
