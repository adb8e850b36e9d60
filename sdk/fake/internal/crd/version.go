package crd

import (
	"fmt"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// Version is one version of a kind.
type Version struct {
	kind *Kind
	Spec *apiextensionsv1.CustomResourceDefinitionVersion

	schemaParts
	columns *columns
	merges  lazyType // how fields merge
}

// schemaParts are what can be made of a schema beforehand. They are nil for a version without a schema, which only an old definition can
// have.
type schemaParts struct {
	structural *structuralschema.Structural // what is pruned, defaulted and unique
	whole      *spec.Schema                 // what is validated
	status     *spec.Schema                 // the part of whole that a write of the status is held against
	rules      *rules                       // what is computed: x-kubernetes-validations
}

func compile(k *Kind, v *apiextensionsv1.CustomResourceDefinitionVersion) (*Version, error) {
	out := &Version{kind: k, Spec: v}
	var err error
	if out.columns, err = newColumns(v.AdditionalPrinterColumns); err != nil {
		return nil, err
	}
	if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
		return out, nil
	}
	p, err := partsOf(v.Schema)
	if err != nil {
		return nil, err
	}
	out.schemaParts = *p
	return out, nil
}

func newParts(v *apiextensionsv1.CustomResourceValidation) (*schemaParts, error) {
	p := &schemaParts{}
	var err error
	if p.structural, err = structuralOf(v); err != nil {
		return nil, err
	}
	if p.whole, err = validationSchema(v.OpenAPIV3Schema); err != nil {
		return nil, err
	}
	if status, ok := p.whole.Properties["status"]; ok {
		p.status = &status
	}
	p.rules = newRules(p.structural, true)
	return p, nil
}

// structuralOf is the schema in the form that can be walked together with an object. Its defaults have no fields that are pruned.
func structuralOf(v *apiextensionsv1.CustomResourceValidation) (*structuralschema.Structural, error) {
	internal := &apiextensions.CustomResourceValidation{}
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(v, internal, nil); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s, err := structuralschema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, fmt.Errorf("the schema is not structural: %w", err)
	}
	s = s.DeepCopy() // it shares the defaults of the definition
	pruneDefaults(s)
	return s, nil
}

// GroupVersionKind is what objects of the version carry.
func (v *Version) GroupVersionKind() schema.GroupVersionKind {
	d := v.kind.Definition
	return schema.GroupVersionKind{Group: d.Spec.Group, Version: v.Spec.Name, Kind: d.Status.AcceptedNames.Kind}
}

// HasStatus says whether the status is a part of its own.
func (v *Version) HasStatus() bool {
	return v.Spec.Subresources != nil && v.Spec.Subresources.Status != nil
}

// Scale is where the definition says that replicas are, or nil.
func (v *Version) Scale() *apiextensionsv1.CustomResourceSubresourceScale {
	if v.Spec.Subresources == nil {
		return nil
	}
	return v.Spec.Subresources.Scale
}
