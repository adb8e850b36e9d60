package descriptor_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-multierror"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/podwright/podwright/types/descriptor"
)

// lines joins lines of a descriptor, so that the tables below show where each line ends.
func lines(l ...string) string { return strings.Join(l, "\n") }

func TestDecodeReportsEveryMistake(t *testing.T) {
	tests := []struct {
		rule, text string
		want       []string
	}{
		{"an unknown field names line, path and the likely meaning", lines(
			"apiVersion: v1", "kind: Pod", "metadata: {name: a}", "spec:", "  containers:", "  - name: a", "    imagee: nginx"),
			[]string{`f:7: spec.containers[0].imagee: unknown field, did you mean "image"?`}},
		{"names are case-sensitive", lines(
			"apiVersion: v1", "kind: Pod", "Metadata: {name: a}"),
			[]string{`f:3: Metadata: unknown field, did you mean "metadata"?`}},
		{"a field unlike any other gets no guess", lines(
			"apiVersion: v1", "kind: Pod", "zzzzzz: 1"),
			[]string{`f:3: zzzzzz: unknown field`}},
		{"a repeated field names both lines", lines(
			"apiVersion: v1", "kind: Pod", "spec:", "  restartPolicy: Never", "  hostNetwork: true", "  restartPolicy: Always"),
			[]string{`f:6: spec.restartPolicy: duplicate field, first set on line 4`}},
		{"a repeated map key is a repeated field", lines(
			"apiVersion: v1", "kind: Pod", "metadata:", "  labels:", "    a/b: v", "    a/b: w"),
			[]string{`f:6: metadata.labels[a/b]: duplicate field, first set on line 5`}},
		{"mistakes of all kinds come together, in the order of the text", lines(
			"apiVersion: v1", "kind: Pod", "spec:", "  hostPID: \"yes\"", "  foo: 1", "  containers:", "  - ports:", "    - containerPort: http",
			"    - {containerPort: 1, containerPort: 2}", "    image: 5", "bar: 1"),
			[]string{
				`f:4: spec.hostPID: wrong type: the string "yes" where true or false belongs`,
				`f:5: spec.foo: unknown field`,
				`f:8: spec.containers[0].ports[0].containerPort: wrong type: the string "http" where a number belongs`,
				`f:9: spec.containers[0].ports[1].containerPort: duplicate field, first set on line 9`,
				`f:10: spec.containers[0].image: wrong type: the number 5 where a string belongs; put it in quotes`,
				`f:11: bar: unknown field`,
			}},
		{"mistakes of all documents come together", lines(
			"apiVersion: v1", "kind: Pod", "foo: 1", "---", "# comment", "---", "apiVersion: v1", "kind: Secret", "data: {a: '%'}"),
			[]string{
				`f:3: foo: unknown field`,
				`f:9: data.a: wrong type: not base64: illegal base64 data at input byte 0`,
			}},
		{"an unquoted yes is a boolean", lines(
			"apiVersion: v1", "kind: Pod", "metadata: {labels: {on: yes}}"),
			[]string{`f:3: metadata.labels.true: wrong type: the boolean true where a string belongs; put it in quotes`}},
		{"a list where an object belongs, and the reverse", lines(
			"apiVersion: v1", "kind: Pod", "metadata: []", "spec: {containers: {name: a}, nodeSelector: 1}"),
			[]string{
				`f:3: metadata: wrong type: a list where an object belongs`,
				`f:4: spec.containers: wrong type: an object where a list belongs`,
				`f:4: spec.nodeSelector: wrong type: the number 1 where a map belongs`,
			}},
		{"numbers must fit", lines(
			"apiVersion: v1", "kind: ReplicationController", "spec: {replicas: 99999999999, minReadySeconds: 1.5}"),
			[]string{
				`f:3: spec.replicas: wrong type: the number 99999999999 where an int32 belongs`,
				`f:3: spec.minReadySeconds: wrong type: the number 1.5 where an int32 belongs`,
			}},
		{"quantities and times judge themselves", lines(
			"apiVersion: v1", "kind: Pod", "metadata: {creationTimestamp: yesterday}", "spec:", "  containers:", "  - resources: {limits: {cpu: lots}}"),
			[]string{
				`f:3: metadata.creationTimestamp: wrong type: the string "yesterday" does not make a Time: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"`,
				`f:6: spec.containers[0].resources.limits.cpu: wrong type: the string "lots" does not make a Quantity: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
			}},
		{"JSON has lines and paths too", lines(
			`{"apiVersion": "v1",`, ` "kind": "Pod",`, ` "spec": {"containers": [`, `   {"name": "a",`, `    "name": 2, "x": 1}]}}`),
			[]string{
				`f:5: spec.containers[0].name: wrong type: the number 2 where a string belongs; put it in quotes`,
				`f:5: spec.containers[0].name: duplicate field, first set on line 4`,
				`f:5: spec.containers[0].x: unknown field`,
			}},
		{"malformed JSON", lines(`{"apiVersion": "v1",`, ` "spec": {"containers": [`, `  {"name" "a"}]}}`),
			[]string{`f:3: spec.containers[0].name: malformed JSON: invalid character '"' after object key`}},
		{"JSON that ends too early", `{"apiVersion": "v1", "spec": {`,
			[]string{`f:1: spec: malformed JSON: the text ends too early`}},
		{"malformed YAML", lines("apiVersion: v1", "kind: Pod", "spec:", "  containers:", "  - name: a", "    image: b: c", "metadata: {}"),
			[]string{`f:6: spec.containers[0]: malformed YAML: mapping values are not allowed in this context`}},
		{"wrong indentation", lines("apiVersion: v1", "kind: Pod", "spec:", "  containers:", "  - name: a", "   image: b"),
			[]string{`f:6: spec.containers[0]: malformed YAML: did not find expected key`}},
		{"tabs", lines("apiVersion: v1", "kind: Pod", "spec:", "\thostPID: true"),
			[]string{`f:4: spec: malformed YAML: found character that cannot start any token; indent with spaces, not tabs`}},
		{"an unknown alias", "a: *b", []string{`f:1: malformed YAML: unknown anchor 'b' referenced`}},
		{"text that is no object", "--- hello", []string{
			`f:1: malformed: the string "hello" where an object with apiVersion and kind belongs`}},
		{"an array is no object", "[{}]", []string{
			`f:1: malformed: a list where an object with apiVersion and kind belongs`}},
		{"apiVersion and kind are wanted", "metadata: {name: a}", []string{
			`f:1: apiVersion: wrong kind: missing`, `f:1: kind: wrong kind: missing`}},
		{"apiVersion and kind are strings", "apiVersion: 1\nkind: [Pod]", []string{
			`f:1: apiVersion: wrong type: the number 1 where a string belongs`, `f:2: kind: wrong type: a list where a string belongs`}},
		{"a misspelt kind", "apiVersion: v1\nkind: Podd", []string{
			`f:2: kind: wrong kind: no kind "Podd" is known in version "v1"; did you mean "Pod"?`}},
		{"a kind of another version", "apiVersion: v1beta3\nkind: Pod", []string{
			`f:2: kind: wrong kind: no kind "Pod" is known in version "v1beta3"; Pod is in v1`}},
		{"a kind of an unknown group", "apiVersion: example.com/v1\nkind: Crane", []string{
			`f:2: kind: wrong kind: no kind "Crane" is known in version "example.com/v1"; register its type with WithScheme`}},
		{"a malformed version", "apiVersion: a/b/c\nkind: Pod", []string{
			`f:1: apiVersion: wrong kind: unexpected GroupVersion string: a/b/c`}},
		{"a kind that is no object", "apiVersion: v1\nkind: DeleteOptions", []string{
			`f:1: wrong kind: DeleteOptions is not an object with metadata`}},
		{"items of a list have their paths", lines(
			"apiVersion: v1", "kind: List", "foo: 1", "items:", "- apiVersion: v1", "  kind: Pod", "  spec: {bar: 1}", "- kind: Pod"),
			[]string{
				`f:3: foo: unknown field`,
				`f:7: items[0].spec.bar: unknown field`,
				`f:8: items[1].apiVersion: wrong kind: missing`,
			}},
		{"items of a typed list have its kind", lines(
			"apiVersion: v1", "kind: PodList", "items: [{kind: Secret}, {spec: {bar: 1}}]"),
			[]string{
				`f:3: items[0].kind: wrong kind: v1 Secret where a Pod belongs`,
				`f:3: items[1].spec.bar: unknown field`,
			}},
		{"items must be a list", "apiVersion: v1\nkind: List\nitems: {}", []string{
			`f:3: items: wrong type: an object where a list belongs`}},
		{"an aliased mistake is reported where it is used", lines(
			"apiVersion: v1", "kind: Pod", "spec:", "  containers:", "  - &c {name: a, foo: 1}", "  - *c"),
			[]string{`f:5: spec.containers[0].foo: unknown field`, `f:5: spec.containers[1].foo: unknown field`}},
		{"no UTF-8", "apiVersion: v1\nkind: \xff", []string{
			`f:2: malformed: byte 0xff is not UTF-8; save the file as UTF-8`}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			objects, err := descriptor.DecodeAll([]byte(test.text), descriptor.File("f"))
			if objects != nil {
				t.Errorf("objects came along with the error: %v", objects)
			}
			if diff := cmp.Diff(test.want, texts(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// texts takes an error of the package apart, and fails if it is of another form.
func texts(t *testing.T, err error) []string {
	t.Helper()
	var joined *multierror.Error
	if !errors.As(err, &joined) {
		t.Fatalf("error is a %T, not a *multierror.Error: %v", err, err)
	}
	var list []string
	for _, e := range joined.Errors {
		if _, ok := e.(*descriptor.Error); !ok {
			t.Errorf("%v is a %T", e, e)
		}
		list = append(list, e.Error())
	}
	return list
}

func TestDecodeAllReads(t *testing.T) {
	pod := func(name string) string { return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\n" }
	tests := []struct {
		rule, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"white space, comments and empty documents", "\n# a\n---\n---\n# b\n...\n  \n---", nil},
		{"a null document", "null\n---\n~\n", nil},
		{"several documents", pod("a") + "---\n" + pod("b") + "--- # c\n" + pod("c"), []string{"a", "b", "c"}},
		{"a document that ends with dots", pod("a") + "...\n" + pod("b"), []string{"a", "b"}},
		{"a directive", "%YAML 1.1\n---\n" + pod("a"), []string{"a"}},
		{"content on the separator line", `--- {apiVersion: v1, kind: Pod, metadata: {name: a}}`, []string{"a"}},
		{"windows line ends and a byte order mark", "\xEF\xBB\xBF" + strings.ReplaceAll(pod("a")+"---\n"+pod("b"), "\n", "\r\n"), []string{"a", "b"}},
		{"UTF-16 as PowerShell writes it", utf16le(pod("a")), []string{"a"}},
		{"JSON", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}`, []string{"a"}},
		{"JSON indented by tabs", "{\n\t\"apiVersion\":\"v1\",\n\t\"kind\":\"Pod\",\n\t\"metadata\":{\"name\":\"a\"}\n}", []string{"a"}},
		{"JSON values in a row", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}} {"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}`, []string{"a", "b"}},
		{"JSON and YAML documents mixed", `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}` + "\n---\n" + pod("b"), []string{"a", "b"}},
		{"flow-style YAML", `{apiVersion: v1, kind: Pod, metadata: {name: a}}`, []string{"a"}},
		{"a separator inside a block of text is indented, so it is none", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: |\n    ---\n    y\n", []string{"a"}},
		{"a List in a List", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod, metadata: {name: a}}]}, {apiVersion: v1, kind: Pod, metadata: {name: b}}]", []string{"a", "b"}},
		{"an empty List", "apiVersion: v1\nkind: List\n", nil},
		{"a typed list", "apiVersion: v1\nkind: PodList\nmetadata: {resourceVersion: '1'}\nitems: [{metadata: {name: a}}]", []string{"a"}},
		{"merge keys", "apiVersion: v1\nkind: Pod\nmetadata: {<<: {name: a, namespace: n}, namespace: m}", []string{"a"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			objects, err := descriptor.DecodeAll([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, o := range objects {
				got = append(got, o.GetName())
				if o.GetObjectKind().GroupVersionKind().Kind == "" {
					t.Errorf("%s has no kind", o.GetName())
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func utf16le(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), 0)
	}
	return string(b)
}

func TestDecodeCounts(t *testing.T) {
	pod := "apiVersion: v1\nkind: Pod\n"
	tests := []struct{ rule, text, want string }{
		{"none", "# nothing", "line 1: not one object: the text holds 0"},
		{"two", pod + "---\n" + pod, "line 1: not one object: the text holds 2; use DecodeAll"},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			_, err := descriptor.Decode([]byte(test.text))
			if diff := cmp.Diff([]string{test.want}, texts(t, err)); diff != "" {
				t.Error(diff)
			}
			if !errors.Is(err, descriptor.ErrCount) {
				t.Errorf("errors.Is(ErrCount) does not hold for %v", err)
			}
		})
	}
}

func TestYAML11Scalars(t *testing.T) {
	obj, err := descriptor.DecodeInto[corev1.Pod]([]byte(lines(
		"spec:", "  hostNetwork: yes", "  hostPID: on", "  volumes:", "  - {name: a, secret: {defaultMode: 0400}}", "  - {name: b, secret: {defaultMode: 0o400}}",
		"  terminationGracePeriodSeconds: 30.0")))
	if err != nil {
		t.Fatal(err)
	}
	if !obj.Spec.HostNetwork || !obj.Spec.HostPID {
		t.Error("yes and on are not true")
	}
	if a, b := *obj.Spec.Volumes[0].Secret.DefaultMode, *obj.Spec.Volumes[1].Secret.DefaultMode; a != 0o400 || b != 0o400 {
		t.Errorf("octal numbers read %o and %o", a, b)
	}
	if got := *obj.Spec.TerminationGracePeriodSeconds; got != 30 {
		t.Errorf("30.0 reads %d", got)
	}
}

func TestDecodeInto(t *testing.T) {
	pod, err := descriptor.DecodeInto[corev1.Pod]([]byte("metadata: {name: a}"))
	if err != nil {
		t.Fatal(err)
	}
	if pod.APIVersion != "v1" || pod.Kind != "Pod" || pod.Name != "a" {
		t.Errorf("a missing kind is not taken from the type: %+v", pod.TypeMeta)
	}
	_, err = descriptor.DecodeInto[corev1.Pod]([]byte("apiVersion: v1\nkind: Secret"))
	if diff := cmp.Diff([]string{"line 2: kind: wrong kind: v1 Secret where a Pod belongs"}, texts(t, err)); diff != "" {
		t.Error(diff)
	}
	deployment, err := descriptor.DecodeInto[appsv1.Deployment]([]byte("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}"))
	if err != nil || deployment.Name != "d" || deployment.Kind != "Deployment" {
		t.Errorf("an unregistered type: %v, %v", deployment, err)
	}
}

func TestLax(t *testing.T) {
	pod, err := descriptor.DecodeInto[corev1.Pod]([]byte(lines(
		"foo: 1", "metadata: {name: a, name: b}", "spec: {Containers: 1}")), descriptor.Lax())
	if err != nil || pod.Name != "b" {
		t.Errorf("got %v, %v", pod, err)
	}
	_, err = descriptor.Decode([]byte("apiVersion: v1\nkind: Pod\nspec: 1"), descriptor.Lax())
	if !errors.Is(err, descriptor.ErrWrongType) {
		t.Errorf("a wrong type is not an error: %v", err)
	}
}

func TestWithScheme(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := appsv1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	text := []byte("apiVersion: apps/v1\nkind: DeploymentList\nitems: [{metadata: {name: d}}]")
	if _, err := descriptor.Decode(text); !errors.Is(err, descriptor.ErrKind) {
		t.Errorf("without the scheme: %v", err)
	}
	obj, err := descriptor.Decode(text, descriptor.WithScheme(scheme), descriptor.WithScheme(nil))
	if _, ok := obj.(*appsv1.Deployment); !ok || err != nil {
		t.Errorf("got %T, %v", obj, err)
	}
}

func FuzzDecodeAll(f *testing.F) {
	for _, seed := range []string{
		"apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}", `{"apiVersion":"v1","kind":"List","items":[{}]}`,
		"a: &a [*a]", "a: &a {<<: *a}", "--- |\n x\n...\n---\n%YAML 1.1\n---\n? [a]\n: b", "\xff\xfe\x00", "{a: 1", "<<: 1", "y: {y: y, y: n}",
		"a: &a [1]\nb: &b [*a,*a]\nc: [*b,*b]", `{"a":{"a":1,"a":[}`, "apiVersion: v1\nkind: Secret\ndata: {a: !!binary aGk=}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		objects, err := descriptor.DecodeAll(data, descriptor.File("f"))
		if err != nil {
			for _, text := range texts(t, err) {
				if !strings.HasPrefix(text, "f:") || strings.HasPrefix(text, "f:0") {
					t.Errorf("no line in %q", text)
				}
			}
			return
		}
		text, err := descriptor.EncodeAll(objects)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := descriptor.DecodeAll(text)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, text)
		}
		second, err := descriptor.EncodeAll(again)
		if err != nil || string(text) != string(second) {
			t.Fatalf("the second round differs (%v):\n%s\n%s", err, text, second)
		}
	})
}
