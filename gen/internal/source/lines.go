package source

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
)

// lines are the lines of a YAML text, by path: builders.roots[1].
type lines map[string]int

// of is the line of a path, or of the nearest thing above it that stands in the text.
func (l lines) of(path string) int {
	for path != "" {
		if line, ok := l[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 1
}

// readLines finds every line, and that nothing is there that like has no field for. Errors start with their line.
func readLines(text []byte, like any) (lines, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, lineOf(err)
	}
	l := lines{}
	if len(doc.Content) == 0 {
		return l, nil
	}
	return l, l.read(doc.Content[0], "", reflect.TypeOf(like))
}

// lineOf puts the line of a syntax error where compilers put it.
func lineOf(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if n, _ := fmt.Sscanf(text, "line %d:", &line); n == 1 {
		_, text, _ = strings.Cut(text, ": ")
		return fmt.Errorf("%d: %s", line, text)
	}
	return errors.New("1: " + text)
}

func (l lines) read(n *yaml.Node, path string, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, ok := l[path]; !ok {
		l[path] = n.Line
	}
	wanted := map[reflect.Kind]yaml.Kind{
		reflect.Struct: yaml.MappingNode, reflect.Map: yaml.MappingNode, reflect.Slice: yaml.SequenceNode, reflect.String: yaml.ScalarNode, reflect.Bool: yaml.ScalarNode,
	}[t.Kind()]
	if n.Kind == yaml.AliasNode {
		return l.read(n.Alias, path, t)
	}
	if n.Tag == "!!null" {
		return nil
	}
	if n.Kind != wanted {
		return fmt.Errorf("%d: %s is %s, but must be %s", n.Line, cmp.Or(path, "the configuration"), called[n.Kind], called[wanted])
	}
	if t.Kind() == reflect.Bool && n.Tag != "!!bool" {
		return fmt.Errorf("%d: %s is %q, but must be true or false", n.Line, path, n.Value)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		for i, item := range n.Content {
			if err := l.read(item, fmt.Sprintf("%s[%d]", path, i), t.Elem()); err != nil {
				return err
			}
		}
	case yaml.MappingNode:
		return l.readMapping(n, path, t)
	}
	return nil
}

func (l lines) readMapping(n *yaml.Node, path string, t reflect.Type) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := strings.TrimPrefix(path+"."+key.Value, ".")
		if _, twice := l[at]; twice {
			return fmt.Errorf("%d: %s stands here twice", key.Line, at)
		}
		l[at] = key.Line
		var elem reflect.Type
		if t.Kind() == reflect.Map {
			elem = t.Elem()
		} else if f, ok := jsonField(t, key.Value); ok {
			elem = f
		} else {
			return fmt.Errorf("%d: unknown key %q: known are %s", key.Line, at, strings.Join(jsonNames(t), ", "))
		}
		if err := l.read(value, at, elem); err != nil {
			return err
		}
	}
	return nil
}

var called = map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a text"}

// jsonField is the type of the field of struct t that has a name in JSON.
func jsonField(t reflect.Type, name string) (reflect.Type, bool) {
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name && tag != "" {
			return f.Type, true
		}
	}
	return nil, false
}

func jsonNames(t reflect.Type) []string {
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag != "" {
			names = append(names, tag)
		}
	}
	return names
}
