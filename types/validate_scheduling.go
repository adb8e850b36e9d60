package types

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const notSelectorOperator = "not a valid selector operator"

// tolerations is ValidateTolerations.
func (r *report) tolerations(at *field.Path, list []corev1.Toleration) {
	for i, t := range list {
		one := at.Index(i)
		if t.Key != "" {
			r.Messages(one.Child("key"), t.Key, validation.IsQualifiedName(t.Key))
		}
		if t.Key == "" && t.Operator != corev1.TolerationOpExists {
			r.Invalid(one.Child("operator"), t.Operator, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
		}
		if t.TolerationSeconds != nil && t.Effect != corev1.TaintEffectNoExecute {
			r.Invalid(one.Child("effect"), t.Effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
		}
		switch t.Operator {
		case corev1.TolerationOpEqual, "":
			if messages := validation.IsValidLabelValue(t.Value); len(messages) > 0 {
				r.Invalid(one.Child("operator"), t.Value, strings.Join(messages, ";"))
			}
		case corev1.TolerationOpExists:
			if t.Value != "" {
				r.Invalid(one.Child("operator"), t.Value, "value must be empty when `operator` is 'Exists'")
			}
		default:
			oneOf(r, one.Child("operator"), t.Operator, corev1.TolerationOpEqual, corev1.TolerationOpExists)
		}
		if t.Effect != "" {
			r.taintEffect(one.Child("effect"), t.Effect)
		}
	}
}

func (r *report) taintEffect(at *field.Path, effect corev1.TaintEffect) {
	oneOf(r, at, effect, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)
}

// schedulingGates is validateSchedulingGates.
func (c *podCheck) schedulingGates(at *field.Path) {
	seen := map[string]bool{}
	for i, gate := range c.spec.SchedulingGates {
		c.Messages(at.Index(i), gate.Name, validation.IsQualifiedName(gate.Name))
		if seen[gate.Name] {
			c.Add(field.Duplicate(at.Index(i), gate.Name))
		}
		seen[gate.Name] = true
	}
}

// affinity is validateAffinity.
func (c *podCheck) affinity(at *field.Path) {
	a := c.spec.Affinity
	if a == nil {
		return
	}
	const required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
	if node := a.NodeAffinity; node != nil {
		at := at.Child("nodeAffinity")
		if node.RequiredDuringSchedulingIgnoredDuringExecution != nil {
			c.nodeSelector(at.Child(required), node.RequiredDuringSchedulingIgnoredDuringExecution)
		}
		for i, term := range node.PreferredDuringSchedulingIgnoredDuringExecution {
			one := at.Child(preferred).Index(i)
			c.weight(one, term.Weight)
			c.nodeSelectorTerm(one.Child("preference"), &term.Preference, true)
		}
	}
	pods := func(name string, must []corev1.PodAffinityTerm, should []corev1.WeightedPodAffinityTerm) {
		at := at.Child(name)
		for i := range must {
			c.podAffinityTerm(at.Child(required).Index(i), &must[i])
		}
		for i := range should {
			one := at.Child(preferred).Index(i)
			c.weight(one, should[i].Weight)
			c.podAffinityTerm(one.Child("podAffinityTerm"), &should[i].PodAffinityTerm)
		}
	}
	if p := a.PodAffinity; p != nil {
		pods("podAffinity", p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if p := a.PodAntiAffinity; p != nil {
		pods("podAntiAffinity", p.RequiredDuringSchedulingIgnoredDuringExecution, p.PreferredDuringSchedulingIgnoredDuringExecution)
	}
}

func (r *report) weight(at *field.Path, weight int32) {
	if weight <= 0 || weight > 100 {
		r.Invalid(at.Child("weight"), weight, "must be in the range 1-100")
	}
}

// nodeSelector is ValidateNodeSelector.
func (r *report) nodeSelector(at *field.Path, s *corev1.NodeSelector) {
	at = at.Child("nodeSelectorTerms")
	if len(s.NodeSelectorTerms) == 0 {
		r.Required(at, "must have at least one node selector term")
	}
	for i := range s.NodeSelectorTerms {
		r.nodeSelectorTerm(at.Index(i), &s.NodeSelectorTerms[i], false)
	}
}

// nodeSelectorTerm is ValidateNodeSelectorTerm; a preference may have values that no label can have.
func (r *report) nodeSelectorTerm(at *field.Path, term *corev1.NodeSelectorTerm, anyValue bool) {
	for i := range term.MatchExpressions {
		r.nodeExpression(at.Child("matchExpressions").Index(i), &term.MatchExpressions[i], anyValue)
	}
	for i := range term.MatchFields {
		r.nodeField(at.Child("matchFields").Index(i), &term.MatchFields[i])
	}
}

// nodeExpression is ValidateNodeSelectorRequirement.
func (r *report) nodeExpression(at *field.Path, req *corev1.NodeSelectorRequirement, anyValue bool) {
	values := at.Child("values")
	switch req.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if len(req.Values) == 0 {
			r.Required(values, "must be specified when `operator` is 'In' or 'NotIn'")
		}
	case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
		if len(req.Values) > 0 {
			r.Forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
		}
	case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
		if len(req.Values) != 1 {
			r.Required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'")
		}
	default:
		r.Invalid(at.Child("operator"), req.Operator, notSelectorOperator)
	}
	r.Messages(at.Child("key"), req.Key, validation.IsQualifiedName(req.Key))
	if !anyValue {
		for i, v := range req.Values {
			r.Messages(values.Index(i), v, validation.IsValidLabelValue(v))
		}
	}
}

// nodeField is ValidateNodeFieldSelectorRequirement: the name is the only field there is.
func (r *report) nodeField(at *field.Path, req *corev1.NodeSelectorRequirement) {
	switch req.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if len(req.Values) != 1 {
			r.Required(at.Child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
		}
	default:
		r.Invalid(at.Child("operator"), req.Operator, notSelectorOperator)
	}
	if req.Key != metav1.ObjectNameField {
		r.Invalid(at.Child("key"), req.Key, "not a valid field selector key")
		return
	}
	for i, v := range req.Values {
		r.Messages(at.Child("values").Index(i), v, apivalidation.NameIsDNSSubdomain(v, false))
	}
}

// podAffinityTerm is validatePodAffinityTerm.
func (r *report) podAffinityTerm(at *field.Path, term *corev1.PodAffinityTerm) {
	r.LabelSelector(at.Child("labelSelector"), term.LabelSelector)
	r.LabelSelector(at.Child("namespaceSelector"), term.NamespaceSelector)
	for _, name := range term.Namespaces {
		r.Messages(at.Child("namespace"), name, apivalidation.ValidateNamespaceName(name, false))
	}
	r.labelKeys(at.Child("matchLabelKeys"), term.MatchLabelKeys, term.LabelSelector)
	r.labelKeys(at.Child("mismatchLabelKeys"), term.MismatchLabelKeys, term.LabelSelector)
	r.keysNotSelected(at, term.MatchLabelKeys, term.LabelSelector)
	for i, key := range term.MatchLabelKeys {
		if slices.Contains(term.MismatchLabelKeys, key) {
			r.Invalid(at.Child("matchLabelKeys").Index(i), key, "exists in both matchLabelKeys and mismatchLabelKeys")
		}
	}
	if term.TopologyKey == "" {
		r.Required(at.Child("topologyKey"), "can not be empty")
	}
	r.Messages(at.Child("topologyKey"), term.TopologyKey, validation.IsQualifiedName(term.TopologyKey))
}

// labelKeys is validateLabelKeys.
func (r *report) labelKeys(at *field.Path, keys []string, selector *metav1.LabelSelector) {
	if len(keys) > 0 && selector == nil {
		r.Forbidden(at, "must not be specified when labelSelector is not set")
		return
	}
	for i, key := range keys {
		r.Messages(at.Index(i), key, validation.IsQualifiedName(key))
	}
}

// keysNotSelected finds match keys that the selector names twice. By now the server has added an expression for each
// match key itself, so naming it once is no mistake.
func (r *report) keysNotSelected(at *field.Path, keys []string, selector *metav1.LabelSelector) {
	if selector == nil {
		return
	}
	selected := map[string]bool{}
	for key := range selector.MatchLabels {
		selected[key] = true
	}
	for _, e := range selector.MatchExpressions {
		if i := slices.Index(keys, e.Key); i >= 0 && selected[e.Key] {
			r.Invalid(at.Index(i), e.Key, "exists in both matchLabelKeys and labelSelector")
		}
		selected[e.Key] = true
	}
}

// topologySpread is validateTopologySpreadConstraints.
func (c *podCheck) topologySpread(at *field.Path) {
	list := c.spec.TopologySpreadConstraints
	for i := range list {
		t, one := &list[i], at.Index(i)
		if t.MaxSkew <= 0 {
			c.Invalid(one.Child("maxSkew"), t.MaxSkew, notPositive)
		}
		if t.TopologyKey == "" {
			c.Required(one.Child("topologyKey"), "can not be empty")
		}
		oneOf(&c.report, one.Child("whenUnsatisfiable"), t.WhenUnsatisfiable, corev1.DoNotSchedule, corev1.ScheduleAnyway)
		if slices.ContainsFunc(list[i+1:], func(o corev1.TopologySpreadConstraint) bool {
			return o.TopologyKey == t.TopologyKey && o.WhenUnsatisfiable == t.WhenUnsatisfiable
		}) {
			c.Add(field.Duplicate(one.Child("{topologyKey, whenUnsatisfiable}"), fmt.Sprintf("{%s, %s}", t.TopologyKey, t.WhenUnsatisfiable)))
		}
		c.minDomains(one.Child("minDomains"), t)
		c.inclusionPolicy(one.Child("nodeAffinityPolicy"), t.NodeAffinityPolicy)
		c.inclusionPolicy(one.Child("nodeTaintsPolicy"), t.NodeTaintsPolicy)
		c.labelKeys(one.Child("matchLabelKeys"), t.MatchLabelKeys, t.LabelSelector)
		c.keysNotSelected(one.Child("matchLabelKeys"), t.MatchLabelKeys, t.LabelSelector)
		c.LabelSelector(one.Child("labelSelector"), t.LabelSelector)
	}
}

func (r *report) minDomains(at *field.Path, t *corev1.TopologySpreadConstraint) {
	if t.MinDomains == nil {
		return
	}
	if *t.MinDomains <= 0 {
		r.Invalid(at, *t.MinDomains, notPositive)
	}
	if t.WhenUnsatisfiable != corev1.DoNotSchedule {
		r.Invalid(at, *t.MinDomains, fmt.Sprintf("can only use minDomains if whenUnsatisfiable=%s, not %s", corev1.DoNotSchedule, t.WhenUnsatisfiable))
	}
}

func (r *report) inclusionPolicy(at *field.Path, policy *corev1.NodeInclusionPolicy) {
	if policy != nil {
		oneOf(r, at, *policy, corev1.NodeInclusionPolicyHonor, corev1.NodeInclusionPolicyIgnore)
	}
}
