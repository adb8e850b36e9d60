package gen

import (
	"errors"
	"fmt"
	"os"

	"github.com/podwright/podwright/gen/internal/source"
	"sigs.k8s.io/yaml"
)

// Config says what to read and what to make of it. It is read from YAML by [ReadConfig]; a name in it is that of a type
// or of a field (Container, Container.Image), with the path of its package in front where that is needed to tell
// two apart.
type Config struct {
	// Packages are those whose types are read, with their comments: import paths, or folders that start with a dot.
	Packages []string `json:"packages"`

	// Unions are structs of which exactly one field is set. NotUnions look like one (every field is a pointer to a
	// struct) and are none: naming them ends the warning.
	Unions    []string `json:"unions,omitempty"`
	NotUnions []string `json:"notUnions,omitempty"`
	// Closed are types that allow no value but their constants, although no +enum marker says so.
	Closed []string `json:"closed,omitempty"`
	// Defaults are defaults that no +default marker declares, by Type.Field, as JSON.
	Defaults map[string]string `json:"defaults,omitempty"`

	Aliases  *Target   `json:"aliases,omitempty"`
	Facts    *Target   `json:"facts,omitempty"`
	Schema   *Target   `json:"schema,omitempty"`
	Builders *Builders `json:"builders,omitempty"`

	source source.File
}

// Target is where something goes, and which types it is about.
type Target struct {
	// Output is the folder, relative to the configuration.
	Output string `json:"output"`
	// Roots are the types it is about, with all that they refer to.
	Roots []string `json:"roots"`
}

// Builders says which builders to make, and how.
type Builders struct {
	Target `json:",inline"`
	// Reuse names packages of builders that exist, by the package of the types that they build.
	Reuse map[string]string `json:"reuse,omitempty"`
	// Omit are types and fields that builders do not set.
	Omit []string `json:"omit,omitempty"`
	// Unwrap are structs of one field that are given as the value of that field.
	Unwrap []string `json:"unwrap,omitempty"`
	// Constructors are the fields that a constructor takes, by type, where these are not the required ones.
	Constructors map[string][]string `json:"constructors,omitempty"`
	// Templates are structs of metadata and spec that are given as the builder of the kind that they stand for.
	Templates map[string]string `json:"templates,omitempty"`
	// Topics are the files that builders go to: a type goes where the first topic that reaches it is.
	Topics []Topic `json:"topics,omitempty"`
}

// Topic is a file of builders.
type Topic struct {
	Name  string   `json:"name"`
	Types []string `json:"types"`
}

// ReadConfig reads a configuration file. What it does not know, or finds twice, is an error with its line.
func ReadConfig(file string) (*Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return parseConfig(file, text)
}

func parseConfig(file string, text []byte) (*Config, error) {
	c := &Config{}
	var err error
	if c.source, err = source.Read(file, text, Config{}); err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalStrict(text, c); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(c.Packages) == 0 {
		return nil, c.source.ErrorAt("packages", errors.New("no packages: name those whose types are to be read"))
	}
	return c, nil
}
