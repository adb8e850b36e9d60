package builders_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mutant is a way to break the law that no builder changes another: wherever sound is found in the sources, broken runs in its place.
type mutant struct{ rule, sound, broken string }

var mutants = []mutant{
	{"a list is copied before it grows", `return append\(make\(\[\]T, 0, len\(list\)\+n\), list\.\.\.\)`, `return list`},
	{"a list is never the caller's own", `(b\.obj\S+ = )append\(support\.Grow\(\S+, len\(items\)\), items\.\.\.\)`, `${1}items`},
	{"a map is copied before it is set", `(c := make\(M, len\(m\)\+1\)\n\tmaps\.Copy)`, `if m == nil { m = M{} }; m[k] = v; return m`},
	{"a map is copied before it is merged", `(c := make\(M, len\(m\)\+len\(more\)\))`, `if m != nil { maps.Copy(m, more); return m }`},
	{"a map is never the caller's own", `(c := make\(M, len\(m\)\+len\(more\)\))`, `if m == nil { return more }`},
	{"bytes are copied", `(b\.obj\S+ = support\.Set\(\S+ k, )slices\.Clone\(v\)\)`, `${1}v)`},
	{"From copies", `return (\w+Builder\{obj: )\*(\w+)\.DeepCopy\(\)\}`, `return ${1}*$2}`},
	{"Build and Unchecked copy", `return b\.obj\.DeepCopy\(\)`, `return &b.obj`},
	{"Edit copies before", `(obj := b\.Unchecked\(\))`, `edit(&b.obj); return b`},
	{"Edit copies after", `b\.obj = \*obj\.DeepCopy\(\)`, `b.obj = *obj`},
	{"problems are added beside, not to, those of others", `return Problems\{&problem\{p\.last, err\}\}`,
		`for one := p.last; one != nil; one = one.before { if one.before == nil { one.before = &problem{nil, err}; return p } }
		return Problems{&problem{nil, err}}`},
	{"problems are moved as copies", `(err\.Field = join\(path, err\.Field\))`,
		`for one := part.last; one != nil; one = one.before { if *one.err == *err { one.err.Field = join(path, one.err.Field) } }`},
	{"problems are given out as copies", `list = append\(list, new\(\*one\.err\)\)`, `list = append(list, one.err)`},
}

// All mutants are compiled into one test binary, in which an environment variable wakes one of them. The law must fail for each
// of them, and hold for none.
func TestTheLawCatchesMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package once more")
	}
	test := filepath.Join(t.TempDir(), "law.test")
	build := exec.Command("go", "test", "-c", "-overlay", overlay(t), "-o", test, "functions_test.go", "law_test.go")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}
	law := func(t *testing.T, awake string) (string, error) {
		run := exec.Command(test, "-test.run", "^TestNoBuilderChangesAnother$")
		run.Env = append(os.Environ(), "MUTANT="+awake)
		out, err := run.CombinedOutput()
		return string(out), err
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		if out, err := law(t, ""); err != nil {
			t.Errorf("the law fails without a mutant: %v\n%s", err, out)
		}
	})
	for _, m := range mutants {
		t.Run(m.rule, func(t *testing.T) {
			t.Parallel()
			if out, err := law(t, m.rule); err == nil || !strings.Contains(out, "makes has changed") {
				t.Errorf("the law does not notice: %v\n%s", err, out)
			}
		})
	}
}

// overlay writes the sources with all mutants asleep, and the file that tells the go command to take them. It fails if a mutant no
// longer applies.
func overlay(t *testing.T) string {
	const support = "../gen/support"
	files := map[string]string{filepath.Join(support, "mutant.go"): "package support\n\nimport \"os\"\n\nvar Mutant = os.Getenv(\"MUTANT\")\n"}
	unused := map[string]bool{}
	for _, m := range mutants {
		unused[m.rule] = true
	}
	for _, pattern := range []string{"zz_generated.*.go", support + "/*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text := string(src)
			for _, m := range mutants {
				mutated := mutate(text, m, strings.HasPrefix(path, support))
				if mutated != text {
					delete(unused, m.rule)
				}
				text = mutated
			}
			files[path] = text
		}
	}
	if len(unused) > 0 {
		t.Fatalf("no code to mutate for %q", slices.Sorted(maps.Keys(unused)))
	}
	return writeOverlay(t, files)
}

// mutate puts the broken code beside the sound one, or before it where that declares something, to run if the mutant is awake.
func mutate(text string, m mutant, inSupport bool) string {
	name := "support.Mutant"
	if inSupport {
		name = "Mutant"
	}
	re := regexp.MustCompile(m.sound)
	return re.ReplaceAllStringFunc(text, func(sound string) string {
		broken := re.ReplaceAllString(sound, m.broken)
		guard := fmt.Sprintf("if %s == %q { %s }", name, m.rule, broken)
		if strings.Contains(sound, ":=") {
			return guard + "\n\t" + sound
		}
		return guard + " else { " + sound + " }"
	})
}

func writeOverlay(t *testing.T, files map[string]string) string {
	dir := t.TempDir()
	replace := map[string]string{}
	for path, text := range files {
		real, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		replace[real] = filepath.Join(dir, filepath.Base(path))
		if err := os.WriteFile(replace[real], []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	js, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, js, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}
