package gen

import (
	_ "embed"
	"path/filepath"
	"slices"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// coreConfig is how this module's own builders are made.
//
//go:embed core.yaml
var coreConfig []byte

// dialect is a package of builders, with the API that they build.
type dialect struct {
	*generator
	model *Model
}

// dialects are the packages of builders that a manifest may be written in; the first is the one that was asked for.
type dialects []*dialect

func newDialects(c *Config) (dialects, error) {
	var list dialects
	if c != nil {
		g, err := newGenerator(c)
		if err != nil {
			return nil, err
		}
		m, err := g.buildModel()
		if err != nil {
			return nil, err
		}
		list = append(list, &dialect{g, m})
		if m.Package.Path == podwrightBuilders || !slices.ContainsFunc(m.Builders, (*Builder).isForeign) {
			return list, nil
		}
	}
	core, err := coreDialect(c)
	if err != nil {
		return nil, err
	}
	return append(list, core), nil
}

// coreDialect reads Kubernetes' types with the caller's module, and knows this module's builders without reading them.
func coreDialect(c *Config) (*dialect, error) {
	name := "core.yaml"
	if c != nil {
		name = filepath.Join(c.source.Dir(), name)
	}
	core, err := parseConfig(name, coreConfig)
	if err != nil {
		return nil, err
	}
	g, err := newGenerator(core)
	if err != nil {
		return nil, err
	}
	m, err := g.modelIn(gocode.Package{Path: podwrightBuilders, Name: "builders"})
	if err != nil {
		return nil, err
	}
	return &dialect{g, m}, nil
}

// isForeign reports whether some setter takes a builder of another package.
func (b *Builder) isForeign() bool {
	return slices.ContainsFunc(b.Setters, func(s *Setter) bool { return s.Value.Package != "" })
}

// of finds the dialect of a package of builders, nil if it is not known; the empty path is that of here.
func (d dialects) of(here *dialect, path string) *dialect {
	if path == "" {
		return here
	}
	for _, one := range d {
		if one.model.Package.Path == path {
			return one
		}
	}
	return nil
}

// kind finds the builder of an apiVersion and kind.
func (d dialects) kind(k Kind) (*dialect, *Builder) {
	for _, one := range d {
		for _, b := range one.model.Builders {
			if b.Kind != nil && *b.Kind == k {
				return one, b
			}
		}
	}
	return nil, nil
}

func (d dialects) kinds() string {
	var names []string
	for _, one := range d {
		for _, b := range one.model.Builders {
			if b.Kind != nil {
				names = append(names, b.Kind.APIVersion+" "+b.Kind.Kind)
			}
		}
	}
	return strings.Join(names, ", ")
}
