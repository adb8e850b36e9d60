package gen

import (
	"path/filepath"
	"strings"

	"github.com/dave/jennifer/jen"
)

const factsPath = "github.com/podwright/podwright/types/facts"

// factsName is the variable of a facts table. It stands among the API's own names, so it is one that no API has.
const factsName = "podwrightFacts"

// emitFacts writes the facts table of a package's types, as constant data:
//
//	func init() { facts.Register(podwrightFacts) }
//
//	var podwrightFacts = facts.Table{
//		{Name: "k8s.io/api/core/v1.AppArmorProfile", Fields: []facts.Field{
//			{Name: "type", Required: true},
//		}},
//	}
func (g *generator) emitFacts() ([]File, error) {
	o := g.config.Facts
	roots, err := g.roots("facts", *o)
	if err != nil {
		return nil, err
	}
	dir := g.config.output(o.Output)
	pkg, err := g.target("facts", *o)
	if err != nil {
		return nil, err
	}
	table, err := g.factsTable(roots)
	if err != nil {
		return nil, err
	}
	f := newFile(pkg)
	f.ImportName(factsPath, "facts")
	if pkg.Path != factsPath { // which knows its own
		f.Func().Id("init").Params().Block(jen.Qual(factsPath, "Register").Call(jen.Id(factsName)))
		f.Line()
	}
	comment(f, factsName+" are what the comment markers of the types say.")
	f.Var().Id(factsName).Op("=").Qual(factsPath, "Table").Values(multiline(table, typeRow)...)
	file, err := render(filepath.Join(dir, generatedPrefix+"facts.go"), f)
	return []File{file}, err
}

// multiline writes a value a line.
func multiline[T any](list []T, row func(T) jen.Code) []jen.Code {
	var codes []jen.Code
	for _, one := range list {
		codes = append(codes, jen.Line().Add(row(one)))
	}
	return append(codes, jen.Line())
}

func typeRow(t TypeFacts) jen.Code {
	row := keyed{}
	row.text("Name", t.Name)
	row.texts("Values", t.Values)
	row.flag("Closed", t.Closed)
	row.flag("Union", t.Union)
	row.flag("Choice", t.Choice)
	row.flag("Atomic", t.Atomic)
	if len(t.Fields) > 0 {
		row.add("Fields", jen.Index().Qual(factsPath, "Field").Values(multiline(t.Fields, fieldRow)...))
	}
	return jen.Values(row...)
}

func fieldRow(f FieldFacts) jen.Code {
	row := keyed{}
	row.text("Name", f.Name)
	row.flag("Required", f.Required)
	row.text("Default", f.Default)
	row.text("Implied", f.Implied)
	row.texts("Values", f.Values)
	row.text("List", f.List)
	row.texts("Keys", f.Keys)
	row.text("Map", f.Map)
	row.flag("Discriminator", f.Discriminator)
	row.text("Minimum", f.Minimum)
	row.text("Maximum", f.Maximum)
	row.number("MinLength", f.MinLength)
	row.number("MaxLength", f.MaxLength)
	row.number("MinItems", f.MinItems)
	row.number("MaxItems", f.MaxItems)
	row.text("Pattern", f.Pattern)
	return jen.Values(row...)
}

// keyed are the fields of a literal that are not zero, in the order in which they were added.
type keyed []jen.Code

func (k *keyed) add(name string, value jen.Code) { *k = append(*k, jen.Id(name).Op(":").Add(value)) }

func (k *keyed) text(name, value string) {
	switch {
	case value == "":
	case strings.Contains(value, `"`) && !strings.ContainsAny(value, "`\n\r"):
		k.add(name, jen.Op("`"+value+"`"))
	default:
		k.add(name, jen.Lit(value))
	}
}

func (k *keyed) texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	var list []jen.Code
	for _, v := range values {
		list = append(list, jen.Lit(v))
	}
	k.add(name, jen.Index().String().Values(list...))
}

func (k *keyed) flag(name string, value bool) {
	if value {
		k.add(name, jen.True())
	}
}

func (k *keyed) number(name string, value int) {
	if value != 0 {
		k.add(name, jen.Lit(value))
	}
}
