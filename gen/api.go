package gen

import (
	"slices"
	"strings"
)

// API is what load reads from Go packages: plain data, without go/types.
type API struct {
	Packages []Package          // those that were asked for, in that order
	Structs  map[string]*Struct // by package path and name, with all that they refer to
	Scalars  map[string]*Scalar
	Reused   map[string]map[string]string `json:",omitempty"` // the types of packages of existing builders: path, name, kind
}

// Package is one whose source was read.
type Package struct {
	Path, Name string
	Group      string            // of the API, from GroupName or +groupName
	Grouped    bool              // whether there is any of them: the core group's name is empty
	Version    string            // of the API, from +versionName, or the package's name if it is one, or its folder's
	Imports    []string          // directly or through others
	Constants  map[string]string // by name, as JSON
}

// Ref names a type.
type Ref struct{ Path, Name string }

func (r Ref) String() string { return r.Path + "." + r.Name }

// Struct is a struct type.
type Struct struct {
	Ref
	Doc     string
	Markers Markers
	Fields  []Field
	Pos     string // where it stands, for errors
	// Copies and IsObject report whether it has DeepCopy and DeepCopyObject.
	Copies, IsObject bool
}

// Field is an exported field of a struct.
type Field struct {
	Go       string // its name in Go
	JSON     string // its name on the wire; empty for one that is inlined
	Embedded bool
	Omits    bool // omitempty or omitzero
	Type     Type
	Doc      string
	Markers  Markers
	// PatchStrategy and PatchMergeKey are the struct tags of strategic merge patches.
	PatchStrategy, PatchMergeKey string
}

// Inlined reports whether the fields of f's struct stand in the JSON object of its parent.
func (f Field) Inlined() bool { return f.Embedded && f.JSON == "" }

// Deprecated reports whether the documentation says so.
func (f Field) Deprecated() bool { return strings.Contains(f.Doc, "Deprecated:") }

// Required reports whether the API declares that f must be given: by a marker, or because JSON always has it.
func (f Field) Required() bool {
	switch {
	case f.Inlined():
		return false
	case f.Markers.Has("required"), f.Markers.Has("k8s:required"):
		return true
	case f.Markers.Has("optional"), f.Markers.Has("k8s:optional"), f.Markers.Has("kubebuilder:validation:Optional"):
		return false
	case f.Markers.Has("kubebuilder:validation:Required"):
		return true
	}
	return !f.Omits
}

// Scalar is a named type that is not a struct, with its constants.
type Scalar struct {
	Ref
	Doc        string
	Markers    Markers
	Underlying Type
	Constants  []Constant // in source order
}

// Constant is a constant of a named type.
type Constant struct {
	Name, Value string // Value is the text of a string, or a number
	Doc         string
}

// The kinds of types.
const (
	kindBasic   = "basic"
	kindNamed   = "named"
	kindPointer = "pointer"
	kindSlice   = "slice"
	kindMap     = "map"
	kindOther   = "other" // arrays, functions, channels, anonymous structs and interfaces
)

// Type is the type of a field.
type Type struct {
	Kind string
	Ref        // of a named type; a basic type has the name alone
	Elem *Type `json:",omitempty"` // of a pointer, slice or map
	Key  *Type `json:",omitempty"`
	Args bool  `json:",omitempty"` // a named type with type arguments
}

// String writes the type as Go does, with package paths.
func (t Type) String() string {
	switch t.Kind {
	case kindNamed:
		return t.Ref.String()
	case kindPointer:
		return "*" + t.Elem.String()
	case kindSlice:
		return "[]" + t.Elem.String()
	case kindMap:
		return "map[" + t.Key.String() + "]" + t.Elem.String()
	}
	return t.Name
}

func (t Type) is(path, name string) bool {
	return t.Kind == kindNamed && t.Path == path && t.Name == name
}

// The packages whose types have a form of their own on the wire, or a meaning for the generator.
const (
	corePath     = "k8s.io/api/core/v1"
	metaPath     = "k8s.io/apimachinery/pkg/apis/meta/v1"
	resourcePath = "k8s.io/apimachinery/pkg/api/resource"
	intstrPath   = "k8s.io/apimachinery/pkg/util/intstr"
	runtimePath  = "k8s.io/apimachinery/pkg/runtime"
)

// builtIn are the packages of types that Podwright brings builders and facts of, unless these are what is being made.
var builtIn = map[string]bool{corePath: true, metaPath: true}

func anyBuiltIn(roots []*Struct) bool {
	return slices.ContainsFunc(roots, func(s *Struct) bool { return builtIn[s.Path] })
}

// opaque are structs that JSON does not show the fields of.
var opaque = map[string]bool{
	resourcePath + ".Quantity":    true,
	intstrPath + ".IntOrString":   true,
	metaPath + ".Time":            true,
	metaPath + ".MicroTime":       true,
	metaPath + ".Duration":        true,
	metaPath + ".FieldsV1":        true,
	runtimePath + ".RawExtension": true,
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured.Unstructured": true,
}

// structOf is the struct that t names, nil if t is none or is opaque.
func (a *API) structOf(t Type) *Struct {
	if t.Kind != kindNamed || opaque[t.Ref.String()] {
		return nil
	}
	return a.Structs[t.Ref.String()]
}

// find looks a type up by the name that a configuration uses: its own, or with its package's path in front.
func (a *API) find(name string) *Struct {
	if s := a.Structs[name]; s != nil {
		return s
	}
	for _, p := range a.Packages {
		if s := a.Structs[p.Path+"."+name]; s != nil {
			return s
		}
	}
	return nil
}

func (a *API) findScalar(name string) *Scalar {
	if s := a.Scalars[name]; s != nil {
		return s
	}
	for _, p := range a.Packages {
		if s := a.Scalars[p.Path+"."+name]; s != nil {
			return s
		}
	}
	return nil
}

// packageOf is the package of a type, if its source was read.
func (a *API) packageOf(r Ref) (Package, bool) {
	i := slices.IndexFunc(a.Packages, func(p Package) bool { return p.Path == r.Path })
	if i < 0 {
		return Package{}, false
	}
	return a.Packages[i], true
}

// refersTo reports whether there is a struct of a package, read or only referred to.
func (a *API) refersTo(path string) bool {
	for _, s := range a.Structs {
		if s.Path == path {
			return true
		}
	}
	return false
}

// field returns a field of s by its Go name, looking through those that are inlined.
func (a *API) field(s *Struct, name string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Go == name {
			return f, true
		}
	}
	for _, f := range s.Fields {
		if in := a.structOf(f.Type); in != nil && f.Inlined() {
			if found, ok := a.field(in, name); ok {
				return found, true
			}
		}
	}
	return Field{}, false
}

// isKind reports whether s is a kind of the API: an object with a type and metadata.
func (s *Struct) isKind() bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Type.is(metaPath, "TypeMeta") }) && s.hasMetadata()
}

func (s *Struct) hasMetadata() bool {
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Embedded && f.Type.is(metaPath, "ObjectMeta") })
}
