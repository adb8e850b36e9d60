package gen

import (
	"fmt"
	"go/constant"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// named reads a named type unless that was done, and returns how a field refers to it.
func (l *loader) named(n *types.Named) Type {
	object := n.Obj()
	if object.Pkg() == nil {
		return Type{Kind: kindBasic, Ref: Ref{Name: object.Name()}} // error
	}
	t := Type{Kind: kindNamed, Ref: Ref{object.Pkg().Path(), object.Name()}, Args: n.TypeArgs() != nil}
	key := t.Ref.String()
	if t.Args || l.api.Structs[key] != nil || l.api.Scalars[key] != nil {
		return t
	}
	doc, markers := readComment(l.comments[key])
	switch under := n.Underlying().(type) {
	case *types.Struct:
		position := l.fset.Position(object.Pos())
		s := &Struct{Ref: t.Ref, Doc: doc, Markers: markers, Copies: hasMethod(n, "DeepCopy"), IsObject: hasMethod(n, "DeepCopyObject"),
			Pos: fmt.Sprintf("%s:%d", filepath.Base(position.Filename), position.Line)}
		l.api.Structs[key] = s // first, because types refer to themselves
		s.Fields = l.fields(key, under)
	case *types.Interface:
		return Type{Kind: kindOther, Ref: t.Ref}
	default:
		s := &Scalar{Ref: t.Ref, Doc: doc, Markers: markers}
		l.api.Scalars[key] = s
		s.Underlying = l.typeOf(under)
		s.Constants = l.constants(n)
	}
	return t
}

// hasMethod reports whether n has a method of its own: a promoted DeepCopy, as embedded metadata has one, copies a part.
func hasMethod(n *types.Named, name string) bool {
	method := types.NewMethodSet(types.NewPointer(n)).Lookup(n.Obj().Pkg(), name)
	return method != nil && len(method.Index()) == 1
}

func (l *loader) fields(owner string, s *types.Struct) []Field {
	var fields []Field
	for i := range s.NumFields() {
		v, tag := s.Field(i), reflect.StructTag(s.Tag(i))
		name, options, _ := strings.Cut(tag.Get("json"), ",")
		embedsStruct := v.Embedded() && isStruct(v.Type())
		if !v.Exported() && !embedsStruct || tag.Get("json") == "-" {
			continue
		}
		if name == "" && !embedsStruct {
			name = v.Name()
		}
		doc, markers := readComment(l.comments[owner+"."+v.Name()])
		fields = append(fields, Field{
			Go: v.Name(), JSON: name, Embedded: v.Embedded(), Type: l.typeOf(v.Type()), Doc: doc, Markers: markers,
			Omits:         strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero"),
			PatchStrategy: tag.Get("patchStrategy"), PatchMergeKey: tag.Get("patchMergeKey"),
		})
	}
	return fields
}

// isStruct reports whether t is a struct or points to one, as encoding/json asks of what it embeds.
func isStruct(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok
}

func (l *loader) typeOf(t types.Type) Type {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return l.named(t)
	case *types.Basic:
		return Type{Kind: kindBasic, Ref: Ref{Name: t.Name()}}
	case *types.Pointer:
		return Type{Kind: kindPointer, Elem: new(l.typeOf(t.Elem()))}
	case *types.Slice:
		return Type{Kind: kindSlice, Elem: new(l.typeOf(t.Elem()))}
	case *types.Map:
		return Type{Kind: kindMap, Key: new(l.typeOf(t.Key())), Elem: new(l.typeOf(t.Elem()))}
	default:
		return Type{Kind: kindOther, Ref: Ref{Name: types.TypeString(t, nil)}}
	}
}

// constants are those of a named type in its own package, in source order.
func (l *loader) constants(n *types.Named) []Constant {
	scope := n.Obj().Pkg().Scope()
	var found []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && c.Exported() && types.Identical(c.Type(), n) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *types.Const) int { return int(a.Pos() - b.Pos()) })
	var constants []Constant
	for _, c := range found {
		value := c.Val().ExactString()
		if c.Val().Kind() == constant.String {
			value = constant.StringVal(c.Val())
		}
		doc, _ := readComment(l.comments[n.Obj().Pkg().Path()+"."+c.Name()])
		constants = append(constants, Constant{Name: c.Name(), Value: value, Doc: doc})
	}
	return constants
}
