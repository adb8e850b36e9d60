package gen

import "github.com/podwright/podwright/gen/internal/gocode"

// Model is a package of builders, as plain data: what emit writes.
type Model struct {
	Package  gocode.Package // of the builders
	Builders []*Builder
	Unions   []*Union
	Notes    []string // what whoever runs the generator should know
}

// Builder makes values of one struct.
type Builder struct {
	Name    string // of the API's type, and so of the constructor
	API     Ref
	Topic   string // the file it goes to
	Kind    *Kind  `json:",omitempty"` // nil for what only a kind holds
	Copies  bool   // whether the API's type has DeepCopy
	Setters []*Setter
	// Constructor names the setters that the constructor takes as parameters, in that order.
	Constructor []string
	Members     []Member `json:",omitempty"` // the unions that it can be given to
}

// Kind is what an object says in apiVersion and kind.
type Kind struct{ APIVersion, Kind string }

// Member is a field of a union that a builder fills.
type Member struct {
	Union    string
	Go, JSON string // of the field
	// Discriminator is the field that tells which member is set, if there is one, and Value what it then holds.
	Discriminator, Value string `json:",omitempty"`
}

// Union is a struct of which exactly one field is set.
type Union struct {
	Name    string
	API     Ref
	Topic   string
	Members []string // the builders it takes
}

// Setter is a method that sets a field, or the two methods of a map.
type Setter struct {
	Name     string   // of the method: the field's name in Go
	Path     []string // from the builder's object to the field: Spec, DNSPolicy
	JSON     string   // the same on the wire: spec.dnsPolicy
	Owner    Ref      // the struct that has the field, and the field's name there, for links
	Field    string
	Form     string // one, pointer, list or map
	Key      *Type  `json:",omitempty"` // of a map
	Singular string `json:",omitempty"` // the method that sets one entry of a map
	Value    Value
	Facts    FieldFacts
}

// The forms in which a field holds its values.
const (
	formOne     = "one"
	formPointer = "pointer"
	formList    = "list"
	formMap     = "map"
)

// Value is what a setter takes, or each of what it takes.
type Value struct {
	Kind    string
	Type    Type   // in the API
	Pointer bool   `json:",omitempty"` // whether the list or map holds pointers to such
	Builder string `json:",omitempty"` // the builder, union or template kind that it is given as
	Package string `json:",omitempty"` // of that, if it is not the model's
	Field   *Field `json:",omitempty"` // the one field of what is unwrapped
}

// The kinds of values.
const (
	valuePlain       = "plain"
	valueBytes       = "bytes"
	valueQuantity    = "quantity"
	valueTime        = "time" // and MicroTime
	valueDuration    = "duration"
	valueIntOrString = "intOrString"
	valueBuilder     = "builder"
	valueUnion       = "union"
	valueUnwrapped   = "unwrapped" // a struct given as the value of its one field
	valueTemplate    = "template"  // metadata and spec, given as a kind's builder
	valueRaw         = "raw"       // anything else: given as it is, and copied
)

// builder finds a builder by name.
func (m *Model) builder(name string) *Builder {
	for _, b := range m.Builders {
		if b.Name == name {
			return b
		}
	}
	return nil
}

// setter finds a setter by name.
func (b *Builder) setter(name string) *Setter {
	for _, s := range b.Setters {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// setterOf finds the setter of a field, which need not be called like it.
func (b *Builder) setterOf(field string) *Setter {
	if s := b.setter(field); s != nil {
		return s
	}
	for _, s := range b.Setters {
		if s.Field == field {
			return s
		}
	}
	return nil
}

// params are the setters that the constructor stands for.
func (b *Builder) params() []*Setter {
	params := make([]*Setter, len(b.Constructor))
	for i, name := range b.Constructor {
		params[i] = b.setter(name)
	}
	return params
}
