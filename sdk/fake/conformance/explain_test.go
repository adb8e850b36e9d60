package conformance

import (
	"compress/gzip"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake"
	"github.com/podwright/podwright/sdk/fake/internal/divergence"
	"github.com/podwright/podwright/types"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/openapi"
	"k8s.io/client-go/openapi/openapitest"
	explain "k8s.io/kubectl/pkg/explain/v2"
)

// TestTypesExplain holds types.Explain, byte for byte, against what kubectl makes of the document that a real API server
// published. Every field of every type is explained once, by the first path that leads to it, and the fields of each
// kind and their fields by each kind.
func TestTypesExplain(t *testing.T) {
	rows := divergence.Of("TestTypesExplain")
	doc := recordedDocument(t, rows)
	rows.Check(t)
	seen, paths := map[string]bool{}, 0
	for _, resource := range doc.resources() {
		t.Run(resource, func(t *testing.T) {
			kind := doc.kindOf(resource)
			client := doc.client(t, resource, kind)
			for _, path := range doc.paths(kind, seen) {
				paths++
				want := kubectlExplains(t, client, resource, path, false, 0)
				equal(t, want, explained(t, resource, path))
			}
			equal(t, kubectlExplains(t, client, resource, nil, true, 0), explained(t, resource, nil, types.Recursive()))
			equal(t, kubectlExplains(t, client, resource, nil, true, 2), explained(t, resource, nil, types.RecursiveTo(2)))
		})
	}
	if paths < 1000 {
		t.Errorf("only %d paths, the walk has lost its way", paths)
	}
}

func equal(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-kubectl +types):\n%s", diff)
	}
}

func explained(t *testing.T, resource string, path []string, opts ...types.ExplainOption) string {
	t.Helper()
	text, err := types.Explain(strings.Join(append([]string{resource}, path...), "."), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func kubectlExplains(t *testing.T, c openapi.Client, resource string, path []string, recursive bool, depth int) string {
	t.Helper()
	var b strings.Builder
	gvr := schema.GroupVersionResource{Version: "v1", Resource: resource}
	if err := explain.PrintModelDescription(path, &b, c, gvr, recursive, depth, "plaintext"); err != nil {
		t.Fatalf("%s %v: %v", resource, path, err)
	}
	return b.String()
}

// Paths are tried with the real command, since the template begins where a path has been understood. Of those that are
// refused kubectl has printed the kind already.
func TestTypesExplainPaths(t *testing.T) {
	t.Parallel()
	c := serve(t, fake.APIOnly())
	for _, path := range []string{
		"Pod.kind", "PODS.kind", "po.kind", "ReplicationController.kind", "rc.kind",
		"pods.metadata.creationTimestamp", "pods.spec.overhead", // whose types the fake describes in the same words
		"Po.kind", "RC.kind", "pod.Kind", "rcs", "podsecuritypolicies", ".pods", "pods.metadata.ownerReferences[0]",
		"pods.metadata.labels.app", "pods.metadata.creationTimestamp.time", "pods.spec.containers.imgae",
	} {
		t.Run(path, func(t *testing.T) {
			want := c.try("explain", path)
			got, err := types.Explain(path)
			if (want.code == 0) != (err == nil) {
				t.Fatalf("kubectl: %s\ntypes.Explain: %v", want.stderr, err)
			}
			if err == nil {
				equal(t, want.stdout, got)
			}
		})
	}
}

// document is a decoded OpenAPI document.
type document map[string]any

// recordedDocument is what a v1.37.2 server published, but for what no Go type says at run time, which rows are told of.
func recordedDocument(t *testing.T, rows *divergence.Rows) document {
	t.Helper()
	f, err := os.Open("testdata/golden/openapi-v3-api-v1.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var doc document
	if err := json.NewDecoder(unpacked).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	for name, text := range ownWords {
		describe(at(doc.schemas(), name), text, rows, "descriptions of Quantity, Time, MicroTime and IntOrString")
	}
	for _, s := range doc.schemas() {
		for _, p := range at(s, "properties") {
			if p := p.(map[string]any); p["enum"] != nil {
				describe(p, meaning.ReplaceAllString(p["description"].(string), "$1"), rows, "meanings of enum values in explain")
			}
		}
	}
	for of, fields := range cutOff {
		docs := reflect.Zero(of).Interface().(interface{ SwaggerDoc() map[string]string }).SwaggerDoc()
		for _, name := range fields {
			field := at(doc.schemas(), "io.k8s.api.core.v1."+of.Name(), "properties", name)
			text := docs[name]
			if _, values, found := strings.Cut(field["description"].(string), "\n\nPossible enum values:"); found {
				text += "\n\nPossible enum values:" + values
			}
			describe(field, text, rows, "the ends of four descriptions")
		}
	}
	return doc
}

// describe changes the description of a schema, for the reason that row gives.
func describe(schema map[string]any, text string, rows *divergence.Rows, row string) {
	if schema["description"] != text {
		rows.Needed(row)
	}
	schema["description"] = text
}

// What types.Explain says it does not know: what each allowed value means, the texts of types without a SwaggerDoc, and
// the ends of four texts that SwaggerDoc cuts off.
var (
	meaning  = regexp.MustCompile("(?m)^( - `\"[^`]*\"`).*$")
	ownWords = map[string]string{
		"io.k8s.apimachinery.pkg.api.resource.Quantity": "A number with an optional suffix: decimal (m, k, M, G, T, P, E), " +
			"binary (Ki, Mi, Gi, Ti, Pi, Ei) or a power of ten (e3, E-2).",
		"io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime":  "A moment in the form of RFC 3339, to the microsecond.",
		"io.k8s.apimachinery.pkg.apis.meta.v1.Time":       "A moment in the form of RFC 3339, to the second.",
		"io.k8s.apimachinery.pkg.util.intstr.IntOrString": "A whole number or a text: for ports the number or the name.",
	}
	cutOff = map[reflect.Type][]string{
		reflect.TypeFor[corev1.PodSecurityContext]():       {"fsGroup"},
		reflect.TypeFor[corev1.TopologySpreadConstraint](): {"maxSkew", "minDomains", "whenUnsatisfiable"},
	}
)

// at is the object that stands under keys.
func at(v any, keys ...string) map[string]any {
	for _, key := range keys {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	object, _ := v.(map[string]any)
	return object
}

func (d document) schemas() map[string]any { return at(map[string]any(d), "components", "schemas") }

// listPath is where a resource can be listed or, the bindings, at least be created.
var listPath = regexp.MustCompile(`^/api/v1/(?:namespaces/\{namespace\}/)?([a-z]+)$`)

func (d document) resources() []string {
	var list []string
	for path := range at(map[string]any(d), "paths") {
		if m := listPath.FindStringSubmatch(path); m != nil {
			list = append(list, m[1])
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (d document) operation(resource string) (path string, item map[string]any) {
	for _, path := range []string{"/api/v1/namespaces/{namespace}/" + resource, "/api/v1/" + resource} {
		if item := at(map[string]any(d), "paths", path); item != nil {
			return path, item
		}
	}
	return "", nil
}

func (d document) kindOf(resource string) string {
	_, item := d.operation(resource)
	const gvk = "x-kubernetes-group-version-kind"
	for _, verb := range []string{"get", "post"} {
		if kind, ok := at(item, verb, gvk)["kind"].(string); ok {
			return kind
		}
	}
	return ""
}

// client serves the one resource and the schemas it refers to, since kubectl parses the document each time it is asked.
func (d document) client(t *testing.T, resource, kind string) openapi.Client {
	t.Helper()
	needed := map[string]any{}
	d.need("io.k8s.api.core.v1."+kind, needed)
	path, item := d.operation(resource)
	spec, err := json.Marshal(map[string]any{"paths": map[string]any{path: item}, "components": map[string]any{"schemas": needed}})
	if err != nil {
		t.Fatal(err)
	}
	c := openapitest.NewFakeClient()
	c.PathsMap["api/v1"] = openapitest.FakeGroupVersion{GVSpec: spec}
	return c
}

func (d document) need(name string, needed map[string]any) {
	if needed[name] != nil {
		return
	}
	needed[name] = d.schemas()[name]
	for _, p := range at(needed[name], "properties") {
		if ref := refersTo(p); ref != "" {
			d.need(ref, needed)
		}
	}
}

// refersTo is the schema that a property's value, or what is in it, is described by.
func refersTo(property any) string {
	schema, _ := property.(map[string]any)
	if ref, ok := schema["$ref"].(string); ok {
		return ref[strings.LastIndexByte(ref, '/')+1:]
	}
	if all, ok := schema["allOf"].([]any); ok {
		return refersTo(all[0])
	}
	for _, inside := range []string{"items", "additionalProperties"} {
		if schema[inside] != nil {
			return refersTo(schema[inside])
		}
	}
	return ""
}

// paths lists the paths from a kind: the kind itself, its fields, theirs, and below these the fields of types that are
// not in seen, breadth first.
func (d document) paths(kind string, seen map[string]bool) [][]string {
	type spot struct {
		path   []string
		schema string
	}
	list := [][]string{nil}
	for queue := []spot{{nil, "io.k8s.api.core.v1." + kind}}; len(queue) > 0; queue = queue[1:] {
		here := queue[0]
		if len(here.path) >= 2 && seen[here.schema] {
			continue
		}
		seen[here.schema] = true
		properties := at(d.schemas()[here.schema], "properties")
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			path := append(slices.Clone(here.path), name)
			list = append(list, path)
			if ref := refersTo(properties[name]); ref != "" {
				queue = append(queue, spot{path, ref})
			}
		}
	}
	return list
}
