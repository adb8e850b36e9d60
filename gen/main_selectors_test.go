package gen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/podwright/podwright/gen/internal/scratch"
)

// TestSelectorsVerb follows a vocabulary through the command: nothing, written, fresh, changed, wrong.
func TestSelectorsVerb(t *testing.T) {
	dir := filepath.Join(scratch.Module(t), "verb")
	config, generated := filepath.Join(dir, "labels.yaml"), filepath.Join(dir, "labels", "zz_generated.keys.go")
	vocabulary := "output: labels\nkeys:\n- {name: app, open: true}\n"
	for _, tt := range []struct {
		name, text   string
		args         []string
		code         int
		stdout, says string
		written      bool
	}{
		{"no vocabulary", vocabulary, nil, 2, "", "name the vocabulary, and nothing else: -config labels.yaml", false},
		{"an argument", vocabulary, []string{"-config", config, "more"}, 2, "", "name the vocabulary, and nothing else", false},
		{"no file", vocabulary, []string{"-config", config + "x"}, 1, "", "labels.yamlx: no such file", false},
		{"-check before the first run", vocabulary, []string{"-check", "-config", config}, 1, "+const App AppKey", "run go generate", false},
		{"a run", vocabulary, []string{"-config", config}, 0, "", "", true},
		{"-check after it", vocabulary, []string{"-check", "-config", config}, 0, "", "", true},
		{"-check after a change", vocabulary + "- {name: rel, open: true}\n", []string{"-check", "-config", config}, 1, "+const Rel RelKey",
			"run go generate", true},
		{"what is wrong has its line", vocabulary + "- {name: -, open: true}\n", []string{"-config", config}, 1, "",
			config + `:4: key "-": `, true},
	} {
		scratch.Put(t, dir, "labels.yaml", []byte(tt.text))
		code, stdout, stderr := podwright(append([]string{"selectors"}, tt.args...)...)
		if code != tt.code || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.says) {
			t.Errorf("%s: exit code %d, wanted %d; stdout, which should have %q:\n%s\nstderr, which should have %q:\n%s",
				tt.name, code, tt.code, tt.stdout, stdout, tt.says, stderr)
		}
		if _, err := os.Stat(generated); (err == nil) != tt.written {
			t.Errorf("%s: written %t, wanted %t", tt.name, err == nil, tt.written)
		}
	}
}
