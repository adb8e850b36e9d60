package vocabulary

import (
	"fmt"

	"github.com/podwright/podwright/gen/internal/gocode"
	"github.com/podwright/podwright/types/selector"
	"github.com/podwright/podwright/types/selector/analyze"
)

// contradiction says why no valid labels meet a selector, nothing if some do. Values outside the vocabulary count as labels: to
// find those is a good use of a selector.
func contradiction(s selector.Selector) string {
	var against []string
	for _, r := range analyze.Contradiction(s) {
		against = append(against, r.String())
	}
	switch len(against) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("no label value meets %s: correct it", against[0])
	}
	return fmt.Sprintf("%s contradict each other: take out one of them", gocode.Enumerate(against, "and"))
}

// witness describes labels that both selectors select, such as the vocabulary has if possible.
func (v *Vocabulary) witness(a, b selector.Selector) (shared string, overlap bool) {
	closed := map[string][]string{}
	for _, k := range v.Keys {
		if k.isClosed() {
			closed[k.Name] = k.valueNames()
		}
	}
	labels, overlap := analyze.Witness(a, b, analyze.Vocabulary(closed))
	if !overlap {
		labels, overlap = analyze.Witness(a, b)
	}
	if len(labels) == 0 {
		return "without labels", overlap
	}
	return "of " + selector.FromSet(labels).String(), overlap
}
