package types

import (
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/facts"
)

// required says whether the schema of the object demands the field. For types without facts the JSON tag decides, as it
// does in schemas of types without markers.
func (e *explanation) required(f explainedField) bool {
	if known := facts.Of(f.owner); known.Name != "" {
		return known.Field(f.Name).Required
	}
	_, options, _ := strings.Cut(f.tag, ",")
	return !strings.Contains(options, "omitempty") && !strings.Contains(options, "omitzero")
}

// values are those that the schema of a field allows. Schemas of the core group are made by kube-openapi, which knows
// types with an +enum marker only and sorts their values. Those of custom resources have them in their order, be they the
// field's or its type's.
func (e *explanation) values(f explainedField) []string {
	ofField, ofType := facts.Of(f.owner).Field(f.Name).Values, facts.Of(f.Type).Values
	switch {
	case e.core && facts.Of(f.Type).Closed: // by the server's code, and by no schema
		return nil
	case e.core:
		return slices.Sorted(slices.Values(ofType))
	case len(ofField) > 0:
		return ofField
	}
	return ofType
}

// describe is what SwaggerDoc says of a field and, in the core group, the values of its type as kube-openapi's
// DescriptionLines adds them.
func (e *explanation) describe(f explainedField) string {
	values := e.values(f)
	if !e.core || len(values) == 0 {
		return f.Text
	}
	var b strings.Builder
	if f.Text != "" {
		b.WriteString(f.Text + "\n\n")
	}
	b.WriteString("Possible enum values:")
	for _, v := range values {
		fmt.Fprintf(&b, "\n - `%q`", v)
	}
	return b.String()
}

// shortEnum is how many values the list of fields names.
const shortEnum = 4

func shortValues(values []string) string {
	var shown []string
	for i, v := range values {
		if i == shortEnum {
			shown = append(shown, "....")
			break
		}
		shown = append(shown, enumValue(v))
	}
	return strings.Join(shown, ", ")
}

// enumValue shows the empty value, which could not be seen.
func enumValue(v string) string {
	if v == "" {
		return `""`
	}
	return v
}
