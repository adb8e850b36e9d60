package source

import (
	"errors"
	"path/filepath"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// recipe is a configuration such as others have.
type recipe struct {
	Name   string            `json:"name"`
	Vegan  bool              `json:"vegan,omitempty"`
	Steps  []step            `json:"steps,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
}

type step struct {
	Title string   `json:"title"`
	Tools []string `json:"tools"`
}

const bread = `# How bread is made.
name: bread
steps:
- title: knead
  tools: &tools [hand]
- {title: bake, tools: [oven, clock]}
- title: cut
  tools: *tools
labels:
  rel: stable
`

// TestLine shows where an error is said to be: at the thing itself, or at the nearest above it that is written down.
func TestLine(t *testing.T) {
	f, err := Read("bread.yaml", []byte(bread), recipe{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"name": 2, "steps": 3, "steps[0]": 4, "steps[0].title": 4, "steps[0].tools[0]": 5, "steps[1].tools[1]": 6, "steps[2].tools": 8,
		"steps[2].tools[0]": 5, "labels.rel": 10, "labels.app": 9, "steps[7].title": 3, "vegan": 1, "": 1,
	}
	got := map[string]int{}
	for path := range want {
		got[path] = f.Line(path)
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadErrors(t *testing.T) {
	for _, tt := range []struct{ rule, text, want string }{
		{"a key is one that there is a field for", "name: x\ncolor: red", `f.yaml:2: unknown key "color": known are name, vegan, steps, labels`},
		{"at any depth", "steps:\n- {name: x}", `f.yaml:2: unknown key "steps[0].name": known are title, tools`},
		{"a map takes any key", "labels: {color: red}", ""},
		{"a key stands once", "name: x\nname: y", "f.yaml:2: name stands here twice"},
		{"a list is no text", "steps: x", "f.yaml:1: steps is a text, but must be a list"},
		{"a text is no mapping", "name: {}", "f.yaml:1: name is a mapping, but must be a text"},
		{"a truth is no other text", "name: x\nvegan: maybe", `f.yaml:2: vegan is "maybe", but must be true or false`},
		{"a file is a mapping", "- x", "f.yaml:1: the configuration is a list, but must be a mapping"},
		{"nothing is as good as left out", "steps: ~", ""},
		{"an empty file is none of these mistakes", "", ""},
		{"a mistake of YAML has its line", "name: x\n\tvegan: true", "f.yaml:2: found a tab character that violates indentation"},
	} {
		_, err := Read("f.yaml", []byte(tt.text), recipe{})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if diff := gocmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.rule, diff)
		}
	}
}

func TestFile(t *testing.T) {
	f, err := Read(filepath.Join("conf", "bread.yaml"), []byte(bread), recipe{})
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("too hot")
	located := f.ErrorAt("steps[1]", cause)
	if want := filepath.Join("conf", "bread.yaml") + ":6: too hot"; located.Error() != want || !errors.Is(located, cause) {
		t.Errorf("an error has file and line, and its cause: want %s, got %v", want, located)
	}
	if diff := gocmp.Diff(filepath.Join("conf", "a", "b"), f.Folder("a/b")); diff != "" {
		t.Errorf("a folder is relative to the file:\n%s", diff)
	}
}
