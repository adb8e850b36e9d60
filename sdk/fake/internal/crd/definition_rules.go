package crd

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/model"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// ruleReasons are what the error of a rule may be.
var ruleReasons = []string{
	string(apiextensions.FieldValueDuplicate), string(apiextensions.FieldValueForbidden), string(apiextensions.FieldValueInvalid), string(apiextensions.FieldValueRequired),
}

// ruleForms holds rules to what can be said of them without compiling.
func (c *schemaCheck) ruleForms(s *apiextensions.JSONSchemaProps, path *field.Path) {
	for i, rule := range s.XValidations {
		at := path.Child(extRules).Index(i)
		text, message := strings.TrimSpace(rule.Rule), strings.TrimSpace(rule.Message)
		switch {
		case text == "":
			c.fail(field.Required(at.Child("rule"), "rule is not specified"))
		case rule.Message != "" && message == "":
			c.fail(field.Invalid(at.Child("message"), rule.Message, "must be non-empty if specified"))
		case hasLines(message):
			c.fail(field.Invalid(at.Child("message"), rule.Message, "must not contain line breaks"))
		case hasLines(text) && message == "":
			c.fail(field.Required(at.Child("message"), "message must be specified if rule contains line breaks"))
		}
		if rule.MessageExpression != "" && strings.TrimSpace(rule.MessageExpression) == "" {
			c.fail(field.Required(at.Child("messageExpression"), "messageExpression must be non-empty if specified"))
		}
		if rule.Reason != nil && !slices.Contains(ruleReasons, string(*rule.Reason)) {
			c.fail(field.NotSupported(at.Child("reason"), *rule.Reason, ruleReasons))
		}
		c.ruleField(s, rule.FieldPath, at.Child("fieldPath"))
	}
}

func (c *schemaCheck) ruleField(s *apiextensions.JSONSchemaProps, text string, path *field.Path) {
	if text == "" {
		return
	}
	if strings.TrimSpace(text) == "" {
		c.fail(field.Invalid(path, text, "must be non-empty if specified"))
	}
	if hasLines(text) {
		c.fail(field.Invalid(path, text, "must not contain line breaks"))
	}
	if structural, err := structuralschema.NewStructural(s); err == nil {
		if _, _, err := fieldPath(text, structural, true); err != nil {
			c.fail(field.Invalid(path, text, "must be a valid path"))
		}
	}
}

func hasLines(s string) bool { return strings.ContainsAny(s, "\n\r") }

// What rules may cost at most, by estimate: one, and all of a definition.
const (
	mostCost      = 10000000
	mostTotalCost = 100000000
)

// rulePrograms compiles the rules of a schema that is fit for it.
func (c *schemaCheck) rulePrograms(s *apiextensions.JSONSchemaProps, path *field.Path, at place) {
	all := path.Child(extRules)
	structural, err := structuralschema.NewStructural(s)
	if err != nil {
		c.ruleErrs = append(c.ruleErrs, field.InternalError(all, fmt.Errorf("internal error: failed to construct type information for x-kubernetes-validations rules: %s", err)))
		return
	}
	programs, err := compilePrograms(structural.XValidations, structural, model.SchemaDeclType(structural, at.root || s.XEmbeddedResource))
	if err != nil {
		c.ruleErrs = append(c.ruleErrs, field.InternalError(all, err))
		return
	}
	for i := range programs {
		c.program(&programs[i], s.XValidations[i], all.Index(i), at)
	}
}

func (c *schemaCheck) program(p *program, rule apiextensions.ValidationRule, path *field.Path, at place) {
	fail := func(err *field.Error) { c.ruleErrs = append(c.ruleErrs, err) }
	calls := p.maximumCalls
	if at.calls != nil {
		calls = *at.calls
	}
	cost := product(p.cost, calls)
	if cost > mostCost {
		fail(field.Forbidden(path.Child("rule"), tooExpensive("estimated rule cost", cost, mostCost)))
	}
	c.costs.add(path.Child("rule"), cost)
	if p.err != nil {
		fail(field.Invalid(path.Child("rule"), rule, p.err.Detail))
	}
	switch {
	case p.messageErr != nil:
		fail(field.Invalid(path.Child("messageExpression"), rule, p.messageErr.Detail))
	case p.message != nil:
		if p.messageCost > mostCost {
			fail(field.Forbidden(path.Child("messageExpression"), tooExpensive("estimated messageExpression cost", p.messageCost, mostCost)))
		}
		c.costs.add(path.Child("messageExpression"), p.messageCost)
	}
	switch {
	case p.usesOld && at.blind != nil:
		fail(field.Invalid(path.Child("rule"), rule.Rule, fmt.Sprintf("oldSelf cannot be used on the uncorrelatable portion of the schema within %v", at.blind)))
	case !p.usesOld && rule.OptionalOldSelf != nil:
		fail(field.Invalid(path.Child("optionalOldSelf"), *rule.OptionalOldSelf, "may not be set if oldSelf is not used in rule"))
	}
}

// tooExpensive is what getCostErrorMessage says.
func tooExpensive(what string, cost, limit uint64) string {
	factor := float64(cost) / float64(limit)
	shown := fmt.Sprintf("%.1fx", factor)
	switch {
	case factor > 100:
		shown = "more than 100x"
	case factor < 1.5:
		shown = fmt.Sprintf("%fx", factor)
	}
	return fmt.Sprintf("%s exceeds budget by factor of %s (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)", what, shown)
}

// costs sum up what the rules of a definition cost, and know the most expensive of them.
type costs struct {
	total uint64
	worst []ruleCost
}

type ruleCost struct {
	path *field.Path
	cost uint64
}

func (c *costs) add(path *field.Path, cost uint64) {
	if math.MaxUint64-c.total < cost {
		c.total = math.MaxUint64
	} else {
		c.total += cost
	}
	if cost < mostTotalCost/100 {
		return
	}
	c.worst = append(c.worst, ruleCost{path, cost})
	slices.SortStableFunc(c.worst, func(a, b ruleCost) int {
		switch {
		case a.cost > b.cost:
			return -1
		case a.cost < b.cost:
			return 1
		}
		return 0
	})
	c.worst = c.worst[:min(len(c.worst), 4)]
}

func (c *costs) errors(path *field.Path) field.ErrorList {
	if c.total <= mostTotalCost {
		return nil
	}
	var errs field.ErrorList
	for _, w := range c.worst {
		errs = append(errs, field.Forbidden(w.path, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema"))
	}
	return append(errs, field.Forbidden(path, tooExpensive("x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema", c.total, mostTotalCost)))
}

// mostElements is how many values stand in a value of s at most, where s says so: one in each field of an object.
func mostElements(s *apiextensions.JSONSchemaProps) *uint64 {
	limit := s.MaxItems
	switch {
	case s.Type == typeObject && s.AdditionalProperties == nil:
		return new(uint64(1))
	case s.Type == typeObject:
		limit = s.MaxProperties
	case s.Type != "array":
		return new(uint64(1))
	}
	if limit == nil {
		return nil
	}
	return new(uint64(max(*limit, 0)))
}

func multiplied(a, b *uint64) *uint64 {
	if a == nil || b == nil {
		return nil
	}
	return new(product(*a, *b))
}

func product(a, b uint64) uint64 {
	if a != 0 && math.MaxUint64/a < b {
		return math.MaxUint64
	}
	return a * b
}
