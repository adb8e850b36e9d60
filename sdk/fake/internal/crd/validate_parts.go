package crd

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/podwright/podwright/sdk/fake/internal/store"
	corev1 "k8s.io/api/core/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/api/operation"
	textrules "k8s.io/apimachinery/pkg/api/validate/content"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// scaleErrors are what is wrong with the numbers that the scale subresource is about, as ValidateScaleSpec and ValidateScaleStatus say.
func (v *Version) scaleErrors(obj store.Object, withSpec bool) field.ErrorList {
	scale := v.Scale()
	if scale == nil {
		return nil
	}
	var errs field.ErrorList
	paths := []string{scale.StatusReplicasPath}
	if withSpec {
		paths = []string{scale.SpecReplicasPath, scale.StatusReplicasPath}
	}
	for _, path := range paths {
		n, _, err := unstructured.NestedInt64(content(obj), fieldsOf(path)...)
		switch at := field.NewPath(path); {
		case err != nil:
			errs = append(errs, field.Invalid(at, n, err.Error()))
		case n < 0:
			errs = append(errs, field.Invalid(at, n, "should be a non-negative integer"))
		case n > math.MaxInt32:
			errs = append(errs, field.Invalid(at, n, fmt.Sprintf("should be less than or equal to %v", math.MaxInt32)))
		}
	}
	if path := scale.LabelSelectorPath; path != nil {
		if text, _, err := unstructured.NestedString(content(obj), fieldsOf(*path)...); err != nil {
			errs = append(errs, field.Invalid(field.NewPath(*path), text, err.Error()))
		}
	}
	return errs
}

// embeddedErrors hold what stands in x-kubernetes-embedded-resource to the rules of objects, as objectmeta.Validate does.
func embeddedErrors(path *field.Path, x any, s *structuralschema.Structural) field.ErrorList {
	if s == nil {
		return nil
	}
	var errs field.ErrorList
	switch x := x.(type) {
	case map[string]any:
		if s.XEmbeddedResource {
			errs = resourceErrors(path, x)
		}
		for _, name := range sortedKeys(x) {
			errs = append(errs, embeddedErrors(pathOf(path, s, name), x[name], propertyOf(s, name))...)
		}
	case []any:
		for i := range x {
			errs = append(errs, embeddedErrors(path.Index(i), x[i], s.Items)...)
		}
	}
	return errs
}

func resourceErrors(path *field.Path, x map[string]any) field.ErrorList {
	errs := append(textErrors(path.Child("apiVersion"), x, "apiVersion", versionProblem), textErrors(path.Child("kind"), x, "kind", kindProblem)...)
	meta, _, err := metadataOf(x, path)
	switch at := path.Child("metadata"); {
	case err != nil:
		return append(errs, field.Invalid(at, x["metadata"], err.Error()))
	case meta == nil:
		return errs
	default:
		if meta.Name == "" {
			meta.Name = "fakename" // an embedded object need not have one
		}
		return append(errs, apivalidation.ValidateObjectMetaDeclaratively(context.Background(), operation.Create, meta, nil, meta.Namespace != "", pathSegment, at, true)...)
	}
}

// textErrors hold a field that must be a text to a rule.
func textErrors(path *field.Path, x map[string]any, name string, problem func(string) string) field.ErrorList {
	value, found := x[name]
	if !found {
		return field.ErrorList{field.Required(path, "")}
	}
	text, ok := value.(string)
	switch {
	case !ok:
		return field.ErrorList{field.Invalid(path, value, "must be a string")}
	case text == "":
		return field.ErrorList{field.Invalid(path, text, "must not be empty")}
	}
	if p := problem(text); p != "" {
		return field.ErrorList{field.Invalid(path, text, p)}
	}
	return nil
}

func versionProblem(text string) string {
	if _, err := schema.ParseGroupVersion(text); err != nil {
		return err.Error()
	}
	return ""
}

func kindProblem(text string) string {
	if problems := validation.IsDNS1035Label(strings.ToLower(text)); len(problems) > 0 {
		return textMixedCase + strings.Join(problems, ",")
	}
	return ""
}

const textMixedCase = "may have mixed case, but should otherwise match: "

func pathSegment(name string, prefix bool) []string {
	if prefix {
		return textrules.IsPathSegmentPrefix(name)
	}
	return textrules.IsPathSegmentName(name)
}

// Warnings are about new finalizers that another program may have chosen too, as validateKubeFinalizerName says.
func Warnings(obj, old store.Object) []string {
	var was []string
	if old != nil {
		was = old.GetFinalizers()
	}
	var texts []string
	for _, f := range slices.Sorted(slices.Values(obj.GetFinalizers())) {
		if !slices.Contains(was, f) {
			texts = append(texts, finalizerProblems(f)...)
		}
	}
	return texts
}

var standardFinalizers = []string{metav1.FinalizerOrphanDependents, metav1.FinalizerDeleteDependents, string(corev1.FinalizerKubernetes)}

func finalizerProblems(name string) []string {
	var texts []string
	for _, problem := range validation.IsQualifiedName(name) {
		texts = append(texts, fmt.Sprintf("metadata.finalizers: %q: %s", name, problem))
	}
	switch {
	case strings.Contains(name, "/") || slices.Contains(standardFinalizers, name):
		return texts
	case strings.Contains(name, "."):
		return append(texts, fmt.Sprintf("metadata.finalizers: %q: prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers", name))
	}
	return append(texts, fmt.Sprintf("metadata.finalizers: %q: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers", name))
}
