package gen

import (
	"path/filepath"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
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
func (g *generator) emitFacts() ([]gocode.File, error) {
	o := g.config.Facts
	roots, err := g.roots("facts", *o)
	if err != nil {
		return nil, err
	}
	dir := g.config.source.Folder(o.Output)
	pkg, err := g.target("facts", *o)
	if err != nil {
		return nil, err
	}
	table, err := g.factsTable(roots)
	if err != nil {
		return nil, err
	}
	f := gocode.New(pkg)
	f.ImportName(factsPath, "facts")
	if pkg.Path != factsPath { // which knows its own
		f.Func().Id("init").Params().Block(jen.Qual(factsPath, "Register").Call(jen.Id(factsName)))
		f.Line()
	}
	gocode.Comment(f, factsName+" are what the comment markers of the types say.")
	f.Var().Id(factsName).Op("=").Qual(factsPath, "Table").Values(gocode.MultilineFunc(table, typeRow)...)
	file, err := gocode.Render(filepath.Join(dir, gocode.Prefix+"facts.go"), f)
	return []gocode.File{file}, err
}

func typeRow(t TypeFacts) jen.Code {
	row := gocode.Keyed{}
	row.Text("Name", t.Name)
	row.Texts("Values", t.Values)
	row.Flag("Closed", t.Closed)
	row.Flag("Union", t.Union)
	row.Flag("Choice", t.Choice)
	row.Flag("Atomic", t.Atomic)
	if len(t.Fields) > 0 {
		row.Add("Fields", jen.Index().Qual(factsPath, "Field").Values(gocode.MultilineFunc(t.Fields, fieldRow)...))
	}
	return jen.Values(row...)
}

func fieldRow(f FieldFacts) jen.Code {
	row := gocode.Keyed{}
	row.Text("Name", f.Name)
	row.Flag("Required", f.Required)
	row.Text("Default", f.Default)
	row.Text("Implied", f.Implied)
	row.Texts("Values", f.Values)
	row.Text("List", f.List)
	row.Texts("Keys", f.Keys)
	row.Text("Map", f.Map)
	row.Flag("Discriminator", f.Discriminator)
	row.Text("Minimum", f.Minimum)
	row.Text("Maximum", f.Maximum)
	row.Number("MinLength", f.MinLength)
	row.Number("MaxLength", f.MaxLength)
	row.Number("MinItems", f.MinItems)
	row.Number("MaxItems", f.MaxItems)
	row.Text("Pattern", f.Pattern)
	return jen.Values(row...)
}
