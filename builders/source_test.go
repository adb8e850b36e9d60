package builders_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// function is a function or method as the source declares it.
type function struct {
	builder string // of a method, without Builder
	name    string
	doc     string // on one line
	params  []string
	decl    *ast.FuncDecl
}

// functionsOf are the exported functions and methods in the files that match, in their order, without those of tests.
func functionsOf(t *testing.T, pattern string) []function {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	var list []function
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.IsExported() {
				list = append(list, declared(fn))
			}
		}
	}
	return list
}

func declared(fn *ast.FuncDecl) function {
	f := function{name: fn.Name.Name, doc: strings.Join(strings.Fields(fn.Doc.Text()), " "), decl: fn}
	if fn.Recv != nil {
		f.builder = strings.TrimSuffix(fn.Recv.List[0].Type.(*ast.Ident).Name, "Builder")
	}
	for _, p := range fn.Type.Params.List {
		for _, name := range p.Names {
			f.params = append(f.params, strings.TrimSuffix(name.Name, "_"))
		}
	}
	return f
}

// generated are the functions of the generated files.
func generated(t *testing.T) []function {
	t.Helper()
	return parseGenerated(t)
}

var parseGenerated = func() func(*testing.T) []function {
	var (
		once sync.Once
		list []function
	)
	return func(t *testing.T) []function {
		once.Do(func() { list = functionsOf(t, "zz_generated.*.go") })
		return list
	}
}()

var link = regexp.MustCompile(`See \[\w+\.(\w+)\.(\w+)\]\.$`)

// field is the struct and the field of the API that the documentation of a setter names, empty if it is none.
func (f function) field() (owner, name string) {
	if m := link.FindStringSubmatch(f.doc); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

func TestEveryFunctionIsListed(t *testing.T) {
	want, got := map[string]bool{}, map[string]bool{}
	for _, f := range generated(t) {
		if f.builder == "" && !strings.HasSuffix(f.name, "Of") {
			want[f.name] = true
		}
	}
	for _, k := range kinds {
		got[k.name] = true
		if k.from.IsValid() {
			got[k.name+"From"] = true
		}
	}
	for name := range want {
		if !got[name] {
			t.Errorf("functions_test.go lacks b.%s", name)
		}
	}
	if len(want) != len(got) || len(constructors) != len(froms) {
		t.Errorf("functions_test.go lists %d constructors and %d From, %d names in all; the package has %d",
			len(constructors), len(froms), len(got), len(want))
	}
}

// The methods that every builder has, beside its setters.
var common = []string{"With", "Edit", "Build", "MustBuild", "Unchecked", "Err"}

func TestEveryMethodIsCommonOrASetter(t *testing.T) {
	for _, f := range generated(t) {
		if owner, _ := f.field(); f.builder != "" && owner == "" && !slices.Contains(common, f.name) {
			t.Errorf("%sBuilder.%s does not say which field it sets: %q", f.builder, f.name, f.doc)
		}
	}
}
