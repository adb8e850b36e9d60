package gocode

import "github.com/dave/jennifer/jen"

// Parameters are those of a function; neighbours of one type are written as name, image string. The zero Parameters are none.
type Parameters []parameter

type parameter struct {
	names []jen.Code
	typ   *jen.Statement
}

// Add adds a parameter behind those that there are.
func (p *Parameters) Add(name string, typ *jen.Statement) {
	if n := len(*p); n > 0 && (*p)[n-1].typ.GoString() == typ.GoString() {
		(*p)[n-1].names = append((*p)[n-1].names, jen.Id(name))
		return
	}
	*p = append(*p, parameter{[]jen.Code{jen.Id(name)}, typ})
}

// Codes are the parameters as [jen.Statement.Params] takes them.
func (p Parameters) Codes() []jen.Code {
	var codes []jen.Code
	for _, one := range p {
		codes = append(codes, jen.List(one.names...).Add(one.typ))
	}
	return codes
}
