package crd

import (
	"errors"
	"strings"
	"sync"

	celgo "github.com/google/cel-go/cel"
	"github.com/google/cel-go/checker"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/interpreter"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	apiservercel "k8s.io/apiserver/pkg/cel"
	"k8s.io/apiserver/pkg/cel/library"
)

// The names by which rules call the value that they are about.
const (
	varSelf    = "self"
	varOldSelf = "oldSelf"
)

// baseEnv is CEL as Kubernetes 1.37 has it: MustBaseEnvSet's options without those of older versions. It takes some milliseconds, once
// in a process that has rules at all.
var baseEnv = sync.OnceValues(func() (*celgo.Env, error) {
	return celgo.NewEnv(
		celgo.HomogeneousAggregateLiterals(), celgo.EagerlyValidateDeclarations(true), celgo.DefaultUTCTimeZone(true),
		library.URLs(), library.Regex(), celgo.CostEstimatorOptions(checker.PresenceTestHasCost(false)),
		library.Authz(),
		celgo.CrossTypeNumericComparisons(true), celgo.OptionalTypes(), library.Quantity(),
		celgo.ASTValidators(celgo.ValidateDurationLiterals(), celgo.ValidateTimestampLiterals(), celgo.ValidateRegexLiterals(),
			celgo.ValidateHomogeneousAggregateLiterals()),
		ext.Strings(ext.StringsVersion(2)), ext.Sets(), library.IP(), library.CIDR(), library.Format(), library.AuthzSelectors(),
		ext.TwoVarComprehensions(), library.SemverLib(library.SemverVersion(1)), ext.Lists(ext.ListsVersion(3)),
		library.Lists(library.ListsVersion(1)),
	)
})

// programOptions bound what a rule may cost.
func programOptions(estimator *library.CostEstimator) []celgo.ProgramOption {
	return []celgo.ProgramOption{
		celgo.EvalOptions(celgo.OptOptimize, celgo.OptTrackCost),
		celgo.CostTrackerOptions(interpreter.PresenceTestHasCost(false)),
		celgo.CostLimit(celconfig.PerCallLimit), celgo.CostTracking(estimator), celgo.InterruptCheckFrequency(celconfig.CheckFrequency),
	}
}

// program is one rule, compiled. A rule that is empty has no program and no error.
type program struct {
	rule, message     celgo.Program
	err, messageErr   *apiservercel.Error
	usesOld           bool
	path              string // of the field that an error is about, below the value
	cost, messageCost uint64 // the most that it can cost
	optional          bool   // oldSelf is an optional: the rule holds for new values too
	maximumCalls      uint64
}

func compilePrograms(declared apiextensionsv1.ValidationRules, s *structuralschema.Structural, t *apiservercel.DeclType) ([]program, error) {
	if len(declared) == 0 {
		return nil, nil
	}
	if t == nil {
		return nil, errors.New("failed to convert to declType for CEL validation rules")
	}
	plain, optional, err := ruleEnvs(t)
	if err != nil {
		return nil, err
	}
	estimator := &library.CostEstimator{SizeEstimator: &sizes{t}}
	programs := make([]program, len(declared))
	for i, rule := range declared {
		env := plain
		if rule.OptionalOldSelf != nil && *rule.OptionalOldSelf {
			env, programs[i].optional = optional, true
		}
		programs[i].compile(env, rule, estimator)
		programs[i].maximumCalls = uint64(celconfig.MaxRequestSizeBytes / (t.MinSerializedSize + 1))
		if rule.FieldPath != "" {
			if path, _, err := fieldPath(rule.FieldPath, s, true); err == nil {
				programs[i].path = path.String()
			}
		}
	}
	return programs, nil
}

// ruleEnvs are where rules about a value of type t are compiled: with its old state, and with that as an optional.
func ruleEnvs(t *apiservercel.DeclType) (plain, optional *celgo.Env, err error) {
	base, err := baseEnv()
	if err != nil {
		return nil, nil, err
	}
	scoped := t.MaybeAssignTypeName("selfType") // it is in no expression: an environment holds one such type
	provider := apiservercel.NewDeclTypeProvider(scoped)
	options, err := provider.EnvOptions(base.CELTypeProvider())
	if err != nil {
		return nil, nil, err
	}
	options = append(options, celgo.Variable(varSelf, scoped.CelType()))
	with := func(old *celgo.Type) (*celgo.Env, error) {
		return base.Extend(append(options[:len(options):len(options)], celgo.Variable(varOldSelf, old))...)
	}
	if plain, err = with(scoped.CelType()); err != nil {
		return nil, nil, err
	}
	optional, err = with(types.NewOptionalType(scoped.CelType()))
	return plain, optional, err
}

func (p *program) compile(env *celgo.Env, rule apiextensionsv1.ValidationRule, estimator *library.CostEstimator) {
	if strings.TrimSpace(rule.Rule) == "" {
		return
	}
	ast, issues := env.Compile(rule.Rule)
	if issues != nil {
		p.err = compileError("compilation failed: %s", issues.String())
		return
	}
	if ast.OutputType() != celgo.BoolType {
		p.err = compileError("cel expression must evaluate to a bool")
		return
	}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		p.usesOld = p.usesOld || ref.Name == varOldSelf
	}
	var err error
	if p.rule, p.cost, err = assemble(env, ast, estimator); err != nil {
		p.rule, p.err = nil, compileError("program instantiation failed: %v", err)
		return
	}
	if rule.MessageExpression != "" {
		p.compileMessage(env, rule.MessageExpression, estimator)
	}
}

func (p *program) compileMessage(env *celgo.Env, expression string, estimator *library.CostEstimator) {
	ast, issues := env.Compile(expression)
	if issues != nil {
		p.messageErr = compileError("messageExpression compilation failed: %s", issues.String())
		return
	}
	if ast.OutputType() != celgo.StringType {
		p.messageErr = compileError("messageExpression must evaluate to a string")
		return
	}
	var err error
	if p.message, p.messageCost, err = assemble(env, ast, estimator); err != nil {
		p.message, p.messageErr = nil, compileError("messageExpression instantiation failed: %v", err)
	}
}

func assemble(env *celgo.Env, ast *celgo.Ast, estimator *library.CostEstimator) (celgo.Program, uint64, error) {
	prog, err := env.Program(ast, programOptions(estimator)...)
	if err != nil {
		return nil, 0, err
	}
	estimate, err := env.EstimateCost(ast, estimator)
	if err != nil {
		return nil, 0, err
	}
	return prog, estimate.Max, nil
}

// sizes tell the cost estimator how long the lists, maps and texts of a type can be.
type sizes struct{ root *apiservercel.DeclType }

// EstimateSize implements checker.CostEstimator.
func (s *sizes) EstimateSize(element checker.AstNode) *checker.SizeEstimate {
	path := element.Path()
	if len(path) == 0 {
		return nil
	}
	t := s.root
	for _, name := range path[1:] { // the first is self
		switch name {
		case "@items", "@values":
			t = t.ElemType
		case "@keys":
			t = t.KeyType
		default:
			f, ok := t.Fields[name]
			if !ok {
				return nil
			}
			t = f.Type
		}
		if t == nil {
			return nil
		}
	}
	return &checker.SizeEstimate{Min: 0, Max: uint64(t.MaxElements)}
}

// EstimateCallCost implements checker.CostEstimator: the library's costs hold.
func (s *sizes) EstimateCallCost(string, string, *checker.AstNode, []checker.AstNode) *checker.CallEstimate {
	return nil
}
