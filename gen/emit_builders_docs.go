package gen

import (
	"encoding/json"
	"fmt"
	"go/token"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// The documentation of generated code is made of facts, never of the API's own texts: what is set, its default and what it may
// be, and a link to the API's field, where its documentation stands.

// see refers to the API's field that a setter sets: See [corev1.PodSpec.DNSPolicy]. Nothing, if its struct has no documentation.
func (s *Setter) see() string {
	if !token.IsExported(s.Owner.Name) {
		return ""
	}
	return fmt.Sprintf(" See [%s.%s.%s].", gocode.ImportAlias(s.Owner.Path), s.Owner.Name, s.Field)
}

func builderDoc(b *Builder) string {
	return fmt.Sprintf("%sBuilder builds a [%s.%s]. Start one with [%s].", b.Name, gocode.ImportAlias(b.API.Path), b.API.Name, b.Name)
}

func constructorDoc(b *Builder) string {
	var names []string
	for _, s := range b.params() {
		names = append(names, jsonOr(s, "one ["+s.Value.Builder+"]"))
	}
	if len(names) == 0 {
		return fmt.Sprintf("%s starts a new [%sBuilder].", b.Name, b.Name)
	}
	text := fmt.Sprintf("%s starts a new [%sBuilder] with %s.", b.Name, b.Name, gocode.Enumerate(names, "and"))
	if b.Kind != nil && b.Constructor[0] == "Name" {
		text += ` An empty name is for one that has GenerateName.`
	}
	return text
}

func fromDoc(b *Builder, param string) string {
	return fmt.Sprintf("%sFrom starts a new [%sBuilder] from a copy of %s, which must not be nil.", b.Name, b.Name, param)
}

func buildDoc(b *Builder) string {
	if b.Kind == nil {
		return fmt.Sprintf("Build returns a new %s, or what b was told wrongly. The rest is validated with the object that it becomes a part of.", b.Name)
	}
	return fmt.Sprintf("Build returns a new %s, or everything that is wrong with it, as one [*multierror.Error] of [*field.Error]. "+
		"Defaults are applied for the validation only, not to what it returns.", b.Name)
}

// setterDoc says what a setter does: DNSPolicy sets spec.dnsPolicy: ClusterFirst (the default), Default or None. See
// [corev1.PodSpec.DNSPolicy].
func setterDoc(s *Setter) string {
	var text string
	switch s.Form {
	case formList:
		text = fmt.Sprintf("%s adds to %s", s.Name, s.JSON)
	case formMap:
		text = fmt.Sprintf("%s merges m into %s; what m says wins", s.Name, s.JSON)
	default:
		text = fmt.Sprintf("%s sets %s", s.Name, jsonOr(s, "what it is"))
	}
	return text + s.says() + "." + s.see()
}

func entryDoc(s *Setter) string {
	return fmt.Sprintf("%s sets the entry k of %s%s.%s", s.Singular, s.JSON, s.says(), s.see())
}

// jsonOr is the path on the wire, which an inlined union at the top has none of.
func jsonOr(s *Setter, otherwise string) string {
	if s.JSON == "" {
		return otherwise
	}
	return s.JSON
}

// says adds to a sentence what is known of the values.
func (s *Setter) says() string {
	initial := text(s.Facts.Default)
	if initial == "" {
		initial = text(s.Facts.Implied)
	}
	if values := s.Facts.Values; len(values) > 0 && len(values) < 12 {
		return ": " + gocode.Enumerate(withDefault(values, initial), "or")
	}
	var parts []string
	switch s.Value.Kind {
	case valueQuantity:
		parts = append(parts, "a quantity such as 500m or 1Gi")
	case valueIntOrString:
		parts = append(parts, "a text of digits is a number")
	}
	if s.Form == formOne || s.Form == formPointer {
		parts = append(parts, limits(s.Facts)...)
		if initial != "" && (s.Form == formPointer || initial != "0" && initial != "false") {
			parts = append(parts, initial+" by default")
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

func limits(f FieldFacts) []string {
	switch {
	case f.Minimum != "" && f.Maximum != "":
		return []string{f.Minimum + " to " + f.Maximum}
	case f.Minimum != "":
		return []string{"at least " + f.Minimum}
	case f.Maximum != "":
		return []string{"at most " + f.Maximum}
	case f.MaxLength > 0:
		return []string{fmt.Sprintf("at most %d characters", f.MaxLength)}
	}
	return nil
}

// text is a default as prose: without the quotes of JSON, nothing for an empty one.
func text(fact string) string {
	var s string
	if json.Unmarshal([]byte(fact), &s) == nil {
		return s
	}
	return fact
}

// withDefault marks the value that is the default, and leaves an empty one out.
func withDefault(values []string, initial string) []string {
	var list []string
	for _, v := range values {
		switch v {
		case "":
		case initial:
			list = append(list, v+" (the default)")
		default:
			list = append(list, v)
		}
	}
	return list
}
