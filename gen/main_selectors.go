package gen

import "errors"

// selectors is the verb of that name: a vocabulary of labels in, Go out.
func (c *call) selectors(args []string) error {
	if err := c.parse(args); err != nil {
		return err
	}
	if c.config == "" || c.flags.NArg() > 0 {
		return usageError{errors.New("name the vocabulary, and nothing else: -config labels.yaml")}
	}
	v, err := ReadVocabulary(c.config)
	if err != nil {
		return err
	}
	files, err := Selectors(v)
	if err != nil {
		return err
	}
	return c.finish(files)
}
