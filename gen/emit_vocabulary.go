package gen

import (
	"path/filepath"
	"strings"

	"github.com/dave/jennifer/jen"
)

const selectorPath = "github.com/podwright/podwright/types/selector"

// Selectors returns the package of a vocabulary, a file for each topic: keys, labels, selectors and word.
func Selectors(v *Vocabulary) ([]File, error) {
	target, err := v.target()
	if err != nil {
		return nil, err
	}
	words, err := v.wordKeys()
	if err != nil {
		return nil, err
	}
	var files []File
	for _, topic := range []struct {
		name string
		emit func(e *vocabularyEmitter)
	}{
		{"keys", (*vocabularyEmitter).keys},
		{"labels", (*vocabularyEmitter).labels},
		{"selectors", (*vocabularyEmitter).selectors},
		{"word", (*vocabularyEmitter).word},
	} {
		e := &vocabularyEmitter{v, words, newFile(target)}
		e.file.ImportName(selectorPath, "selector")
		topic.emit(e)
		file, err := render(filepath.Join(v.output(v.Output), generatedPrefix+topic.name+".go"), e.file)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

type vocabularyEmitter struct {
	*Vocabulary
	words []wordKey
	file  *jen.File
}

func (e *vocabularyEmitter) comment(text string) { comment(e.file, text) }

// described ends a sentence with what the vocabulary says about its subject, if anything.
func described(sentence, doc string) string {
	doc = strings.TrimSuffix(strings.Join(strings.Fields(doc), " "), ".")
	if doc == "" {
		return sentence + "."
	}
	return sentence + ": " + doc + "."
}

// documented adds a comment in a group.
func documented(g *jen.Group, text string) {
	for _, line := range wrap(text) {
		g.Comment(line)
	}
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
