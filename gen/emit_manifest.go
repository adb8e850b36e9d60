package gen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
)

type manifestEmitter struct {
	dialects dialects
	file     *jen.File
}

// chain is a builder under construction: the calls that say the object, and what no call can say.
type chain struct {
	dialect *dialect
	builder *Builder
	args    map[string]jen.Code // of the constructor, by setter
	calls   []link
	edits   []jen.Code
}

type link struct {
	name string
	args []jen.Code
}

// isLong reports whether a call is to be broken into lines: a long argument alone stays where it is.
func (l link) isLong() bool { return slices.ContainsFunc(l.args, isLong) }

func isLong(code jen.Code) bool { return strings.Contains(source(code), "\n") }

// source is an expression as Go writes it, behind something that makes it a declaration.
func source(code jen.Code) string { return jen.Var().Id("_").Op("=").Add(code).GoString() }

// builder writes the calls that make an object:
//
//	builders.Container("app", "nginx").
//		Args("-v").
//		Edit(func(obj *corev1.Container) {
//			obj.Lifecycle = nil
//		})
func (e *manifestEmitter) builder(d *dialect, b *Builder, object tree) (jen.Code, error) {
	c := &chain{dialect: d, builder: b, args: map[string]jen.Code{}}
	s := d.api.Structs[b.API.String()]
	if err := e.walk(c, s, object, nil, ""); err != nil {
		return nil, err
	}
	args, ok := e.constructorArgs(c)
	if !ok {
		literal, err := e.literal(d, Type{Kind: kindNamed, Ref: b.API}, object)
		return jen.Qual(d.model.Package.Path, b.Name+"From").Call(jen.Op("&").Add(literal)), err
	}
	code := jen.Qual(d.model.Package.Path, b.Name).Call(args...)
	if len(c.edits) > 0 {
		edit := jen.Func().Params(jen.Id("obj").Op("*").Add(refCode(b.API))).Block(c.edits...)
		c.calls = append(c.calls, link{name: "Edit", args: []jen.Code{edit}})
	}
	breaks := len(c.calls) > 2 || slices.ContainsFunc(c.calls, link.isLong) || c.width()+width([]jen.Code{code}) > 100
	for _, one := range c.calls {
		code.Op(".")
		if breaks {
			code.Line()
		}
		code.Id(one.name)
		if len(one.args) > 1 && (one.isLong() || width(one.args) > 80) {
			code.Call(multiline(one.args, func(a jen.Code) jen.Code { return a })...)
		} else {
			code.Call(one.args...)
		}
	}
	return code, nil
}

// constructorArgs are the arguments of the constructor; not ok if it cannot leave out what the object leaves out.
func (e *manifestEmitter) constructorArgs(c *chain) ([]jen.Code, bool) {
	var args []jen.Code
	for _, s := range c.builder.params() {
		arg, said := c.args[s.Name]
		if !said {
			if s.Form == formPointer || s.Value.isPart() {
				return nil, false
			}
			arg = e.zero(c.dialect, s.Value)
		}
		args = append(args, arg)
	}
	return args, true
}

// zero is the argument that sets a field to its zero value.
func (e *manifestEmitter) zero(d *dialect, v Value) jen.Code {
	switch form := (&schemaEmitter{generator: d.generator}).scalarForm(v.Type); {
	case v.Kind == valueQuantity:
		return jen.Lit("0")
	case v.Kind == valueIntOrString || form == "numeric":
		return jen.Lit(0)
	case form == "boolean":
		return jen.False()
	}
	return jen.Lit("")
}

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

// value writes the argument of a setter, which can say less than the API. A constructor takes numbers or texts as ports, a
// method texts alone.
func (e *manifestEmitter) value(d *dialect, v Value, value any, inConstructor bool) (jen.Code, bool) {
	switch v.Kind {
	case valueQuantity:
		return jen.Lit(fmt.Sprint(value)), true
	case valueIntOrString:
		return intOrString(value, inConstructor)
	case valueTime:
		code, err := timeCode(value)
		return code, err == nil
	case valueDuration:
		code, err := durationCode(value)
		return code, err == nil
	case valueBuilder:
		return e.part(d, v, value)
	case valueUnion:
		return e.union(d, v, value)
	case valueTemplate:
		return e.template(d, v, value)
	case valueUnwrapped:
		inner, _ := value.(tree)
		if len(inner) == 0 {
			return e.zero(d, Value{Kind: valuePlain, Type: v.Field.Type}), true
		}
		return e.plain(d, v.Field.Type, inner[v.Field.JSON])
	}
	return e.plain(d, v.Type, value)
}

func (e *manifestEmitter) plain(d *dialect, t Type, value any) (jen.Code, bool) {
	code, err := e.literal(d, t, value)
	return code, err == nil
}

// intOrString is a text where a method takes one, if the method would not take it for a number.
func intOrString(value any, inConstructor bool) (jen.Code, bool) {
	text, isText := value.(string)
	if inConstructor && !isText {
		n, err := strconv.Atoi(fmt.Sprint(value))
		return jen.Lit(n), err == nil
	}
	if _, err := strconv.Atoi(text); err == nil && isText && !inConstructor {
		return nil, false
	}
	return jen.Lit(fmt.Sprint(value)), true
}

// part writes a builder as an argument, or a literal of a package whose builders are not known.
func (e *manifestEmitter) part(d *dialect, v Value, value any) (jen.Code, bool) {
	object, _ := value.(tree)
	there := e.dialects.of(d, v.Package)
	if there == nil {
		literal, err := e.literal(d, v.Type, value)
		return jen.Qual(v.Package, v.Builder+"From").Call(jen.Op("&").Add(literal)), err == nil
	}
	code, err := e.builder(there, there.model.builder(v.Builder), object)
	return code, err == nil
}

// union writes the builder of the one member that is set.
func (e *manifestEmitter) union(d *dialect, v Value, value any) (jen.Code, bool) {
	there := e.dialects.of(d, v.Package)
	if there == nil {
		return nil, false
	}
	object, _ := value.(tree)
	s := there.api.Structs[v.Type.Ref.String()]
	var (
		set    *Builder
		member Member
	)
	for _, f := range s.Fields {
		if value, given := object[f.JSON]; !given || there.isZero(f.Type, value) || isDiscriminator(f) {
			continue
		}
		b, m := there.memberOf(v.Builder, f)
		if b == nil || set != nil {
			return nil, false
		}
		set, member = b, m
	}
	if set == nil || member.Discriminator != "" && !discriminates(s, member, object) {
		return nil, false
	}
	inner, _ := object[member.JSON].(tree)
	code, err := e.builder(there, set, inner)
	return code, err == nil
}

// memberOf finds the builder that fills a field of a union.
func (d *dialect) memberOf(union string, f Field) (*Builder, Member) {
	for _, b := range d.model.Builders {
		for _, m := range b.Members {
			if m.Union == union && m.Go == f.Go {
				return b, m
			}
		}
	}
	return nil, Member{}
}

func discriminates(s *Struct, m Member, object tree) bool {
	for _, f := range s.Fields {
		if f.Go == m.Discriminator {
			return str(object, f.JSON) == m.Value
		}
	}
	return false
}

// template writes the builder of the kind that a template stands for. It has metadata and spec, and nothing else.
func (e *manifestEmitter) template(d *dialect, v Value, value any) (jen.Code, bool) {
	there := e.dialects.of(d, v.Package)
	object, ok := value.(tree)
	if there == nil || !ok {
		return nil, false
	}
	code, err := e.builder(there, there.model.builder(v.Builder), object)
	return code, err == nil
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

// width is how long the calls are in one line.
func (c *chain) width() int {
	n := 0
	for _, one := range c.calls {
		n += len(one.name) + 3 + width(one.args)
	}
	return n
}

// width is how long the arguments are in one line.
func width(args []jen.Code) int {
	n := 0
	for _, a := range args {
		n += len(source(a)) - len("var _ = ")
	}
	return n
}
