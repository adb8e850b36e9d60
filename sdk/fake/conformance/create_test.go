package conformance

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// odd is a pod with a field that there is not.
const odd = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"odd"},"spec":{"containers":[{"name":"c","image":"heejeong/crane","imagee":"x"}]}}`

// --validate decides what becomes of unknown fields: an error, a warning, nothing.
func TestCreateWithUnknownField(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	file := c.write("odd.json", odd)
	const problem = `unknown field "spec.containers[0].imagee"`
	for _, tc := range []struct {
		validate, stdout, stderr string
		code                     int
	}{
		{"strict", "", "Error from server (BadRequest): error when creating \"" + file + "\": Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: " + problem + "\n", 1},
		{"warn", "pod/odd created (server dry run)\n", "Warning: " + problem + "\n", 0},
		{"ignore", "pod/odd created (server dry run)\n", "", 0},
	} {
		t.Run(tc.validate, func(t *testing.T) {
			got := c.try("create", "--dry-run=server", "--validate="+tc.validate, "-f", file)
			if want := (result{tc.stdout, tc.stderr, tc.code}); got != want {
				t.Errorf("got %+v\nwant %+v", got, want)
			}
		})
	}
}

// A file may hold several objects. Each is created or refused by itself.
func TestCreateSeveral(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	file := c.write("several.yaml", `
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Secret, metadata: {name: b}}
- {apiVersion: v1, kind: Pod, metadata: {generateName: c-}, spec: {containers: [{name: c, image: heejeong/crane}]}}
`)
	got := strings.Split(c.kubectl("create", "-f", file), "\n")
	if len(got) != 4 || got[0] != "configmap/a created" || got[1] != "secret/b created" || !strings.HasPrefix(got[2], "pod/c-") {
		t.Errorf("created %q", got)
	}
	again := c.try("create", "-f", file)
	has(t, again.stderr, `configmaps "a" already exists`, `secrets "b" already exists`)
	if !strings.HasPrefix(again.stdout, "pod/c-") || again.code != 1 {
		t.Errorf("the second time: %+v; want one more pod, and exit code 1", again)
	}
}

func TestCreateExists(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	got := c.refused("create", "-f", "testdata/golden/crane.json")
	golden(t, "golden/create-exists.txt", strings.Replace(got, "testdata/golden/", "golden/seed/", 1)) // where it was recorded
}

// --dry-run=server answers with what would be stored, and stores nothing.
func TestCreateDryRun(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	has(t, c.kubectl("create", "-f", "testdata/golden/crane.json", "--dry-run=server", "-o", "yaml"),
		"terminationGracePeriodSeconds: 30\n", "  selector:\n    app: crane\n", "generation: 1\n")
	has(t, c.refused("get", "rc", "crane"), `replicationcontrollers "crane" not found`)
}
