package gen

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/packages"
)

// readComments keeps the comments of a package. A marker may stand in a group of its own above that of the type or the field, as
// controller-gen allows it.
func (l *loader) readComments(p *packages.Package) {
	for _, file := range p.Syntax {
		previous := file.Name.End()
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.GenDecl); ok {
				detached := detachedMarkers(file, previous, decl.Pos(), decl.Doc)
				for _, s := range decl.Specs {
					l.readSpec(p.PkgPath, s, decl, file, detached)
				}
			}
			previous = d.End()
		}
	}
}

// detachedMarkers are the markers between what stands before and what has the documentation doc and starts at to. Prose
// there belongs to nothing.
func detachedMarkers(file *ast.File, from, to token.Pos, doc *ast.CommentGroup) string {
	var text strings.Builder
	for _, group := range file.Comments {
		if group.Pos() > from && group.End() < to && group != doc {
			text.WriteString(markersOnly(group.Text()))
		}
	}
	return text.String()
}

func (l *loader) readSpec(path string, s ast.Spec, decl *ast.GenDecl, file *ast.File, detached string) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		name := path + "." + s.Name.Name
		l.comments[name] = detached + specDoc(s.Doc, decl)
		if st, ok := s.Type.(*ast.StructType); ok {
			previous := st.Fields.Opening
			for _, f := range st.Fields.List {
				text := detachedMarkers(file, previous, f.Pos(), f.Doc) + f.Doc.Text() + f.Comment.Text()
				for _, n := range fieldNames(f) {
					l.comments[name+"."+n] = text
				}
				if previous = f.End(); f.Comment != nil {
					previous = f.Comment.End()
				}
			}
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			l.comments[path+"."+n.Name] = s.Doc.Text()
		}
	}
}

// markersOnly leaves the prose out.
func markersOnly(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "+") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func specDoc(doc *ast.CommentGroup, decl *ast.GenDecl) string {
	if doc == nil {
		return decl.Doc.Text()
	}
	return doc.Text()
}

// fieldNames are the names of a field; an embedded one has its type's.
func fieldNames(f *ast.Field) []string {
	if len(f.Names) == 0 {
		return []string{embeddedName(f.Type)}
	}
	var names []string
	for _, n := range f.Names {
		names = append(names, n.Name)
	}
	return names
}

func embeddedName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return embeddedName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return embeddedName(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
