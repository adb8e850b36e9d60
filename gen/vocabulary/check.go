package vocabulary

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/podwright/podwright/gen/internal/gocode"
	"k8s.io/apimachinery/pkg/api/validate/content"
)

// check says all that is wrong with a vocabulary. Selectors are not looked at until the keys are right, since they would only
// repeat it.
func (v *Vocabulary) check() error {
	c := &checker{Vocabulary: v, taken: map[string]string{}}
	c.keys()
	if len(c.problems) == 0 {
		c.selectors()
	}
	if len(c.problems) == 0 {
		c.controls()
	}
	return errors.Join(c.problems...)
}

type checker struct {
	*Vocabulary
	problems []error
	taken    map[string]string // identifiers of the package, by what they are for
}

// problem is one, at a path of the file.
func (c *checker) problem(path, format string, args ...any) {
	c.problems = append(c.problems, c.source.ErrorAt(path, fmt.Errorf(format, args...)))
}

func (c *checker) keys() {
	if len(c.Keys) == 0 {
		c.problem("keys", "no keys: list those that labels have")
	}
	c.takeFixed()
	seen := map[string]int{}
	for i := range c.Keys {
		k, path := &c.Keys[i], fmt.Sprintf("keys[%d]", i)
		if messages := content.IsLabelKey(k.Name); len(messages) > 0 {
			c.problem(path, "key %q: %s", k.Name, strings.Join(messages, "; "))
			continue
		}
		if line, twice := seen[k.Name]; twice {
			c.problem(path, "key %s stands here twice, first in line %d: keep one of them", k.Name, line)
			continue
		}
		seen[k.Name] = c.source.Line(path)
		c.kindOfKey(path, k)
		c.nameKey(path, k)
		c.values(path, k)
	}
}

// kindOfKey wants a key to be exactly one of closed, open and integer.
func (c *checker) kindOfKey(path string, k *Key) {
	var said []string
	for _, one := range []struct {
		is   bool
		word string
	}{{len(k.Values) > 0, "values"}, {k.Open, "open: true"}, {k.Integer, "integer: true"}} {
		if one.is {
			said = append(said, one.word)
		}
	}
	switch len(said) {
	case 0:
		c.problem(path, "key %s has no values: list them, or say that it takes anything (open: true) or whole numbers (integer: true)", k.Name)
	case 1:
	default:
		c.problem(path, "key %s has %s, which exclude each other: keep one of them", k.Name, gocode.Enumerate(said, "and"))
	}
}

func (c *checker) values(path string, k *Key) {
	seen := map[string]int{}
	for i := range k.Values {
		v, path := &k.Values[i], fmt.Sprintf("%s.values[%d]", path, i)
		if v.Name == "" {
			c.problem(path, "a value of key %s is empty, which a struct cannot tell from a label that is missing: "+
				`give it a name such as "true", or say open: true and select by Has and Missing`, k.Name)
			continue
		}
		if messages := content.IsLabelValue(v.Name); len(messages) > 0 {
			c.problem(path, "value %q of key %s: %s", v.Name, k.Name, strings.Join(messages, "; "))
			continue
		}
		if line, twice := seen[v.Name]; twice {
			c.problem(path, "value %s of key %s stands here twice, first in line %d: keep one of them", v.Name, k.Name, line)
			continue
		}
		seen[v.Name] = c.source.Line(path)
		c.nameValue(path, k, v)
	}
}

// nameKey gives k its name in Go.
func (c *checker) nameKey(path string, k *Key) {
	if k.Go == "" {
		k.Go = gocode.Camel(k.Name[strings.LastIndexByte(k.Name, '/')+1:])
	}
	if !isExported(k.Go) {
		c.problem(path, "key %s would be called %q in Go, which is no exported name: give it one with go", k.Name, k.Go)
		return
	}
	if slices.Contains(labelsMethods, k.Go) {
		c.problem(path, "key %s would be called %s in Go, as a method of Labels is: give it another name with go", k.Name, k.Go)
		return
	}
	c.take(path, "key "+k.Name, k.identifiers()...)
}

// nameValue gives v its name in Go, to which that of the key belongs.
func (c *checker) nameValue(path string, k *Key, v *Value) {
	if v.Go == "" {
		v.Go = gocode.Camel(v.Name)
	}
	if !token.IsIdentifier(k.Go + v.Go) {
		c.problem(path, "value %s of key %s would be called %q in Go, which is no name: give it one with go", v.Name, k.Name, k.Go+v.Go)
		return
	}
	c.take(path, fmt.Sprintf("value %s of key %s", v.Name, k.Name), k.Go+v.Go)
}

// labelsMethods are the methods of Labels, which no field of it can be called like.
var labelsMethods = []string{"Map", "String", "Word"}

// takeFixed takes the names that every package has.
func (c *checker) takeFixed() {
	for _, name := range []string{"Labels", "FromMap", "Word", "WordOf"} {
		c.taken[name] = "every vocabulary"
	}
}

// identifiers are what is generated for a key, beside its values.
func (k *Key) identifiers() []string {
	names := []string{k.Go, k.Go + "Key"}
	if !k.Open {
		names = append(names, k.Go+"Value")
	}
	if k.Integer {
		names = append(names, k.Go+"Of")
	}
	return names
}

// identifiers are what is generated for a selector.
func (s *Selector) identifiers() []string {
	return []string{s.Name + "Text", s.Name + "Selector", "Match" + s.Name, "Match" + s.Name + "Word"}
}

// take makes identifiers of the package belong to something. Of several that are taken already, the first is told.
func (c *checker) take(path, by string, names ...string) {
	for _, name := range names {
		if other, taken := c.taken[name]; taken {
			c.problem(path, "%s would be called %s in Go, as something of %s is: give one of them another name", by, name, other)
			return
		}
	}
	for _, name := range names {
		c.taken[name] = fmt.Sprintf("%s (line %d)", by, c.source.Line(path))
	}
}

func isExported(name string) bool { return token.IsIdentifier(name) && token.IsExported(name) }
