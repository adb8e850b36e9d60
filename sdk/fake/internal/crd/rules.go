package crd

import (
	"fmt"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/common"
)

// rules are the x-kubernetes-validations of a schema and of all that is in it, compiled. A node that has none, and none below, is nil.
type rules struct {
	schema     *structuralschema.Structural
	root       bool // of an object, which has metadata whatever the schema says
	rules      apiextensionsv1.ValidationRules
	programs   []program
	err        error // why nothing could be compiled
	items      *rules
	values     *rules // of additionalProperties
	properties map[string]*rules
	all        []*rules // of allOf, which look at the same value
}

// newRules compiles the rules of a schema, which is the root of an object or stands anywhere in one.
func newRules(s *structuralschema.Structural, root bool) *rules {
	if !hasRules(s) {
		return nil
	}
	return compileRules(s, s, root, model.SchemaDeclType(s, root))
}

func hasRules(s *structuralschema.Structural) bool {
	if s == nil {
		return false
	}
	found := false
	(&structuralschema.Visitor{
		Structural: func(s *structuralschema.Structural) bool {
			found = found || len(s.XValidations) > 0
			return false
		},
		NestedValueValidation: func(s *structuralschema.NestedValueValidation) bool {
			found = found || len(s.XValidations) > 0
			return false
		},
	}).Visit(s)
	return found
}

// compileRules compiles the rules that from declares of values that node describes. They differ below an allOf, which declares rules but
// no structure.
func compileRules(from, node *structuralschema.Structural, root bool, t *apiservercel.DeclType) *rules {
	r := &rules{schema: node, root: root, rules: from.XValidations}
	r.programs, r.err = compilePrograms(from.XValidations, node, t)
	var elem *apiservercel.DeclType
	if t != nil {
		elem = t.ElemType
	}
	if from.Items != nil && node.Items != nil {
		r.items = compileRules(from.Items, node.Items, node.Items.XEmbeddedResource, elem)
	}
	for name, p := range from.Properties {
		nodeProperty, ok := node.Properties[name]
		if !ok || t == nil {
			continue
		}
		if pt := propertyType(t, name, &nodeProperty); pt != nil {
			if inner := compileRules(&p, &nodeProperty, nodeProperty.XEmbeddedResource, pt); inner != nil {
				if r.properties == nil {
					r.properties = map[string]*rules{}
				}
				r.properties[name] = inner
			}
		}
	}
	if a, n := from.AdditionalProperties, node.AdditionalProperties; a != nil && a.Structural != nil && n != nil && n.Structural != nil {
		r.values = compileRules(a.Structural, n.Structural, n.Structural.XEmbeddedResource, elem)
	}
	if from.ValueValidation != nil {
		for i := range from.ValueValidation.AllOf {
			if inner := compileRules(asStructural(&from.ValueValidation.AllOf[i]), node, root, t); inner != nil {
				r.all = append(r.all, inner)
			}
		}
	}
	if len(r.programs) == 0 && r.err == nil && r.items == nil && r.values == nil && r.properties == nil && r.all == nil {
		return nil
	}
	return r
}

// propertyType is the type of a field, whose name may be none that CEL can say. Nil if the field has no type.
func propertyType(t *apiservercel.DeclType, name string, s *structuralschema.Structural) *apiservercel.DeclType {
	escaped, ok := apiservercel.Escape(name)
	if !ok {
		return model.SchemaDeclType(s, s.XEmbeddedResource)
	}
	if f, ok := t.Fields[escaped]; ok {
		return f.Type
	}
	return nil
}

// asStructural is an allOf as a schema, for its rules.
func asStructural(n *structuralschema.NestedValueValidation) *structuralschema.Structural {
	if n == nil {
		return nil
	}
	s := &structuralschema.Structural{
		ValueValidation: &n.ValueValidation, ValidationExtensions: n.ValidationExtensions,
		Generic: n.ForbiddenGenerics, Extensions: n.ForbiddenExtensions, Items: asStructural(n.Items),
	}
	for name := range n.Properties {
		p := n.Properties[name]
		if s.Properties == nil {
			s.Properties = map[string]structuralschema.Structural{}
		}
		s.Properties[name] = *asStructural(&p)
	}
	if n.AdditionalProperties != nil {
		s.AdditionalProperties = &structuralschema.StructuralOrBool{Structural: asStructural(n.AdditionalProperties)}
	}
	return s
}

// errors are the rules that do not hold for a value, beside its old state if there is one.
func (r *rules) errors(value, old any, correlated *common.CorrelatedObject) field.ErrorList {
	e := &evaluation{budget: celconfig.RuntimeCELCostBudget}
	e.visit(r, nil, value, old, ancestry{now: correlated})
	return e.errs
}

// textBudget is what is said when rules cost more than all rules of an object may.
const textBudget = "validation failed due to running out of cost budget, no further validation rules will be run"

// evaluation is the walk of rules over one object.
type evaluation struct {
	budget int64 // negative: nothing more is evaluated
	errs   field.ErrorList
}

func (e *evaluation) visit(r *rules, path *field.Path, value, old any, a ancestry) {
	if r == nil || value == nil || e.budget < 0 {
		return
	}
	e.evaluate(r, path, value, old, a)
	for _, inner := range r.all {
		e.visit(inner, path, value, old, ancestry{nearest: a.nearest})
	}
	switch value := value.(type) {
	case []any:
		was, _ := old.([]any)
		e.visitItems(r, path, value, was, a)
	case map[string]any:
		was, _ := old.(map[string]any)
		e.visitFields(r, path, value, was, a)
	}
}

func (e *evaluation) visitItems(r *rules, path *field.Path, items, old []any, a ancestry) {
	if r.items == nil {
		return
	}
	before := common.MakeMapList(&model.Structural{Structural: r.schema}, old) // of lists that are no maps nothing is known
	for i, item := range items {
		e.visit(r.items, path.Index(i), item, before.Get(item), a.index(i))
	}
}

func (e *evaluation) visitFields(r *rules, path *field.Path, fields, old map[string]any, a ancestry) {
	for _, name := range sortedKeys(fields) {
		if r.values != nil {
			e.visit(r.values, path.Key(name), fields[name], old[name], a.key(name))
		}
		if p := r.properties[name]; p != nil {
			e.visit(p, path.Child(name), fields[name], old[name], a.key(name))
		}
	}
}

func (e *evaluation) fail(err *field.Error) { e.errs = append(e.errs, err) }

// stop ends the evaluation of all rules.
func (e *evaluation) stop(err *field.Error) {
	e.fail(err)
	e.budget = -1
}

// spend takes the cost of an evaluation from the budget, and says whether there was enough.
func (e *evaluation) spend(cost uint64) bool {
	if cost > uint64(max(e.budget, 0)) {
		return false
	}
	e.budget -= int64(cost)
	return true
}

// ancestry finds out whether a part of an object is as it was. Below a part that cannot be found in the old state the nearest one above
// that can be decides.
type ancestry struct {
	now, nearest *common.CorrelatedObject
}

func (a ancestry) unchanged() bool {
	if a.now != nil {
		return a.now.CachedDeepEqual()
	}
	return a.nearest.CachedDeepEqual()
}

// key goes to a field. Version and kind of the object itself are the same in both states whatever was sent.
func (a ancestry) key(name string) ancestry {
	switch {
	case a.now == nil:
		return a
	case a.nearest == nil && (name == propertyVersion || name == propertyKind):
		return ancestry{}
	}
	return ancestry{a.now.Key(name), a.now}
}

func (a ancestry) index(i int) ancestry {
	if a.now == nil {
		return a
	}
	return ancestry{a.now.Index(i), a.now}
}

func compileError(detail string, args ...any) *apiservercel.Error {
	return &apiservercel.Error{Type: apiservercel.ErrorTypeInvalid, Detail: fmt.Sprintf(detail, args...)}
}
