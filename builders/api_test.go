package builders_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/api.txt")

// The interface of the package stands in a file, so that a change of it is seen in review: when upstream makes a field required,
// a constructor has one parameter more and callers stop compiling. Methods that all builders have are left out.
func TestAPI(t *testing.T) {
	golden := filepath.Join("testdata", "api.txt")
	got := strings.Join(exported(t), "\n") + "\n"
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the API has changed; go test ./builders -run TestAPI -update accepts that (-want, +got):\n%s", diff)
	}
}

// exported are the declarations of the package as go doc -short would list them, sorted.
func exported(t *testing.T) []string {
	var list []string
	for _, f := range functionsOf(t, "*.go") {
		if f.builder == "" || !slices.Contains(common, f.name) {
			list = append(list, signature(t, f.decl))
		}
	}
	unions, err := parser.ParseFile(token.NewFileSet(), "zz_generated.unions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range unions.Decls {
		if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.TYPE {
			list = append(list, "type "+d.Specs[0].(*ast.TypeSpec).Name.Name+" interface")
		}
	}
	for _, k := range kinds {
		list = append(list, "type "+k.name+"Builder struct")
		for i := range k.builder.NumMethod() {
			if name := k.builder.Method(i).Name; !declaredIn(list, k.name, name) && !slices.Contains(common, name) {
				t.Errorf("%sBuilder.%s is not in the sources read", k.name, name)
			}
		}
	}
	slices.Sort(list)
	return list
}

func declaredIn(list []string, builder, method string) bool {
	return slices.ContainsFunc(list, func(s string) bool {
		return strings.HasPrefix(s, "func ("+builder+"Builder) "+method+"(")
	})
}

// signature prints a declaration without its body and the name of its receiver.
func signature(t *testing.T, decl *ast.FuncDecl) string {
	short := *decl
	short.Body, short.Doc = nil, nil
	if decl.Recv != nil {
		short.Recv = &ast.FieldList{List: []*ast.Field{{Type: decl.Recv.List[0].Type}}}
	}
	var b bytes.Buffer
	if err := format.Node(&b, token.NewFileSet(), &short); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
