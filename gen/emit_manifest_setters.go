package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
)

// walk goes through the fields of s, which stands at path in the builder's object, as addSetters does.
func (e *manifestEmitter) walk(c *chain, s *Struct, object tree, path []string, json string) error {
	for _, f := range s.Fields {
		at, on := append(slices.Clip(path), f.Go), strings.Trim(json+"."+f.JSON, ".")
		if f.Type.is(metaPath, "TypeMeta") {
			continue
		}
		value, given := object[f.JSON]
		if f.Inlined() {
			value, given = object, true
		}
		if !given || c.dialect.isZero(f.Type, value) {
			continue
		}
		set := c.setter(s, f, json)
		if set == nil {
			if in := c.dialect.api.structOf(f.Type); in != nil && c.isFlattened(in, on) {
				inner, _ := value.(tree)
				if err := e.walk(c, in, inner, at, on); err != nil {
					return err
				}
				continue
			}
		} else if e.say(c, set, value) {
			continue
		}
		if err := e.edit(c, f, at, value); err != nil {
			return err
		}
	}
	return nil
}

// setter finds the setter of a field of s that stands below json.
func (c *chain) setter(s *Struct, f Field, json string) *Setter {
	for _, set := range c.builder.Setters {
		if set.Owner == s.Ref && set.Field == f.Go && strings.HasPrefix(set.JSON, json) {
			return set
		}
	}
	return nil
}

// isFlattened reports whether the builder sets fields of a struct that stands at a path.
func (c *chain) isFlattened(in *Struct, json string) bool {
	return slices.ContainsFunc(c.builder.Setters, func(set *Setter) bool {
		return set.Owner == in.Ref && strings.HasPrefix(set.JSON, json)
	})
}

// say adds the call of a setter, or the argument of the constructor; false if it cannot say the value.
func (e *manifestEmitter) say(c *chain, set *Setter, value any) bool {
	if inner, ok := value.(tree); ok && set.Value.Kind == valuePlain && c.dialect.api.structOf(set.fieldType(c.dialect)) != nil {
		value = inner[set.JSON[strings.LastIndexByte(set.JSON, '.')+1:]] // an embedded wrapper's one field
	}
	switch set.Form {
	case formList:
		return e.sayList(c, set, value)
	case formMap:
		return e.sayMap(c, set, value)
	}
	inConstructor := slices.Contains(c.builder.Constructor, set.Name)
	arg, ok := e.value(c.dialect, set.Value, value, inConstructor)
	switch {
	case !ok:
		return false
	case inConstructor:
		c.args[set.Name] = arg
	default:
		c.calls = append(c.calls, link{name: set.Name, args: []jen.Code{arg}})
	}
	return true
}

// fieldType is the type of the field that a setter is for.
func (s *Setter) fieldType(d *dialect) Type {
	if owner := d.api.Structs[s.Owner.String()]; owner != nil {
		for _, f := range owner.Fields {
			if f.Go == s.Field {
				return f.Type
			}
		}
	}
	return Type{}
}

func (e *manifestEmitter) sayList(c *chain, set *Setter, value any) bool {
	list, ok := value.([]any)
	if !ok {
		return false
	}
	var args []jen.Code
	for _, item := range list {
		arg, ok := e.value(c.dialect, set.Value, item, false)
		if !ok {
			return false
		}
		args = append(args, arg)
	}
	c.calls = append(c.calls, link{name: set.Name, args: args})
	return true
}

// sayMap merges a map of several entries where that is possible, and else sets one after the other.
func (e *manifestEmitter) sayMap(c *chain, set *Setter, value any) bool {
	entries, ok := value.(tree)
	if !ok {
		return false
	}
	if len(entries) > 1 && set.Singular != set.Name && set.Value.Kind == valuePlain {
		literal, err := e.literal(c.dialect, Type{Kind: kindMap, Key: set.Key, Elem: &set.Value.Type}, value)
		if err != nil {
			return false
		}
		c.calls = append(c.calls, link{name: set.Name, args: []jen.Code{literal}})
		return true
	}
	var calls []link
	for _, key := range sortedKeys(entries) {
		arg, ok := e.value(c.dialect, set.Value, entries[key], false)
		if !ok {
			return false
		}
		calls = append(calls, link{name: set.Singular, args: []jen.Code{jen.Lit(key), arg}})
	}
	c.calls = append(c.calls, calls...)
	return true
}

// edit adds an assignment to what stands in Edit.
func (e *manifestEmitter) edit(c *chain, f Field, path []string, value any) error {
	literal, err := e.literal(c.dialect, f.Type, value)
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(path, "."), err)
	}
	target := jen.Id("obj")
	for _, name := range path {
		target = target.Dot(name)
	}
	c.edits = append(c.edits, target.Op("=").Add(literal))
	return nil
}
