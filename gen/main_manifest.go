package gen

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/podwright/podwright/gen/internal/gocode"
)

// manifest is the verb of that name: descriptors in, Go out.
func (c *call) manifest(args []string) error {
	output := c.flags.String("o", "", "write the Go `file`, instead of printing it")
	name := c.flags.String("package", "", "the `name` of the package, where the folder of the output does not tell")
	if err := c.parse(args); err != nil {
		return err
	}
	if c.flags.NArg() == 0 {
		return usageError{errors.New("name the files with descriptors, or - for standard input")}
	}
	if c.check && *output == "" {
		return usageError{errors.New("-check compares a file: name it with -o")}
	}
	var config *Config
	if c.config != "" {
		var err error
		if config, err = ReadConfig(c.config); err != nil {
			return err
		}
	}
	manifests, err := c.manifests()
	if err != nil {
		return err
	}
	target, err := packageOf(*output, *name)
	if err != nil {
		return err
	}
	text, err := Manifests(config, manifests, target.Path, target.Name)
	if err != nil {
		return err
	}
	if *output == "" {
		_, err := c.stdout.Write(text)
		return err
	}
	return c.finish([]gocode.File{{Path: *output, Text: text}})
}

func (c *call) manifests() ([]Manifest, error) {
	var manifests []Manifest
	for _, name := range c.flags.Args() {
		read := func() ([]byte, error) { return os.ReadFile(name) }
		if name == "-" {
			read = func() ([]byte, error) { return io.ReadAll(c.stdin) }
		}
		text, err := read()
		if err != nil {
			return nil, err
		}
		manifests = append(manifests, Manifest{Name: name, Text: text})
	}
	return manifests, nil
}

// packageOf is the package that a file belongs to; an explicit name wins, and what is printed belongs to main.
func packageOf(file, name string) (gocode.Package, error) {
	if file == "" {
		if name == "" {
			name = "main"
		}
		return gocode.Package{Name: name}, nil
	}
	target, err := gocode.PackageAt(filepath.Dir(file))
	if name != "" {
		target.Name = name
	}
	return target, err
}
