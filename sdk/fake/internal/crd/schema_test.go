package crd

import (
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// What thousands of invalid definitions and objects are told is held against the real validation in the conformance module. Here stand
// the rules that it cannot see.

// defined compiles a kind Thing in things.example.com, which has one version with the given schema of its spec.
func defined(t *testing.T, spec string) *Kind {
	t.Helper()
	d := definitionOf(t, spec)
	if errs := Errors(d); len(errs) > 0 {
		t.Fatal(errs)
	}
	Establish(d, nil, metav1.Unix(1, 0))
	k, err := Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func definitionOf(t *testing.T, spec string) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	s := apiextensionsv1.JSONSchemaProps{}
	if err := yaml.Unmarshal([]byte(spec), &s); err != nil {
		t.Fatal(err)
	}
	d := &apiextensionsv1.CustomResourceDefinition{
		ObjectMeta: metav1.ObjectMeta{Name: "things.example.com", Generation: 1, CreationTimestamp: metav1.Unix(1, 0), UID: "uid"},
		Spec: apiextensionsv1.CustomResourceDefinitionSpec{
			Group: "example.com", Scope: apiextensionsv1.NamespaceScoped,
			Names: apiextensionsv1.CustomResourceDefinitionNames{Plural: "things", Kind: "Thing"},
			Versions: []apiextensionsv1.CustomResourceDefinitionVersion{{
				Name: "v1", Served: true, Storage: true,
				Schema: &apiextensionsv1.CustomResourceValidation{OpenAPIV3Schema: &apiextensionsv1.JSONSchemaProps{
					Type: "object", Properties: map[string]apiextensionsv1.JSONSchemaProps{"spec": s},
				}},
			}},
		},
	}
	apiextensionsv1.SetObjectDefaults_CustomResourceDefinition(d)
	return d
}

// thing is an object of that kind, as a client sends it.
func thing(t *testing.T, spec string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: b}\nspec: " + spec))
	u := &unstructured.Unstructured{}
	if err == nil {
		err = u.UnmarshalJSON(data)
	}
	if err != nil {
		t.Fatal(err)
	}
	return u
}
