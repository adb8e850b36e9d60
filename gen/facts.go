package gen

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// TypeFacts and FieldFacts are what comment markers and the configuration say: the rows of a facts table, see package
// types/facts for what each means.
type TypeFacts struct {
	Name          string
	Values        []string
	Closed        bool `json:",omitempty"`
	Union, Atomic bool
	Choice        bool `json:",omitempty"`
	Fields        []FieldFacts
}

// FieldFacts is what is known of one field.
type FieldFacts struct {
	Name                 string
	Required             bool     `json:",omitempty"`
	Default, Implied     string   `json:",omitempty"`
	Values               []string `json:",omitempty"`
	List                 string   `json:",omitempty"`
	Keys                 []string `json:",omitempty"`
	Map                  string   `json:",omitempty"`
	Discriminator        bool     `json:",omitempty"`
	Minimum, Maximum     string   `json:",omitempty"`
	MinLength, MaxLength int      `json:",omitempty"`
	MinItems, MaxItems   int      `json:",omitempty"`
	Pattern              string   `json:",omitempty"`
}

// factsTable has a row for each struct and each enum reachable from the roots, sorted by name.
func (g *generator) factsTable(roots []*Struct) ([]TypeFacts, error) {
	var table []TypeFacts
	structs, scalars := g.reach(roots)
	for _, s := range scalars {
		if values := g.values(s.Ref); len(values) > 0 && g.declares(s.Ref, roots) {
			table = append(table, TypeFacts{Name: s.Ref.String(), Values: values, Closed: !s.declaresValues()})
		}
	}
	for _, s := range structs {
		if !g.declares(s.Ref, roots) {
			continue
		}
		row := TypeFacts{Name: s.Ref.String(), Union: g.isUnion(s), Atomic: isAtomic(s.Markers), Choice: s.Markers.Has("union")}
		for _, f := range s.Fields {
			known, err := g.fieldFacts(s, f)
			if err != nil {
				return nil, err
			}
			if !f.Inlined() && !known.nothing() {
				row.Fields = append(row.Fields, known)
			}
		}
		table = append(table, row) // even if it is empty: of a type without a row JSON tags say what is required
	}
	slices.SortFunc(table, func(a, b TypeFacts) int { return cmp.Compare(a.Name, b.Name) })
	return table, nil
}

// declares reports whether r belongs in a facts table of roots: its comments were read, and no other table has it.
func (g *generator) declares(r Ref, roots []*Struct) bool {
	_, read := g.api.packageOf(r)
	return read && (!builtIn[r.Path] || anyBuiltIn(roots))
}

func (f FieldFacts) nothing() bool {
	f.Name = ""
	return len(f.Values) == 0 && len(f.Keys) == 0 && f.equalScalars(FieldFacts{})
}

// equalScalars compares what is not a list.
func (f FieldFacts) equalScalars(o FieldFacts) bool {
	return f.Required == o.Required && f.Default == o.Default && f.Implied == o.Implied && f.List == o.List && f.Map == o.Map &&
		f.Discriminator == o.Discriminator &&
		f.Minimum == o.Minimum && f.Maximum == o.Maximum && f.MinLength == o.MinLength && f.MaxLength == o.MaxLength &&
		f.MinItems == o.MinItems && f.MaxItems == o.MaxItems && f.Pattern == o.Pattern
}

func isAtomic(m Markers) bool {
	value, ok := m.Get("structType", "mapType")
	return ok && value == "atomic"
}

// values are what a type allows: its constants if it is an enum, or what a marker lists.
func (g *generator) values(r Ref) []string {
	s := g.api.Scalars[r.String()]
	if s == nil {
		return nil
	}
	if list, ok := s.Markers.Get("kubebuilder:validation:Enum"); ok {
		return enumValues(list)
	}
	if !s.declaresValues() && !g.closed[s.Ref] {
		return nil
	}
	var values []string
	for _, c := range s.Constants {
		if !slices.Contains(values, c.Value) {
			values = append(values, c.Value)
		}
	}
	return values
}

// declaresValues reports whether a marker says that only certain values are allowed.
func (s *Scalar) declaresValues() bool {
	return s.Markers.Has("enum") || s.Markers.Has("k8s:enum") || s.Markers.Has("kubebuilder:validation:Enum")
}

// enumValues reads a;b or {a,b}, as controller-gen does.
func enumValues(list string) []string {
	separator := ";"
	if inner, ok := strings.CutPrefix(list, "{"); ok {
		list, separator = strings.TrimSuffix(inner, "}"), ","
	}
	values := strings.Split(list, separator)
	for i, v := range values {
		values[i] = strings.Trim(strings.TrimSpace(v), `"`)
	}
	return values
}

// fieldFacts reads the markers of f, which stands in s. Markers of the field's type count where the field has none.
func (g *generator) fieldFacts(s *Struct, f Field) (FieldFacts, error) {
	facts := FieldFacts{Name: f.JSON, Required: f.Required(), Implied: g.implied[s.Ref.String()+"."+f.Go],
		Discriminator: isDiscriminator(f)}
	var err error
	if facts.Default, err = g.defaultOf(s, f); err != nil {
		return facts, err
	}
	if list, ok := f.Markers.Get("kubebuilder:validation:Enum"); ok {
		facts.Values = enumValues(list)
	}
	g.mergeFacts(&facts, f)
	g.limits(&facts, f)
	return facts, nil
}

// mergeFacts says how lists and maps merge: what markers say, else what the tags of strategic merge patches mean.
func (g *generator) mergeFacts(facts *FieldFacts, f Field) {
	t := f.Type
	if t.Kind == kindPointer {
		t = *t.Elem
	}
	if s := g.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		t = s.Underlying
	}
	facts.Map, _ = f.Markers.Get("mapType", "structType")
	if t.Kind != kindSlice || t.Elem.Kind == kindBasic && t.Elem.Name == "byte" || t.Elem.Name == "uint8" {
		return
	}
	if facts.Keys = f.Markers.All("listMapKey"); facts.Keys == nil {
		facts.Keys = f.Markers.All("k8s:listMapKey")
	}
	facts.List, _ = f.Markers.Get("listType", "k8s:listType")
	switch {
	case facts.List != "":
	case f.PatchMergeKey != "" && strings.Contains(f.PatchStrategy, "merge"):
		facts.List, facts.Keys = "map", []string{f.PatchMergeKey}
	case strings.Contains(f.PatchStrategy, "merge"):
		facts.List = "set"
	}
}

// limits reads what k8s and kubebuilder call their limits.
func (g *generator) limits(facts *FieldFacts, f Field) {
	markers := f.Markers
	if s := g.api.Scalars[f.Type.Ref.String()]; f.Type.Kind == kindNamed && s != nil {
		markers = slices.Concat(f.Markers, s.Markers)
	}
	text := func(names ...string) string {
		v, _ := markers.Get(names...)
		return v
	}
	number := func(names ...string) int {
		n, _ := strconv.Atoi(text(names...))
		return n
	}
	facts.Minimum = text("k8s:minimum", "kubebuilder:validation:Minimum")
	facts.Maximum = text("k8s:maximum", "kubebuilder:validation:Maximum")
	facts.MinLength = number("k8s:minLength", "kubebuilder:validation:MinLength")
	facts.MaxLength = number("k8s:maxLength", "kubebuilder:validation:MaxLength")
	facts.MinItems = number("k8s:minItems", "kubebuilder:validation:MinItems", "kubebuilder:validation:MinProperties")
	facts.MaxItems = number("k8s:maxItems", "kubebuilder:validation:MaxItems", "kubebuilder:validation:MaxProperties")
	facts.Pattern = strings.Trim(text("kubebuilder:validation:Pattern"), "`\"")
}

// defaultOf is what +default or +kubebuilder:default says, as JSON. A reference is followed to its constant.
func (g *generator) defaultOf(s *Struct, f Field) (string, error) {
	text, ok := f.Markers.Get("default", "k8s:default", "kubebuilder:default")
	if !ok {
		return "", nil
	}
	name, ok := strings.CutPrefix(text, "ref(")
	switch {
	case !ok && json.Valid([]byte(text)):
		return text, nil
	case !ok:
		return strconv.Quote(text), nil // kubebuilder takes texts without quotes
	}
	at := s.Path
	name = strings.TrimSuffix(name, ")")
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		at, name = name[:i], name[i+1:]
	}
	if p, ok := g.api.packageOf(Ref{Path: at}); ok && p.Constants[name] != "" {
		return p.Constants[name], nil
	}
	return "", fmt.Errorf("%s: %s.%s: default %s: there is no such constant in %s, or its comments were not read", s.Pos, s.Name, f.Go, text, at)
}
