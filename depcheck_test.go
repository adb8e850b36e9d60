package podwright_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const (
	module   = "github.com/podwright/podwright"
	clientGo = "k8s.io/client-go"
)

// groups are the API groups beside the core. Each costs every program that has its types about 100 kB, used or not: whoever makes pods
// must not pay for them.
var groups = []string{
	"k8s.io/api/apps", "k8s.io/api/autoscaling", "k8s.io/api/batch", "k8s.io/api/coordination", "k8s.io/api/discovery", "k8s.io/api/events",
	"k8s.io/api/policy", "k8s.io/api/rbac", "k8s.io/api/scheduling", "k8s.io/api/storage", module + "/types/workloads",
}

// layers are the folders in the order in which they may import each other: each only those before it. "Imports run one
// way" is what keeps types usable without a client, and the client without the fake.
var layers = []struct {
	path   string
	allows []string // of our own packages, beside those of the layer itself
	never  []string // of anybody's packages, not even through others
}{
	{"types/internal", nil, append([]string{clientGo}, groups...)},
	{"types/descriptor", []string{"types/internal"}, append([]string{clientGo, module + "/types/facts"}, groups...)}, // nothing that is generated
	{"types/selector", []string{"types/internal"}, append([]string{clientGo, module + "/types/facts"}, groups...)},   // likewise
	{"types", []string{"types/internal"}, append([]string{clientGo}, groups...)},
	{"types/workloads", []string{"types", "types/internal"}, []string{clientGo}},
	{"gen", []string{"types/descriptor", "types/selector"}, []string{clientGo, module + "/builders", module + "/types/facts"}},
	{"gen/support", []string{"types"}, append([]string{clientGo}, groups...)},
	{"builders", []string{"types", "types/selector", "gen/support"}, append([]string{clientGo}, groups...)},
	{"sdk", []string{"types", "types/descriptor", "types/selector"}, []string{module + "/gen", module + "/sdk/fake"}},
	{"sdk/fake", []string{"types", "types/descriptor", "types/selector", "types/workloads", "sdk"}, []string{module + "/gen"}},
	{"examples", []string{"types", "types/descriptor", "types/selector", "types/workloads", "types/facts", "builders", "gen/support", "sdk", "sdk/fake"}, nil},
}

// listed is what go list says of a package.
type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func TestImports(t *testing.T) {
	packages := list(t)
	for _, p := range packages {
		dir := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		i := layerOf(dir)
		if i < 0 {
			if dir != "" {
				t.Errorf("%s is in no layer of depcheck_test.go", p.ImportPath)
			}
			continue
		}
		for _, imported := range p.Imports {
			if own, ok := strings.CutPrefix(imported, module+"/"); ok && !allowed(i, own) {
				t.Errorf("%s imports %s, which %s may not", p.ImportPath, imported, layers[i].path)
			}
		}
		for _, dep := range p.Deps {
			for _, never := range layers[i].never {
				if dep == never || strings.HasPrefix(dep, never+"/") {
					t.Errorf("%s depends on %s, which %s must not", p.ImportPath, dep, layers[i].path)
				}
			}
		}
	}
}

// layerOf finds the most specific layer that a folder belongs to.
func layerOf(dir string) int {
	best := -1
	for i, l := range layers {
		if (dir == l.path || strings.HasPrefix(dir, l.path+"/")) && (best < 0 || len(l.path) > len(layers[best].path)) {
			best = i
		}
	}
	return best
}

func allowed(from int, dir string) bool {
	to := layerOf(dir)
	return to == from || to >= 0 && slices.Contains(layers[from].allows, layers[to].path)
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
