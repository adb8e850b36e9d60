package conformance

import (
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// diff asks by dry run what apply would change, exits with 1 if that is anything, and changes nothing.
func TestDiff(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	settings := func(name, data string) string {
		return c.write("settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "+name+", labels: {of: crane}}\ndata: "+data+"\n")
	}
	c.kubectl("apply", "-f", settings("gone", "{colour: red}"))
	c.kubectl("apply", "-f", settings("old", "{colour: green, size: small}"))
	c.kubectl("patch", "configmap", "old", "-p", `{"data":{"shape":"round"}}`)
	c.kubectl("apply", "--server-side", "-f", settings("owned", "{colour: green}"))
	before := c.kubectl("get", "configmaps", "-o", "yaml", "--show-managed-fields")
	for _, tc := range []struct {
		rule, name, data, flags string
		code                    int
		says                    []string
		not                     string
	}{
		{"nothing differs", "old", "{colour: green, size: small}", "", 0, nil, "\n"},
		{"fields change and go, and others' stay", "old", "{colour: blue}", "", 1,
			[]string{"/v1.ConfigMap.default.old", "\n-  colour: green\n", "\n+  colour: blue\n", "\n-  size: small\n", "\n   shape: round\n"}, "managedFields"},
		{"an object is new", "new", "{colour: blue}", "", 1, []string{"\n+  colour: blue\n", "\n+kind: ConfigMap\n", "\n+  name: new\n"}, "\n-  "},
		{"applied by the server", "owned", "{colour: blue}", "--server-side", 1, []string{"\n-  colour: green\n", "\n+  colour: blue\n"}, "managedFields"},
		{"with managed fields", "owned", "{colour: blue, size: small}", "--server-side --show-managed-fields", 1, []string{"\n+        f:size: {}\n"}, "\n-        f:"},
		{"taken from another manager", "owned", "{colour: blue}", "--server-side --field-manager=ann --force-conflicts", 1, []string{"\n+  colour: blue\n"}, "size"},
		{"pruned", "old", "{colour: green, size: small}", "--prune -l of=crane --prune-allowlist=core/v1/ConfigMap", 1,
			[]string{"\n-  colour: red\n", "\n-  name: gone\n"}, "\n+  "},
	} {
		t.Run(tc.rule, func(t *testing.T) {
			got := c.try(append([]string{"diff", "-f", settings(tc.name, tc.data)}, fields(tc.flags)...)...)
			if got.code != tc.code {
				t.Errorf("exit code %d, want %d\n%s%s", got.code, tc.code, got.stdout, got.stderr)
			}
			has(t, got.stdout, tc.says...)
			if strings.Contains(got.stdout, tc.not) {
				t.Errorf("%q is in:\n%s", tc.not, got.stdout)
			}
		})
	}
	has(t, c.refused("diff", "-f", settings("owned", "{colour: blue}"), "--server-side", "--field-manager=ann"),
		`Apply failed with 1 conflict: conflict with "kubectl": .data.colour`)
	has(t, c.refused("diff", "-f", settings("old", "{colour: [green]}")), "The request is invalid: patch: Invalid value:")
	if after := c.kubectl("get", "configmaps", "-o", "yaml", "--show-managed-fields"); after != before {
		t.Errorf("diff changed something:\n%s\nbefore:\n%s", after, before)
	}
}
