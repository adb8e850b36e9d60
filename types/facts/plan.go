package facts

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A plan is what [Default] and [Validate] do with values of one type: its facts, put where the fields are. Plans of
// recursive types lead back to themselves; parts below which there is nothing to do are left out.
type plan struct {
	typ    reflect.Type
	elem   *plan   // of pointers, lists and maps
	fields []*step // of structs, in the order of declaration
	values []string
	unions []union

	fills, checks bool // whether Default, and Validate, have anything to do here or below
	filled        []*step
	checked       []*step
	spare         sync.Pool     // of *pair: where fillMap takes items out to
	blank         reflect.Value // of structs that Default fills: a pointer to one that has only defaults
}

// A step is what is to do with a field of a struct.
type step struct {
	member
	next     *plan
	preset   *preset
	required bool // and it can be seen whether it is missing
	optional bool
	names    bool // which member of a union is set, and is none itself
	checks   []check
	list     *unique
}

// maxDepth is how many values may stand in each other, each pointer, struct, list and map counting. Only values that contain
// themselves go deeper in practice, and would never end.
const maxDepth = 1000

var compiled struct {
	sync.Mutex          // held while plans are made, so that each is made once
	plans      sync.Map // of planKey to *plan
}

// planKey tells the plans of a type apart: that in objects of Kubernetes' own kinds, whose server has defaults that it does not
// declare, and that in those of others, of which it knows what their schema says.
type planKey struct {
	typ     reflect.Type
	builtIn bool
}

// IsBuiltIn reports whether t, or what it points to, is a type of Kubernetes itself, whose rules the API server has as code. nil is none.
func IsBuiltIn(t reflect.Type) bool {
	if t == nil {
		return false
	}
	for t.Name() == "" && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), "k8s.io/api/")
}

// planOf returns the plan of t, which it makes at first use. It panics where a table says what t cannot be.
func planOf(t reflect.Type) *plan {
	key := planKey{t, IsBuiltIn(t)}
	if p, ok := compiled.plans.Load(key); ok {
		return p.(*plan)
	}
	compiled.Lock()
	defer compiled.Unlock()
	c := compiler{made: map[reflect.Type]*plan{}, builtIn: key.builtIn}
	p := c.plan(t)
	c.finish()
	return p
}

// A compiler makes the plans of a type and of all below it. They are published only when all are done.
type compiler struct {
	made    map[reflect.Type]*plan
	order   []*plan
	builtIn bool
}

func (c *compiler) plan(t reflect.Type) *plan {
	if p, ok := compiled.plans.Load(planKey{t, c.builtIn}); ok {
		return p.(*plan)
	}
	if p, ok := c.made[t]; ok {
		return p
	}
	p := &plan{typ: t}
	c.made[t] = p
	c.order = append(c.order, p)
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		p.elem = c.plan(t.Elem())
	case reflect.Struct:
		if !isClosed(t) {
			c.fields(p)
		}
	default:
		p.values = Of(t).Values
	}
	return p
}

func (c *compiler) fields(p *plan) {
	var owner Type
	for i, m := range membersOf(p.typ) {
		if i == 0 || m.owner != p.fields[i-1].owner {
			owner = Of(m.owner)
		}
		known := owner.Field(m.name)
		if !c.builtIn {
			known.Implied = ""
		}
		p.fields = append(p.fields, &step{
			member:   m,
			next:     c.plan(m.typ),
			preset:   presetOf(known, m),
			required: known.Required && lacksZero(m.typ),
			optional: !known.Required,
			names:    known.Discriminator,
			checks:   checksOf(known, m),
			list:     uniqueOf(known, m.typ),
		})
	}
	p.unions = unionsOf(p.fields)
}

// finish finds out what has nothing to do. As plans are circular, it goes over them until nothing new comes up.
func (c *compiler) finish() {
	for changed := true; changed; {
		changed = false
		for _, p := range c.order {
			fills, checks := p.fills, p.checks
			p.fills = fills || p.elem != nil && p.elem.fills || slices.ContainsFunc(p.fields, (*step).fills)
			p.checks = checks || p.elem != nil && p.elem.checks || len(p.values)+len(p.unions) > 0 || slices.ContainsFunc(p.fields, (*step).has)
			changed = changed || fills != p.fills || checks != p.checks
		}
	}
	for _, p := range c.order {
		p.filled = slices.DeleteFunc(slices.Clone(p.fields), func(s *step) bool { return !s.fills() })
		p.checked = slices.DeleteFunc(slices.Clone(p.fields), func(s *step) bool { return !s.has() })
		if p.typ.Kind() == reflect.Map {
			p.spare.New = func() any { return newPair(p.typ) }
		}
	}
	for _, p := range slices.Backward(c.order) { // what stands in another is named first
		if p.typ.Kind() == reflect.Struct && p.fills {
			p.blank = blankOf(p)
		}
	}
	for _, p := range c.order {
		compiled.plans.Store(planKey{p.typ, c.builtIn}, p)
	}
}

func (s *step) fills() bool { return s.preset != nil || s.next.fills }

func (s *step) has() bool { return s.required || len(s.checks) > 0 || s.list != nil || s.next.checks }

// blankOf is a struct that has all its defaults and nothing else. A default that brings forth itself would have no end.
func blankOf(p *plan) reflect.Value {
	blank := reflect.New(p.typ)
	var f filling
	if f.value(p, blank.Elem()); f.deep {
		panic(fmt.Sprintf("facts: defaults of %s: they contain themselves", nameOf(p.typ)))
	}
	return blank
}
