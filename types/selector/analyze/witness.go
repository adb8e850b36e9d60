package analyze

import (
	"strconv"
	"strings"

	"github.com/podwright/podwright/types/selector"
)

// Witness returns labels that both a and b select, for a message that somebody is to believe. They are as few as possible,
// with values that the selectors name where that can be. It is not ok if the selectors do not overlap. For what one
// selector selects, give it twice.
func Witness(a, b selector.Selector, options ...Option) (labels map[string]string, ok bool) {
	if a.IsNothing() || b.IsNothing() {
		return nil, false
	}
	u := universeOf(options)
	var r room
	labels = map[string]string{}
	var g group
	w := walk{a: a, b: b}
	for w.next(&g) {
		c := u.of(&g, &r)
		switch {
		case c.never():
			return nil, false
		case !c.absent:
			labels[g.key] = u.example(&c)
		}
	}
	return labels, true
}

// example is a value that c allows, a readable one if there is one.
func (u universe) example(c *constraint) string {
	switch {
	case c.listed:
		for _, v := range c.allowed {
			if v != "" && selector.IsValue(v) {
				return v
			}
		}
		return c.allowed[0]
	case c.numeric:
		return u.exampleNumber(c)
	}
	v := "any"
	for n := 2; contains(c.excluded, v); n++ {
		v = "any" + strconv.Itoa(n)
	}
	return v
}

// exampleNumber is the number nearest to a bound that the selector names, with zeros before it only if all are excluded
// without.
func (u universe) exampleNumber(c *constraint) string {
	n, end, step := c.lo, c.hi, int64(1)
	if c.lo == u.least() {
		n, end, step = c.hi, c.lo, -1
	}
	for {
		if v := strconv.FormatInt(n, 10); !contains(c.excluded, v) {
			return v
		}
		if n == end {
			break
		}
		n += step
	}
	digits, minus := strings.CutPrefix(strconv.FormatInt(n, 10), "-")
	sign := ""
	if minus {
		sign = "-"
	}
	for zeros := "0"; ; zeros += "0" {
		if v := sign + zeros + digits; !contains(c.excluded, v) {
			return v
		}
	}
}
