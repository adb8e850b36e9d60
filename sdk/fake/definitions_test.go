package fake_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"
)

// definition reads one of testdata/crds.
func definition(t *testing.T, name string) *unstructured.Unstructured {
	t.Helper()
	data, err := os.ReadFile("testdata/crds/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return fromYAML(t, string(data))
}

func define(t *testing.T, client dynamic.Interface, d *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	d, err := client.Resource(definitions).Create(t.Context(), d, metav1.CreateOptions{FieldManager: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// conditions are those of a definition, as type=status/reason.
func conditions(d *unstructured.Unstructured) []string {
	var out []string
	list, _ := at(d, "status.conditions").([]any)
	for _, c := range list {
		m := c.(map[string]any)
		out = append(out, m["type"].(string)+"="+m["status"].(string)+"/"+m["reason"].(string))
	}
	slices.Sort(out)
	return out
}

// A definition that is created is served when the answer is there.
func TestDefinitionCreate(t *testing.T) {
	c := fake.RunT(t)
	client := dynamicClient(t, c)
	tabs := client.Resource(cronTabs).Namespace("default")
	if _, err := tabs.List(t.Context(), metav1.ListOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("before it is defined: %v", err)
	}
	d := define(t, client, definition(t, "stable.example.com_crontabs.yaml"))
	if diff := cmp.Diff([]string{"Established=True/InitialNamesAccepted", "NamesAccepted=True/NoConflicts"}, conditions(d)); diff != "" {
		t.Errorf("conditions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"v1"}, at(d, "status.storedVersions")); diff != "" {
		t.Errorf("stored versions (-want +got):\n%s", diff)
	}
	if at(d, "status.acceptedNames.kind") != "CronTab" || at(d, "spec.conversion.strategy") != "None" || d.GetGeneration() != 1 {
		t.Errorf("defaults: %v", d.Object)
	}
	if _, err := tabs.Create(t.Context(), cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{}); err != nil {
		t.Error(err)
	}
}

func TestDefinitionRefused(t *testing.T) {
	for name, row := range map[string]struct {
		change func(d *unstructured.Unstructured)
		want   string
	}{
		"its name": {
			func(d *unstructured.Unstructured) { d.SetName("tabs.stable.example.com") },
			`metadata.name: Invalid value: "tabs.stable.example.com": must be spec.names.plural+"."+spec.group`,
		},
		"no schema": {
			func(d *unstructured.Unstructured) { delete(firstVersion(d), "schema") },
			`spec.versions[0].schema.openAPIV3Schema: Required value`,
		},
		"a schema that says no type": {
			func(d *unstructured.Unstructured) { delete(specSchema(d), "type") },
			`spec.validation.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields`,
		},
		"a scope that is none": {
			func(d *unstructured.Unstructured) { _ = unstructured.SetNestedField(d.Object, "Pod", "spec", "scope") },
			`spec.scope: Unsupported value: "Pod": supported values: "Cluster", "Namespaced"`,
		},
		"a rule that does not compile": {
			func(d *unstructured.Unstructured) {
				specSchema(d)["x-kubernetes-validations"] = []any{map[string]any{"rule": "self.nope == 1"}}
			},
			`compilation failed: ERROR: <input>:1:5: undefined field 'nope'`,
		},
		"a rule that may cost too much": {
			func(d *unstructured.Unstructured) {
				tags := specSchema(d)["properties"].(map[string]any)["tags"].(map[string]any)
				tags["x-kubernetes-validations"] = []any{map[string]any{"rule": "self.all(a, self.all(b, self.all(c, a == b || b == c)))"}}
			},
			`estimated rule cost exceeds budget by factor of more than 100x`,
		},
		"a column without a path": {
			func(d *unstructured.Unstructured) {
				firstVersion(d)["additionalPrinterColumns"] = []any{map[string]any{"name": "A", "type": "string", "jsonPath": "spec"}}
			},
			`spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec": must be a simple json path starting with .`,
		},
		"a group of Kubernetes'": {
			func(d *unstructured.Unstructured) {
				d.SetName("crontabs.stable.k8s.io")
				_ = unstructured.SetNestedField(d.Object, "stable.k8s.io", "spec", "group")
			},
			`metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must have approval annotation`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			client := dynamicClient(t, fake.RunT(t))
			d := definition(t, "stable.example.com_crontabs.yaml")
			row.change(d)
			_, err := client.Resource(definitions).Create(t.Context(), d, metav1.CreateOptions{})
			if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v\nwant %s", err, row.want)
			}
		})
	}
}

func firstVersion(d *unstructured.Unstructured) map[string]any {
	return at(d, "spec.versions").([]any)[0].(map[string]any)
}

func specSchema(d *unstructured.Unstructured) map[string]any {
	schema := firstVersion(d)["schema"].(map[string]any)["openAPIV3Schema"].(map[string]any)
	return schema["properties"].(map[string]any)["spec"].(map[string]any)
}

// A changed schema holds from the next request on; what is stored is shown with its defaults.
func TestDefinitionUpdate(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	if _, err := tabs.Create(t.Context(), cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	d, err := client.Resource(definitions).Get(t.Context(), "crontabs.stable.example.com", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	specSchema(d)["properties"].(map[string]any)["zone"] = map[string]any{"type": "string", "default": "UTC"}
	if d, err = client.Resource(definitions).Update(t.Context(), d, metav1.UpdateOptions{}); err != nil || d.GetGeneration() != 2 {
		t.Fatal(d, err)
	}
	tab, err := tabs.Get(t.Context(), "tab", metav1.GetOptions{})
	if err != nil || at(tab, "spec.zone") != "UTC" {
		t.Errorf("with a new default: %v, %v", tab, err)
	}
	_ = unstructured.SetNestedField(d.Object, "Cluster", "spec", "scope")
	if _, err = client.Resource(definitions).Update(t.Context(), d, metav1.UpdateOptions{}); err == nil || !strings.Contains(err.Error(), `spec.scope: Invalid value: "Cluster": field is immutable`) {
		t.Errorf("another scope: %v", err)
	}
}

// Of two definitions that ask for one name the first has it, until it goes.
func TestDefinitionNames(t *testing.T) {
	_, client := custom(t)
	d := definition(t, "stable.example.com_planets.yaml")
	d.SetName("stars.stable.example.com")
	for field, name := range map[string]string{"plural": "stars", "singular": "star", "kind": "Planet", "listKind": "StarList"} {
		_ = unstructured.SetNestedField(d.Object, name, "spec", "names", field)
	}
	d = define(t, client, d)
	if diff := cmp.Diff([]string{"Established=False/NotAccepted", "NamesAccepted=False/KindConflict"}, conditions(d)); diff != "" {
		t.Fatalf("conditions (-want +got):\n%s", diff)
	}
	w, err := client.Resource(definitions).Watch(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=stars.stable.example.com", ResourceVersion: d.GetResourceVersion()})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := client.Resource(definitions).Delete(t.Context(), "planets.stable.example.com", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	ctx := testContext(t)
	select {
	case e := <-w.ResultChan():
		if diff := cmp.Diff([]string{"Established=True/InitialNamesAccepted", "NamesAccepted=True/NoConflicts"}, conditions(e.Object.(*unstructured.Unstructured))); diff != "" {
			t.Errorf("when the name is free (-want +got):\n%s", diff)
		}
	case <-ctx.Done():
		t.Error("the name is never given")
	}
}

// A conversion webhook is never called: the stored version can be had, the others answer why not.
func TestDefinitionConversionWebhook(t *testing.T) {
	client := dynamicClient(t, fake.RunT(t))
	d := definition(t, "stable.example.com_planets.yaml")
	d.Object["spec"].(map[string]any)["conversion"] = map[string]any{"strategy": "Webhook", "webhook": map[string]any{
		"conversionReviewVersions": []any{"v1"}, "clientConfig": map[string]any{"url": "https://example.com/convert"},
	}}
	define(t, client, d)
	if _, err := client.Resource(planets).List(t.Context(), metav1.ListOptions{}); err != nil {
		t.Error(err)
	}
	_, err := client.Resource(oldPlanets).List(t.Context(), metav1.ListOptions{})
	if err == nil || !strings.Contains(err.Error(), "conversion webhook for stable.example.com/v1, Kind=Planet failed: the fake calls no conversion webhooks") {
		t.Errorf("got %v", err)
	}
}

// Discovery and schemas follow the definitions.
func TestDefinitionDiscovery(t *testing.T) {
	c := fake.RunT(t)
	client := dynamicClient(t, c)
	d, err := discovery.NewDiscoveryClientForConfig(c.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	define(t, client, definition(t, "stable.example.com_crontabs.yaml"))
	define(t, client, definition(t, "stable.example.com_planets.yaml"))
	for name, get := range map[string]func() (*metav1.APIResourceList, error){
		"plain": func() (*metav1.APIResourceList, error) {
			d := *d
			d.UseLegacyDiscovery = true
			return d.ServerResourcesForGroupVersion("stable.example.com/v1")
		},
		"aggregated": func() (*metav1.APIResourceList, error) {
			_, lists, err := d.ServerGroupsAndResources()
			for _, l := range lists {
				if l.GroupVersion == "stable.example.com/v1" {
					return l, err
				}
			}
			return nil, err
		},
	} {
		list, err := get()
		if err != nil {
			t.Fatal(name, err)
		}
		var names []string
		for _, r := range list.APIResources {
			names = append(names, r.Name+" "+r.Kind)
		}
		if diff := cmp.Diff([]string{"crontabs CronTab", "crontabs/scale Scale", "crontabs/status CronTab", "planets Planet"}, names); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if tab := list.APIResources[0]; !tab.Namespaced || !slices.Equal(tab.ShortNames, []string{"ct"}) || !slices.Equal(tab.Categories, []string{"all"}) {
			t.Errorf("%s: %v", name, tab)
		}
	}
	get := func(path string) string {
		body, err := d.RESTClient().Get().AbsPath(path).DoRaw(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if schema := get("/openapi/v3/apis/stable.example.com/v1"); !strings.Contains(schema, `"com.example.stable.v1.CronTab":{`) || !strings.Contains(schema, "When to run, in the form of cron.") {
		t.Error("the schema is not in the document of its version")
	}
	if schema := get("/openapi/v2"); !strings.Contains(schema, "com.example.stable.v1.CronTab") {
		t.Error("the schema is not in the old document")
	}
	if err := client.Resource(definitions).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, client)
	if index := get("/openapi/v3"); strings.Contains(index, "stable.example.com") {
		t.Error("the index of schemas has a group that is gone")
	}
}

// awaitGone waits until no definition is left.
func awaitGone(t *testing.T, client dynamic.Interface) {
	t.Helper()
	ctx := testContext(t)
	list, err := client.Resource(definitions).List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := client.Resource(definitions).Watch(ctx, metav1.ListOptions{ResourceVersion: list.GetResourceVersion()})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	for left := len(list.Items); left > 0; {
		select {
		case e := <-w.ResultChan():
			if e.Type == "DELETED" {
				left--
			}
		case <-ctx.Done():
			t.Fatal("definitions stay")
		}
	}
}

// kubectl get prints what the definition says.
func TestDefinitionTable(t *testing.T) {
	c, client := custom(t)
	tab := cronTab(t, `{cronSpec: "* * * * *", replicas: 2}`)
	if _, err := client.Resource(cronTabs).Namespace("default").Create(t.Context(), tab, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	table := tableOf(t, c.RESTConfig(), "/apis/stable.example.com/v1/namespaces/default/crontabs")
	var names []string
	for _, col := range table.ColumnDefinitions {
		names = append(names, col.Name)
	}
	if diff := cmp.Diff([]string{"Name", "Spec", "Replicas", "Image", "Age"}, names); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]any{"tab", "* * * * *", float64(2), "busybox"}, table.Rows[0].Cells[:4]); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func tableOf(t *testing.T, config *rest.Config, path string) *metav1.Table {
	t.Helper()
	d, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	body, err := d.RESTClient().Get().AbsPath(path).SetHeader("Accept", "application/json;as=Table;g=meta.k8s.io;v=v1").DoRaw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	table := &metav1.Table{}
	if err := yaml.Unmarshal(body, table); err != nil {
		t.Fatal(err)
	}
	return table
}

// Objects without Go types have owners and namespaces like all others.
func TestCustomResourceCollected(t *testing.T) {
	_, client := custom(t)
	ctx := testContext(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	owner, err := tabs.Create(ctx, cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	owned := cronTab(t, `{cronSpec: "* * * * *"}`)
	owned.SetName("owned")
	owned.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "stable.example.com/v1", Kind: "CronTab", Name: "tab", UID: owner.GetUID()}})
	if _, err := tabs.Create(ctx, owned, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	gone := awaitDeleted(ctx, t, client, "owned")
	if err := tabs.Delete(ctx, "tab", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	gone()
}

// awaitDeleted watches a CronTab, and returns what waits until it is gone.
func awaitDeleted(ctx context.Context, t *testing.T, client dynamic.Interface, name string) func() {
	t.Helper()
	w, err := client.Resource(cronTabs).Watch(ctx, metav1.ListOptions{FieldSelector: "metadata.name=" + name})
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		defer w.Stop()
		for {
			select {
			case e := <-w.ResultChan():
				if e.Type == "DELETED" {
					return
				}
			case <-ctx.Done():
				t.Fatalf("%s stays", name)
			}
		}
	}
}

// A namespace that goes takes the objects of kinds along that were defined after it came up.
func TestCustomResourceNamespace(t *testing.T) {
	client := dynamicClient(t, fake.RunT(t))
	ctx := testContext(t)
	namespaces := client.Resource(corev1.SchemeGroupVersion.WithResource("namespaces"))
	if _, err := namespaces.Create(ctx, fromYAML(t, "apiVersion: v1\nkind: Namespace\nmetadata: {name: short}"), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	define(t, client, definition(t, "stable.example.com_crontabs.yaml"))
	if _, err := client.Resource(cronTabs).Namespace("short").Create(ctx, cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	gone := awaitDeleted(ctx, t, client, "tab")
	if err := namespaces.Delete(ctx, "short", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	gone()
}

// Definitions work in virtual time, and what they say of dry runs holds.
func TestCustomResourceBubble(t *testing.T) {
	fake.Bubble(t, func(t *testing.T) {
		_, client := custom(t)
		tabs := client.Resource(cronTabs).Namespace("default")
		if _, err := tabs.Create(t.Context(), cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
			t.Fatal(err)
		}
		if _, err := tabs.Get(t.Context(), "tab", metav1.GetOptions{}); !apierrors.IsNotFound(err) {
			t.Errorf("after a dry run: %v", err)
		}
		if _, err := tabs.Create(t.Context(), cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := tabs.Patch(t.Context(), "tab", types.JSONPatchType, []byte(`[{"op":"add","path":"/spec/replicas","value":2}]`), metav1.PatchOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := client.Resource(definitions).Delete(t.Context(), "crontabs.stable.example.com", metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
	})
}

// A watch ends when the kind is defined otherwise, and then when it is gone.
func TestDefinitionEndsWatches(t *testing.T) {
	_, client := custom(t)
	ctx := testContext(t)
	d, err := client.Resource(definitions).Get(ctx, "crontabs.stable.example.com", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ends := func(change func() error) {
		t.Helper()
		w, err := client.Resource(cronTabs).Watch(ctx, metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Stop()
		if err := change(); err != nil {
			t.Fatal(err)
		}
		select {
		case e, open := <-w.ResultChan():
			if open {
				t.Errorf("the watch saw %v", e)
			}
		case <-ctx.Done():
			t.Fatal("the watch goes on")
		}
	}
	specSchema(d)["properties"].(map[string]any)["zone"] = map[string]any{"type": "string"}
	ends(func() error {
		_, err := client.Resource(definitions).Update(ctx, d, metav1.UpdateOptions{})
		return err
	})
	ends(func() error {
		return client.Resource(definitions).Delete(ctx, d.GetName(), metav1.DeleteOptions{})
	})
}
