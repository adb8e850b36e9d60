package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// The forms of output that take their format from a file, and those that say everything.
func TestOutputFormsOfOne(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	columns := c.write("columns", "NAME            IMAGE\nmetadata.name   spec.template.spec.containers[*].image\n")
	path := c.write("path", "{.spec.selector}")
	template := c.write("template", "{{range $k, $v := .spec.selector}}{{$k}} is {{$v}}{{end}}")
	for _, tc := range []struct{ args, want string }{
		{"get rc -o custom-columns-file=" + columns, "NAME IMAGE\ncrane heejeong/crane\n"},
		{"get rc crane -o jsonpath-file=" + path, `{"app":"crane"}`},
		{"get rc crane -o jsonpath-as-json={.spec.replicas}", "[\n 1\n]\n"},
		{"get rc crane -o go-template-file=" + template, "app is crane"},
		{"get rc crane -o template={{.kind}}", "ReplicationController"},
		{"get rc --show-labels --no-headers", "crane 1 0 0 <age> app=crane\n"},
		{"get rc crane -o jsonpath={.metadata.managedFields[*].manager}", "kubectl-create"},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if got := c.got(fields(tc.args)...); got != tc.want {
				t.Errorf("said %q, want %q", got, tc.want)
			}
		})
	}
	has(t, c.kubectl("get", "rc", "crane", "-o", "kyaml"), "---\n{\n  apiVersion: \"v1\",\n  kind: \"ReplicationController\",\n")
	has(t, c.kubectl("get", "rc", "-o", "yaml"), "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ReplicationController\n", "\nkind: List\n")
}
