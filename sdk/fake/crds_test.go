package fake_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

var (
	cronTabs    = schema.GroupVersionResource{Group: "stable.example.com", Version: "v1", Resource: "crontabs"}
	planets     = schema.GroupVersionResource{Group: "stable.example.com", Version: "v1", Resource: "planets"}
	oldPlanets  = schema.GroupVersionResource{Group: "stable.example.com", Version: "v1beta1", Resource: "planets"}
	definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
)

// custom is a cluster that serves the kinds of testdata/crds, and a dynamic client of it.
func custom(t *testing.T) (*fake.Cluster, dynamic.Interface) {
	t.Helper()
	c := fake.RunT(t, fake.CRDs(os.DirFS("testdata/crds")))
	return c, dynamicClient(t, c)
}

func dynamicClient(t *testing.T, c *fake.Cluster) dynamic.Interface {
	t.Helper()
	client, err := dynamic.NewForConfig(c.RESTConfig())
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// fromYAML reads an object from YAML.
func fromYAML(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	data, err := yaml.YAMLToJSON([]byte(text))
	if err == nil {
		err = u.UnmarshalJSON(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// cronTab is a CronTab with the given spec.
func cronTab(t *testing.T, spec string) *unstructured.Unstructured {
	t.Helper()
	return fromYAML(t, "apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: {name: tab}\nspec: "+spec)
}

func at(u *unstructured.Unstructured, path string) any {
	value, _, _ := unstructured.NestedFieldNoCopy(u.Object, strings.Split(path, ".")...)
	return value
}

func TestCustomResourceCreate(t *testing.T) {
	for name, row := range map[string]struct {
		spec string
		want map[string]any // of the spec
		err  string         // what the refusal says
	}{
		"defaults are set": {
			spec: `{cronSpec: "* * * * *", steps: [{name: a}]}`,
			want: map[string]any{"cronSpec": "* * * * *", "image": "busybox", "mode": "Allow",
				"steps": []any{map[string]any{"name": "a", "retries": int64(3)}}},
		},
		"what a schema preserves is kept": {
			spec: `{cronSpec: "* * * * *", extra: {a: {b: 1}}}`,
			want: map[string]any{"cronSpec": "* * * * *", "image": "busybox", "mode": "Allow", "extra": map[string]any{"a": map[string]any{"b": int64(1)}}},
		},
		"a null without meaning is nothing, and one with is null": {
			spec: `{cronSpec: "* * * * *", image: null, deadline: null, replicas: null}`,
			want: map[string]any{"cronSpec": "* * * * *", "image": "busybox", "mode": "Allow", "deadline": nil},
		},
		"an int or a string": {
			spec: `{cronSpec: "* * * * *", port: http}`,
			want: map[string]any{"cronSpec": "* * * * *", "image": "busybox", "mode": "Allow", "port": "http"},
		},
		"required": {spec: `{}`, err: `spec.cronSpec: Required value`},
		"type": {spec: `{cronSpec: 5}`,
			err: `spec.cronSpec: Invalid value: "integer": spec.cronSpec in body must be of type string: "integer"`},
		"pattern": {spec: `{cronSpec: never}`,
			err: `spec.cronSpec: Invalid value: "never": spec.cronSpec in body should match '^(\d+|\*)(/\d+)?(\s+(\d+|\*)(/\d+)?){4}$'`},
		"enum": {spec: `{cronSpec: "* * * * *", mode: Maybe}`,
			err: `spec.mode: Unsupported value: "Maybe": supported values: "Allow", "Forbid"`},
		"maximum": {spec: `{cronSpec: "* * * * *", replicas: 11}`,
			err: `spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10`},
		"format": {spec: `{cronSpec: "* * * * *", deadline: soon}`,
			err: `spec.deadline: Invalid value: "soon": spec.deadline in body must be of type date-time: "soon"`},
		"length": {spec: `{cronSpec: "* * * * *", steps: [{name: a, command: aaaaaaaaaaaaaaaaaaaaa}]}`,
			err: `spec.steps[0].command: Too long: may not be more than 20 bytes`},
		"items": {spec: `{cronSpec: "* * * * *", steps: [{name: a}, {name: b}, {name: c}, {name: d}]}`,
			err: `spec.steps: Too many: 4: must have at most 3 items`},
		"keys of a map are unique": {spec: `{cronSpec: "* * * * *", steps: [{name: a}, {name: a}]}`,
			err: `spec.steps[1]: Duplicate value: {"name":"a"}`},
		"items of a set are unique": {spec: `{cronSpec: "* * * * *", tags: [a, a]}`,
			err: `spec.tags[1]: Duplicate value: "a"`},
		"an embedded object has a kind": {spec: `{cronSpec: "* * * * *", template: {apiVersion: v1}}`,
			err: `spec.template.kind: Required value`},
		"a rule": {spec: `{cronSpec: "* * * * *", mode: Forbid, replicas: 2}`,
			err: `spec: Invalid value: a forbidding cron tab has one replica`},
		"rules wait for what they rely on": {spec: `{mode: Forbid, replicas: 2}`,
			err: `<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation`},
	} {
		t.Run(name, func(t *testing.T) {
			_, client := custom(t)
			got, err := client.Resource(cronTabs).Namespace("default").Create(t.Context(), cronTab(t, row.spec), metav1.CreateOptions{})
			if row.err != "" {
				if !apierrors.IsInvalid(err) || !strings.Contains(err.Error(), row.err) {
					t.Fatalf("got %v, want it invalid: %s", err, row.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, at(got, "spec")); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if got.GetGeneration() != 1 || got.GetUID() == "" || len(got.GetManagedFields()) != 1 {
				t.Errorf("metadata: %v", got.Object["metadata"])
			}
		})
	}
}

// A field that the schema does not have is refused, warned of or dropped, as the client asks.
func TestCustomResourceUnknownFields(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	tab := cronTab(t, `{cronSpec: "* * * * *", cronspec: 1, steps: [{name: a, nam: b}]}`)
	_, err := tabs.Create(t.Context(), tab, metav1.CreateOptions{FieldValidation: metav1.FieldValidationStrict})
	want := `CronTab in version "v1" cannot be handled as a CronTab: strict decoding error: unknown field "spec.cronspec", unknown field "spec.steps[0].nam"`
	if err == nil || err.Error() != want {
		t.Errorf("strict: %v, want %s", err, want)
	}
	got, err := tabs.Create(t.Context(), tab, metav1.CreateOptions{FieldValidation: metav1.FieldValidationWarn})
	if err != nil {
		t.Fatal(err)
	}
	if at(got, "spec.cronspec") != nil {
		t.Error("an unknown field was kept")
	}
	_, err = tabs.Patch(t.Context(), "tab", types.MergePatchType, []byte(`{"spec":{"x":1}}`), metav1.PatchOptions{FieldValidation: metav1.FieldValidationStrict})
	if err == nil || !strings.Contains(err.Error(), `unknown field "spec.x"`) {
		t.Errorf("strict patch: %v", err)
	}
}

func TestCustomResourceUpdate(t *testing.T) {
	for name, row := range map[string]struct {
		change func(u *unstructured.Unstructured)
		err    string
	}{
		"a rule about the old state": {
			change: func(u *unstructured.Unstructured) {
				_ = unstructured.SetNestedField(u.Object, "other", "spec", "image")
			},
			err: `spec.image: Forbidden: image may not change from busybox`,
		},
		"a version is needed": {
			change: func(u *unstructured.Unstructured) { u.SetResourceVersion("") },
			err:    `metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
		},
		"an old version is a conflict": {
			change: func(u *unstructured.Unstructured) { u.SetResourceVersion("1") },
			err:    `the object has been modified`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, client := custom(t)
			tabs := client.Resource(cronTabs).Namespace("default")
			tab, err := tabs.Create(t.Context(), cronTab(t, `{cronSpec: "* * * * *"}`), metav1.CreateOptions{})
			if err != nil {
				t.Fatal(err)
			}
			row.change(tab)
			if _, err := tabs.Update(t.Context(), tab, metav1.UpdateOptions{}); err == nil || !strings.Contains(err.Error(), row.err) {
				t.Errorf("got %v, want %s", err, row.err)
			}
		})
	}
}

// Spec and status are written apart; only the spec makes a new generation.
func TestCustomResourceStatus(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	tab := cronTab(t, `{cronSpec: "* * * * *"}`)
	tab.Object["status"] = map[string]any{"replicas": int64(5)}
	tab, err := tabs.Create(t.Context(), tab, metav1.CreateOptions{})
	if err != nil || tab.Object["status"] != nil {
		t.Fatalf("created with status %v, %v", tab.Object["status"], err)
	}
	tab.Object["status"] = map[string]any{"replicas": int64(2), "selector": "app=x"}
	_ = unstructured.SetNestedField(tab.Object, "0 * * * *", "spec", "cronSpec")
	if tab, err = tabs.UpdateStatus(t.Context(), tab, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	if at(tab, "spec.cronSpec") != "* * * * *" || at(tab, "status.replicas") != int64(2) || tab.GetGeneration() != 1 {
		t.Errorf("after a write of the status: %v", tab.Object)
	}
	if tab, err = tabs.Patch(t.Context(), "tab", types.MergePatchType, []byte(`{"spec":{"replicas":3},"status":null}`), metav1.PatchOptions{}); err != nil {
		t.Fatal(err)
	}
	if tab.GetGeneration() != 2 || at(tab, "status.replicas") != int64(2) {
		t.Errorf("after a write of the spec: %v", tab.Object)
	}
	scale, err := tabs.Get(t.Context(), "tab", metav1.GetOptions{}, "scale")
	if err != nil || at(scale, "spec.replicas") != int64(3) || at(scale, "status.selector") != "app=x" {
		t.Errorf("scale: %v, %v", scale, err)
	}
	if _, err := tabs.Patch(t.Context(), "tab", types.MergePatchType, []byte(`{"spec":{"replicas":4}}`), metav1.PatchOptions{}, "scale"); err != nil {
		t.Fatal(err)
	}
	if tab, _ = tabs.Get(t.Context(), "tab", metav1.GetOptions{}); at(tab, "spec.replicas") != int64(4) || tab.GetGeneration() != 3 {
		t.Errorf("after scaling: %v", tab.Object)
	}
}

// Lists merge as the schema says, and a field has an owner.
func TestCustomResourceApply(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	apply := func(manager, spec string) (*unstructured.Unstructured, error) {
		return tabs.Apply(t.Context(), "tab", cronTab(t, spec), metav1.ApplyOptions{FieldManager: manager})
	}
	if _, err := apply("a", `{cronSpec: "* * * * *", replicas: 2, steps: [{name: one, command: a}]}`); err != nil {
		t.Fatal(err)
	}
	got, err := apply("b", `{cronSpec: "* * * * *", steps: [{name: two}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if steps, _ := at(got, "spec.steps").([]any); len(steps) != 2 {
		t.Errorf("steps of two authors: %v", steps)
	}
	if _, err = apply("b", `{cronSpec: "0 * * * *"}`); !apierrors.IsConflict(err) || !strings.Contains(err.Error(), `conflict with "a": .spec.cronSpec`) {
		t.Errorf("a field of somebody else's: %v", err)
	}
	if _, err = apply("b", `{cronSpec: "* * * * *", unknown: 1}`); err == nil || !strings.Contains(err.Error(), ".spec.unknown: field not declared in schema") {
		t.Errorf("an unknown field: %v", err)
	}
	if got, err = apply("a", `{cronSpec: "* * * * *"}`); err != nil || at(got, "spec.replicas") != nil {
		t.Errorf("a field that its author leaves out: %v, %v", at(got, "spec.replicas"), err)
	}
}

// There is no strategic merge patch without a Go type.
func TestCustomResourcePatchTypes(t *testing.T) {
	_, client := custom(t)
	_, err := client.Resource(cronTabs).Namespace("default").Patch(t.Context(), "tab", types.StrategicMergePatchType, []byte(`{}`), metav1.PatchOptions{})
	want := "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
	if !apierrors.IsUnsupportedMediaType(err) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestCustomResourceFieldSelector(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	for name, mode := range map[string]string{"a": "Allow", "b": "Forbid"} {
		tab := cronTab(t, `{cronSpec: "* * * * *", mode: `+mode+`}`)
		tab.SetName(name)
		if _, err := tabs.Create(t.Context(), tab, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := tabs.List(t.Context(), metav1.ListOptions{FieldSelector: "spec.mode=Forbid"})
	if err != nil || len(list.Items) != 1 || list.Items[0].GetName() != "b" || list.GetKind() != "CronTabList" {
		t.Errorf("list: %v, %v", list, err)
	}
	if _, err = tabs.List(t.Context(), metav1.ListOptions{FieldSelector: "spec.image=x"}); err == nil || !strings.Contains(err.Error(), "field label not supported: spec.image") {
		t.Errorf("another field: %v", err)
	}
}

// A kind has several versions, which differ by name; objects are stored in one.
func TestCustomResourceVersions(t *testing.T) {
	_, client := custom(t)
	old, err := client.Resource(oldPlanets).Create(t.Context(), fromYAML(t, "apiVersion: stable.example.com/v1beta1\nkind: Planet\nmetadata: {name: mars}\nspec: {moons: 2}"), metav1.CreateOptions{})
	if err != nil || old.GetAPIVersion() != "stable.example.com/v1beta1" {
		t.Fatalf("created as %v, %v", old, err)
	}
	w, err := client.Resource(planets).Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if e := <-w.ResultChan(); e.Object.(*unstructured.Unstructured).GetAPIVersion() != "stable.example.com/v1" {
		t.Errorf("watched as %v", e.Object)
	}
	mars, err := client.Resource(planets).Get(t.Context(), "mars", metav1.GetOptions{})
	if err != nil || mars.GetAPIVersion() != "stable.example.com/v1" || at(mars, "spec.rings") != int64(0) {
		t.Errorf("read as v1: %v, %v", mars, err)
	}
	_ = unstructured.SetNestedField(mars.Object, int64(1), "spec", "rings")
	if _, err := client.Resource(planets).Update(t.Context(), mars, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	list, err := client.Resource(oldPlanets).List(t.Context(), metav1.ListOptions{})
	if err != nil || len(list.Items) != 1 || list.Items[0].GetAPIVersion() != "stable.example.com/v1beta1" || at(&list.Items[0], "spec.rings") != nil {
		t.Errorf("listed as v1beta1: %v, %v", list, err)
	}
}

// An error of a file names it, the line if there is one, and what is wrong.
func TestCRDsErrors(t *testing.T) {
	valid, err := os.ReadFile("testdata/crds/stable.example.com_planets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	edit := func(old, new string) string { return strings.Replace(string(valid), old, new, 1) }
	for name, row := range map[string]struct{ text, want string }{
		"another kind":      {"apiVersion: v1\nkind: Pod\n", "a.yaml: document 1: a Pod is no CustomResourceDefinition"},
		"a misspelt field":  {edit("  scope: Cluster", "  scop: Cluster"), "a.yaml:13: spec.scop: unknown field"},
		"no YAML":           {"a: [", "a.yaml"},
		"an invalid name":   {edit("name: planets.stable", "name: planet.stable"), `a.yaml: CustomResourceDefinition.apiextensions.k8s.io "planet.stable.example.com" is invalid: metadata.name: Invalid value: "planet.stable.example.com": must be spec.names.plural+"."+spec.group`},
		"no storage":        {edit("storage: true", "storage: false"), "must have exactly one version marked as storage version"},
		"not structural":    {edit("                type: integer\n              rings", "                description: x\n              rings"), "spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[moons].type: Required value: must not be empty for specified object fields"},
		"a default of none": {edit("default: 0", "default: zero"), `spec.versions[1].schema.openAPIV3Schema.properties[spec].properties[rings].default: Invalid value: "string"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fake.Start(fake.CRDs(fstest.MapFS{"a.yaml": {Data: []byte(row.text)}}))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v\nwant %s", err, row.want)
			}
		})
	}
}

// A kind goes with its definition, and its objects before it.
func TestDefinitionDelete(t *testing.T) {
	_, client := custom(t)
	tabs := client.Resource(cronTabs).Namespace("default")
	tab := cronTab(t, `{cronSpec: "* * * * *"}`)
	tab.SetFinalizers([]string{"example.com/hold"})
	if _, err := tabs.Create(t.Context(), tab, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	w, err := client.Resource(definitions).Watch(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=crontabs.stable.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	if err := client.Resource(definitions).Delete(t.Context(), "crontabs.stable.example.com", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	d, err := client.Resource(definitions).Get(t.Context(), "crontabs.stable.example.com", metav1.GetOptions{})
	if err != nil || len(d.GetFinalizers()) != 1 || d.GetFinalizers()[0] != "customresourcecleanup.apiextensions.k8s.io" {
		t.Fatalf("while an object holds it: %v, %v", d, err)
	}
	other := cronTab(t, `{cronSpec: "* * * * *"}`)
	other.SetName("late")
	_, err = tabs.Create(t.Context(), other, metav1.CreateOptions{})
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "create not allowed while custom resource definition is terminating") {
		t.Errorf("a new object meanwhile: %v", err)
	}
	if _, err := tabs.Patch(t.Context(), "tab", types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{}); err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
	ctx := testContext(t)
	for gone := false; !gone; {
		select {
		case e := <-w.ResultChan():
			gone = e.Type == "DELETED"
		case <-ctx.Done():
			t.Fatal("the definition stays")
		}
	}
	if _, err := tabs.List(t.Context(), metav1.ListOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("a list of a kind that is gone: %v", err)
	}
}
