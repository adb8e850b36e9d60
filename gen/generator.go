package gen

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// generator is an API with what the configuration says about it.
type generator struct {
	config  *Config
	api     *API
	unions  map[Ref]bool
	single  map[Ref]bool // that look like unions and are none
	closed  map[Ref]bool
	implied map[string]string // by path.Type.Field
}

// newGenerator reads the packages that a configuration names, and resolves the names in it.
func newGenerator(c *Config) (*generator, error) {
	api, err := load(c.source.Dir(), c.Packages)
	if err != nil {
		return nil, err
	}
	g := &generator{config: c, api: api, unions: map[Ref]bool{}, single: map[Ref]bool{}, closed: map[Ref]bool{}, implied: map[string]string{}}
	return g, g.resolve()
}

func (g *generator) resolve() error {
	for _, list := range []struct {
		key   string
		names []string
		to    map[Ref]bool
	}{{"unions", g.config.Unions, g.unions}, {"notUnions", g.config.NotUnions, g.single}} {
		for i, name := range list.names {
			s, err := g.structNamed(fmt.Sprintf("%s[%d]", list.key, i), name)
			if err != nil {
				return err
			}
			list.to[s.Ref] = true
		}
	}
	for i, name := range g.config.Closed {
		s := g.api.findScalar(name)
		if s == nil || len(s.Constants) == 0 {
			return g.config.source.ErrorAt(fmt.Sprintf("closed[%d]", i), fmt.Errorf("%q is no type with constants in %s", name, g.where()))
		}
		g.closed[s.Ref] = true
	}
	for _, name := range slices.Sorted(maps.Keys(g.config.Defaults)) {
		s, f, err := g.fieldNamed("defaults."+name, name)
		if err != nil {
			return err
		}
		if !json.Valid([]byte(g.config.Defaults[name])) {
			return g.config.source.ErrorAt("defaults."+name, fmt.Errorf("%s is not JSON: texts have quotes, '\"Always\"'", g.config.Defaults[name]))
		}
		g.implied[s.Ref.String()+"."+f.Go] = g.config.Defaults[name]
	}
	return nil
}

// structNamed finds a struct that the configuration names at path.
func (g *generator) structNamed(path, name string) (*Struct, error) {
	if s := g.api.find(name); s != nil {
		return s, nil
	}
	if s := g.api.findScalar(name); s != nil {
		return nil, g.config.source.ErrorAt(path, fmt.Errorf("%s must be a struct, and is %s", name, s.Underlying))
	}
	return nil, g.config.source.ErrorAt(path, fmt.Errorf("there is no type %s in %s, which has %s", name, g.where(), g.whatThereIs()))
}

// fieldNamed finds a field that the configuration names as Type.Field.
func (g *generator) fieldNamed(path, name string) (*Struct, Field, error) {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return nil, Field{}, g.config.source.ErrorAt(path, fmt.Errorf("%q is no field: write Type.Field", name))
	}
	s, err := g.structNamed(path, name[:i])
	if err != nil {
		return nil, Field{}, err
	}
	f, ok := g.api.field(s, name[i+1:])
	if !ok {
		return nil, Field{}, g.config.source.ErrorAt(path, fmt.Errorf("%s has no field %s: it has %s", s.Name, name[i+1:], fieldList(s)))
	}
	return s, f, nil
}

func fieldList(s *Struct) string {
	var names []string
	for _, f := range s.Fields {
		names = append(names, f.Go)
	}
	return strings.Join(names, ", ")
}

// roots finds the types that an output is about.
func (g *generator) roots(key string, o Target) ([]*Struct, error) {
	if len(o.Roots) == 0 {
		return nil, g.config.source.ErrorAt(key, fmt.Errorf("%s has no roots: name the types it is about", key))
	}
	var roots []*Struct
	for i, name := range o.Roots {
		at := fmt.Sprintf("%s.roots[%d]", key, i)
		s, err := g.structNamed(at, name)
		if err != nil {
			return nil, err
		}
		if _, read := g.api.packageOf(s.Ref); !read {
			return nil, g.config.source.ErrorAt(at, fmt.Errorf("%s is of a package that is not read: name %s under packages", name, s.Path))
		}
		roots = append(roots, s)
	}
	return roots, nil
}

// target is the package that an output goes to.
func (g *generator) target(key string, o Target) (gocode.Package, error) {
	at := key + ".output"
	if o.Output == "" {
		return gocode.Package{}, g.config.source.ErrorAt(at, fmt.Errorf("%s has no output: name its folder", key))
	}
	target, err := gocode.PackageAt(g.config.source.Folder(o.Output))
	if err != nil {
		return gocode.Package{}, g.config.source.ErrorAt(at, err)
	}
	return target, nil
}

func (g *generator) where() string {
	var paths []string
	for _, p := range g.api.Packages {
		paths = append(paths, p.Path)
	}
	return strings.Join(paths, ", ")
}

// whatThereIs lists the kinds, or all structs if there are none.
func (g *generator) whatThereIs() string {
	var kinds, names []string
	for _, s := range g.api.Structs {
		if _, ok := g.api.packageOf(s.Ref); !ok {
			continue
		}
		names = append(names, s.Name)
		if s.isKind() {
			kinds = append(kinds, s.Name)
		}
	}
	slices.Sort(kinds)
	slices.Sort(names)
	switch {
	case len(names) == 0:
		return "no structs"
	case len(kinds) == 0:
		return "no kinds, but " + strings.Join(names, ", ")
	}
	return "the kinds " + strings.Join(kinds, ", ")
}

// isUnion reports whether exactly one field of s is set: because the configuration or a marker says so.
func (g *generator) isUnion(s *Struct) bool {
	if g.single[s.Ref] {
		return false
	}
	return g.unions[s.Ref] || g.isMarkedUnion(s)
}

// isMarkedUnion accepts a marked union only if every field is a member and a struct: others cannot be told apart by type.
func (g *generator) isMarkedUnion(s *Struct) bool {
	members := 0
	for _, f := range s.Fields {
		switch {
		case isDiscriminator(f):
			continue
		case !s.Markers.Has("union") && !f.Markers.Has("k8s:unionMember"):
			return false
		case f.Type.Kind != kindPointer || g.api.structOf(*f.Type.Elem) == nil:
			return false
		}
		members++
	}
	return members > 1
}

var memberName = regexp.MustCompile(`memberName: *"([^"]*)"`)

// discriminatedAs is what the discriminator of a union is when its member f is set: the field's name, unless its marker names
// another, as in `+k8s:unionMember(memberName: "Gas")`.
func discriminatedAs(f Field) string {
	for _, m := range f.Markers {
		if named := memberName.FindStringSubmatch(m.Options); m.Name == "k8s:unionMember" && named != nil {
			return named[1]
		}
	}
	return f.Go
}

func isDiscriminator(f Field) bool {
	return f.Markers.Has("unionDiscriminator") || f.Markers.Has("k8s:unionDiscriminator")
}

// looksLikeUnion reports whether every field of s is a pointer to a struct, as those of unions are.
func (g *generator) looksLikeUnion(s *Struct) bool {
	for _, f := range s.Fields {
		if f.Type.Kind != kindPointer || g.api.structOf(*f.Type.Elem) == nil {
			return false
		}
	}
	return len(s.Fields) > 1 && !g.single[s.Ref] && !g.isUnion(s)
}

// reach lists the structs and scalars that the roots refer to, the roots included, in the order in which a reader meets them.
func (g *generator) reach(roots []*Struct) ([]*Struct, []*Scalar) {
	var (
		structs []*Struct
		scalars []*Scalar
		seen    = map[Ref]bool{}
		visit   func(t Type)
	)
	visit = func(t Type) {
		switch t.Kind {
		case kindPointer, kindSlice:
			visit(*t.Elem)
		case kindMap:
			visit(*t.Key)
			visit(*t.Elem)
		case kindNamed:
			if seen[t.Ref] {
				return
			}
			seen[t.Ref] = true
			if s := g.api.structOf(t); s != nil {
				structs = append(structs, s)
				for _, f := range s.Fields {
					visit(f.Type)
				}
			} else if s := g.api.Scalars[t.Ref.String()]; s != nil {
				scalars = append(scalars, s)
				visit(s.Underlying)
			}
		}
	}
	for _, r := range roots {
		visit(Type{Kind: kindNamed, Ref: r.Ref})
	}
	return structs, scalars
}
