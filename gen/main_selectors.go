package gen

import (
	"errors"

	"github.com/podwright/podwright/gen/vocabulary"
)

// selectors is the verb of that name: a vocabulary of labels in, Go out.
func (c *call) selectors(args []string) error {
	if err := c.parse(args); err != nil {
		return err
	}
	if c.config == "" || c.flags.NArg() > 0 {
		return usageError{errors.New("name the vocabulary, and nothing else: -config labels.yaml")}
	}
	v, err := vocabulary.Read(c.config)
	if err != nil {
		return err
	}
	files, err := vocabulary.Generate(v)
	if err != nil {
		return err
	}
	return c.finish(files)
}
