package gen

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/internal/gocode"
	"golang.org/x/tools/go/packages"
)

// generatedHere is all that a configuration makes, and the model of its builders as JSON.
func generatedHere(t *testing.T, file string) ([]gocode.File, string) {
	t.Helper()
	c, err := ReadConfig(file)
	ok(t, err)
	g, err := newGenerator(c)
	ok(t, err)
	files, _, err := g.types()
	ok(t, err)
	builders, _, err := g.builders()
	ok(t, err)
	m, err := g.buildModel()
	ok(t, err)
	model, err := json.Marshal(m)
	ok(t, err)
	return append(files, builders...), string(model)
}

// TestRepository generates what stands in this repository once more: it must be what stands there, and come out twice the same.
func TestRepository(t *testing.T) {
	for _, file := range []string{"core.yaml", filepath.Join("..", "examples", "crd", "api", "v1", "podwright.yaml")} {
		t.Run(filepath.ToSlash(file), func(t *testing.T) {
			t.Parallel()
			files, model := generatedHere(t, file)
			changes, err := gocode.Compare(files)
			ok(t, err)
			if len(changes) > 0 {
				t.Errorf("generated files are stale: run go generate ./...\n%s", changes)
			}
			again, modelAgain := generatedHere(t, file)
			if len(files) != len(again) || model != modelAgain {
				t.Fatalf("a second run makes %d files, not %d, or another model:\n%s", len(again), len(files), gocmp.Diff(model, modelAgain))
			}
			for i, f := range files {
				if f.Path != again[i].Path || !bytes.Equal(f.Text, again[i].Text) {
					t.Errorf("%s differs in a second run:\n%s", f.Path, gocmp.Diff(string(f.Text), string(again[i].Text)))
				}
			}
		})
	}
}

// generatedFiles are those in this repository that are called so.
func generatedFiles(t *testing.T) map[string]*ast.File {
	t.Helper()
	found := map[string]*ast.File{}
	ok(t, filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git"):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasPrefix(d.Name(), gocode.Prefix):
			found[name], err = parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		}
		return err
	}))
	return found
}

// TestGeneratedHeaders holds generated files to the sentence of https://go.dev/s/generatedcode, in their first line.
func TestGeneratedHeaders(t *testing.T) {
	files := generatedFiles(t)
	if len(files) < 10 {
		t.Fatalf("found %d generated files only", len(files))
	}
	for name, f := range files {
		if !ast.IsGenerated(f) || f.Comments[0].Pos() != f.FileStart || !gocode.IsOurs(name) {
			t.Errorf("%s does not start with %q", name, "// "+gocode.Header)
		}
	}
}

// TestGeneratedProse shows that documentation is made of facts: no sentence of it is one of the API's own.
func TestGeneratedProse(t *testing.T) {
	t.Parallel()
	found, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedFiles}, corePath, metaPath)
	ok(t, err)
	theirs := map[string]bool{}
	for _, p := range found {
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			ok(t, err)
			for _, s := range sentences(f) {
				theirs[s] = true
			}
		}
	}
	number := 0
	for name, f := range generatedFiles(t) {
		for _, s := range sentences(f) {
			number++
			if theirs[s] {
				t.Errorf("%s says what the API says: %s", name, s)
			}
		}
	}
	if number < 500 || len(theirs) < 2000 {
		t.Errorf("compared %d sentences with %d of the API", number, len(theirs))
	}
}

// sentences are those of six words and more in the comments of a file, in small letters and without what is between words. A line is
// taken for one as well, since some comments are lists.
func sentences(f *ast.File) []string {
	var found []string
	add := func(text string) {
		words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		if s := strings.Join(words, " "); len(words) >= 6 && !slices.Contains(found, s) {
			found = append(found, s)
		}
	}
	for _, group := range f.Comments {
		text := group.Text()
		for line := range strings.Lines(text) {
			add(line)
		}
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			for sentence := range strings.SplitSeq(strings.ReplaceAll(paragraph, "\n", " "), ". ") {
				add(sentence)
			}
		}
	}
	return found
}

// TestSentences shows what is compared.
func TestSentences(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), "", "// Heat is what makes bread\n// of dough. Never touch it.\npackage x\n", parser.ParseComments)
	ok(t, err)
	if diff := gocmp.Diff([]string{"heat is what makes bread of dough"}, sentences(f)); diff != "" {
		t.Error(diff)
	}
}
