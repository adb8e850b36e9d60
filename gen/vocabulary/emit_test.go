package vocabulary

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/gen/internal/gocode"
	"github.com/podwright/podwright/gen/internal/scratch"
	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/analyze"
)

func TestMain(m *testing.M) { scratch.Main(m) }

// compared is a vocabulary whose generated matchers are held against package selector: its keys, and all values that labels have there.
type compared struct {
	keys   string
	values map[string][]string // beside the label being missing
	// pool are values that random selectors name, and bounds what they compare with.
	pool   map[string][]string
	bounds map[string][]string
	words  string // what Word is
}

var (
	small = compared{
		keys: `
- {name: app, open: true}
- {name: rel, values: [{name: stable}, {name: beta}, {name: canary}]}
- {name: shard, integer: true}
- {name: example.com/tier, values: [{name: web}, {name: db}]}
- {name: unasked, open: true}
`,
		values: map[string][]string{
			"app":              {"", "ui", "db", "else"},
			"rel":              {"", "stable", "beta", "canary", "Stable", "stabl", "stablee"},
			"shard":            {"", "0", "3", "03", "4", "7", "+7", "8", "12", "0012", "-5", "x", "9223372036854775807", "9223372036854775808"},
			"example.com/tier": {"", "web", "db", "cache"},
		},
		pool: map[string][]string{
			"app": {"", "ui", "db"}, "rel": {"stable", "beta", "canary"}, "shard": {"3", "7", "03", "12"}, "example.com/tier": {"web", "db"},
		},
		bounds: map[string][]string{"shard": {"0", "3", "7", "11", "12", "9223372036854775806"}},
		words:  "uint64",
	}
	large = compared{ // the first key does not fit into one word, the last not into the third
		keys: "\n- {name: zone, values: [" + many("z", 70) + "]}\n- {name: rack, values: [" + many("r", 50) + "]}\n- {name: slot, values: [" + many("s", 60) + "]}\n" +
			"- {name: shard, integer: true}\n",
		values: map[string][]string{
			"zone": {"", "z0", "z1", "z69", "else"}, "rack": {"", "r0", "r1", "r49", "else"}, "slot": {"", "s0", "s1", "s59", "else"},
			"shard": {"", "1", "2", "3", "x"},
		},
		pool:   map[string][]string{"zone": {"z0", "z1", "z69"}, "rack": {"r0", "r1", "r49"}, "slot": {"s0", "s1", "s59"}, "shard": {"1", "3"}},
		bounds: map[string][]string{"shard": {"1", "2"}},
		words:  "[4]uint64",
	}
)

// many lists n values.
func many(prefix string, n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("{name: %s%d}", prefix, i))
	}
	return strings.Join(list, ", ")
}

// texts are random selectors that something meets.
func (c compared) texts(n int) []string {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	keys := slices.Sorted(func(yield func(string) bool) {
		for k := range c.pool {
			if !yield(k) {
				return
			}
		}
	})
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	var texts []string
	for len(texts) < n {
		var parts []string
		for range 1 + r.IntN(4) {
			key := pick(keys)
			forms := []string{
				key, "!" + key, key + "=" + pick(c.pool[key]), key + "==" + pick(c.pool[key]), key + "!=" + pick(c.pool[key]),
				key + " in (" + pick(c.pool[key]) + "," + pick(c.pool[key]) + ")", key + " notin (" + pick(c.pool[key]) + "," + pick(c.pool[key]) + ")",
			}
			if bounds := c.bounds[key]; len(bounds) > 0 {
				forms = append(forms, key+">"+pick(bounds), key+"<"+pick(bounds))
			}
			parts = append(parts, pick(forms))
		}
		text := strings.Join(parts, ",")
		if analyze.Satisfiable(selector.MustParse(text)) {
			texts = append(texts, text)
		}
	}
	return texts
}

// generate makes a package main of a vocabulary with these selectors, called S0 and so on.
func (c compared) generate(t *testing.T, dir string, texts []string) []gocode.File {
	t.Helper()
	config := "output: .\npackage: main\nkeys:" + c.keys + "selectors:\n"
	for i, text := range texts {
		config += fmt.Sprintf("- {name: S%d, text: %q}\n", i, text)
	}
	scratch.Put(t, dir, "labels.yaml", []byte(config))
	v, err := Read(filepath.Join(dir, "labels.yaml"))
	ok(t, err)
	files, err := Generate(v)
	ok(t, err)
	return files
}

// comparing is a program that matches all maps of values, and says where a matcher and its selector differ, and what else does not hold.
const comparing = `package main

import (
	"fmt"
	"maps"
	"os"

	"github.com/podwright/podwright/types/selector"
)

var matchers = []struct {
	text     string
	selector selector.Selector
	match    func(map[string]string) bool
	word     func(Word) bool
}{
%s}

var values = %#v

func main() {
	n := 0
	all(map[string]string{}, %#v, func(labels map[string]string) {
		n++
		w := WordOf(labels)
		l, rest := FromMap(labels)
		back := l.Map()
		maps.Copy(back, rest)
		if !maps.Equal(labels, back) {
			fail("FromMap(%%v) is %%v and %%v", labels, l, rest)
		}
		if known := l.Map(); l.Word() != WordOf(known) || l.String() != selector.FromSet(known).String() {
			fail("%%#v: Word or String is not that of its Map", l)
		}
		for _, m := range matchers {
			want := selector.MustParse(m.text).Matches(labels)
			if m.match(labels) != want || m.word(w) != want || m.selector.Matches(labels) != want {
				fail("%%s and %%v: want %%t, map %%t, word %%t", m.text, labels, want, m.match(labels), m.word(w))
			}
		}
	})
	fmt.Println(n, "maps")
	var w any = Word(WordOf(nil))
	fmt.Printf("%%T %%t\n", w, WordOf(nil) == WordOf(map[string]string{"foreign": "x"}))
}

// all calls f with labels, and with every way to add values of keys to them.
func all(labels map[string]string, keys []string, f func(map[string]string)) {
	if len(keys) == 0 {
		f(labels)
		return
	}
	all(labels, keys[1:], f)
	for _, v := range values[keys[0]] {
		labels[keys[0]] = v
		all(labels, keys[1:], f)
	}
	delete(labels, keys[0])
}

var failures int

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	if failures++; failures > 20 {
		os.Exit(0)
	}
}
`

// Every generated matcher selects what its selector selects, of all maps of listed, empty, foreign and missing values.
func TestGeneratedMatchers(t *testing.T) {
	t.Parallel()
	root := scratch.Module(t)
	for name, tt := range map[string]struct {
		compared
		maps int
	}{"small": {small, 5 * 8 * 15 * 5}, "large": {large, 6 * 6 * 6 * 6}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(root, name)
			texts := tt.texts(200)
			var rows strings.Builder
			for i, text := range texts {
				fmt.Fprintf(&rows, "\t{%q, S%dSelector, MatchS%d, MatchS%dWord},\n", text, i, i, i)
			}
			var keys []string
			for key := range tt.values {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			files := tt.generate(t, dir, texts)
			ok(t, gocode.Write(files))
			scratch.Put(t, dir, "main.go", fmt.Appendf(nil, comparing, rows.String(), tt.values, keys))
			run := exec.Command("go", "run", ".")
			run.Dir = dir
			run.Stderr = os.Stderr
			out, err := run.Output()
			ok(t, err)
			if diff := gocmp.Diff(fmt.Sprintf("%d maps\nmain.Word true\n", tt.maps), string(out)); diff != "" {
				t.Errorf("(-want, +got):\n%s", diff)
			}
			if text := string(files[3].Text); !strings.Contains(text, "type Word "+tt.words+"\n") {
				t.Errorf("Word is not %s", tt.words)
			}
		})
	}
}

// The compiler makes a lookup of every letter of m["k"] == "letters", and each lookup costs as much as all else.
func TestGeneratedMatchersLookUpOnce(t *testing.T) {
	dir := filepath.Join(scratch.Module(t), "lookup")
	files := small.generate(t, dir, small.texts(200))
	parsed, err := parser.ParseFile(token.NewFileSet(), "", files[2].Text, 0)
	ok(t, err)
	functions := 0
	for _, d := range parsed.Decls {
		f, isFunc := d.(*ast.FuncDecl)
		if !isFunc {
			continue
		}
		functions++
		keys := map[string]int{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.IndexExpr:
				keys[n.Index.(*ast.BasicLit).Value]++
			case *ast.BinaryExpr:
				for _, side := range []ast.Expr{n.X, n.Y} {
					if _, isIndex := side.(*ast.IndexExpr); isIndex {
						t.Errorf("%s compares a lookup", f.Name)
					}
				}
			}
			return true
		})
		for key, n := range keys {
			if n > 1 {
				t.Errorf("%s looks up %s %d times", f.Name, key, n)
			}
		}
	}
	if functions < 200 {
		t.Errorf("%d functions", functions)
	}
}

// mistaken is a program, each line of which that ends with a comment must not compile, and no other.
const mistaken = `package main

func main() {
	var text string
	_ = App.Eq("ui")
	_ = Rel.In(RelStable, RelBeta)
	_ = Rel.Eq(ExampleWeb)          // another key's value
	_ = Rel.NotIn(RelBeta, text)    // any text
	_ = Rel.Gt(3)                   // not a number
	_ = Shard.Gt(3)
	_ = Shard.Eq("3")               // not a text
	_ = Labels{Rel: ExampleWeb}     // another key's value
	_ = Labels{App: "ui", Rel: RelBeta, Shard: ShardOf(3)}
	_ = Labels{Rell: RelBeta}       // no key
	_ = MatchS0(WordOf(nil))        // a word is no map
	_ = MatchS0Word(WordOf(nil))
}
`

func TestGeneratedTypes(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(scratch.Module(t), "types")
	c := small
	c.keys = strings.Replace(c.keys, "example.com/tier,", "example.com/tier, go: Example,", 1)
	ok(t, gocode.Write(c.generate(t, dir, []string{"rel=beta"})))
	scratch.Put(t, dir, "main.go", []byte(mistaken))
	build := exec.Command("go", "build", "-gcflags=-e", ".")
	build.Dir = dir
	out, _ := build.CombinedOutput()
	for i, line := range strings.Split(mistaken, "\n") {
		_, mistake, isMistake := strings.Cut(line, "// ")
		if refused := strings.Contains(string(out), fmt.Sprintf("main.go:%d:", i+1)); refused != isMistake {
			t.Errorf("line %d, %s %s: refused %t, want %t", i+1, line, mistake, refused, isMistake)
		}
	}
}

// The vocabularies of this repository are as they are generated, and come out twice the same.
func TestVocabulariesOfRepository(t *testing.T) {
	for _, file := range []string{"labels", "recommended"} {
		var before []gocode.File
		for range 2 {
			v, err := Read(filepath.Join("..", "..", "examples", "labels", file, "labels.yaml"))
			ok(t, err)
			files, err := Generate(v)
			ok(t, err)
			if diff := gocmp.Diff(before, files); before != nil && diff != "" {
				t.Errorf("%s: a second run differs:\n%s", file, diff)
			}
			before = files
		}
		changes, err := gocode.Compare(before)
		ok(t, err)
		if len(changes) > 0 {
			t.Errorf("generated files are stale: run go generate ./...\n%s", changes)
		}
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
