package conformance

import (
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

// Client-side apply keeps what was applied in an annotation, which has commands of its own.
func TestLastApplied(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	settings := func(data string) string {
		return c.write("settings.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: "+data+"\n")
	}
	c.kubectl("create", "-f", settings("{colour: green}"))
	has(t, c.refused("apply", "set-last-applied", "-f", settings("{colour: red}")), "no last-applied-configuration annotation found on resource: settings")
	has(t, c.kubectl("apply", "set-last-applied", "--create-annotation", "-f", settings("{colour: red}")), "configmap/settings configured")
	has(t, c.kubectl("apply", "view-last-applied", "configmap/settings"), "data:\n  colour: red\n")
	has(t, c.tryIn(c.editor("s/red/blue/"), "apply", "edit-last-applied", "configmap/settings").stdout, "configmap/settings edited")
	has(t, c.kubectl("apply", "view-last-applied", "configmap", "--all", "-o", "json"), `"colour": "blue"`)
	if got := c.kubectl("get", "configmap", "settings", "-o", "jsonpath={.data}"); got != `{"colour":"green"}` {
		t.Errorf("data = %s: the annotation is not the object", got)
	}
	// What was applied and is applied no longer goes, and so does what was never the object's.
	has(t, c.kubectl("apply", "-f", settings("{size: small}")), "configmap/settings configured")
	if got := c.kubectl("get", "configmap", "settings", "-o", "jsonpath={.data}"); got != `{"size":"small"}` {
		t.Errorf("data = %s, want only size", got)
	}
}

// With --prune, apply deletes what it applied before by the same selector and was not told of this time.
func TestApplyPrunes(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	object := func(kind, name, of string) string {
		return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + ", labels: {of: " + of + "}}\n"
	}
	apply := func(text string, flags ...string) string {
		return c.kubectl(append([]string{"apply", "-f", c.write("objects.yaml", text)}, flags...)...)
	}
	kinds := []string{"--prune-allowlist=core/v1/ConfigMap", "--prune-allowlist=core/v1/Secret"}
	apply(object("ConfigMap", "a", "crane") + object("Secret", "a", "crane") + object("ServiceAccount", "a", "crane") + object("ConfigMap", "other", "heron"))
	c.kubectl("create", "-f", c.write("made.yaml", object("ConfigMap", "made", "crane")))
	got := apply(object("ConfigMap", "b", "crane"), append(kinds, "--prune", "-l", "of=crane")...)
	want := "configmap/b created\nconfigmap/a pruned\nsecret/a pruned\n"
	if got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got := c.kubectl("get", "configmaps,secrets,serviceaccounts", "-l", "of", "-o", "name"); got != "configmap/b\nconfigmap/made\nconfigmap/other\nserviceaccount/a\n" {
		t.Errorf("left is %q", got)
	}
	has(t, c.refused("apply", "-f", c.file("objects.yaml"), "--prune"), "all resources selected for prune without explicitly passing --all")
}

// Of a field that is one thing or another, apply takes away what belonged to the other thing and was set by default.
func TestApplyRetainsKeys(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	apply := func(strategy, volume string) string {
		return c.kubectl("apply", "-f", c.write("web.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  "+
			strategy+"template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: c, image: crane}]\n      volumes: [{name: v"+volume+"}]\n"))
	}
	apply("", "")
	const path = "jsonpath={.spec.strategy.type} {.spec.strategy.rollingUpdate.maxSurge} {.spec.template.spec.volumes[*]}"
	if got, want := c.kubectl("get", "deployment", "web", "-o", path), `RollingUpdate 25% {"emptyDir":{},"name":"v"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	has(t, apply("strategy: {type: Recreate}\n  ", ", hostPath: {path: /logs}"), "deployment.apps/web configured")
	if got, want := c.kubectl("get", "deployment", "web", "-o", path), `Recreate  {"hostPath":{"path":"/logs","type":""},"name":"v"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
