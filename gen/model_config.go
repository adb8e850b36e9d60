package gen

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// checkOutput refuses an output that could never compile.
func (m *modeler) checkOutput() error {
	for _, p := range m.api.Packages {
		switch {
		case p.Path == m.model.Package.Path:
			return m.generator.config.source.ErrorAt("builders.output", fmt.Errorf("builders cannot stand in %s, the package of their types: a constructor has its type's name. Choose a folder of its own", p.Path))
		case slices.Contains(p.Imports, m.model.Package.Path):
			return m.generator.config.source.ErrorAt("builders.output", fmt.Errorf("import cycle: %s imports %s, whose builders import it", p.Path, m.model.Package.Path))
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
			return m.generator.config.source.ErrorAt(at, fmt.Errorf("%s has %d fields, and only a struct of one can be unwrapped", name, len(s.Fields)))
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
			return m.generator.config.source.ErrorAt(at, fmt.Errorf("%s is no template of %s: it must have the same metadata and spec, and nothing else", s.Name, kind.Name))
		}
		m.templates[s.Ref] = kind
	}
	return m.api.loadReused(m.generator.config.source.Dir(), slices.Compact(slices.Sorted(maps.Values(m.reuse))))
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
		if m.api.refersTo(path) { // else loading them would be most of the work
			reuse[path] = podwrightBuilders
		}
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
