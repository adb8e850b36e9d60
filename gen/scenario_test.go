package gen

import (
	"bytes"
	"cmp"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/internal/gocode"
	"github.com/podwright/podwright/gen/internal/scratch"
	"golang.org/x/tools/txtar"
)

func TestMain(m *testing.M) { scratch.Main(m) }

var update = flag.Bool("update", false, "rewrite what the scenarios expect")

// A scenario is a file of testdata/scenarios: a rule of the generator as input and output. Its first line is the command, the
// text after it says the rule. Input are podwright.yaml and Go packages, in a folder of a module called example.com that has
// the scenario's name. Expected are
//
//	notes       what the command notes, a line each
//	error       what it fails with
//	want/FILE   a file that it generates
//	brief/FILE  the same without what every builder has: its type, From, With, Edit, Build, MustBuild, Unchecked and Err, and
//	            the methods of metadata
//
// and nothing else. Folders are written without the module's own.
type scenario struct {
	name    string
	file    string
	archive *txtar.Archive
}

// expected are the sections that are not input.
func (s scenario) expected() map[string]string {
	sections := map[string]string{}
	for _, f := range s.archive.Files {
		if isExpected(f.Name) {
			sections[f.Name] = string(f.Data)
		}
	}
	return sections
}

func isExpected(section string) bool {
	folder, _, _ := strings.Cut(section, "/")
	return slices.Contains([]string{"notes", "error", "want", "brief"}, folder)
}

// verb is the last word of the command.
func (s scenario) verb() string {
	line, _, _ := strings.Cut(string(s.archive.Comment), "\n")
	return strings.TrimPrefix(line, "podwright ")
}

// TestScenarios runs every scenario, and vets what they generate.
func TestScenarios(t *testing.T) {
	t.Parallel()
	root := scratch.Module(t)
	var (
		mu        sync.Mutex
		generated []string
	)
	t.Run("generate", func(t *testing.T) {
		for _, s := range scenarios(t) {
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				got := s.run(t, root)
				if *update {
					s.rewrite(t, got)
				} else if diff := gocmp.Diff(s.expected(), got); diff != "" {
					t.Errorf("%s (go test ./gen -update rewrites it):\n%s", s.file, diff)
				}
				if _, failed := got["error"]; failed {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				generated = append(generated, "./"+s.name+"/...")
			})
		}
	})
	t.Run("vet", func(t *testing.T) {
		if len(generated) == 0 {
			t.Fatal("no scenario generated anything")
		}
		slices.Sort(generated)
		vet := exec.Command("go", append([]string{"vet"}, generated...)...)
		vet.Dir = root
		if out, err := vet.CombinedOutput(); err != nil {
			t.Errorf("what the scenarios generate: %v\n%s", err, out)
		}
	})
}

func scenarios(t *testing.T) []scenario {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "scenarios", "*.txtar"))
	ok(t, err)
	var all []scenario
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		ok(t, err)
		all = append(all, scenario{strings.TrimSuffix(filepath.Base(file), ".txtar"), file, archive})
	}
	return all
}

// run writes the input, runs the command, and returns what came of it as sections.
func (s scenario) run(t *testing.T, root string) map[string]string {
	t.Helper()
	dir := filepath.Join(root, s.name)
	for _, f := range s.archive.Files {
		if !isExpected(f.Name) {
			scratch.Put(t, dir, f.Name, f.Data)
		}
	}
	var stdout, stderr bytes.Buffer
	code := Main([]string{s.verb(), "-config", filepath.Join(dir, "podwright.yaml")}, strings.NewReader(""), &stdout, &stderr)
	got := map[string]string{}
	relative := strings.NewReplacer(dir+string(filepath.Separator), "", root, "ROOT")
	notes, problem := parted(stderr.String())
	if notes != "" {
		got["notes"] = relative.Replace(notes)
	}
	if problem != "" {
		got["error"] = relative.Replace(strings.TrimPrefix(problem, "podwright "+s.verb()+": "))
	}
	if (code == 0) != (problem == "") || stdout.Len() > 0 {
		t.Errorf("exit code %d; stdout: %s", code, stdout.String())
	}
	for name, text := range s.written(t, dir) {
		checkFile(t, name, text)
		if _, whole := s.expected()["want/"+name]; whole || s.verb() != "builders" {
			got["want/"+name] = string(text)
		} else {
			got["brief/"+name] = brief(t, text)
		}
	}
	return got
}

// parted tells the notes of the command, without what marks them, from what it fails with.
func parted(stderr string) (notes, problem string) {
	for line := range strings.Lines(stderr) {
		if note, isNote := strings.CutPrefix(line, "note: "); isNote && problem == "" {
			notes += note
		} else {
			problem += line
		}
	}
	return notes, problem
}

// written are the generated files below dir that are no input.
func (s scenario) written(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	ok(t, filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasPrefix(d.Name(), gocode.Prefix) {
			return err
		}
		name, err := filepath.Rel(dir, file)
		name = filepath.ToSlash(name)
		if err != nil || slices.ContainsFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == name }) {
			return err
		}
		files[name], err = os.ReadFile(file)
		return err
	}))
	return files
}

// checkFile is what holds for every generated file.
func checkFile(t *testing.T, name string, text []byte) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
	ok(t, err)
	if !ast.IsGenerated(parsed) {
		t.Errorf("%s: tools do not see that it is generated", name)
	}
	formatted, err := format.Source(text)
	ok(t, err)
	if diff := gocmp.Diff(string(formatted), string(text)); diff != "" {
		t.Errorf("%s is not as gofmt writes it:\n%s", name, diff)
	}
}

// everywhere are the methods of every builder.
var everywhere = []string{"With", "Edit", "Build", "MustBuild", "Unchecked", "Err"}

// brief leaves out what is the same for every builder.
func brief(t *testing.T, text []byte) string {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	ok(t, err)
	var kept []string
	for _, d := range file.Decls {
		var doc *ast.CommentGroup
		switch d := d.(type) {
		case *ast.FuncDecl:
			doc = d.Doc
			isMethod := d.Recv != nil
			if isMethod && slices.Contains(everywhere, d.Name.Name) || !isMethod && strings.HasSuffix(d.Name.Name, "From") {
				continue
			}
			if isMethod && strings.Contains(doc.Text(), "[metav1.ObjectMeta.") {
				continue
			}
		case *ast.GenDecl:
			doc = d.Doc
			if d.Tok == token.IMPORT || strings.HasSuffix(d.Specs[0].(*ast.TypeSpec).Name.Name, "Builder") {
				continue
			}
		}
		start := d.Pos()
		if doc != nil {
			start = doc.Pos()
		}
		kept = append(kept, string(text[fset.Position(start).Offset:fset.Position(d.End()).Offset])+"\n")
	}
	return strings.Join(kept, "\n")
}

// rewrite replaces what the scenario expects.
func (s scenario) rewrite(t *testing.T, got map[string]string) {
	t.Helper()
	next := &txtar.Archive{Comment: s.archive.Comment}
	for _, f := range s.archive.Files {
		if !isExpected(f.Name) {
			next.Files = append(next.Files, f)
		}
	}
	input := len(next.Files)
	for name, text := range got {
		next.Files = append(next.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	slices.SortFunc(next.Files[input:], func(a, b txtar.File) int { return cmp.Compare(a.Name, b.Name) })
	if text := txtar.Format(next); !bytes.Equal(text, txtar.Format(s.archive)) {
		ok(t, os.WriteFile(s.file, text, 0o666))
	}
}

// TestScenarioNames holds the scenarios to their form: the rule is told, and the command is one that there is.
func TestScenarioNames(t *testing.T) {
	for _, s := range scenarios(t) {
		_, rule, _ := strings.Cut(string(s.archive.Comment), "\n")
		_, isError := s.expected()["error"]
		switch {
		case strings.TrimSpace(rule) == "":
			t.Errorf("%s: the text before the files says no rule", s.file)
		case !slices.Contains([]string{"builders", "types", "selectors"}, s.verb()):
			t.Errorf("%s: the first line is no command", s.file)
		case isError != strings.HasPrefix(s.name, "error_"):
			t.Errorf("%s: scenarios that fail, and no others, are called error_", s.file)
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
