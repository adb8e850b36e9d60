package crd

import (
	"fmt"
	"maps"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// DefinitionWarnings are what is allowed in a definition but has no effect, or not the expected one, unless old had it already. old is nil
// for a new definition.
func DefinitionWarnings(d, old *apiextensionsv1.CustomResourceDefinition) []string {
	formats, sets := questionable(d)
	var wasFormats []string
	var wasSets map[string]bool
	if old != nil {
		wasFormats, wasSets = questionable(old)
	}
	var texts []string
	for _, text := range formats {
		if !slices.Contains(wasFormats, text) {
			texts = append(texts, text)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(sets)) {
		if !wasSets[text] {
			texts = append(texts, text)
		}
	}
	return texts
}

// questionable finds the formats that nobody knows, and the sets whose items nobody can compare.
func questionable(d *apiextensionsv1.CustomResourceDefinition) (formats []string, sets map[string]bool) {
	sets = map[string]bool{}
	for _, v := range d.Spec.Versions {
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			continue
		}
		s, err := openAPISchema(v.Schema.OpenAPIV3Schema)
		if err != nil {
			continue // it is invalid, and will be refused
		}
		eachSchema(s, func(s *spec.Schema) {
			if s.Format != "" && !knownFormat(s.Type, s.Format) {
				formats = append(formats, fmt.Sprintf("unrecognized format %q", s.Format))
			}
			kind, _ := s.Extensions.GetString(extListType)
			if kind == "set" && s.Items != nil && s.Items.Schema != nil && len(s.Items.Schema.Type) == 1 {
				if item := s.Items.Schema.Type[0]; item == typeObject || item == "array" {
					sets[fmt.Sprintf("x-kubernetes-list-type: set for items of type %q is not supported by server-side apply or CEL validation rules", item)] = true
				}
			}
		})
	}
	slices.Sort(formats)
	return formats, sets
}
