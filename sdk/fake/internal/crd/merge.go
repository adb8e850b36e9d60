package crd

import (
	"slices"
	"sync"

	fakeschema "github.com/podwright/podwright/sdk/fake/internal/schema"
	"k8s.io/kube-openapi/pkg/schemaconv"
	"k8s.io/kube-openapi/pkg/validation/spec"
	smdschema "sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// metadataModel is what metadata is called in OpenAPI documents and in the schema by which fields merge.
const metadataModel = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"

// MergeType says how objects of a version merge: by the schema of the definition, and metadata as in every object. A version without
// a schema, or an unknown one, merges as its content suggests: every list is replaced as a whole.
func (k *Kind) MergeType(name string) typed.ParseableType {
	v := k.version(name)
	if v == nil || v.structural == nil {
		return typed.DeducedParseableType
	}
	return v.merging()
}

// merging is the type of a version, made at the first write.
func (v *Version) merging() typed.ParseableType {
	v.merges.once.Do(func() {
		v.merges.made = typed.DeducedParseableType
		s := v.structural.ToKubeOpenAPI()
		addTypeMeta(s)
		converted, err := schemaconv.ToSchemaFromOpenAPI(map[string]*spec.Schema{v.model(): s}, v.kind.Definition.Spec.PreserveUnknownFields)
		if err != nil {
			return // as a server does that cannot make its models
		}
		parser := typed.Parser{Schema: smdschema.Schema{Types: append(converted.Types, metadataTypes()...)}}
		v.merges.made = parser.Type(v.model())
	})
	return v.merges.made
}

// lazyType is a type that is made once.
type lazyType struct {
	once sync.Once
	made typed.ParseableType
}

// metadataTypes are what metadata is made of.
var metadataTypes = sync.OnceValue(func() []smdschema.TypeDef {
	needed := []string{
		metadataModel, "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference", "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry",
		"io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1", "io.k8s.apimachinery.pkg.apis.meta.v1.Time",
	}
	var types []smdschema.TypeDef
	for _, t := range fakeschema.Types {
		if slices.Contains(needed, t.Name) {
			types = append(types, t)
		}
	}
	return types
})
