package conformance

import (
	"os"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// editor is an environment in which kubectl edits with a script of the stream editor. The file "edited" of the home directory is what the
// script was given last.
func (c *cluster) editor(script string) []string {
	c.t.Helper()
	file := c.write("editor", "#!/bin/sh\ncp \"$1\" '"+c.file("edited")+"' && sed '"+script+"' '"+c.file("edited")+"' >\"$1\"\n")
	if err := os.Chmod(file, 0o700); err != nil {
		c.t.Fatal(err)
	}
	return []string{"EDITOR=" + file, "TMPDIR=" + c.home}
}

// edit sends a patch of what the editor changed, and nothing if it changed nothing.
func TestEdit(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	c.kubectl("run", "a", "--image=heejeong/crane")
	c.kubectl("run", "b", "--image=heejeong/crane")
	for _, tc := range []struct {
		name, script, args string
		says               string
		get, want          string
	}{
		{"a spec", "s,image: .*,image: heejeong/crane:v2,", "edit rc crane", "replicationcontroller/crane edited\n",
			"rc crane -o jsonpath={.spec.template.spec.containers[*].image}", "heejeong/crane:v2"},
		{"nothing", "", "edit rc crane", "", "rc crane -o jsonpath={.metadata.generation}", "2"},
		{"a status", "s,replicas: 0,replicas: 7,", "edit rc crane --subresource=status", "replicationcontroller/crane edited\n",
			"rc crane -o jsonpath={.status.replicas},{.spec.replicas}", "7,1"},
		{"a spec, shown as a patch", "s,replicas: 1,replicas: 4,", "edit rc crane --output-patch",
			"Patch: {\"spec\":{\"replicas\":4}}\nreplicationcontroller/crane edited\n", "rc crane -o jsonpath={.spec.replicas}", "4"},
		{"several objects", "s,run: .$,run: c,", "edit pods a b", "pod/a edited\npod/b edited\n", "pods -l run=c -o name", "pod/a\npod/b\n"},
		{"remembered", "s,run: c,run: d,", "edit pod a --save-config", "pod/a edited\n",
			`pods -o jsonpath={.items[*].metadata.annotations.kubectl\.kubernetes\.io/last-applied-configuration}`, `"labels":{"run":"d"}`},
		{"the name of the manager", "s,run: d,run: e,", "edit pod a --field-manager=ann", "pod/a edited\n",
			"pod a -o jsonpath={.metadata.managedFields[*].manager}", " ann"},
		{"before it is created", "s/crane/heron/", "create --edit -f testdata/golden/crane.json", "replicationcontroller/heron created\n",
			"rc heron -o jsonpath={.spec.template.metadata.labels}", `{"app":"heron"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := c.tryIn(c.editor(tc.script), fields(tc.args)...); got.stdout != tc.says || got.code != 0 {
				t.Errorf("%+v, want %q", got, tc.says)
			}
			has(t, c.kubectl(append([]string{"get"}, fields(tc.get)...)...), tc.want)
		})
	}
	has(t, c.tryIn(c.editor(""), "edit", "rc", "crane").stderr, "Edit cancelled, no changes made.")
}

// What the server refuses comes back into the editor, with the reasons above it; who does not mend it then has saved nothing.
func TestEditOfWhatIsInvalid(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	got := c.tryIn(c.editor("s/replicas: 1/replicas: -1/"), "edit", "rc", "crane")
	if got.code != 1 {
		t.Errorf("exit code %d, want 1", got.code)
	}
	has(t, got.stderr, `replicationcontrollers "crane" is invalid`, "error: Edit cancelled, no valid changes were saved.")
	seen, err := os.ReadFile(c.file("edited"))
	if err != nil {
		t.Fatal(err)
	}
	has(t, string(seen), "# replicationcontrollers \"crane\" was not valid:\n# * spec.replicas: Invalid value: -1: must be greater than or equal to 0\n")
	if got := c.kubectl("get", "rc", "crane", "-o", "jsonpath={.spec.replicas}"); got != "1" {
		t.Errorf("%s replicas, want 1", got)
	}
}
