package gen

import (
	"cmp"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// emitAliases writes a name in one package for each type that the roots reach, and for the constants of each:
//
//	type (
//		Pod = corev1.Pod
//	)
//
//	// The values of [RestartPolicy].
//	const (
//		RestartPolicyAlways = corev1.RestartPolicyAlways
//	)
func (g *generator) emitAliases() ([]gocode.File, error) {
	o := g.config.Aliases
	roots, err := g.roots("aliases", *o)
	if err != nil {
		return nil, err
	}
	dir := g.config.source.Folder(o.Output)
	pkg, err := g.target("aliases", *o)
	if err != nil {
		return nil, err
	}
	if _, read := g.api.packageOf(Ref{Path: pkg.Path}); read {
		return nil, g.config.source.ErrorAt("aliases.output", fmt.Errorf("aliases cannot stand in %s, the package of their types: a type cannot be its own alias", pkg.Path))
	}
	f := gocode.New(pkg)
	structs, scalars := g.reach(roots)
	structs, scalars = named(g.api, structs, func(s *Struct) Ref { return s.Ref }), named(g.api, scalars, func(s *Scalar) Ref { return s.Ref })
	kinds, parts := split(structs)
	for _, group := range []struct {
		title string
		refs  []Ref
	}{
		{"The kinds, and their lists.", kinds},
		{"What kinds are made of.", parts},
		{"The types of single values.", scalarRefs(scalars)},
	} {
		var aliases []jen.Code
		for _, r := range group.refs {
			gocode.NameImports(f, r.Path)
			aliases = append(aliases, jen.Id(r.Name).Op("=").Add(refCode(r)))
		}
		if len(aliases) > 0 {
			gocode.Comment(f, group.title)
			f.Type().Defs(aliases...)
			f.Line()
		}
	}
	for _, s := range scalars {
		if len(s.Constants) > 0 {
			emitConstants(f, s)
		}
	}
	file, err := gocode.Render(filepath.Join(dir, gocode.Prefix+"aliases.go"), f)
	return []gocode.File{file}, err
}

func emitConstants(f *jen.File, s *Scalar) {
	gocode.Comment(f, fmt.Sprintf("The values of [%s].", s.Name))
	f.Const().DefsFunc(func(group *jen.Group) {
		for _, c := range s.Constants {
			group.Id(c.Name).Op("=").Qual(s.Path, c.Name)
		}
	})
	f.Line()
}

// named keeps the exported types whose source was read. Of two that have one name, the package that the configuration names first wins.
func named[T any](api *API, list []T, ref func(T) Ref) []T {
	best := map[string]int{}
	rank := func(r Ref) int {
		return slices.IndexFunc(api.Packages, func(p Package) bool { return p.Path == r.Path })
	}
	for _, one := range list {
		r := ref(one)
		if n, ok := best[r.Name]; rank(r) >= 0 && (!ok || rank(r) < n) {
			best[r.Name] = rank(r)
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(one T) bool {
		n, ok := best[ref(one).Name]
		return !ok || n != rank(ref(one)) || !token.IsExported(ref(one).Name)
	})
}

// split tells kinds and lists from what they are made of, each sorted by name.
func split(structs []*Struct) (kinds, parts []Ref) {
	for _, s := range structs {
		if slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Type.is(metaPath, "TypeMeta") }) && s.Path != metaPath {
			kinds = append(kinds, s.Ref)
		} else {
			parts = append(parts, s.Ref)
		}
	}
	byName := func(a, b Ref) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(kinds, byName)
	slices.SortFunc(parts, byName)
	return kinds, parts
}

func scalarRefs(scalars []*Scalar) []Ref {
	var refs []Ref
	for _, s := range scalars {
		refs = append(refs, s.Ref)
	}
	slices.SortFunc(refs, func(a, b Ref) int { return cmp.Compare(a.Name, b.Name) })
	return refs
}
