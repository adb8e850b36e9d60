package gocode

import (
	"strings"

	"github.com/dave/jennifer/jen"
)

// Multiline writes each value of a literal, or argument of a call, in a line of its own.
func Multiline(values []jen.Code) []jen.Code {
	return MultilineFunc(values, func(value jen.Code) jen.Code { return value })
}

// MultilineFunc is [Multiline] of what row makes of each of a list.
func MultilineFunc[T any](list []T, row func(T) jen.Code) []jen.Code {
	var codes []jen.Code
	for _, one := range list {
		codes = append(codes, jen.Line().Add(row(one)))
	}
	return append(codes, jen.Line())
}

// Keyed are the fields of a literal that are not zero, in the order in which they were added. The zero Keyed is none.
type Keyed []jen.Code

// Add adds a field, whatever its value.
func (k *Keyed) Add(name string, value jen.Code) { *k = append(*k, jen.Id(name).Op(":").Add(value)) }

// Text adds a string, unless it is empty. One with quotes in it is written between backquotes, if it can be.
func (k *Keyed) Text(name, value string) {
	switch {
	case value == "":
	case strings.Contains(value, `"`) && !strings.ContainsAny(value, "`\n\r"):
		k.Add(name, jen.Op("`"+value+"`"))
	default:
		k.Add(name, jen.Lit(value))
	}
}

// Texts adds a list of strings, unless there are none.
func (k *Keyed) Texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	var list []jen.Code
	for _, v := range values {
		list = append(list, jen.Lit(v))
	}
	k.Add(name, jen.Index().String().Values(list...))
}

// Flag adds true.
func (k *Keyed) Flag(name string, value bool) {
	if value {
		k.Add(name, jen.True())
	}
}

// Number adds a number, unless it is 0.
func (k *Keyed) Number(name string, value int) {
	if value != 0 {
		k.Add(name, jen.Lit(value))
	}
}
