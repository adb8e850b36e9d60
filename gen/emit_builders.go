package gen

import (
	"path/filepath"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// emitBuilders writes the builders of a model, a file a topic.
func emitBuilders(m *Model, dir string) ([]gocode.File, error) {
	e := &builderEmitter{model: m, files: map[string]*jen.File{}}
	for _, b := range m.Builders {
		e.builder(e.file(b.Topic), b)
	}
	for _, u := range m.Unions {
		e.union(e.file(u.Topic), u)
	}
	if e.takesIntOrString() {
		e.intOrString(e.file("unions"))
	}
	var files []gocode.File
	for _, topic := range e.topics {
		f, err := gocode.Render(filepath.Join(dir, gocode.Prefix+topic+".go"), e.files[topic])
		if err != nil {
			return nil, err
		}
		f.Owned = true
		files = append(files, f)
	}
	return files, nil
}

type builderEmitter struct {
	model  *Model
	files  map[string]*jen.File
	topics []string // in the order of their first use
}

func (e *builderEmitter) file(topic string) *jen.File {
	if f := e.files[topic]; f != nil {
		return f
	}
	f := gocode.New(e.model.Package)
	f.ImportName(supportPath, "support")
	for _, b := range e.model.Builders {
		gocode.NameImports(f, b.API.Path)
		for _, s := range b.Setters {
			gocode.NameImports(f, s.Owner.Path)
			for t := s.Value.Type; ; t = *t.Elem {
				if t.Kind == kindNamed {
					gocode.NameImports(f, t.Path)
				}
				if t.Elem == nil {
					break
				}
			}
		}
	}
	gocode.NameImports(f, metaPath)
	e.files[topic] = f
	e.topics = append(e.topics, topic)
	return f
}

// builder writes one builder:
//
//	// ContainerBuilder builds a [corev1.Container].
//	type ContainerBuilder struct {
//		obj  corev1.Container
//		errs support.Problems
//	}
//
// its constructor and setters, and what all builders have.
func (e *builderEmitter) builder(f *jen.File, b *Builder) {
	gocode.Comment(f, builderDoc(b))
	f.Type().Id(b.Name+"Builder").Struct(
		jen.Id("obj").Add(refCode(b.API)),
		jen.Id("errs").Qual(supportPath, "Problems"),
	)
	f.Line()
	e.constructor(f, b)
	e.from(f, b)
	for _, s := range b.Setters {
		e.setter(f, b, s)
	}
	e.with(f, b)
	e.ends(f, b)
	for _, m := range b.Members {
		e.member(f, b, m)
	}
}

// method starts a method that returns a builder: func (b ContainerBuilder) Name(params) ContainerBuilder.
func method(f *jen.File, b *Builder, name string, params ...jen.Code) *jen.Statement {
	return f.Func().Params(jen.Id("b").Id(b.Name + "Builder")).Id(name).Params(params...).Id(b.Name + "Builder")
}

// constructor writes
//
//	func Container(name, image string) ContainerBuilder {
//		var b ContainerBuilder
//		b.obj.Name = name
//		b.obj.Image = image
//		return b
//	}
//
// What is more than an assignment is left to the method of the field.
func (e *builderEmitter) constructor(f *jen.File, b *Builder) {
	gocode.Comment(f, constructorDoc(b))
	params := b.params()
	if len(params) == 0 && b.Kind == nil {
		f.Func().Id(b.Name).Params().Id(b.Name + "Builder").Block(jen.Return(jen.Id(b.Name + "Builder").Values()))
		f.Line()
		return
	}
	body := []jen.Code{jen.Var().Id("b").Id(b.Name + "Builder")}
	if b.Kind != nil {
		body = append(body, jen.Id("b").Dot("obj").Dot("APIVersion").Op("=").Lit(b.Kind.APIVersion),
			jen.Id("b").Dot("obj").Dot("Kind").Op("=").Lit(b.Kind.Kind))
	}
	var (
		types []jen.Code
		list  gocode.Parameters
	)
	for _, s := range params {
		name := lowerFirst(s.Name)
		if s.Value.Kind == valueIntOrString {
			letter := string(rune('P' + len(types)))
			types = append(types, jen.Id(letter).Id("IntOrString"))
			list.Add(name, jen.Id(letter))
			body = append(body, assign(s, jen.Qual(supportPath, "IntOrStringOf").Call(jen.Id(name)))...)
			continue
		}
		list.Add(name, e.paramType(s.Value))
		if s.Value.Kind == valuePlain {
			body = append(body, assign(s, jen.Id(name))...)
		} else {
			body = append(body, jen.Id("b").Op("=").Id("b").Dot(s.Name).Call(jen.Id(name)))
		}
	}
	fn := f.Func().Id(b.Name)
	if len(types) > 0 {
		fn = fn.Types(types...)
	}
	fn.Params(list.Codes()...).Id(b.Name + "Builder").Block(append(body, jen.Return(jen.Id("b")))...)
	f.Line()
}

// from writes
//
//	func ContainerFrom(container *corev1.Container) ContainerBuilder {
//		return ContainerBuilder{obj: *container.DeepCopy()}
//	}
func (e *builderEmitter) from(f *jen.File, b *Builder) {
	name := lowerFirst(b.Name)
	gocode.Comment(f, fromDoc(b, name))
	f.Func().Id(b.Name + "From").Params(jen.Id(name).Op("*").Add(refCode(b.API))).Id(b.Name + "Builder").Block(
		jen.Return(jen.Id(b.Name + "Builder").Values(jen.Dict{jen.Id("obj"): copied(b, jen.Id(name), jen.Op("*").Id(name))})))
	f.Line()
}

// copied is a deep copy of a struct, which from is, or points to.
func copied(b *Builder, from, value *jen.Statement) *jen.Statement {
	if b.Copies {
		return jen.Op("*").Add(from).Dot("DeepCopy").Call()
	}
	return jen.Qual(supportPath, "Clone").Call(value)
}

// with writes
//
//	func (b ContainerBuilder) With(changes ...func(ContainerBuilder) ContainerBuilder) ContainerBuilder {
//		for _, change := range changes {
//			b = change(b)
//		}
//		return b
//	}
//
//	func (b ContainerBuilder) Edit(edit func(*corev1.Container)) ContainerBuilder {
//		obj := b.Unchecked()
//		edit(obj)
//		b.obj = *obj.DeepCopy()
//		return b
//	}
//
// The second copy is for what edit keeps, and for what it took from elsewhere.
func (e *builderEmitter) with(f *jen.File, b *Builder) {
	builder := b.Name + "Builder"
	gocode.Comment(f, "With returns b as changed by each of the functions, in turn.")
	method(f, b, "With", jen.Id("changes").Op("...").Func().Params(jen.Id(builder)).Id(builder)).Block(
		jen.For(jen.List(jen.Id("_"), jen.Id("change")).Op(":=").Range().Id("changes")).Block(
			jen.Id("b").Op("=").Id("change").Call(jen.Id("b"))),
		jen.Return(jen.Id("b")))
	f.Line()
	gocode.Comment(f, "Edit returns b with its "+b.Name+" changed by a function, at once: for what no method sets, and to take something away.")
	method(f, b, "Edit", jen.Id("edit").Func().Params(jen.Op("*").Add(refCode(b.API)))).Block(
		jen.Id("obj").Op(":=").Id("b").Dot("Unchecked").Call(),
		jen.Id("edit").Call(jen.Id("obj")),
		jen.Id("b").Dot("obj").Op("=").Add(copied(b, jen.Id("obj"), jen.Op("*").Id("obj"))),
		jen.Return(jen.Id("b")))
	f.Line()
}

// ends writes Build, MustBuild, Unchecked and Err:
//
//	func (b PodBuilder) Build() (*corev1.Pod, error) { return support.Build(b.Unchecked(), b.errs) }
func (e *builderEmitter) ends(f *jen.File, b *Builder) {
	receiver := jen.Id("b").Id(b.Name + "Builder")
	result := jen.Op("*").Add(refCode(b.API))
	build := "Build"
	if b.Kind == nil {
		build = "BuildPart"
	}
	gocode.Comment(f, buildDoc(b))
	f.Func().Params(receiver.Clone()).Id("Build").Params().Params(result.Clone(), jen.Error()).Block(
		jen.Return(jen.Qual(supportPath, build).Call(jen.Id("b").Dot("Unchecked").Call(), jen.Id("b").Dot("errs"))))
	f.Line()
	gocode.Comment(f, "MustBuild is Build for what is known to be right: it panics with the error.")
	f.Func().Params(receiver.Clone()).Id("MustBuild").Params().Add(result.Clone()).Block(
		jen.Return(jen.Qual(supportPath, "Must").Call(jen.Id("b").Dot("Build").Call())))
	f.Line()
	gocode.Comment(f, "Unchecked returns a new "+b.Name+" as it is, right or wrong.")
	copied := jen.Id("b").Dot("obj").Dot("DeepCopy").Call()
	if !b.Copies {
		copied = jen.New(jen.Qual(supportPath, "Clone").Call(jen.Id("b").Dot("obj")))
	}
	f.Func().Params(receiver.Clone()).Id("Unchecked").Params().Add(result.Clone()).Block(jen.Return(copied))
	f.Line()
	gocode.Comment(f, "Err returns what b was told wrongly so far, such as a quantity that does not parse, and nil if nothing. It validates nothing.")
	f.Func().Params(receiver.Clone()).Id("Err").Params().Error().Block(jen.Return(jen.Id("b").Dot("errs").Dot("Err").Call()))
	f.Line()
}

// takesIntOrString reports whether some constructor has such a parameter.
func (e *builderEmitter) takesIntOrString() bool {
	return slices.ContainsFunc(e.model.Builders, func(b *Builder) bool {
		return slices.ContainsFunc(b.params(), func(s *Setter) bool { return s.Value.Kind == valueIntOrString })
	})
}

// intOrString writes
//
//	type IntOrString interface{ ~int | ~int32 | ~string }
func (e *builderEmitter) intOrString(f *jen.File) {
	gocode.Comment(f, "IntOrString is a number, or a text in its place: the number of a port or its name.")
	f.Type().Id("IntOrString").Interface(jen.Op("~").Int().Op("|").Op("~").Int32().Op("|").Op("~").String())
	f.Line()
}
