package crd

import (
	"context"
	"fmt"
	"strings"

	celgo "github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/cel/common"
)

// evaluate holds one value to the rules of its schema, as the Validator of schema/cel does.
func (e *evaluation) evaluate(r *rules, path *field.Path, value, old any, a ancestry) {
	s := r.schema
	switch {
	case r.err != nil:
		e.fail(field.Invalid(path, s.Type, fmt.Sprintf("rule compiler initialization error: %v", r.err)))
		return
	case len(r.programs) == 0:
		return
	case e.budget <= 0:
		e.stop(field.Invalid(path, s.Type, textBudget))
		return
	}
	if r.root {
		s = model.WithTypeAndObjectMeta(s)
	}
	plain, optional := activations(s, value, old)
	for i := range r.programs {
		p, rule := &r.programs[i], r.rules[i]
		switch {
		case p.err != nil:
			e.fail(field.Invalid(path, s.Type, fmt.Sprintf("rule compile error: %v", p.err)))
			continue
		case p.rule == nil, p.usesOld && old == nil && !p.optional: // a transition has two ends
			continue
		}
		names := plain
		if p.optional {
			names = optional
		}
		if holds := e.run(p, rule, path, s, names); holds || e.budget < 0 {
			if e.budget < 0 {
				return
			}
			continue
		}
		if !e.refuse(p, rule, path, s, value, names, a) {
			return
		}
	}
}

// run evaluates one rule. One that cannot be evaluated is an error of its own, and then counts as holding.
func (e *evaluation) run(p *program, rule apiextensionsv1.ValidationRule, path *field.Path, s *structuralschema.Structural, names *activation) bool {
	result, details, err := p.rule.ContextEval(context.Background(), names)
	if details == nil || details.ActualCost() == nil {
		e.stop(field.InternalError(path, fmt.Errorf("runtime cost could not be calculated for validation rule: %v, no further validation rules will be run", ruleText(rule))))
		return true
	}
	if !e.spend(*details.ActualCost()) {
		e.stop(field.Invalid(path, s.Type, textBudget))
		return true
	}
	switch {
	case err == nil:
		return result == types.True
	case strings.HasPrefix(err.Error(), "no such overload"):
		e.fail(field.Invalid(path, s.Type, fmt.Sprintf("'%v': call arguments did not match a supported operator, function or macro signature for rule: %v", err, ruleText(rule))))
	case strings.HasPrefix(err.Error(), textCostLimit):
		e.stop(field.Invalid(path, s.Type, fmt.Sprintf("'%v': no further validation rules will be run due to call cost exceeds limit for rule: %v", err, ruleText(rule))))
	default:
		e.fail(field.Invalid(path, s.Type, fmt.Sprintf("%v evaluating rule: %v", err, ruleText(rule))))
	}
	return true
}

const textCostLimit = "operation cancelled: actual cost limit exceeded"

// refuse says that a rule does not hold, unless it did not before and nothing changed. It says whether to go on.
func (e *evaluation) refuse(p *program, rule apiextensionsv1.ValidationRule, path *field.Path, s *structuralschema.Structural, value any, names *activation, a ancestry) bool {
	if p.path != "" {
		path = path.Child(p.path)
	}
	detail := ruleMessage(rule)
	if p.message != nil {
		text, stop := e.say(p.message, rule.MessageExpression, path, s, names)
		if stop {
			return false
		}
		if text != "" {
			detail = text
		}
	}
	if !p.usesOld && a.unchanged() {
		return true
	}
	if s.Type == "object" || s.Type == "array" {
		value = field.OmitValueType{}
	}
	e.fail(refusal(path, value, detail, rule.Reason))
	return true
}

// say evaluates the message of a rule. An empty text is one that is no use; stop says that no more rules are to be evaluated.
func (e *evaluation) say(message celgo.Program, source string, path *field.Path, s *structuralschema.Structural, names *activation) (text string, stop bool) {
	result, details, err := message.ContextEval(context.Background(), names)
	if details == nil || details.ActualCost() == nil {
		e.stop(field.InternalError(path, fmt.Errorf("runtime cost could not be calculated for messageExpression: %q", source)))
		return "", true
	}
	if !e.spend(*details.ActualCost()) {
		e.stop(field.Invalid(path, s.Type, "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run"))
		return "", true
	}
	if err != nil {
		if strings.HasPrefix(err.Error(), textCostLimit) {
			e.stop(field.Invalid(path, s.Type, fmt.Sprintf("no further validation rules will be run due to call cost exceeds limit for messageExpression: %q", source)))
			return "", true
		}
		return "", false
	}
	text, _ = result.Value().(string)
	if text = strings.TrimSpace(text); len(text) > celconfig.MaxEvaluatedMessageExpressionSizeBytes || strings.Contains(text, "\n") {
		return "", false
	}
	return text, false
}

// refusal is the error of a rule, in the kind that the rule names.
func refusal(path *field.Path, value any, detail string, reason *apiextensionsv1.FieldValueErrorReason) *field.Error {
	if reason != nil {
		switch *reason {
		case apiextensionsv1.FieldValueForbidden:
			return field.Forbidden(path, detail)
		case apiextensionsv1.FieldValueRequired:
			return field.Required(path, detail)
		case apiextensionsv1.FieldValueDuplicate:
			return field.Duplicate(path, value)
		}
	}
	return field.Invalid(path, value, detail)
}

func ruleMessage(rule apiextensionsv1.ValidationRule) string {
	if rule.Message == "" {
		return "failed rule: " + ruleText(rule)
	}
	return strings.TrimSpace(rule.Message)
}

func ruleText(rule apiextensionsv1.ValidationRule) string {
	if rule.Message != "" {
		return strings.TrimSpace(rule.Message)
	}
	return strings.TrimSpace(rule.Rule)
}

// activation is what self and oldSelf mean in one evaluation.
type activation struct {
	self, old ref.Val
	hasOld    bool
}

func activations(s *structuralschema.Structural, value, old any) (plain, optional *activation) {
	adapter := &model.Structural{Structural: s}
	plain = &activation{self: common.UnstructuredToVal(value, adapter)}
	optional = &activation{self: plain.self, old: types.OptionalNone, hasOld: true}
	if old != nil {
		plain.old, plain.hasOld = common.UnstructuredToVal(old, adapter), true
		optional.old = types.OptionalOf(plain.old)
	}
	return plain, optional
}

// ResolveName implements interpreter.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case varSelf:
		return a.self, true
	case varOldSelf:
		return a.old, a.hasOld
	}
	return nil, false
}

// Parent implements interpreter.Activation.
func (a *activation) Parent() interpreter.Activation { return nil }
