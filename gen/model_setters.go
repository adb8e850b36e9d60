package gen

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"
)

// addSetters adds the setters of s, which stands in the builder's object at path.
func (m *modeler) addSetters(b *Builder, s *Struct, path []string, json string) error {
	for _, f := range s.Fields {
		if m.omitted(s, f) {
			continue
		}
		at := append(slices.Clip(path), f.Go)
		if f.Embedded && m.promotes(s, f) {
			at = path
		}
		on := strings.Trim(json+"."+f.JSON, ".")
		if f.Embedded && f.Type.Kind == kindPointer {
			return fmt.Errorf("%s: %s embeds a pointer, %s, whose fields a builder cannot set: embed the struct itself, or omit %s.%s", s.Pos, s.Name, f.Type, s.Name, f.Go)
		}
		if m.flattened(s, f) {
			if !token.IsExported(f.Go) && len(at) > len(path) {
				return fmt.Errorf("%s: %s embeds %s, which is not exported, and another field hides one of its: export it, or omit %s.%s", s.Pos, s.Name, f.Go, s.Name, f.Go)
			}
			if err := m.addSetters(b, m.api.structOf(f.Type), at, on); err != nil {
				return err
			}
			continue
		}
		set, err := m.setter(s, f)
		if err != nil {
			return err
		}
		set.Path, set.JSON = append(slices.Clip(path), f.Go), on
		if f.Embedded && set.Value.Kind == valueUnwrapped { // its one field is a field of the whole
			set.Path, set.Name = append(slices.Clip(at), set.Value.Field.Go), set.Value.Field.Go
			set.JSON = strings.Trim(on+"."+set.Value.Field.JSON, ".")
			set.Value = Value{Kind: valuePlain, Type: set.Value.Field.Type}
		}
		b.Setters = append(b.Setters, set)
	}
	return nil
}

// promotes reports whether the fields of what f embeds can be named without it: no other field of s is called the same.
func (m *modeler) promotes(s *Struct, f Field) bool {
	in := m.api.structOf(f.Type)
	if in == nil {
		return false
	}
	inner := m.selectors(in)
	for _, other := range s.Fields {
		if other.Go != f.Go && slices.ContainsFunc(m.selectors(&Struct{Fields: []Field{other}}), func(name string) bool {
			return slices.Contains(inner, name)
		}) {
			return false
		}
	}
	return true
}

// selectors are the names of the fields of s, and of those that it embeds, at any depth.
func (m *modeler) selectors(s *Struct) []string {
	var names []string
	for _, f := range s.Fields {
		names = append(names, f.Go)
		if in := m.api.structOf(f.Type); in != nil && f.Embedded {
			names = append(names, m.selectors(in)...)
		}
	}
	return names
}

// setter decides how a field is set.
func (m *modeler) setter(s *Struct, f Field) (*Setter, error) {
	facts, err := m.fieldFacts(s, f)
	if err != nil {
		return nil, err
	}
	set := &Setter{Name: f.Go, Owner: s.Ref, Field: f.Go, Form: formOne, Facts: facts}
	if err := settable(f.Type); err != nil {
		return nil, fmt.Errorf("%s: %s.%s: %w", s.Pos, s.Name, f.Go, err)
	}
	t := m.unnamed(f.Type)
	switch {
	case t.Kind == kindPointer:
		set.Form, t = formPointer, *t.Elem
	case isBytes(t):
	case t.Kind == kindSlice:
		set.Form, t = formList, *t.Elem
	case t.Kind == kindMap:
		set.Form, set.Key, t = formMap, t.Key, *t.Elem
		set.Singular = singular(f.Go)
	}
	pointer := t.Kind == kindPointer && set.Form != formPointer && !t.Elem.is(resourcePath, "Quantity")
	if pointer {
		t = *t.Elem
	}
	set.Value = m.value(t)
	set.Value.Pointer = pointer
	if set.Value.Kind == valueQuantity && set.Key != nil && m.basicOf(*set.Key) != "string" {
		set.Value.Kind = valueRaw
	}
	if len(set.Facts.Values) == 0 {
		set.Facts.Values = m.values(t.Ref)
	}
	return set, nil
}

// settable refuses types that generated code cannot name or copy, wherever they stand in the type of a field.
func settable(t Type) error {
	switch {
	case t.Args:
		return fmt.Errorf("%s is generic, and a builder cannot name its arguments: omit the field", t)
	case t.Kind == kindOther:
		return fmt.Errorf("a builder cannot set a value of type %s: omit the field", t.Name)
	case t.Kind == kindNamed && !token.IsExported(t.Name):
		return fmt.Errorf("%s is not exported, so a builder cannot name it: export it or omit the field", t)
	case t.Kind == kindMap:
		if err := settable(*t.Key); err != nil {
			return err
		}
	case t.Elem == nil:
		return nil
	}
	return settable(*t.Elem)
}

// basicOf is the name of the basic type that t is or is a name of, empty if it is none.
func (m *modeler) basicOf(t Type) string {
	if s := m.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		t = s.Underlying
	}
	if t.Kind != kindBasic {
		return ""
	}
	return t.Name
}

func isBytes(t Type) bool {
	return t.Kind == kindSlice && t.Elem.Kind == kindBasic && (t.Elem.Name == "byte" || t.Elem.Name == "uint8")
}

// value decides how one value of a type is given.
func (m *modeler) value(t Type) Value {
	v := Value{Kind: valuePlain, Type: t}
	switch {
	case t.is(resourcePath, "Quantity"):
		v.Kind = valueQuantity
	case t.is(metaPath, "Time"), t.is(metaPath, "MicroTime"):
		v.Kind = valueTime
	case t.is(metaPath, "Duration"):
		v.Kind = valueDuration
	case t.is(intstrPath, "IntOrString"):
		v.Kind = valueIntOrString
	case isBytes(t):
		v.Kind = valueBytes
	case m.basicOf(t) != "":
	case m.api.structOf(t) != nil:
		return m.structValue(v, m.api.structOf(t))
	default:
		v.Kind = valueRaw
	}
	return v
}

func (m *modeler) structValue(v Value, s *Struct) Value {
	if kind := m.templates[s.Ref]; kind != nil {
		v.Kind, v.Builder = valueTemplate, kind.Name
		return v
	}
	if m.isLocal(s.Ref) {
		switch {
		case m.unwrap[s.Ref]:
			v.Kind, v.Field = valueUnwrapped, &s.Fields[0]
		case m.isUnion(s):
			v.Kind, v.Builder = valueUnion, s.Name
		case s.Ref == (Ref{metaPath, "ObjectMeta"}):
			v.Kind = valueRaw
		default:
			v.Kind, v.Builder = valueBuilder, s.Name
		}
		return v
	}
	v.Package = m.reuse[s.Path]
	there := m.api.Reused[v.Package]
	switch {
	case there[s.Name+"Builder"] == kindNamed:
		v.Kind, v.Builder = valueBuilder, s.Name
	case there[s.Name] == kindOther:
		v.Kind, v.Builder = valueUnion, s.Name
	case there[strings.TrimSuffix(s.Name, "TemplateSpec")+"Builder"] == kindNamed:
		v.Kind, v.Builder = valueTemplate, strings.TrimSuffix(s.Name, "TemplateSpec")
	default:
		v.Kind, v.Package = valueRaw, ""
	}
	return v
}

// reserved are the methods that every builder has.
var reserved = []string{"With", "Edit", "Build", "MustBuild", "Unchecked", "Err"}

// renameSetters keeps methods apart: a field that is called like a method of every builder, or like a field in another of the
// structs that one builder sets, gets Field at the end of its name.
func (m *modeler) renameSetters(b *Builder) {
	seen := map[string]bool{}
	for _, name := range reserved {
		seen[name] = true
	}
	claim := func(s *Setter, name string) string {
		wanted := name
		for seen[name] {
			name += "Field"
		}
		if name != wanted {
			m.note("%s.%s is set by %sBuilder.%s, because %s is taken", s.Owner.Name, s.Field, b.Name, name, wanted)
		}
		seen[name] = true
		return name
	}
	for _, s := range b.Setters {
		if s.Name == s.Singular {
			s.Name = claim(s, s.Name)
			s.Singular = s.Name
			continue
		}
		s.Name = claim(s, s.Name)
		if s.Form == formMap {
			s.Singular = claim(s, s.Singular)
		}
	}
}

// singular is the name of the method that sets one entry of a map, the plural's own name if it has no plural ending.
func singular(s string) string {
	switch {
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "xes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "ies"):
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(s, "ss"), !strings.HasSuffix(s, "s"):
		return s
	}
	return s[:len(s)-1]
}

// chooseParams picks what the constructor takes: what the configuration says, or the name of a kind and all required
// fields that are single values.
func (m *modeler) chooseParams(b *Builder, s *Struct) error {
	if fields, ok := m.params[s.Ref]; ok {
		for _, name := range fields {
			set := b.setterOf(name)
			if set == nil || set.Form == formList || set.Form == formMap {
				return m.generator.config.source.ErrorAt("builders.constructors."+s.Name, fmt.Errorf("%s has no field %s that a constructor could take", s.Name, name))
			}
			if slices.Contains(b.Constructor, set.Name) {
				return m.generator.config.source.ErrorAt("builders.constructors."+s.Name, fmt.Errorf("%s stands here twice", name))
			}
			b.Constructor = append(b.Constructor, set.Name)
		}
		return nil
	}
	for _, set := range b.Setters {
		if m.isParam(b, set) {
			b.Constructor = append(b.Constructor, set.Name)
		}
	}
	return nil
}

func (m *modeler) isParam(b *Builder, set *Setter) bool {
	inMetadata := set.Owner == Ref{metaPath, "ObjectMeta"}
	switch {
	case inMetadata:
		return b.Kind != nil && set.Field == "Name"
	case set.Form == formList || set.Form == formMap:
		return false
	case set.Value.Kind == valueUnion:
		return set.Form == formOne && len(set.Path) > 0 && set.Field == set.Value.Type.Name || set.Facts.Required
	case m.unwrap[Ref{set.Owner.Path, set.Field}]: // embedded, so part of what the struct is
		return true
	}
	switch set.Value.Kind {
	case valuePlain, valueIntOrString, valueQuantity:
		return set.Facts.Required
	}
	return false
}

// lowerFirst makes a parameter of a field's name: containerPort, fsType, iqn, ips. Names that Go code needs for something else get an
// underscore.
func lowerFirst(s string) string {
	r := []rune(s)
	for i := range r {
		if i > 0 && (unicode.IsLower(r[i]) || i+1 < len(r) && unicode.IsLower(r[i+1]) && string(r[i+1:]) != "s") {
			break
		}
		r[i] = unicode.ToLower(r[i])
	}
	name := string(r)
	if token.IsKeyword(name) || slices.Contains(taken, name) {
		name += "_"
	}
	return name
}

// taken are names that generated code uses.
var taken = []string{"b", "obj", "errs", "support", "slices", "time", "append", "len", "new", "string", "corev1", "metav1"}
