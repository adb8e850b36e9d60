package gen

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// load reads packages from source. What they refer to in other packages is known by its types, but has no comments, so
// no markers: name every package whose markers matter. It is the only step that knows go/types.
func load(dir string, patterns []string) (*API, error) {
	l := &loader{
		fset:     token.NewFileSet(),
		api:      &API{Structs: map[string]*Struct{}, Scalars: map[string]*Scalar{}, Reused: map[string]map[string]string{}},
		comments: map[string]string{},
	}
	// Without NeedDeps, what is imported comes from export data: four times as fast.
	found, err := packages.Load(&packages.Config{Fset: l.fset, Dir: dir, Mode: packages.LoadSyntax | packages.NeedModule}, patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(patterns, ", "), err)
	}
	if err := loadErrors(patterns, found); err != nil {
		return nil, err
	}
	slices.SortStableFunc(found, func(a, b *packages.Package) int { return rank(dir, patterns, a) - rank(dir, patterns, b) })
	for _, p := range found {
		l.readComments(p)
	}
	for _, p := range found {
		l.readPackage(p)
	}
	return l.api, nil
}

// loadReused adds what packages of existing builders declare, which need no source.
func (a *API) loadReused(dir string, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	found, err := packages.Load(&packages.Config{Dir: dir, Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile}, paths...)
	if err != nil {
		return fmt.Errorf("loading %s: %w", strings.Join(paths, ", "), err)
	}
	if err := loadErrors(paths, found); err != nil {
		return err
	}
	for _, p := range found {
		names := map[string]string{}
		for _, name := range p.Types.Scope().Names() {
			if object, ok := p.Types.Scope().Lookup(name).(*types.TypeName); ok {
				names[name] = kindOther
				if _, ok := object.Type().Underlying().(*types.Struct); ok {
					names[name] = kindNamed
				}
			}
		}
		a.Reused[p.PkgPath] = names
	}
	return nil
}

// rank is where the configuration names a package, by its path or its folder; those that a pattern with dots stands for come last.
func rank(dir string, patterns []string, p *packages.Package) int {
	i := slices.IndexFunc(patterns, func(pattern string) bool {
		return pattern == p.PkgPath || strings.HasPrefix(pattern, ".") && sameFolder(filepath.Join(dir, filepath.FromSlash(pattern)), p.Dir)
	})
	if i < 0 {
		return len(patterns)
	}
	return i
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// loadErrors are the errors of the go command and of the compiler.
func loadErrors(patterns []string, found []*packages.Package) error {
	var all []string
	for _, p := range found {
		for _, e := range p.Errors {
			text := e.Msg
			if e.Pos != "" && e.Pos != "-" {
				text = e.Pos + ": " + text
			}
			if strings.HasPrefix(text, "# ") && p.Types != nil { // the output of a compiler, whose errors follow one by one
				continue
			}
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
		if len(p.Errors) == 0 && p.Types == nil {
			all = append(all, p.PkgPath+": no Go package")
		}
	}
	if len(all) > 0 {
		return fmt.Errorf("loading %s:\n%s", strings.Join(patterns, ", "), strings.Join(all, "\n"))
	}
	return nil
}

type loader struct {
	fset     *token.FileSet
	api      *API
	comments map[string]string // of types, fields and constants: path.Type, path.Type.Field, path.Constant
}

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

func (l *loader) readPackage(p *packages.Package) {
	read := Package{Path: p.PkgPath, Name: p.Name, Version: path.Base(p.PkgPath), Constants: map[string]string{}}
	if version.MatchString(p.Name) {
		read.Version = p.Name
	}
	if c, ok := p.Types.Scope().Lookup("GroupName").(*types.Const); ok && c.Val().Kind() == constant.String {
		read.Group, read.Grouped = constant.StringVal(c.Val()), true
	}
	for _, file := range p.Syntax {
		for _, comment := range file.Comments {
			if comment.End() > file.Name.Pos() {
				break
			}
			_, markers := readComment(comment.Text())
			if name, ok := markers.Get("groupName"); ok {
				read.Group, read.Grouped = name, true
			}
			if name, ok := markers.Get("versionName"); ok {
				read.Version = name
			}
		}
	}
	packages.Visit([]*packages.Package{p}, nil, func(imported *packages.Package) {
		if imported != p {
			read.Imports = append(read.Imports, imported.PkgPath)
		}
	})
	slices.Sort(read.Imports)
	scope := p.Types.Scope()
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok {
			read.Constants[name] = jsonOf(c.Val())
		}
	}
	l.api.Packages = append(l.api.Packages, read)
	for _, name := range scope.Names() {
		if object, ok := scope.Lookup(name).(*types.TypeName); ok && object.Exported() && !object.IsAlias() {
			if named, ok := object.Type().(*types.Named); ok && named.TypeParams() == nil {
				l.named(named)
			}
		}
	}
}

// jsonOf is a constant as JSON; empty if JSON has no such thing.
func jsonOf(v constant.Value) string {
	switch v.Kind() {
	case constant.String:
		text, _ := json.Marshal(constant.StringVal(v)) // texts have no errors
		return string(text)
	case constant.Float:
		f, _ := constant.Float64Val(v)
		return strconv.FormatFloat(f, 'g', -1, 64)
	case constant.Bool, constant.Int:
		return v.ExactString()
	}
	return ""
}

// named reads a named type unless that was done, and returns how a field refers to it.
func (l *loader) named(n *types.Named) Type {
	object := n.Obj()
	if object.Pkg() == nil {
		return Type{Kind: kindBasic, Ref: Ref{Name: object.Name()}} // error
	}
	t := Type{Kind: kindNamed, Ref: Ref{object.Pkg().Path(), object.Name()}, Args: n.TypeArgs() != nil}
	key := t.Ref.String()
	if t.Args || l.api.Structs[key] != nil || l.api.Scalars[key] != nil {
		return t
	}
	doc, markers := readComment(l.comments[key])
	switch under := n.Underlying().(type) {
	case *types.Struct:
		position := l.fset.Position(object.Pos())
		s := &Struct{Ref: t.Ref, Doc: doc, Markers: markers, Copies: hasMethod(n, "DeepCopy"), IsObject: hasMethod(n, "DeepCopyObject"),
			Pos: fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line)}
		l.api.Structs[key] = s // first, because types refer to themselves
		s.Fields = l.fields(key, under)
	case *types.Interface:
		return Type{Kind: kindOther, Ref: t.Ref}
	default:
		s := &Scalar{Ref: t.Ref, Doc: doc, Markers: markers}
		l.api.Scalars[key] = s
		s.Underlying = l.typeOf(under)
		s.Constants = l.constants(n)
	}
	return t
}

// hasMethod reports whether n has a method of its own: a promoted DeepCopy, as embedded metadata has one, copies a part.
func hasMethod(n *types.Named, name string) bool {
	method := types.NewMethodSet(types.NewPointer(n)).Lookup(n.Obj().Pkg(), name)
	return method != nil && len(method.Index()) == 1
}

func (l *loader) fields(owner string, s *types.Struct) []Field {
	var fields []Field
	for i := range s.NumFields() {
		v, tag := s.Field(i), reflect.StructTag(s.Tag(i))
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		embedsStruct := v.Embedded() && isStruct(v.Type())
		if !v.Exported() && !embedsStruct || tag.Get("json") == "-" {
			continue
		}
		if name == "" && !embedsStruct {
			name = v.Name()
		}
		doc, markers := readComment(l.comments[owner+"."+v.Name()])
		fields = append(fields, Field{
			Go: v.Name(), JSON: name, Embedded: v.Embedded(), Type: l.typeOf(v.Type()), Doc: doc, Markers: markers,
			Omits:         strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"),
			PatchStrategy: tag.Get("patchStrategy"), PatchMergeKey: tag.Get("patchMergeKey"),
		})
	}
	return fields
}

// isStruct reports whether t is a struct or points to one, as encoding/json asks of what it embeds.
func isStruct(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func (l *loader) typeOf(t types.Type) Type {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return l.named(t)
	case *types.Basic:
		return Type{Kind: kindBasic, Ref: Ref{Name: t.Name()}}
	case *types.Pointer:
		return Type{Kind: kindPointer, Elem: new(l.typeOf(t.Elem()))}
	case *types.Slice:
		return Type{Kind: kindSlice, Elem: new(l.typeOf(t.Elem()))}
	case *types.Map:
		return Type{Kind: kindMap, Key: new(l.typeOf(t.Key())), Elem: new(l.typeOf(t.Elem()))}
	default:
		return Type{Kind: kindOther, Ref: Ref{Name: types.TypeString(t, nil)}}
	}
}

// constants are those of a named type in its own package, in source order.
func (l *loader) constants(n *types.Named) []Constant {
	scope := n.Obj().Pkg().Scope()
	var found []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && c.Exported() && types.Identical(c.Type(), n) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *types.Const) int { return int(a.Pos() - b.Pos()) })
	var constants []Constant
	for _, c := range found {
		value := c.Val().ExactString()
		if c.Val().Kind() == constant.String {
			value = constant.StringVal(c.Val())
		}
		doc, _ := readComment(l.comments[n.Obj().Pkg().Path()+"."+c.Name()])
		constants = append(constants, Constant{Name: c.Name(), Value: value, Doc: doc})
	}
	return constants
}
