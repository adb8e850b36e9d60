package gen

import (
	"slices"
	"strings"
)

// Markers are the lines of a comment that start with a plus sign, as names and values: `+listMapKey=name` is {listMapKey,
// name}, `+optional` is {optional, ""}.
type Markers []Marker

// Marker is one of them. Options are what stands in parentheses behind the name of one of k8s'.
type Marker struct{ Name, Value, Options string }

// Has reports whether there is a marker of that name.
func (m Markers) Has(name string) bool {
	return slices.ContainsFunc(m, func(one Marker) bool { return one.Name == name })
}

// Get returns the value of the first marker that has one of the names.
func (m Markers) Get(names ...string) (string, bool) {
	for _, one := range m {
		if slices.Contains(names, one.Name) {
			return one.Value, true
		}
	}
	return "", false
}

// All returns the values of every marker of that name, in their order.
func (m Markers) All(name string) []string {
	var values []string
	for _, one := range m {
		if one.Name == name {
			values = append(values, one.Value)
		}
	}
	return values
}

// readComment parts a comment into prose and markers.
func readComment(text string) (string, Markers) {
	var (
		prose   []string
		markers Markers
	)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if marker, ok := strings.CutPrefix(line, "+"); ok && marker != "" {
			if m, ok := readMarker(marker); ok {
				markers = append(markers, m)
			}
			continue
		}
		prose = append(prose, line)
	}
	return strings.TrimSpace(strings.Join(prose, "\n")), markers
}

// readMarker reads name=value. What stands behind a stability level, as in
// `k8s:beta(since: "1.37")=+k8s:minimum=0`, counts as if it stood alone; what is alpha does not count, since it
// is off by default.
func readMarker(text string) (Marker, bool) {
	if level, rest, ok := strings.Cut(text, ")=+"); ok && strings.HasPrefix(level, "k8s:") {
		if !strings.HasPrefix(level, "k8s:beta(") {
			return Marker{}, false
		}
		return readMarker(rest)
	}
	name, value, _ := strings.Cut(text, "=")
	name = strings.TrimSuffix(name, ":") // kubebuilder has := as well
	if name, options, ok := strings.Cut(strings.TrimSuffix(name, ")"), "("); ok && strings.HasPrefix(name, "k8s:") && !strings.Contains(name, " ") {
		return Marker{name, value, options}, true
	}
	if strings.ContainsAny(name, " \t") {
		return Marker{}, false // prose that happens to start with a plus sign
	}
	return Marker{Name: name, Value: strings.TrimSpace(value)}, true
}
