package types

import (
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// An ExplainOption changes what [Explain] and [ExplainType] print.
type ExplainOption func(*explanation)

// Recursive lists the fields of fields too, one a line and without texts, as kubectl explain --recursive does. A type
// inside itself is not listed again.
func Recursive() ExplainOption { return RecursiveTo(0) }

// RecursiveTo is [Recursive] down to so many levels, as kubectl explain --recursive --max-depth does. 1 is the fields of
// what is explained and nothing inside them, 0 or less is no limit.
func RecursiveTo(depth int) ExplainOption {
	return func(e *explanation) { e.recursive, e.depth = true, max(depth, 0) }
}

// Explain describes a kind of core/v1 or a field of one, and prints what kubectl explain of v1.37 prints. The path is what
// kubectl takes: the kind by its plural, singular or short name, then names of fields as in YAML. What is in a list
// or a map needs no name of its own: pod.spec.containers.image. Unlike kubectl, Explain overlooks no dot too many.
//
// Nothing is asked of a server: the texts are those of the Go types, their SwaggerDoc methods, and what is required
// and which values are allowed is in package facts. An error says which part of the path is wrong and, where something
// is near, what may have been meant.
//
// Three texts a server has and Go types have not. Allowed values are listed without what each means. Quantity, Time,
// MicroTime and IntOrString, which have no SwaggerDoc, are described in our words. And SwaggerDoc stops at three dashes,
// which cuts off fsGroup of a pod's security context and three fields of topology spread constraints.
func Explain(path string, opts ...ExplainOption) (string, error) {
	names, err := splitExplainPath(path)
	if err != nil {
		return "", explainError(path, err)
	}
	kind, err := findExplainedKind(names[0])
	if err != nil {
		return "", explainError(path, err)
	}
	e := explanation{kind: schema.GroupVersionKind{Version: "v1", Kind: kind.of.Name()}, core: true, at: kind.of}
	text, err := e.text(names[1:], opts)
	if err != nil {
		return "", explainError(path, err)
	}
	return text, nil
}

// ExplainType is [Explain] for any type, such as that of a custom resource: t is the Go type of the kind, a struct or a
// pointer to one, and path names fields in it, "" the kind itself. Types without a SwaggerDoc method have no texts. Facts
// are those registered for the type (see [github.com/podwright/podwright/types/facts]); of a type without facts,
// fields whose JSON tag has neither omitempty nor omitzero are required. Allowed values stand in the order of the facts and
// not in the texts, as kubectl shows custom resources.
func ExplainType(t reflect.Type, kind schema.GroupVersionKind, path string, opts ...ExplainOption) (string, error) {
	shown, names := kind.Kind, []string(nil)
	if path != "" {
		shown += "." + path
		var err error
		if names, err = splitExplainPath(path); err != nil {
			return "", explainError(shown, err)
		}
	}
	if t == nil || objectIn(t) == nil {
		return "", explainError(shown, fmt.Errorf("the type %v has no fields", t))
	}
	e := explanation{kind: kind, at: objectIn(t)}
	text, err := e.text(names, opts)
	if err != nil {
		return "", explainError(shown, err)
	}
	return text, nil
}

func explainError(path string, err error) error {
	if path == "" {
		return fmt.Errorf("explain: %w", err)
	}
	return fmt.Errorf("explain %s: %w", path, err)
}

// splitExplainPath cuts a path at its dots. The syntax is checked here, so that "containers[0]" is not called a field
// that is missing.
func splitExplainPath(path string) ([]string, error) {
	if path == "" {
		return nil, fmt.Errorf("the path is empty")
	}
	names := strings.Split(path, ".")
	for i, name := range names {
		bracket := strings.IndexAny(name, "[]")
		switch {
		case name == "" && i == 0:
			return nil, fmt.Errorf("the path begins with a dot")
		case name == "" && i == len(names)-1:
			return nil, fmt.Errorf("the path ends with a dot")
		case name == "":
			return nil, fmt.Errorf("no name stands between the dots after %q", strings.Join(names[:i], "."))
		case bracket >= 0:
			return nil, fmt.Errorf("a path has no brackets, %q is the items of a list too", name[:bracket])
		}
	}
	return names, nil
}

// text follows names from a kind, and prints what stands at the end.
func (e *explanation) text(names []string, opts []ExplainOption) (string, error) {
	for _, name := range names {
		f, err := e.step(name)
		if err != nil {
			return "", err
		}
		e.field, e.at = &f, f.Type
	}
	for _, opt := range opts {
		opt(e)
	}
	return e.print(), nil
}
