package crd

import (
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

const (
	refPrefix         = "#/components/schemas/"
	extPreserve       = "x-kubernetes-preserve-unknown-fields"
	extEmbedded       = "x-kubernetes-embedded-resource"
	extGroupVersion   = "x-kubernetes-group-version-kind"
	textEmbeddedAPI   = "apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources"
	textEmbeddedKind  = "kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"
	textEmbeddedMeta  = "metadata is the standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"
	typeObject        = "object"
	propertyVersion   = "apiVersion"
	propertyKind      = "kind"
	propertyMetadata  = "metadata"
	listMetadataModel = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"
)

// model is what a kind is called in OpenAPI documents: its group backwards, version and kind.
func (v *Version) model() string {
	gvk := v.GroupVersionKind()
	host := strings.Split(gvk.Group, ".")
	slices.Reverse(host)
	return strings.Join(append(host, gvk.Version, gvk.Kind), ".")
}

// Schema is the schema as clients see it: the definition's, with what every object has.
func (v *Version) Schema() *spec.Schema {
	if v.structural == nil {
		return nil
	}
	s := v.structural.ToKubeOpenAPI()
	addTypeMeta(s)
	gvk := v.GroupVersionKind()
	s.AddExtension(extGroupVersion, []any{map[string]any{"group": gvk.Group, "version": gvk.Version, "kind": gvk.Kind}})
	return s
}

var typeMetaDoc = metav1.TypeMeta{}.SwaggerDoc()

// addTypeMeta adds to the schema of an object, and to those of the objects embedded in it, what every object has.
func addTypeMeta(s *spec.Schema) {
	eachSchema(s, func(s *spec.Schema) {
		if yes, ok := s.Extensions.GetBool(extEmbedded); ok && yes {
			addObjectProperties(s, textEmbeddedAPI, textEmbeddedKind)
			for _, name := range []string{propertyKind, propertyVersion} {
				if !slices.Contains(s.Required, name) {
					s.Required = append(s.Required, name)
				}
			}
		}
	})
	addObjectProperties(s, typeMetaDoc[propertyVersion], typeMetaDoc[propertyKind])
}

func addObjectProperties(s *spec.Schema, version, kind string) {
	s.SetProperty(propertyVersion, *spec.StringProperty().WithDescription(version))
	s.SetProperty(propertyKind, *spec.StringProperty().WithDescription(kind))
	s.SetProperty(propertyMetadata, *spec.RefSchema(refPrefix + metadataModel).WithDescription(textEmbeddedMeta))
}
