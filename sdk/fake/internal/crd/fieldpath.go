package crd

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var errNoField = errors.New("does not refer to a valid field")

// fieldPath reads a path such as .spec.ports['http'] and finds the schema of what it leads to, as ValidFieldPath does. Brackets are for
// those who may use them.
func fieldPath(text string, s *structuralschema.Structural, brackets bool) (*field.Path, *structuralschema.Structural, error) {
	var path *field.Path
	for text != "" {
		name, rest, err := step(text, brackets)
		if err != nil {
			return nil, nil, err
		}
		text = rest
		switch {
		case s.Properties != nil:
			p, ok := s.Properties[name]
			if !ok {
				return nil, nil, errNoField
			}
			path, s = path.Child(name), &p
		case s.AdditionalProperties != nil && s.AdditionalProperties.Structural != nil:
			path, s = path.Key(name), s.AdditionalProperties.Structural
		default:
			return nil, nil, errNoField
		}
	}
	return path, s, nil
}

// step takes .name or ['name'] off the front of a path.
func step(text string, brackets bool) (name, rest string, err error) {
	switch {
	case text[0] == '.':
		name = text[1:]
		if i := strings.IndexAny(name, ".["); i >= 0 {
			name, rest = name[:i], name[i:]
		}
		if name == "" {
			return "", "", errors.New("unexpected end of JSON path")
		}
		return name, rest, nil
	case text[0] != '[':
		if i := strings.IndexAny(text, ".[]"); i > 0 {
			text = text[:i]
		}
		return "", "", fmt.Errorf("expected [ or . but got: %s", text)
	case !brackets:
		return "", "", errors.New("array notation is not allowed")
	}
	end := strings.Index(text, "']")
	if end < 0 || !strings.HasPrefix(text, "['") {
		return "", "", fmt.Errorf("expected single quoted string but got %s", text[1:])
	}
	quoted := strings.ReplaceAll(strings.ReplaceAll(text[2:end], `\'`, `'`), `"`, `\"`)
	if name, err = strconv.Unquote(`"` + quoted + `"`); err != nil {
		return "", "", fmt.Errorf("invalid string literal: %w", err)
	}
	return name, text[end+2:], nil
}
