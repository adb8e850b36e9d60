package vocabulary

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
	"github.com/podwright/podwright/types/selector"
	"k8s.io/apimachinery/pkg/selection"
)

// selectors parses the selectors, and holds them to the keys.
func (c *checker) selectors() {
	seen := map[string]int{}
	for i := range c.Selectors {
		s, path := &c.Selectors[i], fmt.Sprintf("selectors[%d]", i)
		if !isExported(s.Name) {
			c.problem(path, "selector %q: its name goes into those of functions: write it as an exported name of Go%s", s.Name, such(gocode.Camel(s.Name)))
			continue
		}
		if line, twice := seen[s.Name]; twice {
			c.problem(path, "selector %s stands here twice, first in line %d: rename one of them", s.Name, line)
			continue
		}
		seen[s.Name] = c.source.Line(path)
		c.take(path, "selector "+s.Name, s.identifiers()...)
		c.selector(path+".text", s)
	}
}

func such(name string) string {
	if !isExported(name) {
		return ""
	}
	return ", such as " + name
}

func (c *checker) selector(path string, s *Selector) {
	var err error
	if s.selector, err = selector.ParseStrict(s.Text); err != nil {
		c.problem(path, "selector %s: %w", s.Name, err)
		return
	}
	if s.selector.IsEmpty() {
		c.problem(path, "selector %s is empty, which selects everything: say what it wants, or use selector.All() where you mean it", s.Name)
		return
	}
	before := len(c.problems)
	for r := range s.selector.Requirements() {
		for _, wrong := range c.requirement(r) {
			c.problem(path, "selector %s: %s", s.Name, wrong)
		}
	}
	if len(c.problems) > before {
		return
	}
	if against := contradiction(s.selector); len(against) > 0 {
		c.problem(path, "selector %s selects nothing: %s", s.Name, against)
	}
}

// requirement says what a requirement wants that the vocabulary has not.
func (c *checker) requirement(r selector.Requirement) []string {
	k := c.key(r.Key())
	if k == nil {
		return []string{c.unknownKey(r.Key())}
	}
	switch r.Operator() {
	case selection.GreaterThan, selection.LessThan:
		if !k.Integer {
			return []string{fmt.Sprintf("%s compares key %s, whose values are no numbers: "+
				"say integer: true there, or list the values that are meant", r, k.Name)}
		}
		return nil
	}
	var wrong []string
	for _, value := range r.Values() {
		if w := k.refuses(value); w != "" {
			wrong = append(wrong, w)
		}
	}
	return wrong
}

func (c *checker) unknownKey(name string) string {
	var known []string
	for _, k := range c.Keys {
		known = append(known, k.Name)
	}
	return fmt.Sprintf("there is no key %q%s: the keys are %s", name, meant(name, known), gocode.Enumerate(known, "and"))
}

// refuses says why a key does not have a value, nothing if it does.
func (k *Key) refuses(value string) string {
	switch {
	case k.Integer:
		if _, err := strconv.ParseInt(value, 10, 64); err != nil {
			return fmt.Sprintf("key %s has whole numbers, which %q is not: correct it, or say open: true instead of integer", k.Name, value)
		}
	case k.isClosed() && !k.lists(value):
		known := k.valueNames()
		return fmt.Sprintf("key %s has no value %q%s: correct it, or add it to the values, which are %s",
			k.Name, value, meant(value, known), gocode.Enumerate(known, "and"))
	}
	return ""
}

// meant is what is put behind a name that is not known, if it is much like one that is.
func meant(name string, known []string) string {
	best, least := "", len(name)/3+1
	for _, one := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(one)); d < least {
			best, least = one, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// distance is how many letters are to be inserted, deleted or replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := slices.Clone(row)
		next[0] = i + 1
		for j := range len(b) {
			next[j+1] = min(row[j+1], next[j]) + 1
			if same := row[j]; a[i] == b[j] {
				next[j+1] = min(next[j+1], same)
			} else {
				next[j+1] = min(next[j+1], same+1)
			}
		}
		row = next
	}
	return row[len(b)]
}
