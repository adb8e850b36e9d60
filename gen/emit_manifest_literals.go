package gen

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dave/jennifer/jen"
	"github.com/podwright/podwright/gen/internal/gocode"
)

// literal writes a value of an API's type, given as JSON:
//
//	corev1.Container{Name: "app", TTY: true}
func (e *manifestEmitter) literal(d *dialect, t Type, value any) (jen.Code, error) {
	if t.Kind == kindPointer {
		return e.pointerTo(d, *t.Elem, value)
	}
	if write, ok := opaqueLiterals[t.Ref.String()]; ok && t.Kind == kindNamed {
		return write(value)
	}
	if s := d.api.structOf(t); s != nil {
		body, err := e.structLiteral(d, s, value)
		return refCode(s.Ref).Add(body), err
	}
	if s := d.api.Scalars[t.Ref.String()]; t.Kind == kindNamed && s != nil {
		return e.namedLiteral(d, s, value)
	}
	switch {
	case isBytes(t):
		text, err := base64.StdEncoding.DecodeString(fmt.Sprint(value))
		return jen.Index().Byte().Call(jen.Lit(string(text))), err
	case t.Kind == kindSlice:
		return e.listLiteral(d, t, value)
	case t.Kind == kindMap:
		return e.mapLiteral(d, t, value)
	case t.Kind == kindBasic:
		return basicLiteral(value)
	}
	return nil, fmt.Errorf("cannot write a %s as Go", t)
}

// pointerTo writes new(x) for a single value and &T{...} for a struct.
func (e *manifestEmitter) pointerTo(d *dialect, t Type, value any) (jen.Code, error) {
	code, err := e.literal(d, t, value)
	switch {
	case err != nil:
		return nil, err
	case d.api.structOf(t) != nil:
		return jen.Op("&").Add(code), nil
	case t.Kind == kindBasic && t.Name != "string" && t.Name != "bool":
		code = typeCode(t).Call(code)
	case t.Kind == kindNamed && d.api.Scalars[t.Ref.String()] != nil:
		if _, isConstant := d.constant(t, value); !isConstant {
			code = typeCode(t).Call(code)
		}
	}
	return jen.New(code), nil
}

// structLiteral writes the braces and what stands between them.
func (e *manifestEmitter) structLiteral(d *dialect, s *Struct, value any) (jen.Code, error) {
	object, ok := value.(tree)
	if !ok && value != nil {
		return nil, fmt.Errorf("%v where a %s belongs", value, s.Name)
	}
	values := gocode.Keyed{}
	for _, f := range s.Fields {
		inner, given := object[f.JSON]
		if f.Inlined() {
			inner, given = any(object), true
		}
		if !given || d.isZero(f.Type, inner) {
			continue
		}
		code, err := e.literal(d, f.Type, inner)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.JSON, err)
		}
		values.Add(f.Go, code)
	}
	if len(values) < 2 {
		return jen.Values(values...), nil
	}
	return jen.Values(gocode.Multiline(values)...), nil
}

// item is a literal in a list or map, which names its type: structs need not name theirs again.
func (e *manifestEmitter) item(d *dialect, t Type, value any) (jen.Code, error) {
	if s := d.api.structOf(t); s != nil {
		return e.structLiteral(d, s, value)
	}
	return e.literal(d, t, value)
}

// namedLiteral writes a constant by its name, where the type is one of a few values.
func (e *manifestEmitter) namedLiteral(d *dialect, s *Scalar, value any) (jen.Code, error) {
	if c, ok := d.constant(Type{Kind: kindNamed, Ref: s.Ref}, value); ok {
		return jen.Qual(s.Path, c), nil
	}
	code, err := e.literal(d, s.Underlying, value)
	if s.Underlying.Kind == kindMap && err == nil {
		return e.mapLiteral(d, Type{Kind: kindMap, Ref: s.Ref, Key: s.Underlying.Key, Elem: s.Underlying.Elem}, value)
	}
	return code, err
}

// constant finds the name of a value of an enum.
func (d *dialect) constant(t Type, value any) (string, bool) {
	s := d.api.Scalars[t.Ref.String()]
	if s == nil || len(d.values(t.Ref)) == 0 {
		return "", false
	}
	for _, c := range s.Constants {
		if c.Value == fmt.Sprint(value) {
			return c.Name, true
		}
	}
	return "", false
}

func (e *manifestEmitter) listLiteral(d *dialect, t Type, value any) (jen.Code, error) {
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("%v where a list belongs", value)
	}
	var items []jen.Code
	for _, item := range list {
		code, err := e.item(d, *t.Elem, item)
		if err != nil {
			return nil, err
		}
		items = append(items, code)
	}
	return typeCode(t).Values(items...), nil
}

func (e *manifestEmitter) mapLiteral(d *dialect, t Type, value any) (jen.Code, error) {
	object, ok := value.(tree)
	if !ok {
		return nil, fmt.Errorf("%v where a mapping belongs", value)
	}
	var entries []jen.Code
	for _, key := range sortedKeys(object) {
		code, err := e.item(d, *t.Elem, object[key])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		entries = append(entries, jen.Lit(key).Op(":").Add(code))
	}
	name := jen.Map(typeCode(*t.Key)).Add(typeCode(*t.Elem))
	if t.Path != "" {
		name = refCode(t.Ref)
	}
	if len(entries) < 2 {
		return name.Values(entries...), nil
	}
	return name.Values(gocode.Multiline(entries)...), nil
}

func sortedKeys(object tree) []string { return slices.Sorted(maps.Keys(object)) }

func basicLiteral(value any) (jen.Code, error) {
	switch value := value.(type) {
	case string:
		return jen.Lit(value), nil
	case bool:
		return jen.Lit(value), nil
	case json.Number:
		return jen.Op(value.String()), nil
	}
	return nil, fmt.Errorf("%v where a single value belongs", value)
}

// opaqueLiterals write the types with a form of their own on the wire.
var opaqueLiterals = map[string]func(value any) (jen.Code, error){
	resourcePath + ".Quantity": func(value any) (jen.Code, error) {
		return jen.Qual(resourcePath, "MustParse").Call(jen.Lit(fmt.Sprint(value))), nil
	},
	intstrPath + ".IntOrString": func(value any) (jen.Code, error) {
		if text, ok := value.(string); ok {
			return jen.Qual(intstrPath, "FromString").Call(jen.Lit(text)), nil
		}
		return jen.Qual(intstrPath, "FromInt32").Call(jen.Op(fmt.Sprint(value))), nil
	},
	metaPath + ".Time": func(value any) (jen.Code, error) {
		code, err := timeCode(value)
		return jen.Qual(metaPath, "NewTime").Call(code), err
	},
	metaPath + ".MicroTime": func(value any) (jen.Code, error) {
		code, err := timeCode(value)
		return jen.Qual(metaPath, "NewMicroTime").Call(code), err
	},
	metaPath + ".Duration": func(value any) (jen.Code, error) {
		code, err := durationCode(value)
		return jen.Qual(metaPath, "Duration").Values(jen.Id("Duration").Op(":").Add(code)), err
	},
	metaPath + ".FieldsV1":        rawCode(metaPath, "FieldsV1"),
	runtimePath + ".RawExtension": rawCode(runtimePath, "RawExtension"),
}

func rawCode(path, name string) func(value any) (jen.Code, error) {
	return func(value any) (jen.Code, error) {
		text, err := json.Marshal(value)
		return jen.Qual(path, name).Values(jen.Id("Raw").Op(":").Index().Byte().Call(jen.Lit(string(text)))), err
	}
}

// timeCode writes time.Date(2026, time.November, 25, 8, 0, 0, 0, time.UTC).
func timeCode(value any) (jen.Code, error) {
	t, err := time.Parse(time.RFC3339Nano, fmt.Sprint(value))
	if err != nil {
		return nil, err
	}
	t = t.UTC()
	return jen.Qual("time", "Date").Call(jen.Lit(t.Year()), jen.Qual("time", t.Month().String()), jen.Lit(t.Day()),
		jen.Lit(t.Hour()), jen.Lit(t.Minute()), jen.Lit(t.Second()), jen.Lit(t.Nanosecond()), jen.Qual("time", "UTC")), nil
}

// durationCode writes 90 * time.Second, in the largest unit that divides.
func durationCode(value any) (jen.Code, error) {
	d, err := time.ParseDuration(fmt.Sprint(value))
	if err != nil {
		return nil, err
	}
	for _, unit := range []struct {
		name string
		of   time.Duration
	}{{"Hour", time.Hour}, {"Minute", time.Minute}, {"Second", time.Second}, {"Millisecond", time.Millisecond}, {"Nanosecond", 1}} {
		if d%unit.of == 0 {
			return jen.Lit(int(d/unit.of)).Op("*").Qual("time", unit.name), nil
		}
	}
	return nil, errors.New("no unit divides it")
}

// isZero reports whether JSON says what a field is anyway if nothing is said: for pointers that is null alone.
func (d *dialect) isZero(t Type, value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case tree:
		return d.isZeroObject(t, v)
	case []any:
		return len(v) == 0 && t.Kind != kindPointer
	case string:
		return t.Kind != kindPointer && (v == "" || t.is(resourcePath, "Quantity") && v == "0" || t.is(metaPath, "Duration") && v == "0s")
	case bool:
		return t.Kind != kindPointer && !v
	case json.Number:
		return t.Kind != kindPointer && strings.Trim(v.String(), "0.-") == ""
	}
	return false
}

func (d *dialect) isZeroObject(t Type, object tree) bool {
	s := d.api.structOf(t)
	if s == nil || t.Kind == kindPointer {
		return len(object) == 0 && t.Kind != kindPointer
	}
	for _, f := range s.Fields {
		value, given := object[f.JSON]
		if f.Inlined() {
			value, given = object, true
		}
		if given && !d.isZero(f.Type, value) {
			return false
		}
	}
	return true
}
