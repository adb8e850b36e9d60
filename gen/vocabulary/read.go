package vocabulary

import (
	"os"

	"github.com/podwright/podwright/gen/internal/source"
	"go.yaml.in/yaml/v3"
)

// Read reads a vocabulary and checks it. Everything that is wrong with it is in the error, each with its line; what it
// does not know, or finds twice, and mistakes of YAML are told alone.
func Read(file string) (*Vocabulary, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	v := &Vocabulary{}
	if v.source, err = source.Read(file, text, Vocabulary{}); err != nil {
		return nil, err
	}
	// Not sigs.k8s.io/yaml, which makes true of the value yes, and 1.1 of 1.10. Fields are called in YAML as in Go, but for case.
	if err := yaml.Unmarshal(text, v); err != nil {
		return nil, v.source.SyntaxError(err)
	}
	return v, v.check()
}
