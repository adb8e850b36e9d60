package gen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

type manifestEmitter struct {
	dialects dialects
	file     *jen.File
}

// function writes
//
//	// Crane returns the ReplicationController crane of crane.yaml.
//	func Crane() builders.ReplicationControllerBuilder {
//		return builders.ReplicationController("crane").
//			Replicas(3)
//	}
func (e *manifestEmitter) function(name string, object tree, from string) error {
	kind := Kind{str(object, "apiVersion"), str(object, "kind")}
	d, b := e.dialects.kind(kind)
	if b == nil {
		return fmt.Errorf("there is no builder of %s %s: there are builders of %s", kind.APIVersion, kind.Kind, e.dialects.kinds())
	}
	for _, one := range e.dialects {
		e.file.ImportName(one.model.Package.Path, one.model.Package.Name)
		for _, p := range one.api.Packages {
			gocode.NameImports(e.file, p.Path)
		}
	}
	code, err := e.builder(d, b, object)
	if err != nil {
		return err
	}
	meta, _ := object["metadata"].(tree)
	text := strings.Join(strings.Fields(fmt.Sprintf("%s returns the %s %s of %s.", name, kind.Kind, str(meta, "name"), from)), " ")
	gocode.Comment(e.file, text)
	e.file.Func().Id(name).Params().Qual(d.model.Package.Path, b.Name+"Builder").Block(jen.Return(code))
	e.file.Line()
	return nil
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
			code.Call(gocode.Multiline(one.args)...)
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
		n += len(printed(a)) - len("var _ = ")
	}
	return n
}

// isLong reports whether a call is to be broken into lines: a long argument alone stays where it is.
func (l link) isLong() bool { return slices.ContainsFunc(l.args, isLong) }

func isLong(code jen.Code) bool { return strings.Contains(printed(code), "\n") }

// printed is an expression as Go writes it, behind something that makes it a declaration.
func printed(code jen.Code) string { return jen.Var().Id("_").Op("=").Add(code).GoString() }
