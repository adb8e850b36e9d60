package fake_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// names says what the numbered placeholders of a recording stand for here: <uid1> for one uid all through a file, and
// no other uid for it.
type names struct{ actual, placeholder map[string]string }

func newNames() *names { return &names{map[string]string{}, map[string]string{}} }

func (n *names) clone() *names { return &names{maps.Clone(n.actual), maps.Clone(n.placeholder)} }

var (
	placeholders = regexp.MustCompile(`<(uid|rv|rand|podip|continue|hex|time)(\d*)>`)
	// shapes are what may stand in the place of each kind of placeholder.
	shapes = map[string]string{
		"uid":      `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`,
		"rv":       `[0-9]+`,
		"rand":     `[bcdfghjklmnpqrstvwxz2456789]{5}`,
		"podip":    `[0-9.]+`,
		"continue": `[A-Za-z0-9_-]+`,
		"hex":      `[0-9a-f]+`,
		"time":     `[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z`,
	}
)

// match says whether got is what want describes, and learns what its placeholders stand for.
func (n *names) match(want, got string) bool {
	found := placeholders.FindAllStringSubmatchIndex(want, -1)
	if found == nil {
		return want == got
	}
	var pattern strings.Builder
	pattern.WriteString("^")
	end := 0
	for _, f := range found {
		pattern.WriteString(regexp.QuoteMeta(want[end:f[0]]) + "(" + shapes[want[f[2]:f[3]]] + ")")
		end = f[1]
	}
	pattern.WriteString(regexp.QuoteMeta(want[end:]) + "$")
	values := regexp.MustCompile(pattern.String()).FindStringSubmatch(got)
	if values == nil {
		return false
	}
	for i, f := range found {
		numbered := f[4] < f[5]
		if numbered && !n.bind(want[f[0]:f[1]], want[f[2]:f[3]], values[i+1]) {
			return false
		}
	}
	return true
}

func (n *names) bind(placeholder, kind, actual string) bool {
	known, ok := n.actual[placeholder]
	back, taken := n.placeholder[kind+" "+actual]
	if ok || taken {
		return known == actual && back == placeholder
	}
	n.actual[placeholder], n.placeholder[kind+" "+actual] = actual, placeholder
	return true
}

// resolve puts in what is known.
func (n *names) resolve(s string) string {
	return placeholders.ReplaceAllStringFunc(s, func(p string) string {
		if actual, ok := n.actual[p]; ok {
			return actual
		}
		return p
	})
}

// differences lists where got is not what want describes.
func (n *names) differences(at string, want, got any) []string {
	switch want := want.(type) {
	case object:
		if got, ok := got.(object); ok {
			return n.fieldDifferences(at, want, got)
		}
	case []any:
		if got, ok := got.([]any); ok {
			return n.itemDifferences(at, want, got)
		}
	case string:
		if got, ok := got.(string); ok && n.match(want, got) {
			return nil
		}
	default:
		if want == got {
			return nil
		}
	}
	return []string{fmt.Sprintf("%s:\n\twant %s\n\t got %s", at, n.shown(want), n.shown(got))}
}

// shown is a value for a person to read.
func (n *names) shown(tree any) string {
	if s, ok := tree.(string); ok {
		return fmt.Sprintf("%q", n.resolve(s))
	}
	if o, ok := tree.(object); ok {
		b, _ := o.MarshalJSON()
		return string(b)
	}
	return fmt.Sprintf("%v", tree)
}

func (n *names) fieldDifferences(at string, want, got object) (all []string) {
	var wanted, is []string
	for _, f := range want {
		wanted = append(wanted, f.key)
	}
	for _, f := range got {
		is = append(is, f.key)
	}
	same := func(a, b []string) bool {
		return slices.EqualFunc(a, b, func(x, y string) bool { return n.match(x, y) })
	}
	if !same(wanted, is) {
		all = append(all, fmt.Sprintf("%s:\n\twant fields %v\n\t got fields %v", at, wanted, is))
		if sorted := slices.Sorted(slices.Values(wanted)); len(wanted) == len(is) && same(sorted, slices.Sorted(slices.Values(is))) {
			return all // in another order
		}
		for _, f := range want {
			if value := got.get(f.key); contains(is, f.key) {
				all = append(all, n.differences(at+"/"+f.key, f.value, value)...)
			} else {
				all = append(all, fmt.Sprintf("%s/%s: want %s, got none", at, f.key, n.shown(f.value)))
			}
		}
		for _, f := range got {
			if !contains(wanted, f.key) {
				all = append(all, fmt.Sprintf("%s/%s: want none, got %s", at, f.key, n.shown(f.value)))
			}
		}
		return all
	}
	for i := range want {
		all = append(all, n.differences(at+"/"+want[i].key, want[i].value, got[i].value)...)
	}
	return all
}

func (n *names) itemDifferences(at string, want, got []any) (all []string) {
	if len(want) != len(got) {
		all = append(all, fmt.Sprintf("%s: want %d items, got %d", at, len(want), len(got)))
	}
	for i := range max(len(want), len(got)) {
		place := fmt.Sprintf("%s/%d", at, i)
		switch {
		case i >= len(want):
			all = append(all, fmt.Sprintf("%s: want none, got %s", place, n.shown(got[i])))
		case i >= len(got):
			all = append(all, fmt.Sprintf("%s: want %s, got none", place, n.shown(want[i])))
		default:
			all = append(all, n.differences(place, want[i], got[i])...)
		}
	}
	return all
}

// lineDifferences compares texts that are not JSON.
func (n *names) lineDifferences(want, got string) (all []string) {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			all = append(all, fmt.Sprintf("line %d: want none, got %q", i+1, b[i]))
		case i >= len(b):
			all = append(all, fmt.Sprintf("line %d: want %q, got none", i+1, a[i]))
		case !n.match(a[i], b[i]):
			all = append(all, fmt.Sprintf("line %d:\n\twant %q\n\t got %q", i+1, n.resolve(a[i]), b[i]))
		}
	}
	return all
}

// comparable is a tree without what differs from one moment to the next on one and the same server: ages, the numbers in
// messages about resource versions and, unless the answer is one object, the version of the whole store.
func comparable(tree any, oneObject bool) any {
	o, ok := tree.(object)
	if !ok {
		return tree
	}
	kind := o.text("kind")
	if !oneObject && (kind == "Table" || strings.HasSuffix(kind, "List")) {
		o = o.with("metadata", o.object("metadata").without("resourceVersion"))
	}
	switch kind {
	case "Table":
		return comparableTable(o)
	case "Status":
		if message := o.text("message"); strings.Contains(message, "resource version") {
			o = o.with("message", digits.ReplaceAllString(message, "N"))
		}
	}
	return o
}

var (
	digits = regexp.MustCompile(`\d+`)
	ages   = regexp.MustCompile(`^(\d+[ydhms])+$`)
	ago    = regexp.MustCompile(`\((\d+[ydhms])+ ago\)`)
)

func comparableTable(o object) object {
	rows := []any{}
	for _, r := range o.list("rows") {
		cells := []any{}
		for _, cell := range r.(object).list("cells") {
			if s, ok := cell.(string); ok {
				cell = ago.ReplaceAllString(ages.ReplaceAllString(s, "AGE"), "(AGE ago)")
			}
			cells = append(cells, cell)
		}
		rows = append(rows, r.(object).with("cells", cells))
	}
	return o.with("rows", rows)
}

// inAnyOrder is a Status whose causes, and the message made of them, are sorted.
func inAnyOrder(tree any) any {
	o, ok := tree.(object)
	if !ok || o.text("kind") != "Status" {
		return tree
	}
	details := o.object("details")
	causes := slices.Clone(details.list("causes"))
	text := func(i int) string { return fmt.Sprint(causes[i]) }
	sort.SliceStable(causes, func(i, j int) bool { return text(i) < text(j) })
	if len(causes) > 0 {
		o = o.with("details", details.with("causes", causes))
	}
	head, list, found := strings.Cut(o.text("message"), ": [")
	if !found {
		return o
	}
	parts := strings.Split(strings.TrimSuffix(list, "]"), ", ")
	slices.Sort(parts)
	return o.with("message", head+": ["+strings.Join(parts, ", ")+"]")
}
