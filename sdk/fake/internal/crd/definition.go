package crd

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/operation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Errors are what is wrong with a new definition, in the words and at the paths of ValidateCustomResourceDefinition. The paths are those
// of the server's internal version, in which what all versions have in common stands at the top: spec.validation, spec.subresources,
// spec.additionalPrinterColumns.
func Errors(d *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	path := field.NewPath("metadata")
	errs := apivalidation.ValidateObjectMetaDeclaratively(context.Background(), operation.Create, &d.ObjectMeta, nil, false, nameRule(d), path, true)
	return append(errs, definitionErrors(d, nil)...)
}

// UpdateErrors are what is wrong with an update of a definition.
func UpdateErrors(d, old *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	return append(metaUpdateErrors(d, old), definitionErrors(d, old)...)
}

// StatusErrors are what is wrong with an update of a definition's status.
func StatusErrors(d, old *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	internal, err := internalOf(d)
	if err != nil {
		return field.ErrorList{field.InternalError(nil, err)}
	}
	return append(metaUpdateErrors(d, old), namesErrors(&internal.Status.AcceptedNames, field.NewPath("status", "acceptedNames"))...)
}

func metaUpdateErrors(d, old *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	return apivalidation.ValidateObjectMetaDeclaratively(context.Background(), operation.Update, &d.ObjectMeta, &old.ObjectMeta, false, nil, field.NewPath("metadata"), true)
}

func nameRule(d *apiextensionsv1.CustomResourceDefinition) apivalidation.ValidateNameFunc {
	return func(name string, prefix bool) []string {
		problems := apivalidation.NameIsDNSSubdomain(name, prefix)
		if name != d.Spec.Names.Plural+"."+d.Spec.Group {
			problems = append(problems, `must be spec.names.plural+"."+spec.group`)
		}
		return problems
	}
}

// internalOf is a definition in the server's internal version.
func internalOf(d *apiextensionsv1.CustomResourceDefinition) (*apiextensions.CustomResourceDefinition, error) {
	internal := &apiextensions.CustomResourceDefinition{}
	if err := apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(d.DeepCopy(), internal, nil); err != nil {
		return nil, fmt.Errorf("read the definition: %w", err)
	}
	return internal, nil
}

// definitionErrors are what is wrong with a definition beside its metadata.
func definitionErrors(d, old *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	internal, err := internalOf(d)
	if err != nil {
		return field.ErrorList{field.InternalError(nil, err)}
	}
	spec, path := &internal.Spec, field.NewPath("spec")
	errs := groupErrors(spec, path)
	errs = append(errs, versionsErrors(spec, path)...)
	errs = append(errs, requiredNames(spec, path)...)
	errs = append(errs, namesErrors(&spec.Names, path.Child("names"))...)
	errs = append(errs, validationErrors(spec.Validation, anyStatus(spec), path.Child("validation"))...)
	errs = append(errs, subresourceErrors(spec.Subresources, path.Child("subresources"))...)
	errs = append(errs, columnsErrors(spec.AdditionalPrinterColumns, path)...)
	if len(spec.SelectableFields) > 0 {
		errs = append(errs, selectableErrors(spec.SelectableFields, spec.Validation, path, "may only be set when validations.schema is included")...)
	}
	errs = append(errs, conversionErrors(spec.Conversion, path.Child("conversion"))...)
	errs = append(errs, immutableErrors(d, old, path)...)
	errs = append(errs, namesErrors(&internal.Status.AcceptedNames, field.NewPath("status", "acceptedNames"))...)
	errs = append(errs, storedErrors(internal, field.NewPath("status", "storedVersions"))...)
	errs = append(errs, approvalErrors(d, old)...)
	if spec.PreserveUnknownFields != nil && *spec.PreserveUnknownFields {
		errs = append(errs, field.Invalid(path.Child("preserveUnknownFields"), true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"))
	}
	return errs
}

func groupErrors(spec *apiextensions.CustomResourceDefinitionSpec, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	at := path.Child("group")
	switch problems := validation.IsDNS1123Subdomain(spec.Group); {
	case spec.Group == "":
		errs = append(errs, field.Required(at, ""))
	case len(problems) > 0:
		errs = append(errs, field.Invalid(at, spec.Group, strings.Join(problems, ",")))
	case !strings.Contains(spec.Group, "."):
		errs = append(errs, field.Invalid(at, spec.Group, "should be a domain with at least one dot"))
	}
	scopes := []string{string(apiextensions.ClusterScoped), string(apiextensions.NamespaceScoped)}
	errs = append(errs, oneOf(path.Child("scope"), string(spec.Scope), scopes)...)
	if spec.Validation != nil && spec.Validation.OpenAPIV3Schema != nil {
		return errs
	}
	for i, v := range spec.Versions {
		if v.Schema == nil || v.Schema.OpenAPIV3Schema == nil {
			errs = append(errs, field.Required(path.Child("versions").Index(i).Child("schema").Child("openAPIV3Schema"), ""))
		}
	}
	return errs
}

func oneOf(path *field.Path, value string, allowed []string) field.ErrorList {
	switch {
	case value == "":
		return field.ErrorList{field.Required(path, "")}
	case !slices.Contains(allowed, value):
		return field.ErrorList{field.NotSupported(path, value, allowed)}
	}
	return nil
}

func versionsErrors(spec *apiextensions.CustomResourceDefinitionSpec, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	storage, seen, unique := 0, map[string]bool{}, true
	for i := range spec.Versions {
		v, at := &spec.Versions[i], path.Child("versions").Index(i)
		if v.Storage {
			storage++
		}
		unique = unique && !seen[v.Name]
		seen[v.Name] = true
		if problems := validation.IsDNS1035Label(v.Name); len(problems) > 0 {
			errs = append(errs, field.Invalid(at.Child("name"), v.Name, strings.Join(problems, ",")))
		}
		errs = append(errs, versionErrors(spec, v, at)...)
	}
	if !unique {
		errs = append(errs, field.Invalid(path.Child("versions"), spec.Versions, "must contain unique version names"))
	}
	if storage != 1 {
		errs = append(errs, field.Invalid(path.Child("versions"), spec.Versions, "must have exactly one version marked as storage version"))
	}
	if spec.Version != "" {
		if problems := validation.IsDNS1035Label(spec.Version); len(problems) > 0 {
			errs = append(errs, field.Invalid(path.Child("version"), spec.Version, strings.Join(problems, ",")))
		}
	}
	return errs
}

func versionErrors(spec *apiextensions.CustomResourceDefinitionSpec, v *apiextensions.CustomResourceDefinitionVersion, path *field.Path) field.ErrorList {
	var errs field.ErrorList
	for _, problem := range warningProblems(v.Deprecated, v.DeprecationWarning) {
		errs = append(errs, field.Invalid(path.Child("deprecationWarning"), v.DeprecationWarning, problem))
	}
	subresources := v.Subresources
	if spec.Subresources != nil {
		subresources = spec.Subresources
	}
	errs = append(errs, validationErrors(v.Schema, subresources != nil && subresources.Status != nil, path.Child("schema"))...)
	errs = append(errs, subresourceErrors(v.Subresources, path.Child("subresources"))...)
	errs = append(errs, columnsErrors(v.AdditionalPrinterColumns, path)...)
	if len(v.SelectableFields) > 0 {
		schema := v.Schema
		if schema == nil {
			schema = spec.Validation
		}
		errs = append(errs, selectableErrors(v.SelectableFields, schema, path, "may only be set when `version.schema.openAPIV3Schema` is not included")...)
	}
	return errs
}

const longestWarning = 256

func warningProblems(deprecated bool, warning *string) []string {
	if warning == nil {
		return nil
	}
	if !deprecated {
		return []string{"can only be set for deprecated versions"}
	}
	var problems []string
	if len(*warning) > longestWarning {
		problems = append(problems, "must be <= 256 characters long")
	}
	if *warning == "" {
		problems = append(problems, "must not be an empty string")
	}
	if i := strings.IndexFunc(*warning, func(r rune) bool { return !unicode.IsPrint(r) }); i >= 0 {
		problems = append(problems, fmt.Sprintf("must only contain printable UTF-8 characters; non-printable character found at index %d", i))
	}
	if !utf8.ValidString(*warning) {
		problems = append(problems, "must only contain printable UTF-8 characters")
	}
	return problems
}

func anyStatus(spec *apiextensions.CustomResourceDefinitionSpec) bool {
	has := func(s *apiextensions.CustomResourceSubresources) bool { return s != nil && s.Status != nil }
	return has(spec.Subresources) || slices.ContainsFunc(spec.Versions, func(v apiextensions.CustomResourceDefinitionVersion) bool { return has(v.Subresources) })
}

// immutableErrors refuse changes of what decides where objects are stored.
func immutableErrors(d, old *apiextensionsv1.CustomResourceDefinition, path *field.Path) field.ErrorList {
	if old == nil {
		return nil
	}
	var errs field.ErrorList
	if isTrue(old, apiextensionsv1.Established) {
		errs = append(errs, apivalidation.ValidateImmutableField(d.Spec.Scope, old.Spec.Scope, path.Child("scope"))...)
		errs = append(errs, apivalidation.ValidateImmutableField(d.Spec.Names.Kind, old.Spec.Names.Kind, path.Child("names", "kind"))...)
	}
	errs = append(errs, apivalidation.ValidateImmutableField(d.Spec.Group, old.Spec.Group, path.Child("group"))...)
	return append(errs, apivalidation.ValidateImmutableField(d.Spec.Names.Plural, old.Spec.Names.Plural, path.Child("names", "plural"))...)
}

// storedErrors keep the versions that objects may still be stored in.
func storedErrors(d *apiextensions.CustomResourceDefinition, path *field.Path) field.ErrorList {
	stored := d.Status.StoredVersions
	if len(stored) == 0 {
		return field.ErrorList{field.Invalid(path, stored, "must have at least one stored version")}
	}
	var errs field.ErrorList
	for _, v := range d.Spec.Versions {
		if v.Storage && !slices.Contains(stored, v.Name) {
			errs = append(errs, field.Invalid(path, stored, "must have the storage version "+v.Name))
		}
	}
	for i, name := range stored {
		if !slices.ContainsFunc(d.Spec.Versions, func(v apiextensions.CustomResourceDefinitionVersion) bool { return v.Name == name }) {
			errs = append(errs, field.Invalid(path.Index(i), name, fmt.Sprintf("missing from spec.versions; %[1]s was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in %[1]s and removes %[1]s from status.storedVersions", name)))
		}
	}
	return errs
}

// approvalErrors keep everybody but Kubernetes itself out of the groups of Kubernetes.
func approvalErrors(d, old *apiextensionsv1.CustomResourceDefinition) field.ErrorList {
	if !apihelpers.IsProtectedCommunityGroup(d.Spec.Group) {
		return nil
	}
	state, reason := apihelpers.GetAPIApprovalState(d.Annotations)
	if old != nil {
		if was, _ := apihelpers.GetAPIApprovalState(old.Annotations); was == state {
			return nil
		}
	}
	at := field.NewPath("metadata", "annotations").Key(apiextensionsv1.KubeAPIApprovedAnnotation)
	switch state {
	case apihelpers.APIApproved, apihelpers.APIApprovalBypassed:
		return nil
	case apihelpers.APIApprovalMissing:
		return field.ErrorList{field.Required(at, reason)}
	}
	return field.ErrorList{field.Invalid(at, d.Annotations[apiextensionsv1.KubeAPIApprovedAnnotation], reason)}
}
