package gen

import (
	"encoding/json"
	"fmt"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// Generate does what a verb asks for, types or builders, and returns the files as they should be, and notes for
// whoever runs it. It writes nothing.
func Generate(c *Config, verb string) (files []gocode.File, notes []string, err error) {
	g, err := newGenerator(c)
	if err != nil {
		return nil, nil, err
	}
	switch verb {
	case "types":
		return g.types()
	case "builders":
		return g.builders()
	}
	return nil, nil, fmt.Errorf("no verb %q", verb)
}

// ModelJSON is the model of the builders, for people who wonder why the generator does what it does.
func ModelJSON(c *Config) ([]byte, error) {
	m, err := modelOf(c)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(m, "", "  ")
}

func modelOf(c *Config) (*Model, error) {
	g, err := newGenerator(c)
	if err != nil {
		return nil, err
	}
	return g.buildModel()
}

func (g *generator) builders() ([]gocode.File, []string, error) {
	m, err := g.buildModel()
	if err != nil {
		return nil, nil, err
	}
	files, err := emitBuilders(m, g.config.source.Folder(g.config.Builders.Output))
	return files, m.Notes, err
}

// types makes whatever of aliases, facts and schema the configuration asks for.
func (g *generator) types() (files []gocode.File, notes []string, err error) {
	for _, output := range []struct {
		section *Target
		emit    func() ([]gocode.File, error)
	}{{g.config.Aliases, g.emitAliases}, {g.config.Facts, g.emitFacts}, {g.config.Schema, g.emitSchema}} {
		if output.section == nil {
			continue
		}
		more, err := output.emit()
		if err != nil {
			return nil, nil, err
		}
		files = append(files, more...)
	}
	if len(files) == 0 {
		return nil, nil, g.config.source.ErrorAt("", fmt.Errorf("there is no section aliases, facts or schema"))
	}
	return files, g.unread(), nil
}
