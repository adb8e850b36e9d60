package conformance

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/podwright/podwright/sdk/fake/internal/crd"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	apiservervalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"
)

// moreRules are rules of the kinds that testdata/crds has none of.
const moreRules = `
- {rule: "self.steps.all(s, s.name.size() < 5)", messageExpression: "'too long: ' + self.steps[0].name"}
- {rule: "!has(self.extra) || has(self.image)"}
- {rule: "!has(self.deadline) || self.deadline > timestamp('2020-01-01T00:00:00Z')", reason: FieldValueRequired, fieldPath: .deadline}
- {rule: "type(self.port) == int || self.port.startsWith('h')"}
- {rule: "quantity(self.image).isGreaterThan(quantity('1')) || true"}
- {rule: "self.tags.exists(t, t == 'a') || oldSelf.tags.size() == 0"}
- {rule: "isURL('http://x') && ip('1.2.3.4').family() == 4 && !format.dns1123Label().validate(self.mode).hasValue() || true"}
- {rule: "!oldSelf.hasValue() || oldSelf.value().image == self.image", optionalOldSelf: true, message: optional}
`

const itemRules = `
- {rule: "!has(self.command) || self.command != self.name", message: same}
- {rule: "self.retries >= oldSelf.retries", message: fewer}
`

const fullTab = `
apiVersion: stable.example.com/v1
kind: CronTab
metadata:
  name: a
  namespace: default
  uid: u
  resourceVersion: "1"
  labels: {a: b}
  finalizers: [x.y/z]
  ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: u}]
spec:
  cronSpec: "* * * * *"
  deadline: "2026-01-01T00:00:00Z"
  extra: {a: 1}
  image: x
  mode: Allow
  port: http
  replicas: 2
  steps: [{name: a, command: b}, {name: c}]
  tags: [a, b]
  template: {apiVersion: v1, kind: Pod, metadata: {name: inner, labels: {x: z}}, spec: {}}
status:
  replicas: 1
  selector: a=b
  conditions: [{type: A}]
`

// inObjects are what is put wherever an object has something.
var inObjects = []any{
	"x", "", -1.0, 3.0, 3.5, true, map[string]any{}, []any{}, nil, "Forbid", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1e12, []any{"a", "a"},
	[]any{map[string]any{"name": "toolong"}}, []any{map[string]any{"name": "a"}, map[string]any{"name": "a"}}, map[string]any{"type": "string"},
}

// TestCustomResourceErrors holds what the fake makes of an object, and says of it and of updates from and to it, against what the real
// strategies do, for thousands of objects that have something wrong with them.
func TestCustomResourceErrors(t *testing.T) {
	mine, real := strategies(t, ruledDefinition(t))
	var doc any
	if err := yaml.Unmarshal([]byte(fullTab), &doc); err != nil {
		t.Fatal(err)
	}
	whole, _ := mine.read(t, doc)
	changed := whole.DeepCopy()
	_ = unstructured.SetNestedField(changed.Object, "0 0 * * *", "spec", "cronSpec")
	tried := 0
	mutated(doc, inObjects, func(name string, doc any) {
		got, ok := mine.read(t, doc)
		want, wantOK := real.read(t, doc)
		if ok != wantOK {
			t.Fatalf("%s: it can be read: %v, want %v", name, ok, wantOK)
		}
		if !ok {
			return
		}
		if diff := cmp.Diff(want.Object, got.Object); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, row := range []struct {
			name     string
			obj, old *unstructured.Unstructured
		}{{"created", got, nil}, {"updated to", got, whole}, {"updated from", whole, got}, {"changed elsewhere", changed, got}} {
			tried++
			want, is := texts(real.errors(row.obj.DeepCopy(), row.old)), texts(mine.errors(row.obj.DeepCopy(), row.old))
			if diff := cmp.Diff(want, is); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, row.name, diff)
			}
		}
		if diff := cmp.Diff(texts(real.statusErrors(got.DeepCopy(), whole)), texts(mine.statusErrors(got.DeepCopy(), whole))); diff != "" {
			t.Errorf("%s, its status (-want +got):\n%s", name, diff)
		}
	})
	if tried < 2000 {
		t.Errorf("only %d objects were tried", tried)
	}
}

// ruledDefinition is the CronTab of testdata/crds with more rules.
func ruledDefinition(t *testing.T) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	d, ok := into[apiextensionsv1.CustomResourceDefinition](t, readYAML(t, "../testdata/crds/stable.example.com_crontabs.yaml"))
	if !ok {
		t.Fatal("it is no definition")
	}
	prepareDefinition(d)
	spec := d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"]
	var more apiextensionsv1.ValidationRules
	if err := yaml.Unmarshal([]byte(moreRules), &more); err != nil {
		t.Fatal(err)
	}
	spec.XValidations = append(spec.XValidations, more...)
	if err := yaml.Unmarshal([]byte(itemRules), &spec.Properties["steps"].Items.Schema.XValidations); err != nil {
		t.Fatal(err)
	}
	d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"] = spec
	if errs := crd.Errors(d); len(errs) > 0 {
		t.Fatal(errs)
	}
	return d
}

// strategy is what either side does with an object.
type strategy struct {
	coerce               func(obj *unstructured.Unstructured) error
	errors, statusErrors func(obj, old *unstructured.Unstructured) field.ErrorList
}

// read takes an object as it comes from a client, if it can be taken.
func (s strategy) read(t *testing.T, doc any) (*unstructured.Unstructured, bool) {
	t.Helper()
	data, err := yaml.Marshal(doc)
	if err == nil {
		data, err = yaml.YAMLToJSON(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	obj := &unstructured.Unstructured{}
	if obj.UnmarshalJSON(data) != nil || obj.GroupVersionKind() != tabKind {
		return nil, false
	}
	if meta, there := obj.Object["metadata"]; there {
		if _, ok := meta.(map[string]any); !ok {
			return nil, false
		}
	}
	return obj, s.coerce(obj) == nil
}

var tabKind = schema.GroupVersionKind{Group: "stable.example.com", Version: "v1", Kind: "CronTab"}

func strategies(t *testing.T, d *apiextensionsv1.CustomResourceDefinition) (mine, real strategy) {
	t.Helper()
	internal := &apiextensions.CustomResourceDefinition{}
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(d.DeepCopy(), internal, nil); err != nil {
		t.Fatal(err)
	}
	crd.Establish(d, nil, metav1.Unix(1, 0))
	k, err := crd.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return mineOf(k.Versions[0]), realOf(t, &internal.Spec)
}

func mineOf(v *crd.Version) strategy {
	return strategy{
		coerce: func(obj *unstructured.Unstructured) error {
			if _, err := v.Coerce(obj); err != nil {
				return err
			}
			v.SetDefaults(obj)
			return nil
		},
		errors: func(obj, old *unstructured.Unstructured) field.ErrorList {
			if old == nil {
				return v.Errors(obj)
			}
			return v.UpdateErrors(obj, old)
		},
		statusErrors: func(obj, old *unstructured.Unstructured) field.ErrorList { return v.StatusErrors(obj, old) },
	}
}

func realOf(t *testing.T, spec *apiextensions.CustomResourceDefinitionSpec) strategy {
	t.Helper()
	props := spec.Validation.OpenAPIV3Schema
	s, err := structuralschema.NewStructural(props)
	if err != nil {
		t.Fatal(err)
	}
	status := props.Properties["status"]
	validator, _, err := apiservervalidation.NewSchemaValidator(props)
	if err != nil {
		t.Fatal(err)
	}
	statusValidator, _, err := apiservervalidation.NewSchemaValidator(&status)
	if err != nil {
		t.Fatal(err)
	}
	main := customresource.NewStrategy(nil, true, tabKind, validator, statusValidator, s, spec.Subresources.Status, spec.Subresources.Scale, nil)
	ctx := context.Background()
	return strategy{
		coerce: func(obj *unstructured.Unstructured) error {
			meta, _, err := objectmeta.GetObjectMeta(obj.Object, false)
			if err != nil {
				return err
			}
			pruning.Prune(obj.Object, s, true)
			defaulting.PruneNonNullableNullsWithoutDefaults(obj.Object, s)
			if err := objectmeta.Coerce(nil, obj.Object, s, false, false); err != nil {
				return err
			}
			if meta != nil {
				if err := objectmeta.SetObjectMeta(obj.Object, meta); err != nil {
					return err
				}
			}
			defaulting.Default(obj.Object, s)
			return nil
		},
		errors: func(obj, old *unstructured.Unstructured) field.ErrorList {
			if old == nil {
				return main.Validate(ctx, obj)
			}
			return main.ValidateUpdate(ctx, obj, old)
		},
		statusErrors: func(obj, old *unstructured.Unstructured) field.ErrorList {
			return customresource.NewStatusStrategy(main).ValidateUpdate(ctx, obj, old)
		},
	}
}
