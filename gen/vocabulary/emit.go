package vocabulary

import (
	"errors"
	"fmt"
	"go/token"
	"path/filepath"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

const selectorPath = "github.com/podwright/podwright/types/selector"

// Generate returns the package of a vocabulary, a file for each topic: keys, labels, selectors and word. It writes nothing.
func Generate(v *Vocabulary) ([]gocode.File, error) {
	target, err := v.target()
	if err != nil {
		return nil, err
	}
	words, err := v.wordKeys()
	if err != nil {
		return nil, err
	}
	var files []gocode.File
	for _, topic := range []struct {
		name string
		emit func(e *emitter)
	}{
		{"keys", (*emitter).keys},
		{"labels", (*emitter).labels},
		{"selectors", (*emitter).selectors},
		{"word", (*emitter).word},
	} {
		e := &emitter{v, words, gocode.New(target)}
		e.file.ImportName(selectorPath, "selector")
		topic.emit(e)
		file, err := gocode.Render(filepath.Join(v.source.Folder(v.Output), gocode.Prefix+topic.name+".go"), e.file)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// target is the package that is generated.
func (v *Vocabulary) target() (gocode.Package, error) {
	if v.Output == "" {
		return gocode.Package{}, v.source.ErrorAt("output", errors.New("no output: name the folder of the package to be generated"))
	}
	target, err := gocode.PackageAt(v.source.Folder(v.Output))
	if err != nil {
		return gocode.Package{}, v.source.ErrorAt("output", err)
	}
	if v.Package != "" {
		target.Name = v.Package
	}
	if !token.IsIdentifier(target.Name) {
		return gocode.Package{}, v.source.ErrorAt("package", fmt.Errorf("package %q: that is no name of Go: give it one with package", target.Name))
	}
	return target, nil
}

type emitter struct {
	*Vocabulary
	words []wordKey
	file  *jen.File
}

func (e *emitter) comment(text string) { gocode.Comment(e.file, text) }

// described ends a sentence with what the vocabulary says about its subject, if anything.
func described(sentence, doc string) string {
	doc = strings.TrimSuffix(strings.Join(strings.Fields(doc), " "), ".")
	if doc == "" {
		return sentence + "."
	}
	return sentence + ": " + doc + "."
}

// anyOf writes v == "a" || v == "b", or the opposite.
func anyOf(operator, join string, values []string) *jen.Statement {
	var parts []jen.Code
	for _, value := range values {
		parts = append(parts, jen.Id("v").Op(operator).Lit(value))
	}
	return joined(join, parts)
}

// joined writes operands with an operator between them.
func joined(operator string, operands []jen.Code) *jen.Statement {
	code := jen.Null()
	for i, operand := range operands {
		if i > 0 {
			code.Op(operator)
		}
		code.Add(operand)
	}
	return code
}
