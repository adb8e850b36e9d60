package types

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/podwright/podwright/types/internal/closest"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// explanation is what is to be printed. The layout is that of kubectl's template plaintext.tmpl, of which every blank line
// and every space at the end of a line is kept.
type explanation struct {
	kind      schema.GroupVersionKind
	core      bool            // whether it is a kind of core/v1
	field     *explainedField // the last one of the path, nil for the kind itself
	at        reflect.Type    // the type of that field, or of the kind
	recursive bool
	depth     int // how many levels, 0 for all
}

// Measures of the layout, in columns.
const (
	explainWidth = 80
	explainPad   = 4
	levelPad     = 2
)

// step finds a field of what the explanation has come to.
func (e *explanation) step(name string) (explainedField, error) {
	object := objectIn(e.at)
	if object == nil {
		return explainedField{}, fmt.Errorf("%s is of type %s, which has no field %q", e.field.Name, typeName(e.at), name)
	}
	fields := explainedFields(object)
	names := make([]string, len(fields))
	for i, f := range fields {
		if f.Name == name {
			return f, nil
		}
		names[i] = f.Name
	}
	problem := fmt.Sprintf("%s has no field %q", jsonType(object), name)
	if near := closest.To(name, names); near != "" {
		problem += fmt.Sprintf(", did you mean %q?", near)
	}
	return explainedField{}, fmt.Errorf("%s", problem)
}

func (e *explanation) print() string {
	var b strings.Builder
	e.printHeader(&b)
	fmt.Fprintf(&b, "DESCRIPTION:\n%s\n", paragraph(cmp.Or(e.description(), "<empty>"), explainPad))
	if object := objectIn(e.at); object != nil {
		if fields := explainedFields(object); len(fields) > 0 {
			b.WriteString("FIELDS:\n")
			e.printFields(&b, fields, 1, e.above(object))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

func (e *explanation) printHeader(b *strings.Builder) {
	if e.kind.Group != "" {
		fmt.Fprintf(b, "GROUP:      %s\n", e.kind.Group)
	}
	fmt.Fprintf(b, "KIND:       %s\nVERSION:    %s\n\n", e.kind.Kind, e.kind.Version)
	if e.field == nil {
		return
	}
	fmt.Fprintf(b, "FIELD: %s <%s>\n", e.field.Name, typeName(e.field.Type))
	if values := e.values(*e.field); len(values) > 0 {
		b.WriteString("ENUM:")
		for _, v := range values {
			b.WriteString("\n" + strings.Repeat(" ", explainPad) + enumValue(v))
		}
	}
	b.WriteString("\n\n")
}

// description is the text of the field and, on a line of its own, that of its type. Each line has an end, so that an
// empty one follows.
func (e *explanation) description() string {
	var text string
	if e.field != nil {
		text = ended(e.describe(*e.field))
	}
	return text + ended(typeText(e.at))
}

// above is the types that a recursive list must not enter again. A kind may once be inside itself, as in kubectl, which
// follows references and comes to a kind without one.
func (e *explanation) above(object reflect.Type) []reflect.Type {
	if e.field == nil {
		return nil
	}
	return []reflect.Type{object}
}

func (e *explanation) printFields(b *strings.Builder, fields []explainedField, level int, above []reflect.Type) {
	for _, f := range fields {
		e.printField(b, f, level*levelPad)
		inner := objectIn(f.Type)
		if !e.recursive || e.depth > 0 && level >= e.depth || inner == nil || slices.Contains(above, inner) {
			continue
		}
		e.printFields(b, explainedFields(inner), level+1, append(above[:len(above):len(above)], inner))
	}
}

func (e *explanation) printField(b *strings.Builder, f explainedField, pad int) {
	indent := strings.Repeat(" ", pad)
	fmt.Fprintf(b, "%s%s\t<%s>", indent, f.Name, typeName(f.Type))
	if e.required(f) {
		b.WriteString(" -required-")
	}
	if values := e.values(f); len(values) > 0 {
		fmt.Fprintf(b, "\n%senum: %s", indent, shortValues(values))
	}
	b.WriteByte('\n')
	if !e.recursive {
		fmt.Fprintf(b, "%s\n\n", paragraph(cmp.Or(e.describe(f), "<no description>"), pad+levelPad))
	}
}

// ended ends a text that is not empty.
func ended(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n"
}

// paragraph is a text behind so many spaces, within the width of the page.
func paragraph(text string, pad int) string { return indented(wrapped(text, explainWidth-pad), pad) }
