package facts

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A Table is what is known of a set of types, sorted by name.
type Table []Type

// A Type is what is known of a named Go type. The zero value knows nothing.
type Type struct {
	Name   string   // package path and name: k8s.io/api/core/v1.Container
	Values []string // what a value may be, in the API's order; empty if anything
	Closed bool     // the values are those of the server's code, and no document declares them
	Union  bool     // exactly one of the fields is set
	Choice bool     // documents declare a union: what they say of it is not what Union says, and nobody checks it
	Atomic bool     // merged as a whole, not field by field
	Fields []Field  // those of which anything is known, in the API's order
}

// A Field is what is known of one field of a struct. The zero value of each fact says that there is none.
type Field struct {
	Name     string // as in JSON
	Required bool   // declared as such: neither a marker nor the tag makes it optional
	// Default is what the field is when left out, as JSON. Implied is a default that the server's code has and that no
	// document declares.
	Default, Implied string
	Values           []string // what a value may be, where the field says so and not its type
	List             string   // how a list merges: atomic, set, map
	Keys             []string // the fields that tell the items of a list of type map apart
	Map              string   // how a map or struct merges here: atomic, granular
	Discriminator    bool     // names the member of a declared union that is set
	// Limits of numbers, as Go writes them, of the length of texts in characters, and of the length of lists and maps.
	// 0 and "" are no limit.
	Minimum, Maximum     string
	MinLength, MaxLength int
	MinItems, MaxItems   int
	Pattern              string // a regular expression that texts must match
}

// Of returns what is known of t, or of what t points to. Types that no table names have no facts, and neither has nil.
func Of(t reflect.Type) Type {
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Name() == "" {
		return Type{}
	}
	if known, ok := cache.Load(t); ok {
		return known.(Type)
	}
	registered.RLock()
	defer registered.RUnlock()
	found := lookup(nameOf(t))
	cache.Store(t, found)
	return found
}

// nameOf is the name under which tables know t.
func nameOf(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

// Field returns what is known of the field with that JSON name.
func (t Type) Field(name string) Field {
	for _, f := range t.Fields {
		if f.Name == name {
			return f
		}
	}
	return Field{Name: name}
}

// Register adds a table. Generated code calls it when a program starts. Of two tables that name a type, the first one
// registered counts. A table that says of a field what it cannot be is found out by [Default] and [Validate], which panic.
func Register(t Table) {
	compiled.Lock()
	defer compiled.Unlock()
	registered.Lock()
	defer registered.Unlock()
	registered.tables = append(registered.tables, t)
	cache.Clear()
	compiled.plans.Clear()
}

var (
	registered struct {
		sync.RWMutex
		tables []Table
	}
	cache sync.Map // of reflect.Type to Type
)

// lookup is for those who hold the lock of registered. Kubernetes' own table comes first. It is not registered, since what is
// registered is linked into every program that imports this package, even if that asks for no fact.
func lookup(name string) Type {
	if t, ok := podwrightFacts.find(name); ok {
		return t
	}
	for _, table := range registered.tables {
		if t, ok := table.find(name); ok {
			return t
		}
	}
	return Type{}
}

// find searches a table, whose types are sorted by name.
func (t Table) find(name string) (Type, bool) {
	i, ok := slices.BinarySearchFunc(t, name, func(t Type, name string) int { return strings.Compare(t.Name, name) })
	if !ok {
		return Type{}, false
	}
	return t[i], true
}
