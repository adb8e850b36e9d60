package descriptor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// parsed is the value of one document and where its parts stand.
type parsed struct {
	value any // as encoding/json makes it, numbers as json.Number
	spot
}

// syntaxError is text that cannot be parsed.
type syntaxError struct {
	at   position
	path path
	err  error
}

// parseYAML reads a document twice: values come from the decoder the API server uses, because it decides what
// is a boolean or an octal number; places come from the nodes of YAML v3, since that decoder drops them.
func parseYAML(doc document) (parsed, *syntaxError) {
	text, err := yaml.YAMLToJSON(doc.text)
	if err != nil {
		return parsed{}, locateYAML(doc, err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return parsed{}, locateYAML(doc, err)
	}
	p := parsed{value: value, spot: spot{position: position{doc.line, 0}}}
	var root yamlv3.Node
	if yamlv3.Unmarshal(doc.text, &root) == nil && len(root.Content) == 1 {
		p.position = nodePosition(root.Content[0], doc.line)
		p.tree = (&treeBuilder{line: doc.line, done: map[*yamlv3.Node]*tree{}}).tree(root.Content[0])
	}
	return p, nil
}

// treeBuilder makes trees of nodes. An alias shares its anchor's tree, so that nothing is built twice.
type treeBuilder struct {
	line int
	done map[*yamlv3.Node]*tree
}

func (b *treeBuilder) tree(n *yamlv3.Node) *tree {
	if n.Kind == yamlv3.AliasNode {
		n = n.Alias
	}
	if t, ok := b.done[n]; ok {
		return t
	}
	t := &tree{}
	b.done[n] = t
	switch n.Kind {
	case yamlv3.MappingNode:
		b.mapping(t, n)
	case yamlv3.SequenceNode:
		for _, item := range n.Content {
			t.items = append(t.items, spot{nodePosition(item, b.line), b.tree(item)})
		}
	}
	return t
}

// mapping adds a mapping's own fields, then those merged in by <<, which own fields override.
func (b *treeBuilder) mapping(t *tree, n *yamlv3.Node) {
	var merged []*yamlv3.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag == "!!merge" {
			merged = append(merged, value)
			continue
		}
		t.set(key.Value, spot{nodePosition(key, b.line), b.tree(value)})
	}
	for _, from := range merged {
		b.merge(t, from)
	}
}

func (b *treeBuilder) merge(t *tree, from *yamlv3.Node) {
	if from.Kind == yamlv3.SequenceNode {
		for _, one := range from.Content {
			b.merge(t, one)
		}
		return
	}
	for name, s := range b.tree(from).fields {
		if _, ok := t.fields[name]; !ok {
			t.set(name, s)
		}
	}
}

func nodePosition(n *yamlv3.Node, line int) position { return position{n.Line, n.Column}.after(line) }

// yamlLine is how both YAML decoders start an error that has a line.
var yamlLine = regexp.MustCompile(`^(?:error converting YAML to JSON: )?yaml: (?:line (\d+): )?`)

// grammarErrors are those that the decoder's grammar finds, not its scanner: their line is counted from 0.
var grammarErrors = []string{
	"did not find expected key", "did not find expected '-' indicator", "did not find expected node content",
	"did not find expected <document start>", "did not find expected ',' or ']'", "did not find expected ',' or '}'",
}

// locateYAML finds line and path of a decoder's error from its text.
func locateYAML(doc document, err error) *syntaxError {
	text, line := err.Error(), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	for _, grammar := range grammarErrors {
		if strings.HasPrefix(text, grammar) {
			line++
		}
	}
	lines := bytes.Split(doc.text, []byte("\n"))
	line = min(max(line, 1), len(lines))
	wrong := lines[line-1]
	if bytes.ContainsRune(wrong[:indent(wrong)], '\t') {
		text += "; indent with spaces, not tabs"
	}
	at := position{line, indent(wrong) + 1}.after(doc.line)
	return &syntaxError{at, enclosing(lines[:line-1], indent(wrong)), fmt.Errorf("%w YAML: %s", ErrSyntax, text)}
}

func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " \t")) }

// enclosing is the path of what a line with the given indentation is part of, judged by the lines before it.
func enclosing(before [][]byte, indent int) path {
	var root yamlv3.Node
	if yamlv3.Unmarshal(bytes.Join(before, []byte("\n")), &root) != nil || len(root.Content) != 1 {
		return ""
	}
	at := path("")
	for n := root.Content[0]; len(n.Content) > 0 && n.Column <= indent; n = n.Content[len(n.Content)-1] {
		switch n.Kind {
		case yamlv3.MappingNode:
			at = at.field(n.Content[len(n.Content)-2].Value)
		case yamlv3.SequenceNode:
			at = at.index(len(n.Content) - 1)
		}
	}
	return at
}
