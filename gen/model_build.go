package gen

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
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
		return nil, g.config.source.ErrorAt("", errors.New("there is no section builders"))
	}
	target, err := g.target("builders", g.config.Builders.Target)
	if err != nil {
		return nil, err
	}
	return g.modelIn(target)
}

// modelIn is buildModel for a package that need not be the configuration's.
func (g *generator) modelIn(target gocode.Package) (*Model, error) {
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
		if !p.Grouped || !gocode.IsVersion(p.Version) {
			m.note("%s is given apiVersion %s: if that is wrong, write +groupName and +versionName above the package clause of %s", s.Name, b.Kind.APIVersion, p.Path)
		}
	}
	if err := m.addSetters(b, s, nil, ""); err != nil {
		return nil, err
	}
	m.renameSetters(b)
	return b, m.chooseParams(b, s)
}

func (m *modeler) note(format string, args ...any) {
	m.model.Notes = append(m.model.Notes, fmt.Sprintf(format, args...))
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
