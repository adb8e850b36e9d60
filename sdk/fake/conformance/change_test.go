package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// kubectl patch has three kinds of patch; set and replace change objects in their own ways.
func TestPatchSetAndReplace(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	for _, tc := range []struct {
		name string
		args []string
		says string
		path string // of what was changed
		want string
	}{
		{"strategic merge", []string{"patch", "rc", "crane", "-p", `{"spec":{"template":{"spec":{"containers":[{"name":"crane","image":"heejeong/crane:v2"}]}}}}`},
			"replicationcontroller/crane patched\n", ".spec.template.spec.containers[*].imagePullPolicy", "Always"},
		{"merge", []string{"patch", "rc", "crane", "--type=merge", "-p", `{"metadata":{"labels":{"app":null,"rel":"beta"}}}`},
			"replicationcontroller/crane patched\n", ".metadata.labels", `{"rel":"beta"}`},
		{"JSON patch", []string{"patch", "rc", "crane", "--type=json", "-p", `[{"op":"test","path":"/spec/replicas","value":1},{"op":"replace","path":"/spec/replicas","value":4}]`},
			"replicationcontroller/crane patched\n", ".spec.replicas", "4"},
		{"status", []string{"patch", "rc", "crane", "--subresource=status", "--type=merge", "-p", `{"status":{"replicas":7},"spec":{"replicas":9}}`},
			"replicationcontroller/crane patched\n", ".status.replicas},{.spec.replicas", "7,4"},
		{"set image", []string{"set", "image", "rc/crane", "crane=heejeong/crane:v3"},
			"replicationcontroller/crane image updated\n", ".spec.template.spec.containers[*].image", "heejeong/crane:v3"},
		{"set env", []string{"set", "env", "rc/crane", "COLOUR=green"},
			"replicationcontroller/crane env updated\n", ".spec.template.spec.containers[*].env", `[{"name":"COLOUR","value":"green"}]`},
		{"replace", []string{"replace", "-f", "testdata/golden/crane.json"},
			"replicationcontroller/crane replaced\n", ".spec.replicas},{.spec.template.spec.containers[*].env", "1,"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := c.kubectl(tc.args...); got != tc.says {
				t.Errorf("said %q, want %q", got, tc.says)
			}
			if got := c.kubectl("get", "rc", "crane", "-o", "jsonpath={"+tc.path+"}"); got != tc.want {
				t.Errorf("%s = %s, want %s", tc.path, got, tc.want)
			}
		})
	}
	has(t, c.refused("patch", "rc", "crane", "--type=json", "-p", `[{"op":"test","path":"/spec/replicas","value":2}]`),
		"The request is invalid: the server rejected our request due to an error in our request")
	has(t, c.try("patch", "rc", "crane", "-p", `{"spec":{"nope":1}}`).stderr, `Warning: unknown field "spec.nope"`)
	has(t, c.kubectl("replace", "--force", "-f", "testdata/golden/crane.json"), `replicationcontroller "crane" deleted from default namespace`, "replicationcontroller/crane replaced")
}

// A strategic merge patch is shown as it is by the server that refuses it, and its kind does not matter.
func TestPatchOfWrongType(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	c.kubectl("create", "-f", "testdata/golden/crane.json")
	has(t, c.refused("patch", "rc", "crane", "-p", `{"spec":{"replicas":"x"}}`),
		`The request is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32`)
	has(t, c.refused("patch", "rc", "crane", "--type=merge", "-p", `{"spec":{"replicas":"x"}}`),
		`json: cannot unmarshal string into Go struct field ReplicationControllerSpec.spec.replicas of type int32`)
}

// Two managers cannot both own a field, unless the second insists. What a manager no longer applies goes.
func TestApplyServerSide(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	settings := func(data string) string {
		return c.write("settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: "+data+"\n")
	}
	apply := func(manager, data string, more ...string) result {
		return c.try(append([]string{"apply", "--server-side", "--field-manager=" + manager, "-f", settings(data)}, more...)...)
	}
	for _, tc := range []struct {
		name string
		result
		says, data string
	}{
		{"it creates", apply("ann", "{colour: green, size: small}"), "configmap/settings serverside-applied\n", ""},
		{"others add fields", apply("bob", "{shape: round}"), "configmap/settings serverside-applied\n", ""},
		{"others agree", apply("bob", "{shape: round, colour: green}"), "configmap/settings serverside-applied\n", ""},
		{"others insist", apply("eve", "{size: large}", "--force-conflicts"), "configmap/settings serverside-applied\n", ""},
		{"fields go with their last owner", apply("bob", "{colour: green}"), "configmap/settings serverside-applied\n", ""},
	} {
		if tc.stdout != tc.says || tc.code != 0 {
			t.Errorf("%s: %+v", tc.name, tc.result)
		}
	}
	conflict := apply("bob", "{size: tiny}")
	has(t, conflict.stderr, `Apply failed with 1 conflict: conflict with "eve": .data.size`, "--force-conflicts")
	if got, want := c.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}"), `{"colour":"green","size":"large"}`; got != want {
		t.Errorf("data = %s, want %s", got, want)
	}
}

// Client-side apply remembers what was applied, and takes away what is no longer there.
func TestApplyClientSide(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	apply := func(data string) string {
		return c.kubectl("apply", "-f", c.write("settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: "+data+"\n"))
	}
	has(t, apply("{colour: green, size: small}"), "configmap/settings created")
	has(t, apply("{colour: green, size: small}"), "configmap/settings unchanged")
	c.kubectl("patch", "cm", "settings", "-p", `{"data":{"shape":"round"}}`)
	has(t, apply("{colour: blue}"), "configmap/settings configured")
	if got, want := c.kubectl("get", "cm", "settings", "-o", "jsonpath={.data}"), `{"colour":"blue","shape":"round"}`; got != want {
		t.Errorf("data = %s, want %s", got, want)
	}
}

func TestLabelForms(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, name := range []string{"a", "b"} {
		c.kubectl("run", name, "--image=heejeong/crane")
	}
	for _, tc := range []struct{ args, stdout string }{
		{"label pods --all rel=beta", "pod/a labeled\npod/b labeled\n"},
		{"label pods -l run=a tier=web rel-", "pod/a modified\n"},
		{"label pod a rel-", "label \"rel\" not found.\npod/a not labeled\n"},
		{"label pod b rel=beta", "pod/b not labeled\n"},
		{"label pod b rel= --overwrite", "pod/b labeled\n"},
		{"get pods -l rel= -o name", "pod/b\n"},
		{"get pods -l !rel -o name", "pod/a\n"},
		{"get pods -l rel -o name", "pod/b\n"},
		{"get pods -l tier!=web -o name", "pod/b\n"},
		{"get pods -l run,run!=a -o name", "pod/b\n"},
		{"get pods -l run=a,tier=db -o name", ""},
	} {
		t.Run(tc.args, func(t *testing.T) {
			if got := c.kubectl(fields(tc.args)...); got != tc.stdout {
				t.Errorf("said %q, want %q", got, tc.stdout)
			}
		})
	}
	has(t, c.kubectl("label", "pod", "a", "--list"), "run=a\n", "tier=web\n")
	has(t, c.refused("label", "pod", "b", "rel=stable"), "'rel' already has a value (), and --overwrite is false")
}
