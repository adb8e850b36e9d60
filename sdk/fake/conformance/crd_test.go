package conformance

import (
	"os"
	"strings"
	"testing"

	"github.com/podwright/podwright/sdk/fake"
)

const tabYAML = `apiVersion: stable.example.com/v1
kind: CronTab
metadata:
  name: tab
spec:
  cronSpec: "*/5 * * * *"
  replicas: 2
`

// kubectl does with kinds that users define all that it does with others.
func TestKubectlOnCustomResources(t *testing.T) {
	c := serve(t)
	crd := "../testdata/crds/stable.example.com_crontabs.yaml"
	tab := c.write("tab.yaml", tabYAML)

	r := c.try("apply", "-f", tab)
	says(t, r.stderr, `no matches for kind "CronTab" in version "stable.example.com/v1"`, "ensure CRDs are installed first")

	equal(t, "customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com created\n", c.kubectl("apply", "-f", crd))
	equal(t, "customresourcedefinition.apiextensions.k8s.io/crontabs.stable.example.com condition met\n",
		c.kubectl("wait", "--for=condition=established", "crd/crontabs.stable.example.com", "--timeout=10s"))
	says(t, c.kubectl("api-resources", "--api-group=stable.example.com"), "crontabs   ct", "stable.example.com/v1   true         CronTab")

	equal(t, "crontab.stable.example.com/tab created\n", c.kubectl("apply", "-f", tab))
	equal(t, "crontab.stable.example.com/tab unchanged\n", c.kubectl("apply", "-f", tab))
	table := c.kubectl("get", "ct")
	says(t, table, "NAME   SPEC          REPLICAS   AGE\n", "tab    */5 * * * *   2          ")
	says(t, c.kubectl("get", "crontabs", "-o", "wide"), "IMAGE", "busybox")
	equal(t, "busybox Allow", c.kubectl("get", "ct", "tab", "-o", "jsonpath={.spec.image} {.spec.mode}"))
	says(t, c.kubectl("get", "all"), "crontab.stable.example.com/tab")

	says(t, c.kubectl("explain", "crontab.spec.cronSpec"), "FIELD: cronSpec <string>", "When to run, in the form of cron.")
	says(t, c.kubectl("explain", "ct", "--recursive"), "steps\t<[]Object>", "retries\t<integer>")
	says(t, c.kubectl("describe", "ct", "tab"), "Cron Spec:  */5 * * * *")

	equal(t, "crontab.stable.example.com/tab patched\n", c.kubectl("patch", "ct", "tab", "--type=merge", "-p", `{"spec":{"mode":"Forbid","replicas":1}}`))
	says(t, c.refused("patch", "ct", "tab", "-p", `{}`), "application/merge-patch+json")
	says(t, c.refused("patch", "ct", "tab", "--type=merge", "-p", `{"spec":{"replicas":3}}`), "a forbidding cron tab has one replica")
	equal(t, "crontab.stable.example.com/tab patched\n", c.kubectl("patch", "ct", "tab", "--type=json", "-p", `[{"op":"remove","path":"/spec/mode"}]`))
	equal(t, "crontab.stable.example.com/tab scaled\n", c.kubectl("scale", "--replicas=4", "ct/tab"))
	equal(t, "4", c.kubectl("get", "ct", "tab", "-o", "jsonpath={.spec.replicas}"))
	says(t, c.refused("scale", "--replicas=40", "ct/tab"), "should be less than or equal to 10")

	misspelt := c.write("misspelt.yaml", strings.Replace(tabYAML, "replicas", "replica", 1))
	says(t, c.refused("apply", "-f", misspelt), `strict decoding error: unknown field "spec.replica"`)
	says(t, c.refused("apply", "--server-side", "-f", misspelt), `.spec.replica: field not declared in schema`)
	says(t, c.refused("apply", "--server-side", "--field-manager=me", "-f", c.write("other.yaml", strings.Replace(tabYAML, "*/5", "0", 1))), "Apply failed with 2 conflicts")
	equal(t, "crontab.stable.example.com/tab serverside-applied\n", c.kubectl("apply", "--server-side", "--force-conflicts", "--field-manager=me", "-f", tab))

	equal(t, "crontab.stable.example.com \"tab\" deleted from default namespace\n", c.kubectl("delete", "ct", "tab"))
	c.kubectl("apply", "-f", tab)
	equal(t, "customresourcedefinition.apiextensions.k8s.io \"crontabs.stable.example.com\" deleted\n", c.kubectl("delete", "crd", "crontabs.stable.example.com"))
	says(t, c.refused("get", "ct"), "the server could not find the requested resource")
}

// Definitions that a cluster starts with are there, as if they had been applied.
func TestKubectlFindsDefinitions(t *testing.T) {
	c := serve(t, fake.CRDs(os.DirFS("../testdata/crds")))
	says(t, c.kubectl("get", "crd"), "NAME                          CREATED AT", "crontabs.stable.example.com", "planets.stable.example.com")
	r := c.try("create", "-f", c.write("mars.yaml", "apiVersion: stable.example.com/v1beta1\nkind: Planet\nmetadata: {name: mars}\nspec: {moons: 2}\n"))
	equal(t, "planet.stable.example.com/mars created\n", r.stdout)
	says(t, r.stderr, "Warning: stable.example.com/v1beta1 Planet is deprecated; use stable.example.com/v1 Planet")
	says(t, c.kubectl("get", "planet", "mars", "-o", "yaml"), "apiVersion: stable.example.com/v1\n", "  rings: 0\n")
}

// says fails unless text has every part.
func says(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}
