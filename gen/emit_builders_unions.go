package gen

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// union writes a sealed interface, and what makes the API's struct of it:
//
//	type VolumeSource interface {
//		volumeSource() (corev1.VolumeSource, support.Problems)
//	}
//
//	func VolumeSourceOf(v VolumeSource) (corev1.VolumeSource, error) {
//		if support.IsNil(v) {
//			return corev1.VolumeSource{}, support.Missing("VolumeSource").Err()
//		}
//		obj, errs := v.volumeSource()
//		return obj, errs.Err()
//	}
func (e *builderEmitter) union(f *jen.File, u *Union) {
	var members []string
	for _, m := range u.Members {
		members = append(members, "["+m+"Builder]")
	}
	gocode.Comment(f, fmt.Sprintf("%s is exactly one of %s. It builds a [%s.%s].", u.Name, strings.Join(members, ", "), gocode.ImportAlias(u.API.Path), u.API.Name))
	f.Type().Id(u.Name).Interface(
		jen.Id(lowerFirst(u.Name)).Params().Params(refCode(u.API), jen.Qual(supportPath, "Problems")))
	f.Line()
	gocode.Comment(f, fmt.Sprintf("%sOf returns the API's form of v, and what v was told wrongly. nil is an error.", u.Name))
	f.Func().Id(u.Name+"Of").Params(jen.Id("v").Id(u.Name)).Params(refCode(u.API), jen.Error()).Block(
		jen.If(jen.Qual(supportPath, "IsNil").Call(jen.Id("v"))).Block(
			jen.Return(refCode(u.API).Values(), jen.Qual(supportPath, "Missing").Call(jen.Lit(u.Name)).Dot("Err").Call())),
		jen.List(jen.Id("obj"), jen.Id("errs")).Op(":=").Id("v").Dot(lowerFirst(u.Name)).Call(),
		jen.Return(jen.Id("obj"), jen.Id("errs").Dot("Err").Call()))
	f.Line()
}

// member writes how a builder fills a union:
//
//	func (b EmptyDirVolumeSourceBuilder) volumeSource() (corev1.VolumeSource, support.Problems) {
//		return corev1.VolumeSource{EmptyDir: new(b.obj)}, support.Problems{}.Under("emptyDir", b.errs)
//	}
func (e *builderEmitter) member(f *jen.File, b *Builder, m Member) {
	var api Ref
	for _, u := range e.model.Unions {
		if u.Name == m.Union {
			api = u.API
		}
	}
	values := jen.Dict{jen.Id(m.Go): jen.New(jen.Id("b").Dot("obj"))}
	if m.Discriminator != "" {
		values[jen.Id(m.Discriminator)] = jen.Lit(m.Value)
	}
	f.Func().Params(jen.Id("b").Id(b.Name+"Builder")).Id(lowerFirst(m.Union)).Params().Params(refCode(api), jen.Qual(supportPath, "Problems")).Block(
		jen.Return(refCode(api).Values(values), jen.Qual(supportPath, "Problems").Values().Dot("Under").Call(jen.Lit(m.JSON), jen.Id("b").Dot("errs"))))
	f.Line()
}
