package vocabulary

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/selection"
)

// selecting is what the API lets the selector of a kind be.
type selecting struct {
	equalities bool   // it is a map of labels, not a metav1.LabelSelector
	makes      bool   // it makes pods of a template
	among      string // no two of these may select one pod, in the words of the message
}

const (
	controllers = "each would count and delete the other's pods"
	budgets     = "a pod of two budgets cannot be evicted"
)

var selectingKinds = map[string]selecting{
	"ReplicationController": {equalities: true, makes: true, among: controllers},
	"ReplicaSet":            {makes: true, among: controllers},
	"Deployment":            {makes: true, among: controllers},
	"StatefulSet":           {makes: true, among: controllers},
	"DaemonSet":             {makes: true, among: controllers},
	"Job":                   {makes: true, among: controllers},
	"PodDisruptionBudget":   {among: budgets},
	"Service":               {equalities: true},
}

// volatileKeys change from one version of a program to the next, or are the business of a controller of Kubernetes' own.
var volatileKeys = []string{
	"app.kubernetes.io/version", "controller-revision-hash", "helm.sh/chart", "pod-template-generation", "pod-template-hash", "version",
}

// isVolatile is what the vocabulary says, or else what is known.
func (k *Key) isVolatile() bool {
	if k.Volatile != nil {
		return *k.Volatile
	}
	return slices.Contains(volatileKeys, k.Name)
}

// controls checks the selectors of objects, one by one and then against each other.
func (c *checker) controls() {
	for i := range c.Selectors {
		if s := &c.Selectors[i]; s.Controls != nil {
			c.control(fmt.Sprintf("selectors[%d].controls", i), s)
		}
	}
	if len(c.problems) > 0 {
		return
	}
	for i := range c.Selectors {
		path := fmt.Sprintf("selectors[%d].controls", i)
		for j := range i {
			c.conflict(path, &c.Selectors[i], &c.Selectors[j], j)
		}
		c.reach(path, &c.Selectors[i])
	}
}

func (c *checker) control(path string, s *Selector) {
	kind, known := selectingKinds[s.Controls.Kind]
	if !known {
		kinds := slices.Sorted(maps.Keys(selectingKinds))
		c.problem(path+".kind", "selector %s: there is no kind %q%s: the kinds are %s", s.Name, s.Controls.Kind,
			meant(s.Controls.Kind, kinds), gocode.Enumerate(kinds, "and"))
		return
	}
	for r := range s.selector.Requirements() {
		c.sayable(path, s, kind, r)
		if k := c.key(r.Key()); kind.makes && k.isVolatile() {
			c.problem(path, "%s selects by %s, which changes while its pods live on, and then it loses them: take %s out of its selector%s",
				s.of(), k.Name, r, unlessVolatile(k))
		}
	}
	if c.template(path, s) && (kind.makes || len(s.Controls.Template) > 0) {
		c.matches(path, s, kind)
	}
}

func unlessVolatile(k *Key) string {
	if k.Volatile != nil {
		return ""
	}
	return ", or say volatile: false of the key if it never changes here"
}

// of names the object of a selector, in messages.
func (s *Selector) of() string {
	return fmt.Sprintf("the %s of selector %s", s.Controls.Kind, s.Name)
}

// sayable wants a requirement to be one that the API has for a kind.
func (c *checker) sayable(path string, s *Selector, kind selecting, r selector.Requirement) {
	operator := r.Operator()
	switch {
	case operator == selection.GreaterThan || operator == selection.LessThan:
		c.problem(path, "%s cannot say %s: the API has no comparison there", s.of(), r)
	case !kind.equalities:
	case operator == selection.Equals, operator == selection.DoubleEquals, operator == selection.In && len(r.Values()) == 1:
	default:
		c.problem(path, "%s cannot say %s: its selector is a map, so write key=value", s.of(), r)
	}
}

// template wants the labels of a template to be of the vocabulary.
func (c *checker) template(path string, s *Selector) bool {
	before := len(c.problems)
	for _, key := range slices.Sorted(maps.Keys(s.Controls.Template)) {
		value, path := s.Controls.Template[key], path+".template."+key
		k := c.key(key)
		if messages := content.IsLabelValue(value); len(messages) > 0 {
			c.problem(path, "the template of %s: value %q of label %s: %s", s.of(), value, key, strings.Join(messages, "; "))
		} else if k == nil {
			c.problem(path, "the template of %s: %s", s.of(), c.unknownKey(key))
		} else if wrong := k.refuses(value); wrong != "" {
			c.problem(path, "the template of %s: %s", s.of(), wrong)
		}
	}
	return len(c.problems) == before
}

// matches wants a selector to select its own template, as ValidateReplicationController does.
func (c *checker) matches(path string, s *Selector, kind selecting) {
	template := s.Controls.Template
	if kind.makes && len(template) == 0 {
		c.problem(path, "%s has no template: list the labels of its pods", s.of())
		return
	}
	for r := range s.selector.Requirements() {
		value, has := template[r.Key()]
		if !r.Accepts(value, has) {
			c.problem(path, "%s does not select its own pods: %s", s.of(), unmet(r, value, has))
		}
	}
}

// unmet says what is to be changed for a template to meet a requirement.
func unmet(r selector.Requirement, value string, has bool) string {
	values := r.Values()
	wanted := fmt.Sprintf("it wants %s", r)
	switch r.Operator() {
	case selection.Equals, selection.DoubleEquals, selection.In, selection.GreaterThan, selection.LessThan, selection.Exists:
		if !has && r.Operator() != selection.Exists && len(values) == 1 && r.Accepts(values[0], true) {
			return fmt.Sprintf("%s, and the template has no %s: add %s: %s to it", wanted, r.Key(), r.Key(), values[0])
		}
		if !has {
			return fmt.Sprintf("%s, and the template has no %s: add one to it", wanted, r.Key())
		}
	case selection.DoesNotExist:
		return fmt.Sprintf("%s, and the template has %s=%s: take it out of one of them", wanted, r.Key(), value)
	}
	return fmt.Sprintf("%s, and the template has %s=%s: change one of them", wanted, r.Key(), value)
}

// conflict refuses two objects of one namespace that select the same pods, where they may not.
func (c *checker) conflict(path string, s, other *Selector, at int) {
	if s.Controls == nil || other.Controls == nil || s.Controls.Namespace != other.Controls.Namespace {
		return
	}
	among := selectingKinds[s.Controls.Kind].among
	if among == "" || among != selectingKinds[other.Controls.Kind].among {
		return
	}
	if shared, overlap := c.witness(s.selector, other.selector); overlap {
		c.problem(path, "%s and %s (line %d), both of %s, select the same pods, such as those %s: %s; let them want different values of one key",
			s.of(), other.of(), c.source.Line(fmt.Sprintf("selectors[%d].controls", at)), s.Controls.where(), shared, among)
	}
}

func (o *Controls) where() string {
	if o.Namespace == "" {
		return "one namespace"
	}
	return "namespace " + o.Namespace
}

// reach refuses what selects none of the pods that the controllers of its namespace make.
func (c *checker) reach(path string, s *Selector) {
	if s.Controls == nil || selectingKinds[s.Controls.Kind].makes || len(s.Controls.Template) > 0 {
		return
	}
	nearest := ""
	for i := range c.Selectors {
		other := &c.Selectors[i]
		if other.Controls == nil || !selectingKinds[other.Controls.Kind].makes || other.Controls.Namespace != s.Controls.Namespace {
			continue
		}
		if s.selector.Matches(other.Controls.Template) {
			return
		}
		for r := range s.selector.Requirements() {
			if value, has := other.Controls.Template[r.Key()]; nearest == "" && !r.Accepts(value, has) {
				nearest = fmt.Sprintf("%s (line %d): %s", other.of(), c.source.Line(fmt.Sprintf("selectors[%d].controls", i)), unmet(r, value, has))
			}
		}
	}
	if nearest != "" {
		c.problem(path, "%s selects no pods of %s; not even those of %s", s.of(), s.Controls.where(), nearest)
	}
}
