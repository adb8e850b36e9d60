package kubelet

import (
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	values := map[string]string{"A": "a", "B": "$(A)", "": "empty"}
	lookup := func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
	tests := []struct{ rule, in, want string }{
		{"a reference is its value", "x$(A)y", "xay"},
		{"values are not expanded again", "$(B)", "$(A)"},
		{"an unknown reference stays", "$(C)", "$(C)"},
		{"two dollar signs are one", "$$(A)", "$(A)"},
		{"a value behind a dollar sign", "$$$(A)", "$a"},
		{"what is not closed stays", "$(A", "$(A"},
		{"a dollar sign alone stays", "$A $ $", "$A $ $"},
		{"an empty name is a name", "$()", "empty"},
	}
	for _, test := range tests {
		if got := expand(test.in, lookup); got != test.want {
			t.Errorf("%s: expand(%q) = %q, want %q", test.rule, test.in, got, test.want)
		}
	}
}

// FuzzExpand holds that text comes through as it is when its dollar signs are doubled, and that nothing is lost where no name
// is known.
func FuzzExpand(f *testing.F) {
	for _, s := range []string{"", "$", "$$", "$(", "$(A)", "$$(A)$(", "$()", "a$)b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		doubled := strings.ReplaceAll(s, "$", "$$")
		if got := expand(doubled, func(string) (string, bool) { return "never", true }); got != s {
			t.Errorf("expand(%q) = %q, want %q", doubled, got, s)
		}
		if got := expand(s, func(string) (string, bool) { return "", false }); !strings.Contains(s, "$$") && got != s {
			t.Errorf("expand(%q) without values = %q", s, got)
		}
	})
}
