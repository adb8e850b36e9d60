package gen

import (
	"encoding/json"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
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

func (l *loader) readPackage(p *packages.Package) {
	read := Package{Path: p.PkgPath, Name: p.Name, Version: path.Base(p.PkgPath), Constants: map[string]string{}}
	if gocode.IsVersion(p.Name) {
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
