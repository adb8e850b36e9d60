package gen

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// modeler makes the model of one package of builders.
type modeler struct {
	*generator
	config    *Builders
	model     *Model
	omit      map[string]bool // path.Type and path.Type.Field
	unwrap    map[Ref]bool
	templates map[Ref]*Struct   // what is given as the builder of which kind
	params    map[Ref][]string  // constructors of the configuration
	reuse     map[string]string // packages of builders by package of types
	topics    map[Ref]string
	structs   []*Struct
}

// buildModel decides what the builders of a configuration look like.
func (g *generator) buildModel() (*Model, error) {
	if g.config.Builders == nil {
		return nil, g.config.errorAt("", errors.New("there is no section builders"))
	}
	target, err := g.target("builders", g.config.Builders.Target)
	if err != nil {
		return nil, err
	}
	return g.modelIn(target)
}

// modelIn is buildModel for a package that need not be the configuration's.
func (g *generator) modelIn(target Ref) (*Model, error) {
	c := g.config.Builders
	m := &modeler{generator: g, config: c, omit: map[string]bool{}, unwrap: map[Ref]bool{}, templates: map[Ref]*Struct{},
		params: map[Ref][]string{}, reuse: c.Reuse, topics: map[Ref]string{}}
	m.model = &Model{Package: target}
	for _, step := range []func() error{m.checkOutput, m.resolveConfig, m.findStructs, m.addBuilders, m.addUnions, m.checkNames} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return m.model, nil
}

// checkOutput refuses an output that could never compile.
func (m *modeler) checkOutput() error {
	for _, p := range m.api.Packages {
		switch {
		case p.Path == m.model.Package.Path:
			return m.generator.config.errorAt("builders.output", fmt.Errorf("builders cannot stand in %s, the package of their types: a constructor has its type's name. Choose a folder of its own", p.Path))
		case slices.Contains(p.Imports, m.model.Package.Path):
			return m.generator.config.errorAt("builders.output", fmt.Errorf("import cycle: %s imports %s, whose builders import it", p.Path, m.model.Package.Path))
		}
	}
	return nil
}

func (m *modeler) resolveConfig() error {
	c := m.config
	if m.reuse == nil {
		m.reuse = m.defaultReuse()
	}
	for i, name := range c.Omit {
		if err := m.resolveOmit(fmt.Sprintf("builders.omit[%d]", i), name); err != nil {
			return err
		}
	}
	for i, name := range c.Unwrap {
		at := fmt.Sprintf("builders.unwrap[%d]", i)
		s, err := m.structNamed(at, name)
		if err != nil {
			return err
		}
		if len(s.Fields) != 1 {
			return m.generator.config.errorAt(at, fmt.Errorf("%s has %d fields, and only a struct of one can be unwrapped", name, len(s.Fields)))
		}
		m.unwrap[s.Ref] = true
	}
	for _, name := range slices.Sorted(maps.Keys(c.Constructors)) {
		s, err := m.structNamed("builders.constructors."+name, name)
		if err != nil {
			return err
		}
		m.params[s.Ref] = c.Constructors[name]
	}
	for _, name := range slices.Sorted(maps.Keys(c.Templates)) {
		at := "builders.templates." + name
		s, err := m.structNamed(at, name)
		if err != nil {
			return err
		}
		kind, err := m.structNamed(at, c.Templates[name])
		if err != nil {
			return err
		}
		if !isTemplate(s, kind) {
			return m.generator.config.errorAt(at, fmt.Errorf("%s is no template of %s: it must have the same metadata and spec, and nothing else", s.Name, kind.Name))
		}
		m.templates[s.Ref] = kind
	}
	return m.api.loadReused(m.generator.config.dir(), slices.Compact(slices.Sorted(maps.Values(m.reuse))))
}

// isTemplate reports whether s is the metadata and the spec of a kind.
func isTemplate(s, kind *Struct) bool {
	spec := func(s *Struct) string {
		i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Go == "Spec" })
		if i < 0 {
			return ""
		}
		return s.Fields[i].Type.String()
	}
	return len(s.Fields) == 2 && s.hasMetadata() && kind.hasMetadata() && spec(s) != "" && spec(s) == spec(kind)
}

// podwrightBuilders build the types of Kubernetes itself, so that others need not.
const podwrightBuilders = "github.com/podwright/podwright/builders"

// defaultReuse is the same for every API but Kubernetes' own, so that a new field changes no other one's method.
func (m *modeler) defaultReuse() map[string]string {
	var roots []*Struct
	for _, name := range m.config.Roots {
		if s := m.api.find(name); s != nil {
			roots = append(roots, s)
		}
	}
	if anyBuiltIn(roots) {
		return nil
	}
	reuse := map[string]string{}
	for path := range builtIn {
		reuse[path] = podwrightBuilders
	}
	return reuse
}

func (m *modeler) resolveOmit(at, name string) error {
	if s := m.api.find(name); s != nil {
		m.omit[s.Ref.String()] = true
		return nil
	}
	if !strings.Contains(name, ".") {
		_, err := m.structNamed(at, name)
		return err
	}
	s, f, err := m.fieldNamed(at, name)
	if err != nil {
		return err
	}
	m.omit[s.Ref.String()+"."+f.Go] = true
	return nil
}

// omitted reports whether a builder of s leaves f out: the configuration says so, the API has given it up, or the server
// writes it.
func (m *modeler) omitted(s *Struct, f Field) bool {
	if m.omit[s.Ref.String()+"."+f.Go] || f.Deprecated() || f.Type.is(metaPath, "TypeMeta") {
		return true
	}
	if s.hasMetadata() && f.JSON == "status" {
		return true
	}
	if s.Ref == (Ref{metaPath, "ObjectMeta"}) && serverMetadata[f.Go] {
		return true
	}
	return m.omit[m.part(f.Type).Ref.String()]
}

// part is the type of the values that a field holds: behind a pointer, in a list or in a map, which may have names of
// their own.
func (m *modeler) part(t Type) Type {
	for {
		switch t = m.unnamed(t); t.Kind {
		case kindPointer, kindSlice, kindMap:
			t = *t.Elem
		default:
			return t
		}
	}
}

// unnamed is the list or map that a type is the name of, or the type.
func (m *modeler) unnamed(t Type) Type {
	if s := m.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		if u := s.Underlying; u.Kind == kindMap || u.Kind == kindSlice && !isBytes(u) {
			return u
		}
	}
	return t
}

// serverMetadata is what the server sets in metadata.
var serverMetadata = map[string]bool{
	"SelfLink": true, "UID": true, "ResourceVersion": true, "Generation": true, "CreationTimestamp": true,
	"DeletionTimestamp": true, "DeletionGracePeriodSeconds": true, "ManagedFields": true,
}

// flattened reports whether the fields of f's struct are set on the builder of s itself: those of an embedded struct,
// and the spec of what has metadata.
func (m *modeler) flattened(s *Struct, f Field) bool {
	in := m.api.structOf(f.Type)
	if in == nil || m.isUnion(in) || m.unwrap[in.Ref] {
		return false
	}
	return f.Embedded || s.hasMetadata() && f.JSON == "spec"
}

// findStructs lists what gets a builder, and the topic of each.
func (m *modeler) findStructs() error {
	roots, err := m.generator.roots("builders", m.config.Target)
	if err != nil {
		return err
	}
	seen := map[Ref]bool{}
	for _, r := range roots {
		m.visit(r, seen, func(s *Struct) { m.structs = append(m.structs, s) })
	}
	for i, topic := range m.config.Topics {
		for j, name := range topic.Types {
			s, err := m.structNamed(fmt.Sprintf("builders.topics[%d].types[%d]", i, j), name)
			if err != nil {
				return err
			}
			m.visit(s, map[Ref]bool{}, func(s *Struct) {
				if m.topics[s.Ref] == "" {
					m.topics[s.Ref] = topic.Name
				}
			})
		}
	}
	return nil
}

// visit calls found for s and all that a builder of it takes builders of.
func (m *modeler) visit(s *Struct, seen map[Ref]bool, found func(*Struct)) {
	if seen[s.Ref] || !m.isLocal(s.Ref) || m.omit[s.Ref.String()] {
		return
	}
	seen[s.Ref] = true
	found(s)
	for _, f := range s.Fields {
		if m.omitted(s, f) {
			continue
		}
		if named := m.api.structOf(m.part(f.Type)); named != nil {
			if kind := m.templates[named.Ref]; kind != nil {
				named = kind
			}
			m.visit(named, seen, found)
		}
	}
}

// isLocal reports whether the types of r's package get builders here.
func (m *modeler) isLocal(r Ref) bool {
	_, read := m.api.packageOf(r)
	return read && m.reuse[r.Path] == ""
}

func (m *modeler) addBuilders() error {
	var problems []error
	for _, s := range m.structs {
		if m.looksLikeUnion(s) {
			m.note("%s looks like a union, because every field is a pointer to a struct: name it under unions, or under notUnions to end this note", s.Name)
		}
		if !m.hasBuilder(s) {
			continue
		}
		b, err := m.newBuilder(s)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		m.model.Builders = append(m.model.Builders, b)
	}
	return errors.Join(problems...)
}

// hasBuilder leaves out what is given in another way or is part of another builder.
func (m *modeler) hasBuilder(s *Struct) bool {
	if m.isUnion(s) || m.unwrap[s.Ref] || m.templates[s.Ref] != nil || s.Ref == (Ref{metaPath, "ObjectMeta"}) || s.Ref == (Ref{metaPath, "TypeMeta"}) {
		return false
	}
	return m.isUsed(s)
}

// isUsed reports whether s is a root, or some field takes it by a builder and not flattened.
func (m *modeler) isUsed(s *Struct) bool {
	roots, _ := m.generator.roots("builders", m.config.Target)
	if slices.Contains(roots, s) {
		return true
	}
	for _, owner := range m.structs {
		for _, f := range owner.Fields {
			if m.omitted(owner, f) || m.flattened(owner, f) {
				continue
			}
			if t := m.part(f.Type); t.Kind == kindNamed && (t.Ref == s.Ref || m.templates[t.Ref] == s) {
				return true
			}
		}
	}
	return false
}

func (m *modeler) note(format string, args ...any) {
	m.model.Notes = append(m.model.Notes, fmt.Sprintf(format, args...))
}

func (m *modeler) newBuilder(s *Struct) (*Builder, error) {
	b := &Builder{Name: s.Name, API: s.Ref, Topic: m.topics[s.Ref], Copies: s.Copies}
	if b.Topic == "" {
		b.Topic = "builders"
	}
	if s.isKind() && !s.IsObject {
		m.note("%s has no DeepCopyObject, so Build does not validate it: generate the method, with controller-gen for example", s.Name)
	}
	if s.isKind() && s.IsObject {
		p, _ := m.api.packageOf(s.Ref)
		b.Kind = &Kind{APIVersion: strings.TrimPrefix(p.Group+"/"+p.Version, "/"), Kind: s.Name}
		if !p.Grouped || !version.MatchString(p.Version) {
			m.note("%s is given apiVersion %s: if that is wrong, write +groupName and +versionName above the package clause of %s", s.Name, b.Kind.APIVersion, p.Path)
		}
	}
	if err := m.addSetters(b, s, nil, ""); err != nil {
		return nil, err
	}
	m.renameSetters(b)
	return b, m.chooseParams(b, s)
}

// addUnions lists the members of each union, and tells the builders.
func (m *modeler) addUnions() error {
	for _, s := range m.structs {
		if !m.isUnion(s) {
			continue
		}
		u := &Union{Name: s.Name, API: s.Ref, Topic: "unions"}
		discriminator := slices.IndexFunc(s.Fields, isDiscriminator)
		for _, f := range s.Fields {
			if m.omitted(s, f) || isDiscriminator(f) {
				continue
			}
			if f.Type.Kind != kindPointer {
				return fmt.Errorf("%s: union %s: member %s is a %s, and must be a pointer to a struct: take %s out of unions", s.Pos, s.Name, f.Go, f.Type, s.Name)
			}
			b := m.model.builder(f.Type.Elem.Name)
			if b == nil || b.API != f.Type.Elem.Ref {
				return fmt.Errorf("%s: union %s: member %s is a %s, which has no builder: take %s out of unions, or omit the member", s.Pos, s.Name, f.Go, f.Type, s.Name)
			}
			member := Member{Union: s.Name, Go: f.Go, JSON: f.JSON}
			if discriminator >= 0 {
				member.Discriminator, member.Value = s.Fields[discriminator].Go, discriminatedAs(f)
			}
			if slices.ContainsFunc(b.Members, func(other Member) bool { return other.Union == s.Name }) {
				return fmt.Errorf("%s: union %s: two members are a %s, so the type does not tell which is meant: take %s out of unions", s.Pos, s.Name, b.Name, s.Name)
			}
			b.Members = append(b.Members, member)
			u.Members = append(u.Members, b.Name)
		}
		m.model.Unions = append(m.model.Unions, u)
	}
	return nil
}

// checkNames refuses two declarations of one name.
func (m *modeler) checkNames() error {
	seen := map[string]string{}
	claim := func(name, who string) error {
		if other, ok := seen[name]; ok {
			return fmt.Errorf("%s and %s would both be declared as %s in %s: omit one", other, who, name, m.model.Package.Path)
		}
		seen[name] = who
		return nil
	}
	var (
		problems         []error
		takesIntOrString bool
	)
	for _, b := range m.model.Builders {
		for _, name := range []string{b.Name, b.Name + "Builder", b.Name + "From"} {
			if err := claim(name, b.API.String()); err != nil {
				problems = append(problems, err)
				break // the others say the same
			}
		}
		if slices.ContainsFunc(b.params(), func(s *Setter) bool { return s.Value.Kind == valueIntOrString }) {
			takesIntOrString = true
		}
	}
	if takesIntOrString {
		problems = append(problems, claim("IntOrString", "the type of such parameters"))
	}
	for _, u := range m.model.Unions {
		problems = append(problems, claim(u.Name, u.API.String()), claim(u.Name+"Of", u.API.String()))
	}
	return errors.Join(problems...)
}
