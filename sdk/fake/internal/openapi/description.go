package openapi

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
)

func typeDescription(t reflect.Type) string {
	if text := swaggerDoc(t)[""]; text != "" {
		return text
	}
	return undocumented[short(modelName(t))]
}

// swaggerDoc holds the texts of a type's fields by their JSON names, and of the type itself under the empty one.
func swaggerDoc(t reflect.Type) map[string]string {
	docs := saidDoc(t)
	if fromEmbedded(t, func(e reflect.Type) bool { return maps.Equal(saidDoc(e), docs) }) {
		return nil
	}
	return docs
}

func saidDoc(t reflect.Type) map[string]string {
	if documented, ok := example(t).(interface{ SwaggerDoc() map[string]string }); ok {
		return documented.SwaggerDoc()
	}
	return nil
}

// possibleValues lists the values of an enum below its description, as DescriptionLines of kube-openapi does. What
// each one means is a comment, which does not reach the running program.
func possibleValues(values []any) string {
	if len(values) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n\nPossible enum values:")
	for _, v := range values {
		fmt.Fprintf(&b, "\n - `%q`", v)
	}
	return b.String()
}

// undocumented describes the types that have no SwaggerDoc, by their names in documents without the first words.
var undocumented = map[string]string{
	"api.resource.Quantity":   "A number with an optional suffix: decimal (m, k, M, G, T, P, E), binary (Ki, Mi, Gi, Ti, Pi, Ei) or a power of ten (e3, E-2).",
	"apis.meta.v1.Duration":   "A length of time as Go writes it, such as 1h30m.",
	"apis.meta.v1.MicroTime":  "A moment in the form of RFC 3339, to the microsecond.",
	"apis.meta.v1.Time":       "A moment in the form of RFC 3339, to the second.",
	"apis.meta.v1.WatchEvent": "One change that a watch saw.",
	"runtime.RawExtension":    "An object of any kind.",
	"util.intstr.IntOrString": "A whole number or a text: for ports the number or the name.",
}

// short is the name of a schema without its first words.
func short(model string) string {
	model = strings.TrimPrefix(model, "io.k8s.apimachinery.pkg.")
	return strings.TrimPrefix(model, "io.k8s.api.")
}
